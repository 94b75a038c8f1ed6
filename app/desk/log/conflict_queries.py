"""The conflicts of an event for whoever looks at them: who it is about, what each side said, when, on whose phone."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, exists, func, or_, select
from sqlalchemy.orm import aliased

from app.accounts.actor import COORDINATOR, SAFETY_OFFICER, Actor
from app.accounts.models import Account
from app.attendance.log_models import DeskOperation
from app.attendance.operation import ACCEPT, UNDO
from app.db import db
from app.desk.log.conflict_models import HIGH, DeskConflict, WalkIn
from app.desk.tables.shelf_names import shelf_names
from app.desk.trip.queries import bus_names, leg_names
from app.errors import NotFound, require
from app.events.models import Event
from app.events.queries import visible_event
from app.people.models import Person
from app.signups.models import Place

MOST, OPEN_AT_ONCE = 200, 60
NO_BUSES: Mapping[str, str] = {}
SOLVED = 30
DETAILS = ("size", "counted", "collected_by")


@dataclass(frozen=True, slots=True)
class Side:
    """What one operation says; `by` is the name of whose account it was, `detail` a size, a number or a bus."""

    id: str
    kind: str
    at: datetime
    device: str
    by: str
    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Late:
    """One operation that came after the day was closed, and whom it is about."""

    name: str
    side: Side


@dataclass(frozen=True, slots=True)
class Told:
    """A conflict with names; a side whose term is over is left out."""

    row: DeskConflict
    name: str
    sides: Sequence[Side]

    @property
    def is_high(self) -> bool:
        """Whether the day can't be closed with it."""
        return self.row.severity == HIGH

    @property
    def kept(self) -> str:
        """The kind of what a coordinator kept, or both, or none."""
        return next((side.kind for side in self.sides if side.id == self.row.choice), self.row.choice)


def can_see_conflicts(actor: Actor, event: Event) -> bool:
    """Coordinators and safety officers of its city or programme."""
    here = {"city": event.site.city, "programme_id": event.programme_id, "event_id": event.id}
    return actor.holds(COORDINATOR, SAFETY_OFFICER, **here)


def event_of_conflicts(actor: Actor, event_id: str) -> Event:
    """The event; raises NotFound where it is unseen, NotAllowed for whoever may not look at its conflicts."""
    event = visible_event(actor, event_id)
    require(can_see_conflicts(actor, event))
    return event


def conflict_of(event: Event, conflict_id: str) -> DeskConflict:
    """One of this event; raises NotFound."""
    found = db.session.get(DeskConflict, conflict_id)
    if found is None or found.event_id != event.id:
        raise NotFound
    return found


def open_conflicts_of(event: Event) -> list[Told]:
    """Those that somebody has to look at, the grave ones first, then the oldest."""
    query = select(DeskConflict).where(
        DeskConflict.event_id == event.id, DeskConflict.solved_at.is_(None), DeskConflict.gone_at.is_(None)
    )
    order = (DeskConflict.severity != HIGH, DeskConflict.found_at, DeskConflict.id)
    return _told(event, db.session.scalars(query.order_by(*order).limit(OPEN_AT_ONCE)).all())


def solved_conflicts_of(event: Event) -> list[Told]:
    """What was decided last."""
    query = select(DeskConflict).where(DeskConflict.event_id == event.id, DeskConflict.solved_at.is_not(None))
    newest = query.order_by(DeskConflict.solved_at.desc(), DeskConflict.id).limit(SOLVED)
    return _told(event, db.session.scalars(newest).all())


def late_of(event: Event) -> list[Late]:
    """What came after the day was closed, and nobody said whether it counts; the oldest first."""
    query = _said_of(event).where(*_undecided()).order_by(DeskOperation.number).limit(MOST)
    rows = db.session.execute(query.add_columns(DeskOperation.key)).all()
    names = _names(rows)
    return [Late(names.get(row.key) or _who(row.body), _side(row)) for row in rows]


def late_count(event_id: str) -> int:
    """How many there are of those."""
    return db.session.scalar(select(_late_count(event_id))) or 0


def open_and_late_count(event_id: str) -> tuple[int, int]:
    """How many conflicts are open and how much came late, where a page shows the first of them."""
    stands = (DeskConflict.solved_at.is_(None), DeskConflict.gone_at.is_(None))
    open_ = select(func.count()).where(DeskConflict.event_id == event_id, *stands).scalar_subquery()
    found = db.session.execute(select(open_, _late_count(event_id))).one()
    return found[0], found[1]


def _late_count(event_id: str) -> ScalarSelect[int]:
    return select(func.count()).where(DeskOperation.event_id == event_id, *_undecided()).scalar_subquery()


def _undecided() -> tuple[ColumnElement[bool], ...]:
    """Came late, and no coordinator has said anything of it; an undo waits for what it takes back."""
    one, decision, target = DeskOperation, aliased(DeskOperation), aliased(DeskOperation)
    decided = exists().where(decision.names == one.id, decision.late_at.is_(None), decision.kind.in_((ACCEPT, UNDO)))
    is_there = or_(one.kind != UNDO, exists().where(target.id == one.names))
    return one.late_at.is_not(None), ~decided, is_there


def _who(body: Mapping[str, Any]) -> str:
    """Somebody without a place, whom no list names before the operation counts."""
    return f"{body.get('surname', '')} {body.get('given_name', '')}".strip()


def _told(event: Event, rows: Sequence[DeskConflict]) -> list[Told]:
    if not rows:
        return []
    sides = _sides({id_ for row in rows for id_ in row.operations}, event)
    names = _names(rows)
    return [Told(row, names.get(row.key, ""), [sides[id_] for id_ in row.operations if id_ in sides]) for row in rows]


def _sides(ids: Collection[str], event: Event) -> dict[str, Side]:
    query = _said_of(event).where(DeskOperation.id.in_(ids))
    rows, buses = db.session.execute(query).all(), {}
    if any(row.kind == "board" for row in rows):
        buses = bus_names(event.id)
    return {row.id: _side(row, buses) for row in rows}


def _said_of(event: Event) -> Select[Any]:
    one = DeskOperation
    return (
        select(one.id, one.kind, one.corrected_at, one.device, one.body, Person)
        .outerjoin(Account, Account.id == one.account_id)
        .outerjoin(Person, Person.id == Account.person_id)
        .where(one.event_id == event.id)
    )


def _side(row: Any, buses: Mapping[str, str] = NO_BUSES) -> Side:
    by = row.Person.short_name if row.Person else ""
    told = [buses.get(row.body.get("bus_id", "")), *(row.body.get(name) for name in DETAILS)]
    detail = " · ".join(str(one) for one in told if one not in (None, ""))
    return Side(row.id, row.kind, row.corrected_at, row.device, by, str(row.body.get("reason", "")), detail)


def _names(rows: Iterable[Any]) -> dict[str, str]:
    """{key: the name of whom it is about}."""
    keys = {row.key for row in rows}
    seated = select(Place.id, Person).join(Person, Person.id == Place.person_id)
    of_places = seated.where(Place.id.in_([key[2:] for key in keys if key[0] == "p"]))
    names = {f"p:{row.id}": row.Person.short_name for row in db.session.execute(of_places)}
    of_walk_ins = select(WalkIn.id, WalkIn.surname, WalkIn.given_name).where(
        WalkIn.id.in_([key[2:] for key in keys if key[0] == "w"])
    )
    for row in db.session.execute(of_walk_ins):
        names[f"w:{row.id}"] = f"{row.surname} {row.given_name}".strip()
    return names | shelf_names(keys) | leg_names(keys)
