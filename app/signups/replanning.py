"""What a coordinator changes on the calendar: a whole series at once, or the day of an event that nobody is in yet."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from app.accounts.actor import Actor
from app.db import lock, transaction
from app.errors import N_, DomainError, Invalid, require
from app.events.cloning import MOMENTS, moved
from app.events.drafts import EARLIEST, LATEST, PLANNED, USUAL, draft_of, planned_values
from app.events.models import Event, EventSeries
from app.events.periods import local_day, on_another_day
from app.events.policy import can_manage_event
from app.events.series import series_ahead
from app.signups.capacity import change_locked

# A date keeps its own place and programme; and each has its own day, to which times of day are carried over.
STAYS = {"site_id", "programme_id", "date_precision", "kind", "institution_id"}
SHARED = tuple(name for name in PLANNED if name not in STAYS and name not in USUAL)


class HasSignUps(DomainError):
    """People rely on the day; they are told when it moves, on the event's own page."""

    type = "has-sign-ups"
    message = N_("People have signed up for this event. Change its date on its own page, so that they are told.")


def change_series(event: Event, values: Mapping[str, Any], *, now: datetime, actor: Actor) -> int:
    """Changes this event, and what changed in all of its series that lie ahead; returns how many changed with it.

    Each keeps its own day, place and what was changed there alone. Raises as changing one does; then none is changed.
    """
    with transaction() as session:
        if event.series_id:
            lock(session.get_one(EventSeries, event.series_id))  # two who change the same series wait for each other
        lock(event)
        before = planned_values(draft_of(event))
        change_locked(event, values, now=now, actor=actor)
        wanted = planned_values(draft_of(event))
        changed = [name for name in SHARED if before[name] != wanted[name]]
        others = series_ahead(event, now=now) if changed else []
        for other in sorted(others, key=lambda one: one.id):
            lock(other)
            require(can_manage_event(actor, other))
            change_locked(other, _carried(event, other, wanted, changed), now=now, actor=actor)
    return len(others)


def move_to_day(event: Event, day: date, *, now: datetime, actor: Actor) -> None:
    """Moves an event that nobody is in to another day, at the same times; raises HasSignUps, Invalid, IsCancelled."""
    with transaction():
        lock(event)
        require(can_manage_event(actor, event))
        if event.seats_taken or event.people_waiting:
            raise HasSignUps
        if not EARLIEST.year <= day.year < LATEST.year:
            raise Invalid({"day": N_("Check the year.")})
        draft = moved(draft_of(event), (day - event.local_date).days, event.timezone)
        change_locked(event, {name: getattr(draft, name) for name in MOMENTS}, now=now, actor=actor)


def _carried(event: Event, other: Event, wanted: Mapping[str, Any], changed: list[str]) -> dict[str, Any]:
    """What changed, with its times on the other one's day."""
    days = (other.local_date - local_day(event.starts_at, event.timezone)).days
    values = {name: wanted[name] for name in changed}
    times = {name: on_another_day(values[name], days, event.timezone) for name in MOMENTS if values.get(name)}
    return values | times
