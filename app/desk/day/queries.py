"""How the day of an event stands: what has to be done before it can be closed, and what came after."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select

from app.accounts.models import Account
from app.attendance.hour_models import HoursEntry
from app.attendance.hours import VOLUNTEERING
from app.attendance.log_models import DeskDay
from app.attendance.models import AttendanceEntry
from app.attendance.operation import DECISIONS
from app.attendance.queries import attendance_is
from app.attendance.states import state_of_kinds
from app.db import db
from app.desk.log.conflict_models import HIGH, DeskConflict
from app.desk.log.conflict_queries import late_count
from app.desk.phone.models import DeskDevice
from app.desk.trip.queries import children_not_home, log_of, seated_and_others
from app.desk.trip.riders import not_home
from app.events.models import Event
from app.gifts.gift_rules import LENDING
from app.gifts.kit_lending import Lent, lent_by
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


class _Left(NamedTuple):
    """[(place's id, name, state)] of those with a seat, by name; names of children away; what is lent."""

    people: Sequence[tuple[str, str, str]]
    children: Sequence[str] = ()
    kit: Sequence[Lent] = ()


def day_of(event: Event, *, now: datetime) -> Day:
    """All of it; what has to be done is asked once the event has begun and until its day is closed."""
    row, by, high, low, minutes = _sums(event.id)
    is_closed = row is not None and row.is_closed
    is_on = not is_closed and has_begun(event, now)
    left = _left_to_do(event) if is_on else _nothing_left(event.id)
    return Day(
        event=event,
        row=row,
        closed_by=by.short_name if by else "",
        counts=dict(Counter(state for _, _, state in left.people)),
        unmarked=[(place_id, name) for place_id, name, state in left.people if state == "expected"][:SHOWN],
        unmarked_count=sum(state == "expected" for _, _, state in left.people),
        conflicts_high=high if is_on else 0,
        conflicts_low=low if is_on else 0,
        children=left.children,
        kit=left.kit,
        phones=_phones(event.id) if is_on else [],
        late=late_count(event.id) if is_closed else 0,
        minutes=(minutes or 0) if event.kind in VOLUNTEERING else None,
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


def _sums(event_id: str) -> Any:
    """The day's row and whoever closed it, if any; grave and other conflicts, and the volunteers' minutes."""
    open_ = (DeskConflict.event_id == event_id, DeskConflict.solved_at.is_(None), DeskConflict.gone_at.is_(None))
    conflicts = select(func.count()).where(*open_)
    minutes = select(func.sum(HoursEntry.minutes))
    query = (
        select(
            DeskDay,
            Person,
            conflicts.where(DeskConflict.severity == HIGH).scalar_subquery(),
            conflicts.where(DeskConflict.severity != HIGH).scalar_subquery(),
            minutes.where(HoursEntry.event_id == event_id, HoursEntry.replaced_by_id.is_(None)).scalar_subquery(),
        )
        .select_from(Event)
        .outerjoin(DeskDay, DeskDay.event_id == Event.id)
        .outerjoin(Account, Account.id == DeskDay.closed_by_id)
        .outerjoin(Person, Person.id == Account.person_id)
    )
    return db.session.execute(query.where(Event.id == event_id)).one()


def _left_to_do(event: Event) -> _Left:
    """What was recorded of an open day, read once for all that asks for it."""
    said = log_of(event.id, kinds=LENDING)
    seated, others = seated_and_others(event, said=said)
    names = {f"p:{one.place_id}": one.name for one in seated} | {f"w:{one.place_id}": one.name for one in others}
    return _Left(
        people=[(one.place_id, one.name, one.state) for one in seated],
        children=[one.name for one in not_home([*seated, *others])],
        kit=lent_by([one for one in said if one.kind in (*LENDING, *DECISIONS)], names),
    )


def _nothing_left(event_id: str) -> _Left:
    """How those with a seat stand, by name, where nothing else is asked."""
    stands = (AttendanceEntry.event_id == event_id, AttendanceEntry.undone_by_id.is_(None))
    marks = select(AttendanceEntry.place_id, AttendanceEntry.kind).where(*stands, AttendanceEntry.kind != "undo")
    kinds: dict[str, set[str]] = {}
    for place_id, kind in db.session.execute(marks):
        kinds.setdefault(place_id, set()).add(kind)
    seated = select(Place.id, Person.surname, Person.given_name).join(Person, Person.id == Place.person_id)
    seated = seated.where(Place.event_id == event_id, Place.status == "confirmed")
    rows = db.session.execute(seated.order_by(Person.name_sort, Place.id))
    return _Left([(row[0], f"{row[1]} {row[2]}".strip(), state_of_kinds(kinds.get(row[0], ()))) for row in rows])


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
