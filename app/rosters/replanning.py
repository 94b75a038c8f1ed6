"""What a coordinator changes on the calendar: a whole series at once, or the day of an event that nobody is in yet.

Where others know of a day that changes, it is a move as any other: its letters wait a minute.
"""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from app.accounts.actor import Actor
from app.db import lock, transaction
from app.errors import N_, DomainError, Invalid, require
from app.events.cloning import MOMENTS, moved
from app.events.drafts import EARLIEST, LATEST, PLANNED, USUAL, draft_of, planned_values
from app.events.models import Event, EventSeries
from app.events.periods import local_clock, local_day, on_another_day
from app.events.policy import can_manage_event
from app.events.series import series_ahead
from app.rosters.changing import MOVES_FROM, WITH_THE_DAY, change_plan, is_move
from app.signups.capacity import MOVES

# A date keeps its own place and programme; and each has its own day, to which times of day are carried over.
STAYS = {"site_id", "programme_id", "date_precision", "kind", "institution_id"}
SHARED = tuple(name for name in PLANNED if name not in STAYS and name not in USUAL)


class HasSignUps(DomainError):
    """People rely on the day; they are told when it moves, on the event's own page."""

    type = "has-sign-ups"
    message = N_("People have signed up for this event. Change its date on its own page, so that they are told.")


def save_plan(event: Event, values: Mapping[str, Any], *, all_dates: bool, now: datetime, actor: Actor) -> bool:
    """Saves a whole sheet of the plan but for what others must be told of; says whether such a move is left to be made.

    `all_dates`: what changed goes to the other dates of the series too, by the same rule.
    """
    with transaction():
        lock(event)
        left = is_move(event, values)
        if all_dates:
            change_series(event, values, but_moves=True, now=now, actor=actor)
        else:
            _change(event, values, but_moves=True, now=now, actor=actor)
    return left


def dates_left(event: Event, begins: time, ends: time, *, now: datetime) -> list[Event]:
    """The other dates of the series that others know of and that have other hours than these."""

    def hours(one: Event) -> tuple[time, time]:
        return local_clock(one.starts_at, one.timezone), local_clock(one.ends_at, one.timezone)

    return [one for one in series_ahead(event, now=now) if one.status in MOVES_FROM and hours(one) != (begins, ends)]


def change_series(
    event: Event, values: Mapping[str, Any], *, now: datetime, actor: Actor, but_moves: bool = False
) -> int:
    """Changes this event, and what changed in all of its series that lie ahead; returns how many changed with it.

    Each keeps its own day, place and what was changed there alone. `but_moves`: hours that others know of stay as they
    are, for a page that shows first whom it tells. Raises as changing one does; then none is changed.
    """
    wanted = {name: value for name, value in values.items() if name != "version"}
    with transaction() as session:
        if event.series_id:
            lock(session.get_one(EventSeries, event.series_id))  # two who change the same series wait for each other
        lock(event)
        before = planned_values(draft_of(event))
        day = local_day(wanted.get("starts_at", event.starts_at), event.timezone)
        _change(event, values, but_moves=but_moves, now=now, actor=actor)
        changed = [name for name in SHARED if name in wanted and before[name] != wanted[name]]
        others = series_ahead(event, now=now) if changed else []
        for other in sorted(others, key=lambda one: one.id):
            lock(other)
            require(can_manage_event(actor, other))
            carried = _carried(wanted, changed, days=(other.local_date - day).days, timezone=event.timezone)
            _change(other, carried, but_moves=but_moves, now=now, actor=actor)
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
        change_plan(event, {name: getattr(draft, name) for name in MOMENTS}, now=now, actor=actor)


def _change(event: Event, values: Mapping[str, Any], *, but_moves: bool, now: datetime, actor: Actor) -> None:
    held = (*MOVES, *WITH_THE_DAY) if but_moves and is_move(event, values) else ()
    change_plan(event, {name: value for name, value in values.items() if name not in held}, now=now, actor=actor)


def _carried(wanted: Mapping[str, Any], changed: list[str], *, days: int, timezone: str) -> dict[str, Any]:
    """What changed, with its times on the other one's day."""
    values = {name: wanted[name] for name in changed}
    times = {name: on_another_day(values[name], days, timezone) for name in MOMENTS if values.get(name)}
    return values | times
