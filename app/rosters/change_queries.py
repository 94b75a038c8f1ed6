"""Reads of changes of an event: one of them, and the last that may still be taken back."""

from datetime import datetime

from sqlalchemy import ColumnElement, exists, select

from app.db import db
from app.errors import NotFound
from app.events.models import Event
from app.rosters.change_models import EventChange


def change_of(event_id: str, change_id: str) -> EventChange:
    """The change of this event; raises NotFound."""
    found = db.session.get(EventChange, change_id)
    if found is None or found.event_id != event_id:
        raise NotFound
    return found


def undoable_change(event_id: str, *, now: datetime) -> EventChange | None:
    """The latest change whose letters still wait."""
    query = select(EventChange).where(
        EventChange.event_id == event_id, EventChange.undone_at.is_(None), EventChange.undoable_until > now
    )
    return db.session.scalars(query.order_by(EventChange.made_at.desc()).limit(1)).first()


def may_go_back(now: datetime) -> ColumnElement[bool]:
    """As a condition on events: what follows by itself from its day waits, because one press may take the day back."""
    still = (EventChange.undone_at.is_(None), EventChange.undoable_until > now)
    return exists().where(EventChange.event_id == Event.id, *still)
