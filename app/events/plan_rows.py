"""The rows that belong to the plan of an event, and copying them to another day. Tables of rooms further right are
known here by name alone; what people did (sign-ups, answers, marks) is never among them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, Table, insert, select

from app.columns import UtcDateTime
from app.db import db, new_id
from app.events.models import Event
from app.events.periods import on_another_day


@dataclass(frozen=True)
class Part:
    """One table of the plan. `links` name the tables whose copied rows a column points to; what is in `left_out`
    begins anew, as its default says; rows in which `ended` is filled stay behind. Rows that name no event hang on
    the copied row in their column `within`."""

    table: str
    links: Mapping[str, str] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    ended: str | None = None
    order: tuple[str, ...] = ("id",)
    within: str = "event_id"


HOST_ANSWERS = (
    "answer_note", "link_number", "invited_at", "asked_for_at", "confirmed_at", "declined_at", "list_sent_at",
)  # fmt: skip
BUS_DAY = (
    "driver", "driver_phone", "plate", "firm", "firm_email", "firm_language", "leader_id", "closed_at", "list_version",
    "list_digest", "published_at",
)  # fmt: skip
PARTS = (
    Part("stops", left_out=("topics", "instructions"), order=("position",)),
    Part("shifts"),
    Part("sections"),
    Part("needs", links={"shift_id": "shifts", "section_id": "sections"}),
    # Whoever received us is asked anew.
    Part("hosts", links={"stop_id": "stops"}, left_out=HOST_ANSWERS, ended="removed_at"),
    # A bus of the same size; who drives it, and who sits in it, is another day's matter.
    Part("buses", left_out=BUS_DAY),
    Part("bus_stops", links={"bus_id": "buses"}, within="bus_id"),
    Part("questions", links={"shown_if_id": "questions"}, ended="deactivated_at", order=("position", "id")),
    Part("checklist_items", left_out=("done_at", "done_by_id")),
    Part("event_gifts", order=("item_id",)),
    Part("event_kit", order=("item_id",)),
    Part("letter_overrides", ended="ended_at"),
)


def copy_plan_rows(event: Event, clone: Event, *, days: int, now: datetime) -> None:
    """Gives the clone its own rows of every part, so many days later."""
    known: dict[str, str] = {event.id: clone.id}
    for part in PARTS:
        table = db.metadata.tables[part.table]
        query = select(table).where(table.c[part.within].in_(known))
        if part.ended:
            query = query.where(table.c[part.ended].is_(None))
        for row in db.session.execute(query.order_by(*(table.c[name] for name in part.order))).mappings():
            values = _copied(row, part, table, known) | _times(row, part, table, days=days, zone=event.timezone)
            values |= {part.within: known[row[part.within]]} | ({"created_at": now} if "created_at" in table.c else {})
            db.session.execute(insert(table).values(values))


def _copied(row: RowMapping, part: Part, table: Table, known: dict[str, str]) -> dict[str, Any]:
    """The plain values, with an id of their own and links to what was copied before."""
    plain = {column.name: row[column.name] for column in table.c if column.name not in part.left_out}
    if "id" in table.c:
        plain["id"] = known[row["id"]] = new_id()
    return plain | {name: known.get(row[name]) if row[name] else None for name in part.links}


def _times(row: RowMapping, part: Part, table: Table, *, days: int, zone: str) -> dict[str, Any]:
    names = [column.name for column in table.c if isinstance(column.type, UtcDateTime)]
    moved = {name: row[name] for name in names if name not in part.left_out and row[name] is not None}
    return {name: on_another_day(at, days, zone) for name, at in moved.items()}
