"""A coordinator closes the day: from then on its marks are final. It may be opened again, with a reason."""

from datetime import datetime

from sqlalchemy import select

from app.accounts.actor import Actor
from app.attendance.counting_hours import count_hours
from app.attendance.days import DayClosed
from app.attendance.entry_ids import new_entry_id
from app.attendance.log_models import DeskDay
from app.attendance.operation import Operation
from app.attendance.queries import attendance_is
from app.audit.operations import record
from app.db import db, lock, transaction
from app.desk.day.policy import can_close_day
from app.desk.day.queries import children_away, has_begun, open_conflicts, unmarked_count
from app.desk.log.giving import Giver, facts_of
from app.desk.log.held import hold, wait_for_all
from app.desk.log.taking import AT_ONCE, write_down
from app.errors import N_, DomainError, Invalid, require
from app.events.models import Event
from app.signups.models import Place

LONGEST = 500
NAMED = 20  # names in a sentence


class DayNotBegun(DomainError):
    """It has not begun, or is not going to take place."""

    type = "day-not-begun"
    message = N_("There is no day to close yet: the event has not begun, or it does not take place.")


class DayStillOpen(DomainError):
    """Nothing to open again."""

    type = "day-still-open"
    message = N_("The day is open.")


class DayNotReady(DomainError):
    """Something has to be done first."""

    type = "day-not-ready"
    title = N_("Not yet")


class PeopleUnmarked(DayNotReady):
    """Some have no mark."""

    message = N_("%(count)s people have no mark yet. Mark them first: whoever did not come is absent.")


class ConflictsOpen(DayNotReady):
    """Phones contradict each other about something grave."""

    message = N_("Important conflicts are open: %(count)s. Decide them first.")


class ChildrenNotHome(DayNotReady):
    """Nobody knows who took some of the children."""

    message = N_("Not handed over yet: %(names)s.")


def close_day(event: Event, *, note: str = "", now: datetime, actor: Actor) -> DeskDay:
    """Makes all marks final and counts the hours. Raises NotAllowed, DayNotBegun, DayClosed, DayNotReady with what is
    missing."""
    facts = facts_of(event)
    with transaction() as session:
        wait_for_all(facts)
        _wait_for_marks(event)
        require(can_close_day(actor, event))
        _check_begun(event, now)
        row = session.get(DeskDay, event.id)
        if row is not None and row.is_closed:
            raise DayClosed
        _check_ready(event)
        if row is None:
            row = DeskDay(event_id=event.id)
            session.add(row)
        row.closed_at, row.closed_by_id, row.reopened_at = now, actor.account_id, None
        row.note = " ".join(note.split())[:LONGEST]
        count_hours(event, now=now, actor=actor)
        session.flush()
        changes = {"note": ("", row.note)} if row.note else None
        record(actor, "close_day", event, now=now, changes=changes)
    return row


def reopen_day(event: Event, *, reason: str, now: datetime, actor: Actor) -> None:
    """Marks may change again. Raises NotAllowed, DayStillOpen, and Invalid without a reason."""
    with transaction() as session:
        lock(event)
        require(can_close_day(actor, event))
        row, why = session.get(DeskDay, event.id), " ".join(reason.split())[:LONGEST]
        if row is None or not row.is_closed:
            raise DayStillOpen
        if not why:
            raise Invalid({"reason": N_("Say why, in a few words.")})
        row.reopened_at = max(now, row.closed_at)
        record(actor, "reopen_day", event, now=now, changes={"reason": ("", why)})


def mark_rest_absent(event: Event, *, now: datetime, actor: Actor) -> int:
    """Everybody with a seat and no mark did not come; returns how many. Raises NotAllowed, DayNotBegun, DayClosed."""
    require(can_close_day(actor, event))
    _check_begun(event, now)
    facts, rest = facts_of(event), _unmarked_ids(event.id)
    giver, marked = Giver(actor, frozenset({"mark"})), 0
    for first in range(0, len(rest), AT_ONCE):
        with transaction():
            held = hold(facts, [f"p:{place_id}" for place_id in rest[first : first + AT_ONCE]], [])
            if held.is_closed:
                raise DayClosed
            still = set(_unmarked_ids(facts.id, rest[first : first + AT_ONCE]))
            absent = [
                Operation(new_entry_id(), "absent", f"p:{place_id}", now, now, account_id=actor.account_id)
                for place_id in rest[first : first + AT_ONCE]
                if place_id in still
            ]
            if absent:
                write_down(facts, held, absent, {}, giver=giver, now=now)
            marked += len(absent)
    return marked


def _check_begun(event: Event, now: datetime) -> None:
    if not has_begun(event, now):
        raise DayNotBegun


def _check_ready(event: Event) -> None:
    high, _ = open_conflicts(event.id)
    if high:
        raise ConflictsOpen(count=high)
    if away := children_away(event):
        more = f" +{len(away) - NAMED}" if len(away) > NAMED else ""
        raise ChildrenNotHome(names=", ".join(away[:NAMED]) + more)
    if count := unmarked_count(event.id):
        raise PeopleUnmarked(count=count)


def _wait_for_marks(event: Event) -> None:
    """A mark on a page locks its place alone: until those are ours somebody may still be let in.

    Whoever marks says of the event's row only that it stays, after the place; the event is locked so that they may.
    """
    event_id = event.id
    db.session.execute(select(Event.id).where(Event.id == event_id).with_for_update(key_share=True)).all()
    places = select(Place.id).where(Place.event_id == event_id, Place.status == "confirmed").order_by(Place.id)
    db.session.execute(places.with_for_update()).all()
    db.session.expire_all()


def _unmarked_ids(event_id: str, among: list[str] | None = None) -> list[str]:
    query = select(Place.id).where(Place.event_id == event_id, Place.status == "confirmed", attendance_is("expected"))
    return list(db.session.scalars(query if among is None else query.where(Place.id.in_(among))))
