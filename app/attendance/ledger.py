"""The ledger of marks that all pages read: entries that stand or were taken back, as the log of the day says.

What the log says is written here in its own transaction; whoever reads asks no log.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, insert, select, update

from app.attendance.models import AttendanceEntry
from app.attendance.operation import UNDO, Operation, Said
from app.attendance.presence_rules import ARRIVALS, AWAY, LEAVINGS, Presence, entry_kind
from app.db import connection, db
from app.prepared import Question, padded, write

TABLE = db.metadata.tables[AttendanceEntry.__tablename__]
ENTRY = insert(TABLE)
OF_PLACES = select(TABLE).where(TABLE.c.place_id.in_(bindparam("place_ids", expanding=True)))
CHANGED = (
    update(TABLE)
    .where(TABLE.c.id == bindparam("entry_id"))
    .values(undone_by_id=bindparam("taken_back_by"), at=bindparam("moment"))
)
MARKS = (*ARRIVALS, *LEAVINGS, *AWAY)


class Target(NamedTuple):
    """An entry as it should be."""

    operation: Operation
    place_id: str
    kind: str
    at: datetime
    undone_by: str | None


def question_of(place_ids: Iterable[str]) -> Question:
    """Asks for all entries of these places."""
    return OF_PLACES, {"place_ids": padded(place_ids)}


def adopted(entries: Iterable[Any], operations: Iterable[Operation]) -> list[Operation]:
    """What stands in the ledger and is not in the log, as operations: sample data, or a log that was lost."""
    known = {one.id for one in operations}
    by_place: dict[str, list[Any]] = {}
    for entry in entries:
        by_place.setdefault(entry.place_id, []).append(entry)
    return [_adopted(entry, of_place) for of_place in by_place.values() for entry in of_place if entry.id not in known]


def settle_presence(
    event_id: str, places: Mapping[str, tuple[Said, Presence]], entries: Sequence[Any], *, now: datetime
) -> None:
    """Makes the ledger say what was said of these places: {place's id: (all that was said, how it stands)}.

    `entries` are what the ledger holds of them. Inside a transaction() that holds the places' locks.
    """
    held = {entry.id: entry for entry in entries}
    wanted = [target for place_id, (said, found) in places.items() for target in _targets(place_id, said, found)]
    standing = {(entry.place_id, entry.kind) for entry in entries if entry.undone_by_id is None}
    fresh = [target for target in wanted if target.operation.id not in held]
    # Undos first, because others name them. Where another still stands the new one names itself until that one is out
    # of its way: one entry at most stands of each kind, at any moment.
    fresh.sort(key=lambda one: (one.kind != UNDO, one.undone_by is not None))
    waits = [one for one in fresh if one.undone_by is None and (one.place_id, one.kind) in standing]
    waiting = {one.operation.id for one in waits}
    if fresh:
        first = {id_: id_ if id_ in waiting else one.undone_by for one in fresh if (id_ := one.operation.id)}
        write(connection(), ENTRY, [_row(event_id, one, first[one.operation.id], now) for one in fresh])
    changed = [one for one in wanted if one.operation.id in held and _differs(one, held[one.operation.id])] + waits
    changed.sort(key=lambda one: one.undone_by is None)
    if changed:
        write(connection(), CHANGED, [_change(one) for one in changed])


def _targets(place_id: str, said: Said, found: Presence) -> list[Target]:
    targets: list[Target] = []
    takers: dict[str, Operation] = {}
    for one in said.known.values():
        if _has_entry(one):
            by = None if one.id in found.standing else _taken_back_by(one, said, found)
            at = found.arrived_at if one.id == found.arrival else one.corrected_at
            at = found.left_at if one.id == found.leaving else at
            targets.append(Target(one, place_id, entry_kind(one.kind), at or one.corrected_at, by))
            taker = said.known.get(by) if by else None
            if taker and taker.kind not in MARKS:
                takers[taker.id] = taker
    return [Target(one, place_id, UNDO, one.corrected_at, None) for one in takers.values()] + targets


def _taken_back_by(one: Operation, said: Said, found: Presence) -> str:
    """What stands in its place: the undo, another arrival that says the same, the absence that answered it."""
    if one.id in said.undone_by:
        return said.undone_by[one.id]
    if one.kind in ARRIVALS:
        return found.arrival or one.id
    if one.kind in AWAY:
        return found.away or one.id
    # Only what has an entry of its own can be named by one.
    went = [id_ for id_ in sorted(one.after) if id_ in said.undone_by and _has_entry(said.known.get(id_))]
    return found.leaving or (said.undone_by[went[0]] if went else one.id)


def _has_entry(one: Operation | None) -> bool:
    return one is not None and one.kind in MARKS and not one.is_late


def _differs(target: Target, entry: Any) -> bool:
    return bool(target.undone_by != entry.undone_by_id or target.at != entry.at)


def _row(event_id: str, target: Target, undone_by: str | None, now: datetime) -> dict[str, Any]:
    one = target.operation
    return {
        "id": one.id,
        "event_id": event_id,
        "place_id": target.place_id,
        "kind": target.kind,
        "at": target.at,
        "recorded_at": now,
        "recorded_by_id": one.account_id,
        "device": one.device[:60],
        "reason": str(one.body.get("reason", ""))[:200],
        "undone_by_id": undone_by,
    }


def _change(target: Target) -> dict[str, Any]:
    return {"entry_id": target.operation.id, "taken_back_by": target.undone_by, "moment": target.at}


def _adopted(entry: Any, of_place: Sequence[Any]) -> Operation:
    taken = sorted((one for one in of_place if one.undone_by_id == entry.id), key=lambda one: one.kind != "check_in")
    known_to = {
        "check_out": [one.id for one in of_place if one.kind == "check_in" and one.undone_by_id == entry.undone_by_id],
        "check_in": [one.id for one in of_place if one.kind in AWAY],
        "absent": [one.id for one in taken],
        "excused": [one.id for one in taken],
    }
    return Operation(
        id=entry.id,
        kind=entry.kind,
        key=f"p:{entry.place_id}",
        at=entry.at,
        corrected_at=entry.at,
        body={"reason": entry.reason} if entry.reason else {},
        names=taken[0].id if entry.kind == UNDO and taken else None,
        after=frozenset(known_to.get(entry.kind, ())),
        device=entry.device,
        account_id=entry.recorded_by_id,
    )
