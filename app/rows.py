"""Rows and columns written and read past the session's own way, for where hundreds wait for their turn at a lock.

The session asks for each row and each column anew how it is to be handled; that costs several times the database's
own work. What is written or read here the session knows afterwards, as if it had done it.
"""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, TypeVar, cast

from sqlalchemy import Executable, Table, bindparam, insert, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import instance_state, set_committed_value
from sqlalchemy.orm.instrumentation import manager_of_class
from sqlalchemy.orm.util import identity_key

from app.db import AHEAD, Base, connection, db
from app.prepared import Question, all_rows_of, rows_of, write

_inserts: dict[Any, Any] = {}
_updates: dict[Any, Any] = {}

Model = TypeVar("Model", bound=Base)


def fresh(model: type[Model], **values: Any) -> Model:
    """A new row for add_rows(): its values are simply there, nobody watches each being set. No default is filled in."""
    row: Model = manager_of_class(model).new_instance()
    row.__dict__.update(values)
    return row


def add_rows(rows: Sequence[Base]) -> None:
    """Writes new rows straight into their tables, in this order; the session knows them afterwards as if read.

    A column that was not set is NULL, so what has a default must be set.
    """
    for table, same in groupby(rows, key=lambda row: row.__table__):
        names = table.columns.keys()
        if table not in _inserts:
            _inserts[table] = insert(table)
        write(connection(), _inserts[table], [_values(row, names) for row in same])
    session = db.session()
    for row in rows:
        _keep(session, row)


def read(statement: Executable, values: Mapping[str, Any]) -> list[Any]:
    """Rows of columns (not of models) of a statement that is a constant, past all that costs more than the database."""
    session = db.session()
    session.flush()
    known, rows = session.info.get(AHEAD, {}).pop(id(statement), (None, []))
    return rows if known == values else rows_of(connection(), statement, values)


def read_ahead(*questions: Question) -> None:
    """Asks a server all of these on one way; read() finds the answer where it asks the same, once, in transaction().

    Where there is no way to go (SQLite) each is asked when its turn comes.
    """
    session = db.session()
    if session.get_bind().dialect.name != "sqlite":
        answers = all_rows_of(connection(), questions)
        asked = zip(questions, answers, strict=True)
        known = session.info.setdefault(AHEAD, {})
        known.update((id(statement), (values, rows)) for (statement, values), rows in asked)


def known_row(model: type[Model], values: Sequence[Any]) -> Model:
    """The object of a row that read() brought: all columns of its table in order. News replaces what was known."""
    session = db.session()
    named = dict(zip(cast(Table, model.__table__).columns.keys(), values, strict=True))
    there: Model | None = session.identity_map.get(identity_key(model, named["id"]))
    if there is not None:
        for name, value in named.items():
            set_committed_value(there, name, value)
        return there
    row = fresh(model, **named)
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
    state.key = state.mapper.identity_key_from_instance(row)
    state.session_id = session.hash_key
    session.identity_map.add(state)
    if state.modified:
        state._commit_all(state.dict, session.identity_map)  # what was set before it was written is no news any more
