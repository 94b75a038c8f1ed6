"""Departures as rows: the manifest is frozen with the names as they are then, and never written anew."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.attendance.operation import Operation, Said
from app.db import connection, db
from app.desk.log.conflict_models import WalkIn
from app.desk.log.giving import EventFacts
from app.desk.log.held import Batch
from app.desk.trip.models import LegDeparture
from app.desk.trip.rules import BY_BOARD, ON_FOOT, OUT, confirm_of, people_of, verified
from app.people import ages
from app.prepared import padded, rows_of, write
from app.rosters.models import Departure

TABLE = db.metadata.tables[LegDeparture.__tablename__]
_places, _persons, _groups, _walk_ins = (
    db.metadata.tables[name] for name in ("places", "people", "groups", WalkIn.__tablename__)
)
_ids: Any = bindparam("ids", expanding=True)
_event: Any = bindparam("event_id")
FOLLOWS = ("confirmed_by_id", "confirmed_at", "undone_by_id")
ROW = insert(TABLE)
CHANGED = (
    update(TABLE).where(TABLE.c.id == bindparam("row_id")).values({name: bindparam(f"new_{name}") for name in FOLLOWS})
)
OF_LEGS = select(TABLE.c.id, TABLE.c.bus_id, TABLE.c.leg, *(TABLE.c[name] for name in FOLLOWS)).where(
    TABLE.c.event_id == _event, TABLE.c.leg.in_(bindparam("legs", expanding=True))
)
RIDERS = (
    select(
        _places.c.id, _persons.c.surname, _persons.c.given_name, _persons.c.kind, _persons.c.birth_date,
        _groups.c.name.label("group"),
    )
    .join(_persons, _persons.c.id == _places.c.person_id)
    .outerjoin(_groups, _groups.c.id == _places.c.group_id)
    .where(_places.c.event_id == _event, _places.c.id.in_(_ids))
    .order_by(_persons.c.name_sort, _places.c.id)
)  # fmt: skip
WALKED_IN = select(_walk_ins.c.id, _walk_ins.c.surname, _walk_ins.c.given_name, _walk_ins.c.is_child).where(
    _walk_ins.c.event_id == _event, _walk_ins.c.id.in_(_ids)
)
SEATED = select(func.count()).where(_places.c.event_id == _event, _places.c.status == "confirmed")
GONE = {
    name: dialect.insert(db.metadata.tables[Departure.__tablename__]).on_conflict_do_nothing()
    for name, dialect in (("postgresql", postgresql), ("sqlite", sqlite))
}


def settle_legs(batch: Batch, legs: Mapping[str, Said]) -> None:
    """A row for each departure that was said, with who confirmed it and what took it back."""
    said_so = [
        (key, said, one)
        for key, said in legs.items()
        for one in said.known.values()
        if one.kind == "departure" and not one.is_late and one.body.get("decision") != BY_BOARD
    ]
    if not said_so:
        return
    asked = {"event_id": batch.event.id, "legs": padded({key.split(":")[2] for key in legs})}
    held = {row.id: row for row in rows_of(connection(), OF_LEGS, asked)}
    _freeze(batch, [one for one in said_so if one[2].id not in held], held)
    changed = []
    for _, said, one in said_so:
        wanted = _follows(said, one)
        if one.id in held and any(getattr(held[one.id], name) != value for name, value in wanted.items()):
            changed.append({"row_id": one.id, **{f"new_{name}": value for name, value in wanted.items()}})
    if changed:
        write(connection(), CHANGED, changed)


def _freeze(batch: Batch, fresh: list[tuple[str, Said, Operation]], held: Mapping[str, Any]) -> None:
    if not fresh:
        return
    fresh.sort(key=lambda one: (len(one[2].after), one[2].id))
    versions: dict[str, int] = {}
    for row in held.values():
        key = f"b:{row.bus_id or ON_FOOT}:{row.leg}"
        versions[key] = versions.get(key, 0) + 1
    names = _names(batch.event, [one for _, _, one in fresh])
    rows = []
    for key, said, one in fresh:
        versions[key] = versions.get(key, 0) + 1
        rows.append(_row(batch, key, one, versions[key], names) | _follows(said, one))
    write(connection(), ROW, rows)
    first = next((row for row in rows if row["leg"] == OUT and row["undone_by_id"] is None), None)
    if first:
        _set_out(batch.event, first)


def _row(
    batch: Batch, key: str, one: Operation, version: int, names: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    _, bus, leg = key.split(":", 2)
    return {
        "id": one.id,
        "event_id": batch.event.id,
        "bus_id": None if bus == ON_FOOT else bus,
        "leg": leg,
        "version": version,
        "decision": one.body.get("decision"),
        "reason": str(one.body.get("reason", "")),
        "people": _listed(people_of(one), names),
        "missing": _listed(one.body.get("missing", ()), names),
        "departed_at": one.corrected_at,
        "account_id": one.account_id,
    }


def _follows(said: Said, one: Operation) -> dict[str, Any]:
    confirm = confirm_of(said, one)
    return {
        "confirmed_by_id": verified(confirm) if confirm else None,
        "confirmed_at": confirm.corrected_at if confirm else None,
        "undone_by_id": said.undone_by.get(one.id),
    }


def _names(event: EventFacts, departures: Sequence[Operation]) -> dict[str, dict[str, Any]]:
    """{place or walk-in: who it is}, in the order of the alphabet."""
    ids = {str(id_) for one in departures for id_ in (*people_of(one), *one.body.get("missing", ()))}
    asked = {"event_id": event.id, "ids": padded(ids)}
    found = {}
    for row in rows_of(connection(), RIDERS, asked):
        is_child = ages.is_minor(row.birth_date, row.kind, event.local_date)
        found[row.id] = _person(row, is_child, row.group or "")
    for row in rows_of(connection(), WALKED_IN, asked):
        found[row.id] = _person(row, bool(row.is_child), "")
    return found


def _person(row: Any, is_child: bool, group: str) -> dict[str, Any]:
    name = f"{row.surname} {row.given_name}".strip()
    return {"place_id": row.id, "name": name, "child": is_child, "group": group}


def _listed(ids: Iterable[object], names: Mapping[str, Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    wanted = {str(id_) for id_ in ids}
    return [person for id_, person in names.items() if id_ in wanted]


def _set_out(event: EventFacts, first: Mapping[str, Any]) -> None:
    """From the first bus on the event is on its way: nobody moves it or calls it off."""
    [counted] = rows_of(connection(), SEATED, {"event_id": event.id})
    row = {
        "event_id": event.id,
        "departed_at": first["departed_at"],
        "departed_by_id": first["account_id"],
        "people": counted[0],
    }
    write(connection(), GONE[db.session().get_bind().dialect.name], [row])
