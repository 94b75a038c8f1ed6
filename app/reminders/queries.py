"""Which events may have something due, and what stands planned: read from events, which know nothing of us."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, exists, select
from sqlalchemy.orm import contains_eager, joinedload

from app.db import db
from app.events.models import Event
from app.reminders.models import ReminderRun
from app.reminders.plans import DAYS, MOST
from app.rosters.change_queries import may_go_back

# A due time is moved out of the night at most by ten hours, and then only later.
FARTHEST = timedelta(days=MOST[DAYS], hours=12)
# Reminders of events that began while no worker ran are noted as missed this long.
LOOKS_BACK = timedelta(days=7)
TEMPLATE, TO_OUTSIDERS = "reminders/reminder", "reminders/visit"
TOLD = ("published", "closed", "running")


def events_near(now: datetime) -> list[Event]:
    """Events whose reminders are planned: published, known to the minute, about to start or just begun.

    While a move may still be taken back nothing follows from the day that it leads to.
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


def standing_runs(now: datetime) -> list[ReminderRun]:
    """Rows that stand of those events, and unfinished ones of any other that stays as it is."""
    near = and_(Event.starts_at > now - LOOKS_BACK, Event.starts_at <= now + FARTHEST)
    query = (
        select(ReminderRun)
        .join(Event, Event.id == ReminderRun.event_id)
        .where(ReminderRun.dropped_at.is_(None), near | ReminderRun.finished_at.is_(None), ~may_go_back(now))
    )
    return list(db.session.scalars(query))


def due_runs(now: datetime) -> list[ReminderRun]:
    """What is due and not done with, each with its event, the longest due first."""
    query = (
        select(ReminderRun)
        .join(ReminderRun.event)
        .where(
            ReminderRun.finished_at.is_(None),
            ReminderRun.dropped_at.is_(None),
            ReminderRun.due_at <= now,
            Event.status.in_(TOLD),
            ~may_go_back(now),
        )
        .options(contains_eager(ReminderRun.event).options(joinedload(Event.site)))
        .order_by(ReminderRun.due_at, ReminderRun.id)
    )
    return list(db.session.scalars(query))


def runs_of(event: Event) -> Sequence[ReminderRun]:
    """What stands of this event as it is planned now."""
    query = select(ReminderRun).where(
        ReminderRun.event_id == event.id,
        ReminderRun.dropped_at.is_(None),
        ReminderRun.occasion == event.reminder_occasion,
        ReminderRun.occurrence == event.starts_at,
    )
    return db.session.scalars(query.order_by(ReminderRun.due_at, ReminderRun.id)).all()


def is_settled(event: Event, *, now: datetime) -> bool:
    """Whether nobody may take the event's day back any more, asked under its lock."""
    return not db.session.scalar(select(exists().where(Event.id == event.id, may_go_back(now))))
