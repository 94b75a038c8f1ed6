"""Programmes and events as results and money look them up."""

from sqlalchemy import select

from app.db import db
from app.errors import NotFound
from app.events.models import Event, Programme, Site


def programme_shown(programme_id: str) -> Programme:
    """The programme; raises NotFound."""
    found = db.session.get(Programme, programme_id)
    if found is None or found.deactivated_at is not None:
        raise NotFound
    return found


def programmes_shown() -> list[Programme]:
    """The programmes that stand, oldest first."""
    query = select(Programme).where(Programme.deactivated_at.is_(None))
    return list(db.session.scalars(query.order_by(Programme.first_year, Programme.slug)))


def cities_of(programme: Programme) -> frozenset[str]:
    """The cities in which the programme has events."""
    query = select(Site.city).join(Event, Event.site_id == Site.id).where(Event.programme_id == programme.id)
    return frozenset(db.session.scalars(query.distinct()))
