"""One calendar for each person at a secret address: their own events and those of the children they decide for."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import joinedload

from app.access.sessions import hashed
from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import db, lock, new_id, transaction
from app.errors import NotFound
from app.events.models import Event
from app.people.models import Guardianship, Person
from app.signups.models import CalendarLink, Place

LONGEST_SECRET = 100
SHOWN_AFTER = timedelta(days=90)  # what is over stays so long
CANCELLED_FOR = timedelta(days=30)  # and what was called off, so that calendars hear of it
SHOWN = ("published", "closed", "running", "completed")
MOST = 1000


def make_address(person_id: str, *, now: datetime, actor: Actor) -> str:
    """A new secret for the person's calendar, seen this once; the address before it ends. Only for oneself."""
    secret = secrets.token_urlsafe(24)
    with transaction() as session:
        person = session.get(Person, person_id)
        if person is None or actor.person_id != person_id:
            raise NotFound
        lock(person)
        _end(person_id, now=now)
        link = CalendarLink(id=new_id(), person_id=person_id, secret_hash=hashed(secret), made_at=now)
        session.add(link)
        session.flush()
        record(actor, "make_calendar_address", person, now=now)
    return secret


def end_address(person_id: str, *, now: datetime, actor: Actor) -> None:
    """The person's calendar has no address any more; calendars that know it find nothing. Only for oneself."""
    with transaction() as session:
        person = session.get(Person, person_id)
        if person is None or actor.person_id != person_id:
            raise NotFound
        lock(person)
        if _end(person_id, now=now):
            record(actor, "end_calendar_address", person, now=now)


def address_made_at(person_id: str) -> datetime | None:
    """Since when the person's calendar has the address that holds now; None where it has none."""
    standing = select(CalendarLink.made_at).where(CalendarLink.person_id == person_id, CalendarLink.ended_at.is_(None))
    return db.session.scalar(standing)


def person_of_address(secret: str) -> Person:
    """Whose calendar it is; raises NotFound for an address that ended, or whose owner left."""
    query = (
        select(Person)
        .join(CalendarLink, CalendarLink.person_id == Person.id)
        .where(
            CalendarLink.secret_hash == hashed(secret[:LONGEST_SECRET]),
            CalendarLink.ended_at.is_(None),
            Person.deactivated_at.is_(None),
        )
    )
    person = db.session.scalar(query)
    if person is None:
        raise NotFound
    return person


def events_of(person: Person, *, now: datetime) -> Sequence[Event]:
    """Where the person goes, or a child for whom they decide today; and what was called off of that lately."""
    children = select(Guardianship.child_id).where(
        Guardianship.guardian_id == person.id, Guardianship.ended_at.is_(None)
    )
    theirs = or_(Place.person_id == person.id, Place.person_id.in_(children))
    going = select(Place.event_id).where(theirs, Place.status == "confirmed")
    went = select(Place.event_id).where(theirs, Place.cancel_reason == "event")
    query = (
        select(Event)
        .options(joinedload(Event.site), joinedload(Event.coordinator))
        .where(
            Event.date_precision == "minute",
            Event.ends_at > now - SHOWN_AFTER,
            or_(
                Event.status.in_(SHOWN) & Event.id.in_(going),
                (Event.status == "cancelled") & (Event.cancelled_at > now - CANCELLED_FOR) & Event.id.in_(went),
            ),
        )
        .order_by(Event.starts_at, Event.id)
        .limit(MOST)
    )
    return db.session.scalars(query).all()


def _end(person_id: str, *, now: datetime) -> bool:
    standing = update(CalendarLink).where(CalendarLink.person_id == person_id, CalendarLink.ended_at.is_(None))
    ended = standing.values(ended_at=now).returning(CalendarLink.id)
    return bool(db.session.scalars(ended.execution_options(synchronize_session=False)).all())
