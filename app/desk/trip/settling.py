"""Rides, frozen manifests and hand-overs as rows, as the log of the day says. Under the locks that the batch holds."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Table, Update, bindparam, insert, or_, select, update

from app.attendance.operation import UNDO, Operation, Said
from app.audit.operations import Act
from app.db import connection, db
from app.desk.log.held import Batch
from app.desk.trip.codes import settle_codes
from app.desk.trip.freezing import settle_legs
from app.desk.trip.kinds import TRIP
from app.desk.trip.models import Boarding, Collector, HandOver
from app.desk.trip.rules import BY_BOARD, CODE, ON_FOOT, Going, bus_of
from app.prepared import padded, rows_of, write

RIDES, OVERS = (db.metadata.tables[one.__tablename__] for one in (Boarding, HandOver))
_log, _people, _collectors = (
    db.metadata.tables[name] for name in ("desk_operations", "people", Collector.__tablename__)
)
_ids: Any = bindparam("ids", expanding=True)
SECRETS = select(_log.c.id, _log.c.secret).where(_log.c.id.in_(_ids))
NAMES = select(_people.c.id, (_people.c.surname + " " + _people.c.given_name).label("name")).where(
    _people.c.id.in_(_ids)
)
LISTED = select(_collectors.c.id, _collectors.c.name).where(_collectors.c.id.in_(_ids))
# What is done, under which name it stands in the log of acts.
VERBS = {
    "board": "board_bus",
    "alight": "leave_bus",
    "headcount": "count_heads",
    "departure": "depart_leg",
    "confirm": "confirm_departure",
    "hand_over": "hand_over",
    "pack_opened": "open_pack",
}


def _of_people(table: Table) -> Any:
    places: Any = bindparam("places", expanding=True)
    walk_ins: Any = bindparam("walk_ins", expanding=True)
    return select(table).where(or_(table.c.place_id.in_(places), table.c.walk_in_id.in_(walk_ins)))


def _changing(table: Table, *names: str) -> Update:
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
    return update(table).where(table.c.id == bindparam("row_id")).values(values)


FOLLOWS = ("place_id", "walk_in_id", "undone_by_id")
OF_RIDES, OF_OVERS = _of_people(RIDES), _of_people(OVERS)
RIDE, OVER = insert(RIDES), insert(OVERS)
RIDE_CHANGED, OVER_CHANGED = _changing(RIDES, *FOLLOWS, "ended_at"), _changing(OVERS, *FOLLOWS)


def settle_trip(batch: Batch, *, now: datetime) -> list[Act]:
    """Makes the rows say what was said; returns what to write down about it."""
    touched = {
        key: said for key, said in batch.merged.said.items() if any(one.kind in TRIP for one in said.known.values())
    }
    if not touched:
        return []
    walked_in = {row.id for row in batch.walk_ins} | {one.id for one in batch.merged.walk_ins}
    here = {*(f"p:{id_}" for id_ in batch.places), *(f"w:{id_}" for id_ in walked_in)}
    people = {key: said for key, said in touched.items() if key in here}
    if people:
        _settle_rides(batch, people)
        _settle_overs(batch, people, now=now)
    settle_legs(batch, {key: said for key, said in touched.items() if key[0] == "b"})
    return _acts(batch)


def _settle_rides(batch: Batch, people: Mapping[str, Said]) -> None:
    wanted = [
        _ride(batch, key, said, one, batch.merged.states[key]["trip"])
        for key, said in people.items()
        for one in said.known.values()
        if one.kind == "board" and not one.is_late
    ]
    if wanted:
        _keep(OF_RIDES, RIDE, RIDE_CHANGED, (*FOLLOWS, "ended_at"), people, wanted)


def _settle_overs(batch: Batch, people: Mapping[str, Said], *, now: datetime) -> None:
    said_so = [
        (key, said, one)
        for key, said in people.items()
        for one in said.known.values()
        if one.kind == "hand_over" and not one.is_late
    ]
    if not said_so:
        return
    names = _receivers([one for _, _, one in said_so])
    wanted = [_over(batch, key, said, one, names) for key, said, one in said_so]
    _keep(OF_OVERS, OVER, OVER_CHANGED, FOLLOWS, people, wanted)
    by_code = {row["place_id"]: row for row in wanted if row["how"] == CODE and row["place_id"]}
    standing = {id_: row["at"] for id_ in by_code for row in wanted if _uses(row, id_)}
    settle_codes({id_: standing.get(id_) for id_ in by_code}, now=now)


def _uses(row: Mapping[str, Any], place_id: str) -> bool:
    return row["place_id"] == place_id and row["how"] == CODE and row["undone_by_id"] is None and row["is_proved"]


def _ride(batch: Batch, key: str, said: Said, one: Operation, going: Going) -> dict[str, Any]:
    leg = str(one.body.get("leg", ""))
    ride = going.rides.get(leg)
    stands = ride is not None and ride.id == one.id
    end = said.known.get(ride.ended or "") if ride and stands else None
    bus = bus_of(one)
    return {
        **_about(batch, key, one),
        "bus_id": None if bus == ON_FOOT else bus,
        "leg": leg,
        "ended_at": end.corrected_at if end else None,
        "undone_by_id": None if stands else said.undone_by.get(one.id) or (ride.id if ride else one.id),
    }


def _over(batch: Batch, key: str, said: Said, one: Operation, names: Mapping[str, str]) -> dict[str, Any]:
    over = batch.merged.states[key]["trip"].over
    return {
        **_about(batch, key, one),
        "how": one.body.get("how", ""),
        "receiver": names.get(one.id) or "",
        "is_proved": not one.body.get("unproved"),
        "undone_by_id": None if over == one.id else said.undone_by.get(one.id) or over or one.id,
    }


def _about(batch: Batch, key: str, one: Operation) -> dict[str, Any]:
    is_seated = key[0] == "p"
    return {
        "id": one.id,
        "event_id": batch.event.id,
        "place_id": key[2:] if is_seated else None,
        "walk_in_id": None if is_seated else key[2:],
        "at": one.corrected_at,
        "account_id": one.account_id,
    }


def _keep(
    asked: Any, fresh: Any, changed: Any, follows: Sequence[str], people: Iterable[str], wanted: list[dict[str, Any]]
) -> None:
    """Whatever is taken back goes first: one at most stands at any moment."""
    places = [key[2:] for key in people if key[0] == "p"]
    own = [key[2:] for key in people if key[0] == "w"] + [row["id"] for row in wanted]
    held = {row.id: row for row in rows_of(connection(), asked, {"places": padded(places), "walk_ins": padded(own)})}
    differ = [row for row in wanted if row["id"] in held and _differs(row, held[row["id"]], follows)]
    for is_first in (True, False):
        _write_changed(changed, follows, [row for row in differ if (row["undone_by_id"] is not None) is is_first])
        if is_first and (new := [row for row in wanted if row["id"] not in held]):
            write(connection(), fresh, new)


def _write_changed(statement: Any, follows: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        values = [{"row_id": row["id"], **{f"new_{name}": row[name] for name in follows}} for row in rows]
        write(connection(), statement, values)


def _differs(wanted: Mapping[str, Any], row: Any, follows: Iterable[str]) -> bool:
    return any(getattr(row, name) != wanted[name] for name in follows)


def _receivers(overs: Sequence[Operation]) -> dict[str, str]:
    """{operation: who took the child over}: whom the list names, else what was written down."""
    listed = {str(one.body["to"]) for one in overs if one.body.get("to")}
    names: dict[str, str] = {}
    if listed:
        for question in (NAMES, LISTED):
            names |= {row.id: row.name.strip() for row in rows_of(connection(), question, {"ids": padded(listed)})}
    kept = rows_of(connection(), SECRETS, {"ids": padded([one.id for one in overs])})
    told = {row.id: str(json.loads(row.secret).get("receiver", "")) if row.secret else "" for row in kept}
    return {one.id: names.get(str(one.body.get("to", ""))) or told.get(one.id, "") for one in overs}


def _acts(batch: Batch) -> list[Act]:
    acts = []
    for one in batch.new:
        target = batch.target_of(one) if one.kind == UNDO else one
        if target is None or target.kind not in TRIP or target.is_late or one.is_late:
            continue
        if target.body.get("decision") == BY_BOARD:
            continue  # written down as what the board did
        verb = "undo_leg" if one.kind == UNDO else VERBS[target.kind]
        acts.append(_act(batch, verb, batch.key_of(one), one))
    return acts


def _act(batch: Batch, verb: str, key: str, one: Operation) -> Act:
    place = batch.places.get(key[2:])
    if place is not None:
        return Act(verb, "places", place.id, batch.event.id, place.person_id)
    if key[0] == "w":
        return Act(verb, "walk_ins", key[2:], batch.event.id)
    reason = str(one.body.get("reason", ""))
    return Act(verb, "events", batch.event.id, batch.event.id, changes={"reason": ("", reason)} if reason else None)
