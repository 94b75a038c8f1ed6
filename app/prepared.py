"""Statements that hundreds send at once: compiled once for a database, then handed to the driver with their values.

SQLAlchemy looks a statement up, expands its lists and builds its context each time anew. For the few statements of a
sign-up that costs more than the database's own work, while everybody else waits for the lock.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Date, Dialect, Executable, Insert, bindparam
from sqlalchemy.sql.compiler import ExpandedState, SQLCompiler

from app.columns import UtcDateTime
from app.sending import Call, send, send_all, send_later

Convert = Callable[[Any], Any]
Question = tuple[Executable, Mapping[str, Any]]


@dataclass(frozen=True)
class Prepared:
    """The text for the driver, where its parameters come from, and what turns a row of the driver into one of ours.

    `converts` and `columns` say at which place a value needs a conversion: most need none.
    """

    statement: Executable
    text: str
    names: tuple[str, ...]
    pick: Callable[[Mapping[str, Any]], tuple[Any, ...]]
    positional: bool
    constants: Mapping[str, Any]
    lists: Mapping[str, Sequence[str]]
    converts: tuple[tuple[int, Convert], ...]
    columns: tuple[tuple[int, Convert], ...]
    row: Callable[[Iterable[Any]], Any]

    def values(self, given: Mapping[str, Any]) -> Any:
        """One set of values as the driver takes it; those of a list go under the names of its parts."""
        if self.constants or self.lists:
            given = {**self.constants, **given}
            for name, parts in self.lists.items():
                given.update(zip(parts, given[name], strict=True))
        values = list(self.pick(given))
        for place, convert in self.converts:
            values[place] = convert(values[place])
        return values if self.positional else dict(zip(self.names, values, strict=True))

    def made(self, row: Sequence[Any]) -> Any:
        """A row of the driver with names for its columns and values as our types have them."""
        values = list(row)
        for place, convert in self.columns:
            values[place] = convert(values[place])
        return self.row(values)


A_FEW = 8  # rows
TIMES_KNOWN = 256

_known: dict[tuple[Any, ...], Prepared] = {}
_wides: dict[tuple[Any, ...], Insert] = {}
_times: dict[tuple[Any, ...], Convert] = {}


def rows_of(connection: Connection, statement: Executable, values: Mapping[str, Any]) -> list[Any]:
    """The rows of a select, with names for their columns. Lists among the values fill its expanding binds."""
    return all_rows_of(connection, [(statement, values)])[0]


def all_rows_of(connection: Connection, questions: Sequence[Question]) -> list[list[Any]]:
    """The same for several selects on one way."""
    prepared = [_prepared(connection.dialect, statement, values) for statement, values in questions]
    calls = [
        Call(one.text, one.values(values), asks=True) for one, (_, values) in zip(prepared, questions, strict=True)
    ]
    answers = send_all(connection, calls)
    return [[one.made(row) for row in rows] for one, rows in zip(prepared, answers, strict=True)]


def write(connection: Connection, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> None:
    """Sends an insert or an update once for each of these rows; all name the same columns.

    To a server it goes along with whatever is sent next, or with the commit; so does its error. A few rows are one
    statement there, since each statement costs more than a row.
    """
    if 1 < len(rows) <= A_FEW and isinstance(statement, Insert) and connection.dialect.name != "sqlite":
        statement, rows = _wide(statement, rows), [_together(rows)]
    prepared = _prepared(connection.dialect, statement, rows[0])
    given = [prepared.values(row) for row in rows]
    many = len(given) > 1
    send_later(connection, Call(prepared.text, given if many else given[0], many))


def is_written(connection: Connection, statement: Executable, row: Mapping[str, Any]) -> bool:
    """Sends an insert that gives back what it wrote; whether it wrote anything."""
    prepared = _prepared(connection.dialect, statement, row)
    return bool(send(connection, Call(prepared.text, prepared.values(row), asks=True)))


def padded(values: Iterable[str]) -> list[str]:
    """These for a list among the values, the last one repeated up to a power of two: each length of a list is a
    statement of its own, to be compiled and prepared."""
    found = list(values) or [""]
    return found + found[-1:] * ((1 << (len(found) - 1).bit_length()) - len(found))


def _wide(statement: Insert, rows: Sequence[Mapping[str, Any]]) -> Insert:
    """The insert for so many rows at once; made once, like what it is made of."""
    key = (id(statement), len(rows), *rows[0])
    if key not in _wides:
        columns: Any = statement.table.c
        names = [
            {name: bindparam(f"{name}_{n}", type_=columns[name].type) for name in rows[0]} for n in range(len(rows))
        ]
        _wides[key] = statement.values(names)
    return _wides[key]


def _together(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {f"{name}_{n}": value for n, row in enumerate(rows) for name, value in row.items()}


def _prepared(dialect: Dialect, statement: Executable, values: Mapping[str, Any]) -> Prepared:
    key = (id(statement), dialect.name, *[len(value) for value in values.values() if type(value) is list])
    found = _known.get(key)
    # An id says whose it is only as long as its owner lives: what is prepared keeps the statement.
    return found or _known.setdefault(key, _prepare(dialect, statement, values))


def _prepare(dialect: Dialect, statement: Any, values: Mapping[str, Any]) -> Prepared:
    reads = getattr(statement, "selected_columns", ())
    compiled = statement.compile(dialect=dialect, column_keys=None if reads else list(values))
    state = compiled.construct_expanded_state(dict(values))
    columns = [str(column.key) for column in reads]
    row: Any = namedtuple("Row", columns, rename=True)  # type: ignore[misc] # the names are known only here
    names = tuple((state.positiontup if compiled.positional else list(state.parameters)) or ())
    return Prepared(
        statement=statement,
        text=state.statement,
        names=names,
        pick=_picker(names),
        positional=compiled.positional,
        constants=_constants(state, names, values),
        lists={name: tuple(parts) for name, parts in state.parameter_expansion.items() if name in values},
        converts=_numbered(_converts(compiled, state, names)),
        columns=_numbered(_reader(column.type, dialect) for column in reads),
        row=row._make,
    )


def _picker(names: Sequence[str]) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
    """The values of these names, in this order."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda given: tuple(given[name] for name in names)


