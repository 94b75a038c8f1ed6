"""Conflicts as rows: found, gone by themselves, or solved by a coordinator who says which side holds, and why."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, insert, update

from app.attendance.log import place_of
from app.attendance.operation import SOLVE, Conflict, Operation
from app.db import connection, db, new_id
from app.desk.log.conflict_models import DeskConflict
from app.desk.log.held import Batch
from app.prepared import write

TABLE = db.metadata.tables[DeskConflict.__tablename__]
ROW = insert(TABLE)
FIELDS = ("operations", "severity", "found_at", "gone_at", "solved_at", "solved_by_id", "choice", "reason")
CHANGED = (
    update(TABLE).where(TABLE.c.id == bindparam("row_id")).values({name: bindparam(f"new_{name}") for name in FIELDS})
)


class Standing(NamedTuple):
    """A row, as far as whoever handed something over has to know of it."""

    id: str
    kind: str
    operations: Sequence[str]
    is_open: bool


def note_conflicts(batch: Batch, found: Iterable[Conflict], held: Sequence[Any], *, now: datetime) -> list[Standing]:
    """Writes down what contradicts now; `held` are the rows of the same keys, whatever became of them. Returns all."""
    by_word = {one.word: one for one in found}
    rows = {row.word: row for row in held}
    fresh = [_row(one, batch.event.id, now) for word, one in by_word.items() if word not in rows]
    if fresh:
        write(connection(), ROW, fresh)
    stand, changed = [Standing(row["id"], row["kind"], row["operations"], is_open=True) for row in fresh], []
    for word, row in rows.items():
        wanted: dict[str, Any] = {name: getattr(row, name) for name in FIELDS}
        if row.key in batch.merged.said or batch.same.get(row.key) in batch.merged.said:
            wanted |= _as_now(row, by_word.get(word), _solution(batch, word), now)
            if any(getattr(row, name) != value for name, value in wanted.items()):
                changed.append({"row_id": row.id, **{f"new_{name}": value for name, value in wanted.items()}})
        stand.append(_standing(row, wanted))
    if changed:
        write(connection(), CHANGED, changed)
    return stand


def standing(held: Iterable[Any]) -> list[Standing]:
    """The same of rows as they are."""
    return [_standing(row, row._asdict()) for row in held]


def _standing(row: Any, values: Mapping[str, Any]) -> Standing:
    return Standing(row.id, row.kind, values["operations"], not values["gone_at"] and not values["solved_at"])


def _as_now(row: Any, conflict: Conflict | None, solution: Operation | None, now: datetime) -> dict[str, Any]:
    """What of the row should say something else."""
    wanted: dict[str, Any] = {}
    if conflict:
        is_back = row.gone_at is not None or row.solved_at is not None
        wanted = {"operations": list(conflict.sides), "severity": conflict.severity, "gone_at": None}
        wanted |= {"solved_at": None, "solved_by_id": None, "choice": "", "reason": ""}
        wanted["found_at"] = now if is_back else row.found_at
    elif solution:
        wanted = {"gone_at": None, "solved_at": row.solved_at or now, "solved_by_id": solution.account_id}
        wanted |= {"choice": str(solution.body.get("keep", "")), "reason": str(solution.body.get("reason", ""))[:200]}
    elif row.gone_at is None:
        wanted = {"gone_at": now, "solved_at": None, "solved_by_id": None, "choice": "", "reason": ""}
    return wanted


def _solution(batch: Batch, word: str) -> Operation | None:
    """The last word of a coordinator on it that counts."""
    solutions = [
        one
        for said in batch.merged.said.values()
        if word in said.solved
        for one in said.known.values()
        if one.kind == SOLVE and one.body.get("word") == word and one.id not in said.undone_by and not one.is_late
    ]
    return max(solutions, key=lambda one: (one.corrected_at, one.id), default=None)


def _row(one: Conflict, event_id: str, now: datetime) -> dict[str, Any]:
    return {
        "id": new_id(),
        "event_id": event_id,
        "word": one.word,
        "kind": one.kind,
        "key": one.key,
        "place_id": place_of(one.key),
        "operations": list(one.sides),
        "severity": one.severity,
        "found_at": now,
        "gone_at": None,
        "solved_at": None,
        "solved_by_id": None,
        "choice": "",
        "reason": "",
    }
