"""Rows and columns written and read past the session's own way, for where hundreds wait for their turn at a lock.

The session asks for each row and each column anew how it is to be handled; that costs several times the database's
own work. What is written or read here the session knows afterwards, as if it had done it.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple, TypeVar, cast

from sqlalchemy import Executable, Table, bindparam, insert, update
from sqlalchemy.orm import Mapper, Session, class_mapper
from sqlalchemy.orm.attributes import instance_state, set_committed_value
from sqlalchemy.orm.instrumentation import manager_of_class

from app.db import AHEAD, Base, connection, session_here
from app.prepared import Question, all_rows_of, rows_of, write

_inserts: dict[Any, Any] = {}
_updates: dict[Any, Any] = {}

Model = TypeVar("Model", bound=Base)


def fresh(model: type[Model], **values: Any) -> Model:
    """A new row for add_rows(): its values are simply there, nobody watches each being set. No default is filled in."""
    row: Model = _shape(model).new()
    row.__dict__.update(values)
    return row


def fill(row: Base, **values: Any) -> None:
    """More values of a row that fresh() made and add_rows() has not written yet; nobody watches these either."""
    row.__dict__.update(values)


def add_rows(rows: Sequence[Base]) -> None:
    """Writes new rows straight into their tables, in this order; the session knows them afterwards as if read.

    A column that was not set is NULL, so what has a default must be set.
    """
    for model, same in groupby(rows, key=lambda row: type(row)):
        names = _shape(model).names
        if model not in _inserts:
            _inserts[model] = insert(cast(Table, model.__table__))
        write(connection(), _inserts[model], [_values(row, names) for row in same])
    session = session_here()
    for row in rows:
        _keep(session, row)


def read(statement: Executable, values: Mapping[str, Any]) -> list[Any]:
    """Rows of columns (not of models) of a statement that is a constant, past all that costs more than the database."""
    session = session_here()
    session.flush()
    known, rows = session.info.get(AHEAD, {}).pop(id(statement), (None, []))
    return rows if known == values else rows_of(connection(), statement, values)


def read_ahead(*questions: Question) -> None:
    """Asks a server all of these on one way; read() finds the answer where it asks the same, once, in transaction().

    Where there is no way to go (SQLite) each is asked when its turn comes.
    """
    if asks_ahead():
        answers = all_rows_of(connection(), questions)
        asked = zip(questions, answers, strict=True)
        known = session_here().info.setdefault(AHEAD, {})
        known.update((id(statement), (values, rows)) for (statement, values), rows in asked)


def asks_ahead() -> bool:
    """Whether there is a server, and read_ahead() of use."""
    return bool(session_here().get_bind().dialect.name != "sqlite")


def known_row(model: type[Model], values: Sequence[Any], names: Sequence[str] = ()) -> Model:
    """The object of a row that read() brought: all columns of its table in order, or those of these names (the key is
    among them). News replaces what was known; what was not read is loaded when somebody asks for it.
    """
    session = session_here()
    named = dict(zip(names or _shape(model).names, values, strict=True))
    there: Model | None = session.identity_map.get(_key(model, named))
    if there is not None:
        for name, value in named.items():
            set_committed_value(there, name, value)
        return there
    row = fresh(model, **named)
    if names:
        instance_state(row).expired_attributes.update(_shape(model).every - named.keys())
    _keep(session, row)
    return row


def set_columns(row: Base, **values: Any) -> None:
    """Changes columns of one row at once, without asking the session what else may have changed."""
    table = cast(Table, row.__table__)
    key = (table, tuple(values))
    if key not in _updates:
        fields: dict[str, Any] = {name: bindparam(f"new_{name}") for name in values}
        _updates[key] = update(table).where(table.c.id == bindparam("row_id")).values(fields)
    given = {f"new_{name}": value for name, value in values.items()}
    write(connection(), _updates[key], [{"row_id": row.id, **given}])  # type: ignore[attr-defined] # as above: table.c.id
    for name, value in values.items():
        set_committed_value(row, name, value)


class _Shape(NamedTuple):
    """What is asked of a model for each of its rows, and never changes."""

    mapper: Mapper[Any]
    names: tuple[str, ...]
    every: frozenset[str]
    key: tuple[str, ...]
    new: Callable[[], Any]


@cache
def _shape(model: type[Base]) -> _Shape:
    mapper: Mapper[Any] = class_mapper(model)
    key = tuple(str(column.key) for column in mapper.primary_key)
    names = tuple(model.__table__.columns.keys())
    return _Shape(mapper, names, frozenset(names), key, manager_of_class(model).new_instance)


def _key(model: type[Base], values: Mapping[str, Any]) -> Any:
    shape = _shape(model)
    return shape.mapper.identity_key_from_primary_key(tuple(values[name] for name in shape.key))


def _values(row: Base, names: Sequence[str]) -> dict[str, Any]:
    """All columns of a new row; what was not set is None from now on, and not asked for again."""
    known = row.__dict__
    for name in names:
        known.setdefault(name, None)
    return {name: known[name] for name in names}


def _keep(session: Session, row: Base) -> None:
    """The session knows this row of all columns from now on, as if it had loaded it.

    Done as its own loading does it; session.add() would follow every relationship for others to take along.
    """
    state = instance_state(row)
    state.key = _key(type(row), row.__dict__)
    state.session_id = session.hash_key
    session.identity_map.add(state)
    if state.modified:
        state._commit_all(state.dict, session.identity_map)  # what was set before it was written is no news any more
