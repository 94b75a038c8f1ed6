"""How the day of an event stands: what has to be done before it can be closed, and what came after."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from app.accounts.models import Account
from app.attendance.counting_hours import hours_in
from app.attendance.hours import VOLUNTEERING
from app.attendance.log_models import DeskDay
from app.attendance.models import AttendanceEntry
from app.attendance.queries import attendance_is, name_of_account
from app.attendance.states import state_of_kinds
from app.db import db
from app.desk.log.conflict_models import HIGH, DeskConflict
from app.desk.log.conflict_queries import late_count
from app.desk.phone.models import DeskDevice
from app.desk.trip.queries import children_not_home
from app.events.models import Event
from app.gifts.kit_lending import Lent, lent_kit
from app.people.models import Person
from app.signups.models import Place

SHOWN = 60  # names that one looks through
PAST = ("published", "closed", "running", "completed")


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone that said it still holds something."""

    name: str
    by: str
    unsent: int
    last_seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class Day:
    """The day as it stands. `blocking` must be done first; `phones` and `conflicts_low` may be left."""

    event: Event
    row: DeskDay | None
    closed_by: str
    counts: dict[str, int]
    unmarked: Sequence[tuple[str, str]]
    unmarked_count: int
    conflicts_high: int
    conflicts_low: int
    children: Sequence[str]
    kit: Sequence[Lent]
    phones: Sequence[Phone]
    late: int
    minutes: int | None

    @property
    def is_closed(self) -> bool:
        """Whether its marks are final."""
        return self.row is not None and self.row.is_closed

    @property
    def is_ready(self) -> bool:
        """Whether it can be closed."""
        return not (self.unmarked_count or self.conflicts_high or self.children)


def day_of(event: Event, *, now: datetime) -> Day:
    """All of it; what has to be done is asked once the event has begun and until its day is closed."""
    row = db.session.get(DeskDay, event.id)
    is_closed = row is not None and row.is_closed
    is_on = not is_closed and has_begun(event, now)
    states, unmarked = _states(event.id)
    high, low = open_conflicts(event.id) if is_on else (0, 0)
    return Day(
        event=event,
        row=row,
        closed_by=name_of_account(row.closed_by_id) or "" if row else "",
        counts=states,
        unmarked=unmarked[:SHOWN],
        unmarked_count=len(unmarked),
        conflicts_high=high,
        conflicts_low=low,
        children=children_away(event) if is_on else [],
        kit=lent_kit(event.id) if is_on else [],
        phones=_phones(event.id) if is_on else [],
        late=late_count(event.id) if is_closed else 0,
        minutes=hours_in([event.id]).get(event.id, 0) if event.kind in VOLUNTEERING else None,
    )


def has_begun(event: Event, now: datetime) -> bool:
    """Whether there is a day to close."""
    return event.status in PAST and event.starts_at <= now


def unmarked_count(event_id: str) -> int:
    """How many with a seat have no mark at all."""
    query = select(func.count()).select_from(Place)
    return db.session.scalar(query.where(*_unmarked(event_id))) or 0


def open_conflicts(event_id: str) -> tuple[int, int]:
    """How many grave ones and how many others a coordinator has to look at."""
    query = select(DeskConflict.severity, func.count()).where(
        DeskConflict.event_id == event_id, DeskConflict.solved_at.is_(None), DeskConflict.gone_at.is_(None)
    )
    found = {row[0]: row[1] for row in db.session.execute(query.group_by(DeskConflict.severity))}
    return found.get(HIGH, 0), sum(found.values()) - found.get(HIGH, 0)


def children_away(event: Event) -> Sequence[str]:
    """Children who came and whom nobody took over yet, by name."""
    return [rider.name for rider in children_not_home(event)]


def _unmarked(event_id: str) -> tuple[Any, ...]:
    return Place.event_id == event_id, Place.status == "confirmed", attendance_is("expected")


def _states(event_id: str) -> tuple[dict[str, int], list[tuple[str, str]]]:
    """({state: how many with a seat}, [(place's id, name)] of those without a mark, by name)."""
    stands = (AttendanceEntry.event_id == event_id, AttendanceEntry.undone_by_id.is_(None))
    marks = select(AttendanceEntry.place_id, AttendanceEntry.kind).where(*stands, AttendanceEntry.kind != "undo")
    kinds: dict[str, set[str]] = {}
    for place_id, kind in db.session.execute(marks):
        kinds.setdefault(place_id, set()).add(kind)
    counts: dict[str, int] = {}
    unmarked = []
    seated = select(Place.id, Person.surname, Person.given_name).join(Person, Person.id == Place.person_id)
    seated = seated.where(Place.event_id == event_id, Place.status == "confirmed")
    for place_id, surname, given_name in db.session.execute(seated.order_by(Person.name_sort, Place.id)):
        state = state_of_kinds(kinds.get(place_id, ()))
        counts[state] = counts.get(state, 0) + 1
        if state == "expected":
            unmarked.append((place_id, f"{surname} {given_name}".strip()))
    return counts, unmarked


def _phones(event_id: str) -> list[Phone]:
    query = (
        select(DeskDevice, Person)
        .outerjoin(Account, Account.id == DeskDevice.account_id)
        .outerjoin(Person, Person.id == Account.person_id)
        .where(DeskDevice.event_id == event_id, DeskDevice.unsent > 0)
    )
    rows = db.session.execute(query.order_by(DeskDevice.issued_at, DeskDevice.id))
    return [
        Phone(row.DeskDevice.name, row.Person.short_name if row.Person else "", row.DeskDevice.unsent,
              row.DeskDevice.last_seen_at)
        for row in rows
    ]  # fmt: skip
