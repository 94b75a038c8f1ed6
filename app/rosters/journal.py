"""What an event's rows were before a change and are after it: looked at twice, compared, and put back where nobody
else has touched them since. The event's lock is held all the while."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Date, Table, and_, select, true, update

from app.columns import UtcDateTime
from app.db import connection, db
from app.events.models import Event

Rows = dict[str, tuple[Any, ...]]
Shot = dict[str, Rows]
# What other operations count under the lock; it is counted anew, never put back.
COUNTED = {"id", "seats_taken", "people_waiting", "last_queue_number"}
AT_ONCE = 2000
SEAT = ("status", "awaits", "confirmed_at", "promoted_at", "offer_expires_at", "consent_due_at", "cancelled_at")
# table: the columns that a change of the event may touch
WATCHED = {
    # Names and addresses are no part of it: they are no row's to bring back once their term is over.
    "events": tuple(
        column.name
        for column in Event.__table__.columns
        if column.name not in COUNTED and not column.info.get("personal")
    ),
    "places": (*SEAT, "cancelled_by_id", "cancel_reason", "shift_id", "group_id", "bus_id", "section_id"),
    "signups": ("cancelled_at", "cancelled_by_id"),
    "consents": ("lapsed_at",),
    "offers": ("answered_at", "answer"),
    "approvals": ("answered_at", "answer"),
    "queue_moves": (),
    "stops": ("arrives_at", "departs_at"),
    "shifts": ("starts_at", "ends_at"),
    "grants": ("valid_on", "valid_from", "valid_until"),
    "mails": ("status", "cancelled_at"),
}


class Group(NamedTuple):
    """Rows of one table that changed in the same way."""

    was: dict[str, Any]
    became: dict[str, Any]
    ids: list[str]


def look(event_id: str) -> Shot:
    """All rows of the event that a change of it may touch, as they are now."""
    db.session.flush()
    return {name: _rows(table(name), columns, event_id) for name, columns in WATCHED.items()}


def compare(before: Shot, after: Shot) -> dict[str, Any]:
    """{"changed": {table: [Group as JSON]}, "added": {table: ids}}: what one look sees that the other doesn't."""
    changed = {name: _groups(WATCHED[name], before[name], after[name]) for name in WATCHED}
    added = {name: sorted(after[name].keys() - before[name].keys()) for name in WATCHED}
    return {
        "changed": {name: groups for name, groups in changed.items() if groups},
        "added": {name: ids for name, ids in added.items() if ids},
    }


def changed_rows(journal: Mapping[str, Any], name: str) -> list[Group]:
    """What the change did to rows of this table, with its moments as moments."""
    columns = table(name).columns
    return [
        Group(_read(columns, one["was"]), _read(columns, one["became"]), one["ids"])
        for one in journal["changed"].get(name, ())
    ]


def ids_touched(journal: Mapping[str, Any], name: str) -> set[str]:
    """The rows of this table that the change touched or added."""
    changed = {row_id for one in journal["changed"].get(name, ()) for row_id in one["ids"]}
    return changed | set(journal["added"].get(name, ()))


def put_back(
    name: str, groups: Iterable[Group], *, but: frozenset[str] = frozenset(), where: ColumnElement[bool] | None = None
) -> set[str]:
    """Rows that still are as the change left them become what they were; the others stay. Returns those put back."""
    rows, done = table(name), set[str]()
    for group in groups:
        untouched = [rows.c[column].is_not_distinct_from(value) for column, value in group.became.items()]
        change = update(rows).where(*untouched, true() if where is None else where).values(group.was)
        for some in portions([row_id for row_id in group.ids if row_id not in but]):
            done.update(connection().execute(change.where(rows.c.id.in_(some)).returning(rows.c.id)).scalars())
    return done


def portions(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    """As many ids as a statement takes with ease."""
    return (ids[first : first + AT_ONCE] for first in range(0, len(ids), AT_ONCE))


def table(name: str) -> Table:
    """The table of this name."""
    return db.metadata.tables[name]


def _rows(rows: Table, columns: Sequence[str], event_id: str) -> Rows:
    key = next(iter(rows.primary_key.columns))
    found = connection().execute(select(key, *(rows.c[name] for name in columns)).where(_of_event(rows, event_id)))
    return {str(row[0]): tuple(row[1:]) for row in found}


def _of_event(rows: Table, event_id: str) -> ColumnElement[bool]:
    if rows.name == "events":
        return rows.c.id == event_id
    if "event_id" not in rows.c:
        parties = table("signups").c
        return rows.c.signup_id.in_(select(parties.id).where(parties.event_id == event_id))
    own: ColumnElement[bool] = rows.c.event_id == event_id
    if rows.name == "mails":  # what has left is nobody's to take back
        return and_(own, rows.c.status.in_(("queued", "sending", "cancelled")))
    return own


def _groups(columns: Sequence[str], before: Rows, after: Rows) -> list[dict[str, Any]]:
    alike: dict[str, dict[str, Any]] = {}
    ids = defaultdict[str, list[str]](list)
    for row_id, old in before.items():
        new = after.get(row_id)
        if new is None or new == old:
            continue
        pairs = {name: (was, now) for name, was, now in zip(columns, old, new, strict=True) if was != now}
        was, became = ({name: _plain(pair[side]) for name, pair in pairs.items()} for side in (0, 1))
        alike[repr((was, became))] = {"was": was, "became": became}
        ids[repr((was, became))].append(row_id)
    return [one | {"ids": ids[key]} for key, one in alike.items()]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime | date) else value


def _read(columns: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _moment(columns[name].type, value) for name, value in values.items()}


def _moment(kind: Any, value: Any) -> Any:
    if value is None or not isinstance(kind, UtcDateTime | Date):
        return value
    return (datetime if isinstance(kind, UtcDateTime) else date).fromisoformat(value)