def _reader(kind: Any, dialect: Dialect) -> Convert | None:
    """What makes a value of ours of the driver's."""
    return _remembering(kind.dialect_impl(dialect).result_processor(dialect, None), kind, dialect, "back")


def _remembering(convert: Convert | None, kind: Any, dialect: Dialect, way: str) -> Convert | None:
    """The same few times come again and again, and can't be changed: each is converted once for all statements."""
    if convert is None or not isinstance(kind, UtcDateTime | Date):
        return convert
    return _times.setdefault((type(kind), dialect.name, way), lru_cache(TIMES_KNOWN)(convert))


def _numbered(converts: Iterable[Convert | None]) -> tuple[tuple[int, Convert], ...]:
    return tuple((place, convert) for place, convert in enumerate(converts) if convert is not None)


def _converts(compiled: SQLCompiler, state: ExpandedState, names: Sequence[str]) -> Iterable[Convert | None]:
    """What each parameter's type makes of a value for this driver; the parts of a list share their list's type."""
    lists = {part: name for name, parts in state.parameter_expansion.items() for part in parts}
    for name in names:
        kind: Any = compiled.binds[lists.get(name, name)].type
        convert: Convert | None = kind.dialect_impl(compiled.dialect).bind_processor(compiled.dialect)
        yield _remembering(convert, kind, compiled.dialect, "there")


def _constants(state: ExpandedState, names: Sequence[str], values: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters that nobody gives: the statement was written with them."""
    given = {*values, *(part for name in values for part in state.parameter_expansion.get(name, ()))}
    return {name: state.parameters[name] for name in names if name not in given}
