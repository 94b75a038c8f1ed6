"""The log of the day: operations are added, and read by what they are about. Past the ORM: hundreds write at once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import String, bindparam, column, insert, select, table

from app.attendance.log_models import DeskOperation
from app.attendance.operation import Operation
from app.db import connection, db
from app.prepared import Question, all_rows_of, padded, rows_of, write

TABLE = db.metadata.tables[DeskOperation.__tablename__]
OPERATION = insert(TABLE)
COLUMNS = [
    TABLE.c[name]
    for name in (
        "id",
        "kind",
        "key",
        "names",
        "after",
        "at",
        "corrected_at",
        "body",
        "device",
        "account_id",
        "verified_by_id",
        "late_at",
    )
]
_keys = TABLE.c.key.in_(bindparam("keys", expanding=True))
_event = TABLE.c.event_id == bindparam("event_id")
OF_KEYS = select(*COLUMNS).where(_event, _keys)
# Whoever takes something back may know nothing but its id; of their own key they are read with it.
NAMING = select(*COLUMNS).where(TABLE.c.names.in_(select(TABLE.c.id).where(_event, _keys)), ~_keys)
# What was said of an operation before it came itself.
ABOUT = select(*COLUMNS).where(_event, TABLE.c.names.in_(bindparam("ids", expanding=True)))
# Whoever came without a place and got one later said some of it under another key.
_walk_ins = table("walk_ins", column("id", String), column("place_id", String))
OF_WALK_IN = select(*COLUMNS).where(
    _event, TABLE.c.key.in_(select("w:" + _walk_ins.c.id).where(_walk_ins.c.place_id == bindparam("place_id")))
)
KNOWN = select(TABLE.c.id, TABLE.c.event_id, TABLE.c.kind, TABLE.c.key, TABLE.c.names).where(
    TABLE.c.id.in_(bindparam("ids", expanding=True))
)


def append(
    operations: Sequence[Operation],
    *,
    event_id: str,
    now: datetime,
    device_id: str | None = None,
    secrets: Mapping[str, str] | None = None,
) -> None:
    """Writes these down, inside a transaction() that holds the lock of what they are about; none of them is there."""
    if operations:
        kept = secrets or {}
        rows = [_row(one, event_id, now, device_id, kept.get(one.id)) for one in operations]
        write(connection(), OPERATION, rows)


def operations_of(event_id: str, keys: Iterable[str]) -> list[Operation]:
    """All that was said about these keys, and what names one of these operations under another key."""
    return operations_from(all_rows_of(connection(), questions_of(event_id, keys, ())))


def questions_of(event_id: str, keys: Iterable[str], ids: Iterable[str]) -> list[Question]:
    """The same as questions, for whoever asks others along with them; and what names one of these `ids`, which are
    only now going to be written."""
    values = {"event_id": event_id, "keys": padded(keys)}
    return [(OF_KEYS, values), (NAMING, values), (ABOUT, {"event_id": event_id, "ids": padded(ids)})]


def operations_from(answers: Sequence[Sequence[Any]]) -> list[Operation]:
    """What those questions were answered."""
    found = {row.id: row for rows in answers for row in rows}
    return [operation_from(row) for row in found.values()]


def operation_from(row: Any) -> Operation:
    """One row of the log."""
    return Operation(
        id=row.id,
        kind=row.kind,
        key=row.key,
        at=row.at,
        corrected_at=row.corrected_at,
        body=row.body,
        names=row.names,
        after=frozenset(row.after),
        device=row.device,
        account_id=row.account_id,
        verified_by=row.verified_by_id,
        is_late=row.late_at is not None,
    )


def known_among(ids: Collection[str]) -> dict[str, Any]:
    """{id: its event, kind, key and what it names} of those that the log holds, of whatever event."""
    return {row.id: row for row in rows_of(connection(), KNOWN, {"ids": padded(ids)})} if ids else {}


def place_of(key: str) -> str | None:
    """The place that a key is about, None for anything else."""
    return key[2:] if key.startswith("p:") else None


def _row(one: Operation, event_id: str, now: datetime, device_id: str | None, secret: str | None) -> dict[str, Any]:
    return {
        "id": one.id,
        "event_id": event_id,
        "kind": one.kind,
        "key": one.key,
        "place_id": place_of(one.key),
        "names": one.names,
        "after": sorted(one.after),
        "at": one.at,
        "corrected_at": one.corrected_at,
        "recorded_at": now,
        "account_id": one.account_id,
        "device_id": device_id,
        "device": one.device[:60],
        "verified_by_id": one.verified_by,
        "body": dict(one.body),
        "secret": secret,
        "late_at": now if one.is_late else None,
    }
