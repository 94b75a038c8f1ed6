"""What operations about gifts, kit and the stock of a table may say. Pure."""

from collections.abc import Callable, Mapping
from typing import Any

from app.desk.log.bodies import (
    GIVE,
    LEAD,
    MANAGE,
    PERSON,
    SAFETY,
    TABLE,
    Body,
    Kind,
    Malformed,
    fields,
    text,
    uuid_of,
    whole,
    yes_no,
)

LONGEST_ID, LONGEST_SIZE, LONGEST_TABLE, LONGEST_NAME = 40, 10, 40, 200
MOST_PIECES = 100_000
_gives, _lends = frozenset({GIVE, MANAGE}), frozenset({GIVE, LEAD, MANAGE, SAFETY})


def _table(raw: Mapping[str, Any]) -> tuple[str, str]:
    """The name of a table stands in keys, where a bar parts it from what lies there."""
    name, value = text("table", LONGEST_TABLE)(raw)
    return name, value.replace("|", "/")


def _naming(*readers: Callable[[Mapping[str, Any]], tuple[str, Any]]) -> Body:
    """The body of what answers another operation: without its id there is nothing to answer."""
    read = fields(*readers)

    def naming(raw: Mapping[str, Any]) -> dict[str, Any]:
        if uuid_of(raw.get("operation_id", raw.get("names"))) is None:
            raise Malformed("operation_id")
        return read(raw)

    return naming


def _counted(raw: Mapping[str, Any]) -> dict[str, Any]:
    """A number is never left out: nought is one too."""
    _, counted = whole("counted", most=MOST_PIECES)(raw)
    if counted is None:
        raise Malformed("counted")
    return {"counted": counted}


_item, _size = text("item_id", LONGEST_ID, needed=True), text("size", LONGEST_SIZE)
_live = yes_no("live")  # it is only going to be done: refused where nothing is left
_count = Kind(_gives, frozenset({TABLE}), _counted)
GIFTS = {
    "hand_out": Kind(_gives, PERSON, fields(_item, _size, _table, text("collected_by", LONGEST_NAME), _live)),
    "exchange": Kind(_gives, PERSON, _naming(_size, _table, _live)),
    "return": Kind(_gives, PERSON, _naming(_table)),
    "kit_out": Kind(_lends, PERSON, fields(_item, _size, _table, text("piece", LONGEST_ID), _live)),
    "kit_back": Kind(_lends, PERSON, _naming(_table, yes_no("damaged"))),
    "stock_open": _count,
    "stock_close": _count,
}
