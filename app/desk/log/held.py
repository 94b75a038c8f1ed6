"""What is read under the locks before operations are judged: the places, all that was said, the ledger, conflicts.

On a server it goes there and back once. Marks lock their own place and what else they are about, never the event: of
the event's row they only say that it stays, as every entry does, and before the places, so that nobody waits crosswise.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, bindparam, func, or_, select

from app.attendance.ledger import adopted, question_of
from app.attendance.log import KNOWN, append, operations_from, operations_of, questions_of
from app.attendance.log_models import DeskDay
from app.attendance.operation import Operation
from app.db import connection, db
from app.desk.log.conflict_models import DeskConflict, WalkIn
from app.desk.log.giving import EventFacts
from app.desk.log.merging import Merged
from app.people import ages
from app.prepared import Question, all_rows_of, padded

_tables = db.metadata.tables
_events, _places, _people, _days = (_tables[name] for name in ("events", "places", "people", DeskDay.__tablename__))
CONFLICTS, WALK_INS = _tables[DeskConflict.__tablename__], _tables[WalkIn.__tablename__]
_event: BindParameter[Any] = bindparam("event_id")
THE_EVENT = select(_events.c.id).where(_events.c.id == _event).with_for_update(read=True, key_share=True)
PLACES = (
    select(
        _places.c.id,
        _places.c.person_id,
        _places.c.status,
        _people.c.kind,
        _people.c.birth_date,
        _people.c.surname,
        _people.c.given_name,
    )
    .join(_people, _people.c.id == _places.c.person_id)
    .where(_places.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(_places.c.id)
    .with_for_update(of=_places, key_share=True)
)
SHARED = select(func.pg_advisory_xact_lock_shared(func.hashtextextended(bindparam("word"), 0)))
ALONE = select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("word"), 0)))
DAY = select(_days.c.closed_at).where(_days.c.event_id == _event, _days.c.reopened_at.is_(None))
OF_KEYS = select(CONFLICTS).where(
    CONFLICTS.c.event_id == _event, CONFLICTS.c.key.in_(bindparam("keys", expanding=True))
)
WALKED_IN = select(WALK_INS).where(
    WALK_INS.c.event_id == _event,
    or_(
        WALK_INS.c.place_id.in_(bindparam("ids", expanding=True)),
        WALK_INS.c.id.in_(bindparam("own", expanding=True)),
    ),
)
ALL_WALK_INS = select(WALK_INS).where(WALK_INS.c.event_id == _event)


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """A place and whose it is, as far as the day's rules ask."""

    id: str
    person_id: str
    status: str
    is_minor: bool
    surname: str
    given_name: str


@dataclass(frozen=True, slots=True)
class Held:
    """All of it. `operations` are all of these keys, `known` what of the asked ids the log has, of any event."""

    places: Mapping[str, PlaceFacts]
    operations: Sequence[Operation]
    entries: Sequence[Any]
    known: Mapping[str, Any]
    conflicts: Sequence[Any]
    walk_ins: Sequence[Any]
    is_closed: bool

    @property
    def same(self) -> dict[str, str]:
        """{key of a walk-in: that of the place they got}."""
        return {f"w:{row.id}": f"p:{row.place_id}" for row in self.walk_ins if row.place_id}


@dataclass(frozen=True, slots=True)
class Batch:
    """What was just written into the log (`new`), and all that was ever said about the same keys (`merged`).

    `places` are those of these keys, `entries` what the ledger of marks holds of them, `walk_ins` those of the event.
    """

    event: EventFacts
    merged: Merged
    new: Sequence[Operation]
    places: Mapping[str, PlaceFacts]
    entries: Sequence[Any]
    walk_ins: Sequence[Any]
    same: Mapping[str, str]

    def key_of(self, one: Operation) -> str:
        """Where it ended: an undo with what it takes back, a walk-in with the place they got."""
        target = self.target_of(one)
        key = target.key if target else one.key
        return self.same.get(key, key)

    def target_of(self, one: Operation) -> Operation | None:
        """What an operation names, where it is known."""
        if one.names is None:
            return None
        for said in self.merged.said.values():
            if one.names in said.known:
                return said.known[one.names]
        return None


