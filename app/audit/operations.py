"""Adding to the log, inside the transaction of the act itself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import insert

from app.accounts.actor import Actor
from app.audit.models import AuditEntry, AuditValues
from app.db import Base, connection, db, new_id
from app.prepared import write

Changes = Mapping[str, tuple[object, object]]


# Under which name a row knows its event and its person, the closest first.
EVENT = ("event_id",)
PERSON = ("person_id", "child_id", "leader_id")

ENTRY = insert(db.metadata.tables[AuditEntry.__tablename__])
VALUES = insert(db.metadata.tables[AuditValues.__tablename__])


def record(actor: Actor, verb: str, thing: Base, *, now: datetime, changes: Changes | None = None) -> None:
    """Writes down that `actor` did `verb` to `thing`; `changes` is {field: (before, after)}."""
    entry_id = new_id()
    entry = {
        "id": entry_id,
        "at": now,
        "actor_account_id": actor.account_id,
        "verb": verb,
        "object_type": thing.__tablename__,
        "object_id": str(getattr(thing, "id", getattr(thing, "slug", ""))),
        "event_id": _about(thing, "events", EVENT),
        "person_id": _about(thing, "people", PERSON),
        "for_account_id": actor.lent_by,
        "fields": sorted(changes or {}),
    }
    # Straight into the table: an entry is never changed, so the session need not watch over it.
    write(connection(), ENTRY, [entry])
    if changes:
        values = {field: [_plain(before), _plain(after)] for field, (before, after) in changes.items()}
        write(connection(), VALUES, [{"entry_id": entry_id, "changes": values}])


@dataclass(frozen=True, slots=True)
class Act:
    """One act for record_many(), where there is no object of its row: its table, its id, in whose history it stands."""

    verb: str
    object_type: str
    object_id: str
    event_id: str | None = None
    person_id: str | None = None
    changes: Changes | None = None


def record_many(actor: Actor, acts: Iterable[Act], *, now: datetime) -> None:
    """Writes many acts of one actor down at once, as record() does one."""
    entries, values = [], []
    for act in acts:
        entry_id = new_id()
        entries.append(
            {
                "id": entry_id,
                "at": now,
                "actor_account_id": actor.account_id,
                "verb": act.verb,
                "object_type": act.object_type,
                "object_id": act.object_id,
                "event_id": act.event_id,
                "person_id": act.person_id,
                "for_account_id": actor.lent_by,
                "fields": sorted(act.changes or {}),
            }
        )
        if act.changes:
            changed = {field: [_plain(before), _plain(after)] for field, (before, after) in act.changes.items()}
            values.append({"entry_id": entry_id, "changes": changed})
    if entries:
        write(connection(), ENTRY, entries)
    if values:
        write(connection(), VALUES, values)


def differences(thing: Base, wanted: Mapping[str, object]) -> dict[str, tuple[object, object]]:
    """What setting these attributes would change: {field: (before, after)}."""
    pairs = {field: (getattr(thing, field), value) for field, value in wanted.items()}
    return {field: pair for field, pair in pairs.items() if pair[0] != pair[1]}


def _about(thing: Base, table: str, names: tuple[str, ...]) -> str | None:
    """The event or person in whose history the act stands, as far as the row says it itself: nothing is asked."""
    if thing.__tablename__ == table:
        return str(thing.id)  # type: ignore[attr-defined] # both tables have one; Base doesn't know
    for name in names:
        if found := getattr(thing, name, None):
            return str(found)
    signup = thing.__dict__.get("signup")
    return _about(signup, table, names) if signup is not None else None


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if value is None or isinstance(value, str | int | float | bool | list | dict):
        return value
    return str(value)
