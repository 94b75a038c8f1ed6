"""Which events may have something due, and who goes to one: read from events and places, which know nothing of us."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from app.db import db
from app.events.models import Event
from app.mail.models import Mail
from app.people.models import Person
from app.reminders.due import DAYS_BEFORE
from app.reminders.models import ReminderRun
from app.rosters.change_queries import may_go_back
from app.signups.models import Place

# A due time is moved out of the night at most by ten hours, and then only later.
FARTHEST = timedelta(days=max(DAYS_BEFORE.values()), hours=12)
# Reminders of events that began while no worker ran are noted as missed this long.
LOOKS_BACK = timedelta(days=7)
TEMPLATE = "reminders/reminder"
TOLD = ("published", "closed", "running")


def events_near(now: datetime) -> list[Event]:
    """Events whose reminders may be due: published, known to the minute, about to start or just begun.

    While a move may still be taken back nobody is reminded of the day that it leads to.
    """
    query = (
        select(Event)
        .where(
            Event.status.in_(TOLD),
            Event.date_precision == "minute",
            Event.starts_at > now - LOOKS_BACK,
            Event.starts_at <= now + FARTHEST,
            ~may_go_back(now),
        )
        .order_by(Event.starts_at, Event.id)
    )
    return list(db.session.scalars(query))


def finished_runs(events: list[Event]) -> set[tuple[str, str, datetime]]:
    """What is done with already: event, kind and the start it spoke of."""
    query = select(ReminderRun.event_id, ReminderRun.kind, ReminderRun.occurrence).where(
        ReminderRun.event_id.in_([event.id for event in events]), ReminderRun.finished_at.is_not(None)
    )
    return {(event_id, kind, occurrence) for event_id, kind, occurrence in db.session.execute(query)}


def confirmed_until(event_id: str, moment: datetime) -> list[tuple[Place, Person]]:
    """Who had a seat at that moment and has it still, in the order of their sign-ups."""
    query = (
        select(Place, Person)
        .join(Person, Person.id == Place.person_id)
        .where(
            Place.event_id == event_id,
            Place.status == "confirmed",
            func.coalesce(Place.confirmed_at, Place.created_at) <= moment,
        )
        .order_by(Place.signup_id, Place.position, Place.id)
    )
    return [(place, person) for place, person in db.session.execute(query)]


def keys_standing(event_id: str) -> set[str]:
    """The keys of the reminders of this event that were ever queued, whatever became of them."""
    query = select(Mail.key).where(Mail.event_id == event_id, Mail.template == TEMPLATE)
    return set(db.session.scalars(query))