def hold(event: EventFacts, keys: Iterable[str], ids: Iterable[str]) -> Held:
    """Locks what these keys are about, within transaction(), and reads what is known of it and of these ids."""
    wanted, asked = sorted(set(keys)), list(ids)
    if any(key[0] == "w" for key in wanted):
        wanted = _with_all_walk_ins(event, wanted)
    locks = _locks(event, wanted)
    answers = all_rows_of(connection(), [*locks, *_questions(event, wanted, asked)])[len(locks) :]
    places, known, entries, day, conflicts, walk_ins, *logged = answers
    operations = operations_from(logged)
    if further := {f"w:{row.id}" for row in walk_ins} - set(wanted):
        operations += operations_of(event.id, further)
    return Held(
        places={row.id: _place(row, event.local_date) for row in places},
        operations=operations,
        entries=entries,
        known={row.id: row for row in known},
        conflicts=conflicts,
        walk_ins=walk_ins,
        is_closed=bool(day),
    )


def with_ledger(held: Held, event: EventFacts, *, now: Any) -> list[Operation]:
    """All operations; what stood in the ledger and not in the log is written there first."""
    missing = adopted(held.entries, held.operations)
    append(missing, event_id=event.id, now=now)
    return [*held.operations, *missing]


def wait_for_all(event: EventFacts) -> None:
    """Waits until nobody is writing operations of this event, and lets nobody begin: for an undo of the unknown."""
    if _is_server():
        all_rows_of(connection(), [(ALONE, {"word": f"desk {event.id}"})])


def wait_for_walk_ins(event: EventFacts) -> None:
    """Waits until nobody writes of those without a place; before the event's own lock, as batches do it."""
    if _is_server():
        all_rows_of(connection(), [(ALONE, {"word": f"walk-ins {event.id}"})])


def _questions(event: EventFacts, keys: Sequence[str], ids: Sequence[str]) -> list[Question]:
    """The places first: they are locked, and what follows is read under it."""
    place_ids = [key[2:] for key in keys if key[0] == "p"]
    own = [key[2:] for key in keys if key[0] == "w"]
    of_event = {"event_id": event.id}
    return [
        (PLACES, {"ids": padded(place_ids)}),
        (KNOWN, {"ids": padded(ids)}),
        question_of(place_ids),
        (DAY, of_event),
        (OF_KEYS, of_event | {"keys": padded(keys)}),
        (WALKED_IN, of_event | {"ids": padded(place_ids), "own": padded(own)}),
        *questions_of(event.id, keys, ids),
    ]


def _with_all_walk_ins(event: EventFacts, keys: list[str]) -> list[str]:
    """Who of them is one too many depends on all of them, so they are judged together, one batch after another."""
    locks: list[Question] = [(ALONE, {"word": f"walk-ins {event.id}"})] if _is_server() else []
    rows = all_rows_of(connection(), [*locks, (ALL_WALK_INS, {"event_id": event.id})])[-1]
    places = {f"p:{row.place_id}" for row in rows if row.place_id and f"w:{row.id}" in keys}
    return sorted({*keys, *places, *(f"w:{row.id}" for row in rows)})


def _locks(event: EventFacts, keys: Sequence[str]) -> list[Question]:
    """In one order for all: the event stays, nobody else's turn alone, then (with the places) each other key."""
    if not _is_server():
        return []
    others = [key for key in keys if key[0] not in "pw"]
    return [
        (SHARED, {"word": f"desk {event.id}"}),
        (THE_EVENT, {"event_id": event.id}),
        *((ALONE, {"word": f"{event.id} {key}"}) for key in others),
    ]


def _is_server() -> bool:
    return bool(db.session().get_bind().dialect.name != "sqlite")


def _place(row: Any, day: date) -> PlaceFacts:
    is_minor = ages.is_minor(row.birth_date, row.kind, day)
    return PlaceFacts(row.id, row.person_id, row.status, is_minor, row.surname, row.given_name)
