"""Reads of changes of an event: one of them, the last that may still be taken back, and where an event may go."""

from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_, select

from app.db import db
from app.errors import NotFound
from app.events.models import Event, Site
from app.people.models import City
from app.rosters.change_models import EventChange
from app.web.paging import Page, page_of


def change_of(event_id: str, change_id: str) -> EventChange:
    """The change of this event; raises NotFound."""
    found = db.session.get(EventChange, change_id)
    if found is None or found.event_id != event_id:
        raise NotFound
    return found


def changes_of(event_id: str, *, cursor: str | None, limit: int) -> Page[EventChange]:
    """All changes of the event, the latest first."""
    query = select(EventChange).where(EventChange.event_id == event_id)
    keys = (EventChange.made_at, EventChange.id)
    return page_of(db.session(), query, keys, cursor=cursor, limit=limit, descending=True)


def places_to_go(event: Event) -> list[tuple[Site, str]]:
    """Where an event may move, each with the zone whose clocks hang there; its own place too."""
    query = select(Site, City.timezone).join(City, City.slug == Site.city).order_by(Site.city, Site.slug)
    found = db.session.execute(query.where(or_(Site.deactivated_at.is_(None), Site.id == event.site_id)))
    return [(site, zone) for site, zone in found]


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
