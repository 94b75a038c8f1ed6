"""Lists in pages by cursor: the last row's keys, so that page 400 costs what page 1 does."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, SQLColumnExpression, tuple_
from sqlalchemy.orm import Session

from app.columns import UtcDateTime
from app.errors import N_, Invalid

T = TypeVar("T")
LARGEST = 2**63 - 1  # what a column of whole numbers can hold


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some rows and the cursor of the next ones, None at the end."""

    items: Sequence[T]
    next: str | None


def page_of(
    session: Session,
    query: Select[Any],
    keys: Sequence[SQLColumnExpression[Any]],
    *,
    cursor: str | None,
    limit: int,
    descending: bool = False,
) -> Page[Any]:
    """The rows after `cursor` in the order of `keys` (the last key unique); raises Invalid for a forged cursor."""
    if cursor:
        last = tuple_(*_read(cursor, keys))
        query = query.where(tuple_(*keys) < last if descending else tuple_(*keys) > last)
    order = [key.desc() for key in keys] if descending else list(keys)
    rows = list(session.execute(query.add_columns(*keys).order_by(*order).limit(limit + 1)))
    items = [row[0] for row in rows[:limit]]
    more = len(rows) > limit
    return Page(items, _write(rows[limit - 1][1:]) if more else None)


def _write(values: Sequence[Any]) -> str:
    plain = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def _read(cursor: str, keys: Sequence[SQLColumnExpression[Any]]) -> list[Any]:
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(values, list) or len(values) != len(keys):
            raise ValueError(cursor)
        return [_typed(key, value) for key, value in zip(keys, values, strict=True)]
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise Invalid({"cursor": N_("This cursor is not one of ours.")}) from error


def _typed(key: Any, value: Any) -> Any:
    if not isinstance(value, str | int) or (isinstance(value, int) and abs(value) > LARGEST):
        raise TypeError(value)
    str(value).encode()  # half a letter is a ValueError
    if "\x00" in str(value):
        raise ValueError(value)
    if isinstance(key.type, UtcDateTime):
        moment = datetime.fromisoformat(str(value))
        if moment.tzinfo is None:
            raise ValueError(value)
        return moment.astimezone(UTC)
    return key.type.python_type(value)
