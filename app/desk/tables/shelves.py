"""What gifts leave behind on the shelves: a store below zero, a table where the count doesn't fit what was given.

Facts of the server, because many people's gifts add up to them: what phones gave away without signal comes up to be
explained. Under the lock of the items, which settle_gifts took.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, bindparam, func, select

from app.attendance.log import operations_of
from app.attendance.operation import Conflict, Operation, said_of
from app.db import connection, db
from app.desk.log.held import OF_KEYS, Batch
from app.desk.log.merging import Merged, merge
from app.desk.log.reading import Read, Refused
from app.desk.tables.people import keys_with_gifts, with_others
from app.gifts.gift_rules import items_of, shelf_key, short_at_table
from app.gifts.models import StockEntry
from app.gifts.settling import ITEMS, STORE
from app.prepared import all_rows_of, padded, rows_of

EVERYWHERE = "*"  # stands for a table where the whole store is meant
MOST_SIDES = 20
TAKING = ("hand_out", "kit_out")
TAKING_AWAY = (*TAKING, "exchange")
STOCK = db.metadata.tables[StockEntry.__tablename__]
_event: BindParameter[Any] = bindparam("event_id")
_items_table = db.metadata.tables["gift_items"]
KNOWN_ITEMS = select(_items_table.c.id).where(_items_table.c.id.in_(bindparam("ids", expanding=True)))
_pieces = func.sum(STOCK.c.quantity)
_of_items = STOCK.c.item_id.in_(bindparam("items", expanding=True))
_city = STORE.scalar_subquery()
ON_HAND = (
    select(STOCK.c.item_id, STOCK.c.size, _pieces.label("pieces"))
    .where(_of_items, STOCK.c.store == _city)
    .group_by(STOCK.c.item_id, STOCK.c.size)
)
AT_TABLES = (
    select(STOCK.c.desk_table, STOCK.c.item_id, STOCK.c.size, _pieces.label("pieces"))
    .where(STOCK.c.event_id == _event, STOCK.c.desk_table.is_not(None), _of_items)
    .group_by(STOCK.c.desk_table, STOCK.c.item_id, STOCK.c.size)
)
# Which operations took pieces away here, the latest first.
TAKERS = (
    select(STOCK.c.operation_id, STOCK.c.item_id, STOCK.c.size)
    .where(STOCK.c.event_id == _event, STOCK.c.operation_id.is_not(None), _of_items)
    .group_by(STOCK.c.operation_id, STOCK.c.item_id, STOCK.c.size)
    .having(_pieces < 0)
    .order_by(func.max(STOCK.c.at).desc(), STOCK.c.operation_id.desc())
)


class Shelves(NamedTuple):
    """A batch with all that was said about the shelves that it touched, the rows of their conflicts, and these."""

    batch: Batch
    rows: Sequence[Any]
    conflicts: Sequence[Conflict]


def with_shelves(batch: Batch, rows: Sequence[Any]) -> Shelves:
    """`rows` are the conflicts that the batch holds; nothing is asked where it is about no gifts. Comes with what one
    person got twice, too."""
    batch, rows, given = with_others(batch, rows)
    items = _items(batch)
    if not items:
        return Shelves(batch, rows, given)
    found = on_shelves(batch, rows, items)
    return found._replace(conflicts=[*given, *found.conflicts])


def on_shelves(batch: Batch, rows: Sequence[Any], items: Collection[str]) -> Shelves:
    """The same for the shelves of these items alone."""
    asked = {"event_id": batch.event.id, "items": padded(sorted(items))}
    on_hand, at_tables = all_rows_of(connection(), [(ON_HAND, asked), (AT_TABLES, asked)])
    left = {shelf_key(EVERYWHERE, row.item_id, row.size): int(row.pieces) for row in on_hand}
    moved = {shelf_key(row.desk_table, row.item_id, row.size): int(row.pieces) for row in at_tables}
    keys = {*left, *moved, *(key for key in batch.merged.said if key[0] == "t")}
    merged = _merged_with(batch, keys)
    kept = {row.id: row for row in [*rows, *_rows(batch, keys)]}
    short = [key for key, pieces in left.items() if pieces < 0]
    takers = rows_of(connection(), TAKERS, asked) if short else []
    found = [*_below_zero(merged, left, takers), *_short(merged, moved)]
    return Shelves(replace(batch, merged=merged), list(kept.values()), found)


def _items(batch: Batch) -> set[str]:
    """The items whose shelves this batch may have touched."""
    people = [one for key in keys_with_gifts(batch) for one in batch.merged.said[key].known.values()]
    tables = {key.split("|")[1] for key in batch.merged.said if key[0] == "t" and key.count("|") == 2}
    return items_of(people) | tables


def sold_out(event_id: str, asked: Sequence[tuple[Operation, bool]], said: Iterable[Operation]) -> set[str]:
    """Of those that are only going to be done (each with whether it is) the ids for which nothing is left. Facts among
    them take theirs first come what may; `said` are the operations that an exchange may name.

    Inside a transaction() under the locks of whom they are about; the items are locked here.
    """
    if not any(is_live for _, is_live in asked):
        return set()
    known = {one.id: one for one in (*said, *(one for one, _ in asked))}
    taking = [(one.id, is_live, shelf) for one, is_live in asked if (shelf := _taken_from(one, known))]
    if not taking:
        return set()
    values = {"event_id": event_id, "items": padded(sorted({item_id for _, _, (item_id, _) in taking}))}
    _, on_hand = all_rows_of(connection(), [(ITEMS, {"items": values["items"]}), (ON_HAND, values)])
    left = {(row.item_id, row.size): int(row.pieces) for row in on_hand}
    found = set()
    for id_, is_live, shelf in sorted(taking, key=lambda one: one[1]):
        if is_live and left.get(shelf, 0) <= 0:
            found.add(id_)
        else:
            left[shelf] = left.get(shelf, 0) - 1
    return found


def _taken_from(one: Operation, known: Mapping[str, Operation]) -> tuple[str, str] | None:
    """The item and size of which it takes a piece away; an exchange names what says the item."""
    if one.kind not in TAKING_AWAY:
        return None
    seen, found = set[str](), one
    while not found.body.get("item_id"):
        seen.add(found.id)
        target = known.get(found.names or "")
        if target is None or target.id in seen:
            return None
        found = target
    return str(found.body["item_id"]), str(one.body.get("size", ""))


def with_known_items(reads: Sequence[Read]) -> tuple[list[Read], list[Refused]]:
    """Those that are about an item of ours, and those that are about none."""
    wanted = {str(one.body["item_id"]) for one in reads if one.kind in TAKING}
    if not wanted:
        return list(reads), []
    known = {row.id for row in rows_of(connection(), KNOWN_ITEMS, {"ids": padded(sorted(wanted))})}
    strange = [one for one in reads if one.kind in TAKING and one.body["item_id"] not in known]
    refused = [Refused(one.sent_id, "unknown-subject", str(one.body["item_id"])) for one in strange]
    return [one for one in reads if one not in strange], refused


def _merged_with(batch: Batch, keys: Iterable[str]) -> Merged:
    """What was said about these keys beside the rest, and of those of which nothing was said: they are judged too."""
    wanted = set(keys) - set(batch.merged.said)
    more = merge(one for one in operations_of(batch.event.id, wanted) if one.key in wanted)
    silent = {key: said_of(key, ()) for key in wanted - set(more.said)}
    conflicts = sorted([*batch.merged.conflicts, *more.conflicts], key=lambda one: one.word)
    return Merged(
        said={**silent, **more.said, **batch.merged.said},
        states={**more.states, **batch.merged.states},
        conflicts=tuple(conflicts),
        pending=batch.merged.pending,
    )


def _rows(batch: Batch, keys: Iterable[str]) -> list[Any]:
    return rows_of(connection(), OF_KEYS, {"event_id": batch.event.id, "keys": padded(sorted(keys))})


def _below_zero(merged: Merged, left: Mapping[str, int], takers: Iterable[Any]) -> Iterable[Conflict]:
    """More went than there was: those that took the last pieces, as many as are missing."""
    by_shelf: dict[str, list[str]] = {}
    for row in takers:
        by_shelf.setdefault(shelf_key(EVERYWHERE, row.item_id, row.size), []).append(row.operation_id)
    for key, ids in sorted(by_shelf.items()):
        missing = min(-left.get(key, 0), MOST_SIDES)
        if missing > 0:
            yield from merged.said[key].conflict("stock-below-zero", ids[:missing], "low")


def _short(merged: Merged, moved: Mapping[str, int]) -> Iterable[Conflict]:
    """The count at a table's end says another number than its beginning and what went over it. Another difference is
    another conflict: what explained one piece doesn't explain three."""
    for key, states in sorted(merged.states.items()):
        table = states.get("table")
        off = short_at_table(table, moved.get(key, 0)) if table else 0
        if table and off:
            sides = [side for side in (table.opening, table.closing) if side]
            yield from merged.said[key].conflict("shortage", sides, "high" if off < 0 else "low", f"{off:+d}")
