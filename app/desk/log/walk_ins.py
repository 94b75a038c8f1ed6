"""People who came without a place: a row of their own from the operation that says so. Whoever gives the number of
somebody who has a place has come to that place.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from app.attendance.log import place_of
from app.attendance.operation import Operation
from app.db import connection, db
from app.desk.log.conflict_models import WalkIn
from app.desk.log.held import Batch
from app.people import ages
from app.prepared import padded, rows_of, write
from app.signups.models import STANDING

TABLE = db.metadata.tables[WalkIn.__tablename__]
_people, _places = db.metadata.tables["people"], db.metadata.tables["places"]
ROW = insert(TABLE)
TAKEN_BACK = update(TABLE).where(TABLE.c.id == bindparam("row_id")).values(undone_at=bindparam("moment"))
BY_NUMBER = (
    select(_people.c.personnel_number, _people.c.id.label("person_id"), _places.c.id.label("place_id"))
    .outerjoin(
        _places,
        (_places.c.person_id == _people.c.id)
        & (_places.c.event_id == bindparam("event_id"))
        & _places.c.status.in_(STANDING),
    )
    .where(_people.c.personnel_number.in_(bindparam("numbers", expanding=True)))
)


def people_by_number(event_id: str, numbers: Iterable[str]) -> dict[str, Any]:
    """{personnel number: person_id, and the place_id that they have here or None}."""
    values = {"event_id": event_id, "numbers": padded(numbers)}
    return {row.personnel_number: row for row in rows_of(connection(), BY_NUMBER, values)}


def is_child(one: Operation, day: date) -> bool:
    """Whether whoever came without a place is a minor on that day, as was said or by the birthday that was."""
    born = one.body.get("birth_date")
    return bool(one.body.get("is_child")) or ages.is_minor(date.fromisoformat(born) if born else None, "other", day)


def settle_walk_ins(batch: Batch, *, now: datetime) -> None:
    """A row for each who came; one that was taken back says so."""
    known = {row.id: row for row in batch.walk_ins}
    came = {one.id: one for one in batch.merged.walk_ins}
    said = {id_: one for about in batch.merged.said.values() for id_, one in about.known.items()}
    fresh = [one for one in said.values() if one.kind == "walk_in" and one.id not in known and _is_told(one)]
    if fresh:
        numbers = {str(one.body["personnel_number"]) for one in fresh if one.body.get("personnel_number")}
        people = people_by_number(batch.event.id, numbers) if numbers else {}
        write(connection(), ROW, [_row(batch, one, people, came, now) for one in fresh])
    changed = [row for row in known.values() if row.id in said and (row.id in came) == (row.undone_at is not None)]
    if changed:
        moments = [{"row_id": row.id, "moment": None if row.id in came else now} for row in changed]
        write(connection(), TAKEN_BACK, moments)


def _is_told(one: Operation) -> bool:
    """Whether it counts, and says still who came: what was said is forgotten a year after."""
    return not one.is_late and "surname" in one.body


def _row(
    batch: Batch, one: Operation, people: Mapping[str, Any], came: Mapping[str, Operation], now: datetime
) -> dict[str, Any]:
    body = one.body
    found = people.get(str(body.get("personnel_number", "")))
    born = body.get("birth_date")
    return {
        "id": one.id,
        "event_id": batch.event.id,
        "person_id": found.person_id if found else None,
        "place_id": place_of(one.key),
        "surname": body["surname"],
        "given_name": body.get("given_name", ""),
        "phone": body.get("phone", ""),
        "personnel_number": body.get("personnel_number", ""),
        "birth_date": date.fromisoformat(born) if born else None,
        "is_child": is_child(one, batch.event.local_date),
        "came_at": one.corrected_at,
        "recorded_at": now,
        "recorded_by_id": one.account_id,
        "undone_at": None if one.id in came else now,
    }
