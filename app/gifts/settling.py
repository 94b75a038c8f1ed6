"""The ledgers of gifts that all pages read: hand-outs that stand, and the entries of the stock that each operation of
the day moved. Entries are only ever added: where an operation counts no more, another entry brings its pieces back.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, bindparam, func, insert, select, update

from app.attendance.entry_ids import following
from app.attendance.operation import Operation, Said
from app.db import connection, db
from app.gifts.gift_rules import MOVING, Gifts, Had, items_of
from app.gifts.models import HandOut, StockEntry
from app.prepared import Question, all_rows_of, padded, write

GIVEN, STOCK = db.metadata.tables[HandOut.__tablename__], db.metadata.tables[StockEntry.__tablename__]
_items, _events, _sites = (db.metadata.tables[name] for name in ("gift_items", "events", "sites"))
_of_event: BindParameter[Any] = bindparam("event_id")
ITEMS = (
    select(_items.c.id)
    .where(_items.c.id.in_(bindparam("items", expanding=True)))
    .order_by(_items.c.id)
    .with_for_update(key_share=True)
)
STORE = select(_sites.c.city).join(_events, _events.c.site_id == _sites.c.id).where(_events.c.id == _of_event)
HELD = select(GIVEN).where(GIVEN.c.event_id == _of_event, GIVEN.c.person_id.in_(bindparam("people", expanding=True)))
_shelf = (STOCK.c.operation_id, STOCK.c.item_id, STOCK.c.size)
MOVED = (
    select(*_shelf, func.min(STOCK.c.store).label("store"), func.sum(STOCK.c.quantity).label("quantity"),
           func.count().label("entries"))
    .where(STOCK.c.operation_id.in_(bindparam("operations", expanding=True)))
    .group_by(*_shelf)
)  # fmt: skip
HAND_OUT, ENTRY = insert(GIVEN), insert(STOCK)
CHANGED = (
    update(GIVEN)
    .where(GIVEN.c.id == bindparam("row_id"))
    .values(size=bindparam("new_size"), undone_at=bindparam("moment"), undone_by_id=bindparam("taker"))
)
NAMED = update(STOCK).where(STOCK.c.id == bindparam("entry")).values(operation_id=bindparam("said"))
# What a move is called in the ledger where it takes pieces out, and where it brings them in.
OUT_AND_IN = {
    "hand_out": ("hand_out", "return"),
    "return": ("hand_out", "return"),
    "exchange": ("exchange", "exchange"),
    "kit_out": ("kit_out", "kit_back"),
    "kit_back": ("kit_out", "kit_back"),
}


class Whose(NamedTuple):
    """All that was said about one person, what they have by it, and who they are where that is known."""

    said: Said
    gifts: Gifts
    person_id: str | None


def settle_gifts(event_id: str, people: Mapping[str, Whose], *, now: datetime) -> None:
    """Makes both ledgers say what was said of these: {key: Whose}.

    Inside a transaction() that holds the locks of these keys. Locks the items too, so that whoever asks afterwards what
    is left is told the truth; what is about an item that doesn't exist moves nothing.
    """
    said = [one for whose in people.values() for one in whose.said.known.values() if one.kind in MOVING]
    if not said:
        return
    items, stores, rows, moved = all_rows_of(connection(), _questions(event_id, people, said))
    known = {row.id for row in items}
    changed, fresh = list[dict[str, Any]](), list[dict[str, Any]]()
    for several in _by_person(people.values()):
        _settle_hand_outs(event_id, several, known, rows, changed, fresh, now)
    if changed:
        changed.sort(key=lambda one: one["moment"] is None)
        write(connection(), CHANGED, changed)
    if fresh:
        write(connection(), HAND_OUT, fresh)
    entries = list(_entries(event_id, stores[0].city, people, known, moved, now))
    if entries:
        write(connection(), ENTRY, entries)


def held_question(event_id: str, person_ids: Iterable[str]) -> Question:
    """Asks for all hand-outs of these people at this event."""
    return HELD, {"event_id": event_id, "people": padded(person_ids)}


def adopted(rows: Iterable[Any], operations: Iterable[Operation], key: str) -> list[Operation]:
    """Hand-outs that stand and are not in the log, as operations: sample data, or a log that was lost."""
    known = {one.id for one in operations}
    return [_adopted(row, key) for row in rows if row.id not in known and row.undone_at is None]


def name_entries(hand_outs: Sequence[Operation]) -> None:
    """What these moved so far is theirs from now on: adopted() found them without an operation of their own."""
    if hand_outs:
        named = [{"entry": following(one.id, "hand_out"), "said": one.id} for one in hand_outs]
        write(connection(), NAMED, named)


def _adopted(row: Any, key: str) -> Operation:
    body = {"item_id": row.item_id, "size": row.size, "collected_by": row.collected_by}
    said = {name: value for name, value in body.items() if value}
    return Operation(row.id, "hand_out", key, row.at, row.at, said, account_id=row.recorded_by_id)


def _questions(event_id: str, people: Mapping[str, Whose], said: Sequence[Operation]) -> list[Question]:
    return [
        (ITEMS, {"items": padded(sorted(items_of(said)))}),
        (STORE, {"event_id": event_id}),
        held_question(event_id, sorted({whose.person_id for whose in people.values() if whose.person_id})),
        (MOVED, {"operations": padded(sorted(one.id for one in said))}),
    ]


def _by_person(people: Iterable[Whose]) -> Iterable[list[Whose]]:
    """Those of whom it is known who they are, with all that was said of one person together."""
    found: dict[str, list[Whose]] = {}
    for whose in people:
        if whose.person_id:
            found.setdefault(whose.person_id, []).append(whose)
    return found.values()


def _settle_hand_outs(
    event_id: str,
    several: Sequence[Whose],
    items: set[str],
    rows: Sequence[Any],
    changed: list[dict[str, Any]],
    fresh: list[dict[str, Any]],
    now: datetime,
) -> None:
    """One row stands for each item that a person has, whatever key it was said under; those that were taken back stay
    and say so."""
    own = {row.id: row for row in rows if row.person_id == several[0].person_id}
    said = {id_: whose for whose in several for id_ in whose.said.known}
    elsewhere = {row.item_id for row in own.values() if row.id not in said and row.undone_at is None}
    wanted = _wanted(several, items - elsewhere)
    standing = {had.id: had for had in wanted.values()}
    for row in own.values():
        change = _change(row, standing.get(row.id), said[row.id], now) if row.id in said else None
        if change:
            changed.append(change)
    for item_id, had in wanted.items():
        if had.id not in own:
            fresh.append(_hand_out(event_id, said[had.id], item_id, had, now))


def _wanted(several: Sequence[Whose], items: set[str]) -> dict[str, Had]:
    """{item: the piece that counts}: of several that with the smallest id, as everywhere."""
    found: dict[str, Had] = {}
    for whose in several:
        for item_id, had in whose.gifts.given.items():
            if item_id in items and (item_id not in found or had.id < found[item_id].id):
                found[item_id] = had
    return found


def _change(row: Any, had: Had | None, whose: Whose, now: datetime) -> dict[str, Any] | None:
    if had is None:
        if row.undone_at is not None:
            return None
        by = whose.said.known.get(whose.said.undone_by.get(row.id) or whose.gifts.returned.get(row.id) or "")
        return {"row_id": row.id, "new_size": row.size, "moment": now, "taker": by.account_id if by else None}
    if row.undone_at is None and row.size == had.size:
        return None
    return {"row_id": row.id, "new_size": had.size[:10], "moment": None, "taker": None}


def _hand_out(event_id: str, whose: Whose, item_id: str, had: Had, now: datetime) -> dict[str, Any]:
    one = whose.said.known[had.id]
    return {
        "id": one.id,
        "event_id": event_id,
        "person_id": whose.person_id,
        "item_id": item_id,
        "size": had.size[:10],
        "collected_by": str(one.body.get("collected_by", ""))[:200],
        "at": one.corrected_at,
        "recorded_at": now,
        "recorded_by_id": one.account_id,
        "undone_at": None,
        "undone_by_id": None,
    }


def _entries(
    event_id: str, store: str, people: Mapping[str, Whose], items: set[str], moved: Sequence[Any], now: datetime
) -> Iterable[dict[str, Any]]:
    """What has to be added so that the sum of each operation's entries is what it moves now."""
    there = {(row.operation_id, row.item_id, row.size): row for row in moved}
    for whose in people.values():
        wanted = dict[tuple[str, str, str], int]()
        for move in whose.gifts.moves:
            if move.item_id in items:
                shelf = (move.operation, move.item_id, move.size[:10])
                wanted[shelf] = wanted.get(shelf, 0) + move.quantity
        own = [shelf for shelf in there if shelf[0] in whose.said.known]
        for shelf in sorted({*wanted, *own}):
            row = there.get(shelf)
            missing = wanted.get(shelf, 0) - (int(row.quantity) if row else 0)
            if missing:
                one = whose.said.known[shelf[0]]
                at_store, number = (row.store, row.entries) if row else (store, 0)
                yield _entry(event_id, at_store, one, shelf, missing, number, whose.person_id, now)


def _entry(
    event_id: str,
    store: str,
    one: Operation,
    shelf: tuple[str, str, str],
    quantity: int,
    number: int,
    person_id: str | None,
    now: datetime,
) -> dict[str, Any]:
    _, item_id, size = shelf
    is_first_gift = one.kind == "hand_out" and not number
    return {
        "id": following(one.id, "hand_out" if is_first_gift else f"{item_id}:{size}:{number}"),
        "item_id": item_id,
        "size": size,
        "store": store,
        "kind": OUT_AND_IN[one.kind][quantity > 0],
        "quantity": quantity,
        "event_id": event_id,
        "person_id": person_id,
        "operation_id": one.id,
        "desk_table": str(one.body.get("table", ""))[:40] or None,
        "note": "",
        "at": one.corrected_at,
        "recorded_at": now,
        "recorded_by_id": one.account_id,
    }
