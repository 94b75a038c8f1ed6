"""What lies at each table of an event's day: what was brought there, what went over it, what was counted at its end."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from app.attendance.operation import Operation, by_key, said_of
from app.db import db
from app.gifts.gift_rules import COUNTING, TableStock, shelf_key, short_at_table, table_of
from app.gifts.models import GiftItem, StockEntry
from app.gifts.saying import operations_at


@dataclass(frozen=True, slots=True)
class TableLine:
    """One item and size at one table. `moved` is the sum of what went over it, below zero for what was given."""

    table: str
    item: GiftItem
    size: str
    stock: TableStock
    moved: int

    @property
    def given(self) -> int:
        """Pieces that left the table for good."""
        return -self.moved

    @property
    def left(self) -> int:
        """What should lie there."""
        return self.stock.opened + self.moved

    @property
    def off(self) -> int:
        """How many pieces more (above zero) or fewer were counted at the end."""
        return short_at_table(self.stock, self.moved)


def tables_of(
    event_id: str, operations: Sequence[Operation] | None = None, things: Sequence[GiftItem] | None = None
) -> list[TableLine]:
    """Every table where something was counted or given, by table, item and size; `operations` are those that counted
    and `things` the items, where they are known."""
    stocks = _counted(operations_at(event_id, COUNTING) if operations is None else operations)
    moved = _moved(event_id)
    found = db.session.scalars(select(GiftItem)).all() if things is None else things
    items = {item.id: item for item in found}
    lines = []
    for key in {*stocks, *moved}:
        table, item_id, size = key[2:].split("|")
        if table and item_id in items:
            lines.append(TableLine(table, items[item_id], size, stocks.get(key, TableStock()), moved.get(key, 0)))
    return sorted(lines, key=lambda one: (one.table, one.item.slug, _place_of_size(one)))


def _counted(operations: Sequence[Operation]) -> dict[str, TableStock]:
    about = by_key(operations)
    found = {key: table_of(said_of(key, said)) for key, said in about.items() if key.count("|") == 2}
    return {key: stock for key, stock in found.items() if stock.opening or stock.closing}


def _moved(event_id: str) -> dict[str, int]:
    entry = StockEntry
    shelf = (entry.desk_table, entry.item_id, entry.size)
    query = select(*shelf, func.sum(entry.quantity)).where(entry.event_id == event_id, entry.desk_table.is_not(None))
    rows = db.session.execute(query.group_by(*shelf))
    return {shelf_key(str(table), item_id, size): int(pieces) for table, item_id, size, pieces in rows}


def _place_of_size(line: TableLine) -> tuple[int, str]:
    sizes = line.item.sizes
    return (sizes.index(line.size) if line.size in sizes else len(sizes)), line.size
