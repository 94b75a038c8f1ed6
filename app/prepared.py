"""Statements that hundreds send at once: compiled once for a database, then handed to the driver with their values.

SQLAlchemy looks a statement up, expands its lists and builds its context each time anew. For the few statements of a
sign-up that costs more than the database's own work, while everybody else waits for the lock.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Dialect, Executable
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import ExpandedState, SQLCompiler

Convert = Callable[[Any], Any] | None


@dataclass(frozen=True)
class Bind:
    """One parameter: whose value goes there (of a list the one at `index`), or one that never changes."""

    name: str
    source: str | None
    index: int | None
    convert: Convert
    constant: Any = None

    def of(self, given: Mapping[str, Any]) -> Any:
        """The value for the driver."""
        if self.source is None:
            return self.constant
        value = given[self.source] if self.index is None else given[self.source][self.index]
        return self.convert(value) if self.convert else value


@dataclass(frozen=True)
class Prepared:
    """The text for the driver, its parameters in their order, and what turns a row of the driver into one of ours."""

    statement: Executable
    text: str
    binds: tuple[Bind, ...]
    positional: bool
    columns: tuple[Convert, ...]
    row: Callable[[Iterable[Any]], Any]

    def values(self, given: Mapping[str, Any]) -> Any:
        """One set of values as the driver takes it."""
        if self.positional:
            return tuple([bind.of(given) for bind in self.binds])
        return {bind.name: bind.of(given) for bind in self.binds}


_known: dict[tuple[Any, ...], Prepared] = {}


def rows_of(connection: Connection, statement: Executable, values: Mapping[str, Any]) -> list[Any]:
    """The rows of a select, with names for their columns. Lists among the values fill its expanding binds."""
    prepared = _prepared(connection.dialect, statement, values)
    make, columns = prepared.row, prepared.columns
    return [
        make([value if convert is None else convert(value) for value, convert in zip(row, columns, strict=True)])
        for row in _sent(connection, prepared.text, prepared.values(values))
    ]


def write(connection: Connection, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> None:
    """Sends an insert or an update once for each of these rows; all name the same columns."""
    prepared = _prepared(connection.dialect, statement, rows[0])
    given = [prepared.values(row) for row in rows]
    many = len(given) > 1
    _sent(connection, prepared.text, given if many else given[0], many=many)


def is_written(connection: Connection, statement: Executable, row: Mapping[str, Any]) -> bool:
    """Sends an insert that gives back what it wrote; whether it wrote anything."""
    prepared = _prepared(connection.dialect, statement, row)
    return bool(_sent(connection, prepared.text, prepared.values(row)))


def _sent(connection: Connection, text: str, values: Any, *, many: bool = False) -> list[Any]:
    """Hands it to the driver and brings its rows, if it gives any. Raises the errors that SQLAlchemy would.

    Whoever listens to the engine's statements hears of this one too.
    """
    errors = connection.dialect.loaded_dbapi.Error
    cursor = connection.connection.cursor()
    try:
        for listener in connection.dispatch.before_cursor_execute:
            listener(connection, cursor, text, values, None, many)
        (cursor.executemany if many else cursor.execute)(text, values)
        return list(cursor.fetchall()) if cursor.description else []
    except errors as error:
        dialect = connection.dialect
        raise DBAPIError.instance(text, None, error, errors, hide_parameters=True, dialect=dialect) from error
    finally:
        cursor.close()


def _prepared(dialect: Dialect, statement: Executable, values: Mapping[str, Any]) -> Prepared:
    key = (id(statement), dialect.name, *[len(value) for value in values.values() if type(value) is list])
    found = _known.get(key)
    # An id says whose it is only as long as its owner lives: what is prepared keeps the statement.
    return found or _known.setdefault(key, _prepare(dialect, statement, values))


def _prepare(dialect: Dialect, statement: Any, values: Mapping[str, Any]) -> Prepared:
    reads = getattr(statement, "selected_columns", ())
    compiled = statement.compile(dialect=dialect, column_keys=None if reads else list(values))
    state = compiled.construct_expanded_state(dict(values))
    names = [str(column.key) for column in reads]
    row: Any = namedtuple("Row", names, rename=True)  # type: ignore[misc] # the names are known only here
    order = state.positiontup if compiled.positional else list(state.parameters)
    return Prepared(
        statement=statement,
        text=state.statement,
        binds=tuple(_binds(compiled, state, order or (), values)),
        positional=compiled.positional,
        columns=tuple(column.type.dialect_impl(dialect).result_processor(dialect, None) for column in reads),
        row=row._make,
    )


def _binds(
    compiled: SQLCompiler, state: ExpandedState, order: Sequence[str], values: Mapping[str, Any]
) -> Iterable[Bind]:
    parts = {
        part: (name, index) for name, all_of in state.parameter_expansion.items() for index, part in enumerate(all_of)
    }
    for name in order:
        source, index = parts.get(name, (name, None))
        convert: Any = compiled.binds[source].type.dialect_impl(compiled.dialect).bind_processor(compiled.dialect)
        if source in values:
            yield Bind(name, source, index, convert)
        else:
            constant = state.parameters[name]
            yield Bind(name, None, None, None, convert(constant) if convert else constant)
