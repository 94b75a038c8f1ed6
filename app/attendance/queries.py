"""Reads of the check-in log: by event in one query, one person's marks with who made them, a place by its ticket."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, bindparam, exists, func, select
from sqlalchemy.orm import joinedload

from app.accounts.actor import Actor
from app.accounts.models import Account
from app.attendance.errors import NoTicket, TicketOfAnotherEvent, TicketOfThatEvent, TicketOver, UnknownTicket
from app.attendance.models import AttendanceEntry
from app.attendance.states import state_of
from app.attendance.tickets import ticket_code, ticket_counts
from app.db import db
from app.events.models import Event
from app.events.policy import can_see_event
from app.people.models import Person
from app.prepared import padded
from app.rows import read
from app.signups.models import Place
from app.web.words import in_language


@dataclass(frozen=True, slots=True)
class Attendance:
    """How one place stands: its state, since when, and the mark that says so (None while expected)."""

    state: str = "expected"
    at: datetime | None = None
    entry_id: str | None = None
    arrived_at: datetime | None = None

    @property
    def was_here(self) -> bool:
        """Whether they came."""
        return self.arrived_at is not None


@dataclass(frozen=True, slots=True)
class LoggedMark:
    """One entry of a place's log with the name of who made it."""

    entry: AttendanceEntry
    by: str | None


EXPECTED = Attendance()
A = AttendanceEntry.__table__
STANDING = select(A.c.place_id, A.c.kind, A.c.undone_by_id, A.c.at, A.c.id).where(
    A.c.undone_by_id.is_(None), A.c.kind != "undo"
)
# Constants, for read(): a roster asks for thousands of rows at once.
OF_EVENT = STANDING.where(A.c.event_id == bindparam("event_id"))
OF_PLACES = STANDING.where(A.c.place_id.in_(bindparam("places", expanding=True)))


def attendance_of_event(event_id: str) -> dict[str, Attendance]:
    """{place's id: how it stands} for everybody with a standing mark; one query."""
    return _by_place(OF_EVENT, {"event_id": event_id})


def attendance_of_places(place_ids: Collection[str]) -> dict[str, Attendance]:
    """The same for these places alone: a page of a long roster."""
    return _by_place(OF_PLACES, {"places": padded(place_ids)})


def attendance_of(place_id: str) -> Attendance:
    """How one place stands."""
    return attendance_of_places([place_id]).get(place_id, EXPECTED)


def attendance_is(state: str) -> ColumnElement[bool]:
    """The condition on Place that says the same as state_of()."""
    here, gone = _stands("check_in"), _stands("check_out")
    excused, absent = _stands("excused"), _stands("absent")
    conditions = {
        "present": here & ~gone,
        "left": here & gone,
        "excused": ~here & excused,
        "absent": ~here & ~excused & absent,
        "expected": ~here & ~excused & ~absent,
    }
    return conditions[state]


def arrived_count(event_id: str) -> int:
    """How many people came."""
    query = select(func.count()).where(AttendanceEntry.event_id == event_id, *_standing("check_in"))
    return db.session.scalar(query) or 0


def marks_of(place_id: str) -> list[LoggedMark]:
    """All that was marked for one place, in order, with the name of who did."""
    query = (
        select(AttendanceEntry, Person)
        .outerjoin(Account, Account.id == AttendanceEntry.recorded_by_id)
        .outerjoin(Person, Person.id == Account.person_id)
        .where(AttendanceEntry.place_id == place_id)
        .order_by(AttendanceEntry.recorded_at, AttendanceEntry.id)
    )
    return [LoggedMark(entry, person.short_name if person else None) for entry, person in db.session.execute(query)]


def standing_marks(place_id: str) -> dict[str, AttendanceEntry]:
    """{kind: entry} of what stands for one place."""
    query = select(AttendanceEntry).where(
        AttendanceEntry.place_id == place_id, AttendanceEntry.undone_by_id.is_(None), AttendanceEntry.kind != "undo"
    )
    return {entry.kind: entry for entry in db.session.scalars(query)}


def name_of_account(account_id: str | None) -> str | None:
    """Whose login it is."""
    query = select(Person).join(Account, Account.person_id == Person.id).where(Account.id == account_id)
    person = db.session.scalar(query) if account_id else None
    return person.short_name if person else None


def place_by_ticket(event: Event, code: str, *, at: datetime, actor: Actor) -> Place:
    """The place whose ticket was typed or scanned `at` that moment (a phone without signal tells it later).

    Raises UnknownTicket, TicketOver half a day after the event, or TicketOfAnotherEvent, which names that event only
    to those who may see it. Whether the person has a seat, mark_present says.
    """
    wanted = ticket_code(code)
    if not wanted:
        raise NoTicket
    query = select(Place).where(Place.ticket == wanted).options(joinedload(Place.person), joinedload(Place.event))
    place = db.session.scalar(query)
    if place is None:
        raise UnknownTicket(code=wanted)
    day = place.event.starts_at.astimezone(ZoneInfo(place.event.timezone)).strftime("%d.%m.%Y")
    if place.event_id == event.id:
        if not ticket_counts(event.ends_at, at):
            raise TicketOver(date=day)
        return place
    if not can_see_event(actor, place.event):
        raise TicketOfAnotherEvent
    raise TicketOfThatEvent(title=in_language(place.event.title, actor.language), date=day)


def _by_place(query: Select[Any], values: Mapping[str, Any]) -> dict[str, Attendance]:
    marks: dict[str, dict[str, Any]] = {}
    for row in read(query, values):
        marks.setdefault(row.place_id, {})[row.kind] = row
    return {place_id: _attendance(standing) for place_id, standing in marks.items()}


def _attendance(standing: Mapping[str, Any]) -> Attendance:
    state = state_of(standing.values())
    said_by = {"present": "check_in", "left": "check_out"}.get(state, state)
    mark = standing.get(said_by)
    if mark is None:
        return EXPECTED
    arrival = standing.get("check_in")
    return Attendance(state, mark.at, mark.id, arrival.at if arrival else None)


def _stands(kind: str) -> ColumnElement[bool]:
    return exists().where(AttendanceEntry.place_id == Place.id, *_standing(kind))


def _standing(kind: str) -> tuple[ColumnElement[bool], ...]:
    return AttendanceEntry.kind == kind, AttendanceEntry.undone_by_id.is_(None)
