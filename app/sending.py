"""Handing statements to the driver past SQLAlchemy, and to a server several at once: each way there and back is a wait
in which everybody else waits for the lock.

What need not be answered is kept until something is asked, and goes along with it. Whoever sends through SQLAlchemy
sends what is kept first (app/db.py listens), so the order is that of the calls.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

KEPT = "torangy_kept"
IDLE = 0  # of PostgreSQL: no transaction stands


class Call(NamedTuple):
    """One statement as the driver takes it; `values` are a list of such where it is sent for `many` rows.

    `asks` says that it answers with rows: to ask the driver whether there are any costs it more than to fetch them.
    """

    text: str
    values: Any = ()
    many: bool = False
    asks: bool = False


COMMIT_THEN_WAIT = (
    Call("SET LOCAL synchronous_commit TO off"),
    Call("COMMIT"),
    Call("SELECT pg_logical_emit_message(true, 'torangy', '')"),
)


def send(connection: Connection, call: Call) -> list[Any]:
    """Sends what is kept and this statement, and brings its rows, if it gives any. Raises what SQLAlchemy would."""
    return send_all(connection, [call])[0]


def send_all(connection: Connection, calls: Sequence[Call]) -> list[list[Any]]:
    """The same for several that don't need each other's answers: the rows of each."""
    kept = connection.info.pop(KEPT, ())
    return _sent(connection, [*kept, *calls])[len(kept) :]


def send_later(connection: Connection, call: Call) -> None:
    """Sends a statement whose answer nobody waits for; at once where there is no way to go."""
    if connection.dialect.name == "sqlite":
        _sent(connection, [call])
    else:
        connection.info.setdefault(KEPT, []).append(call)


def commit_at_once(connection: Connection) -> None:
    """Commits now and not only when the session has tidied up: the next one's turn begins sooner. What follows finds
    nothing left to do.
    """
    raw: Any = connection.connection.dbapi_connection
    try:
        raw.execute("COMMIT")
    except connection.dialect.loaded_dbapi.Error as error:
        raise _as_sqlalchemy(connection, "COMMIT", error) from error


def commit_kept(connection: Connection) -> None:
    """Sends what is kept with the commit on the same way; the driver's own commit finds nothing left to do.

    The commit itself waits for no disk, so that its locks go at once to whoever waits for them. The disk is waited for
    right after it: the log is written in order, so whatever makes a later entry durable makes this one so.
    """
    if kept := connection.info.pop(KEPT, None):
        _sent(connection, [*kept, *COMMIT_THEN_WAIT])


def send_kept(connection: Connection) -> None:
    """Sends what is kept, if anything is."""
    if kept := connection.info.pop(KEPT, None):
        _sent(connection, kept)


def forget_kept(connection: Connection) -> None:
    """What is rolled back is not sent any more; a connection that was given up remembers nothing."""
    if not connection.invalidated:
        connection.info.pop(KEPT, None)


def _sent(connection: Connection, calls: Sequence[Call]) -> list[list[Any]]:
    raw: Any = connection.connection.dbapi_connection
    try:
        # SQLite has no way to go: each is asked in its turn.
        if len(calls) == 1 or connection.dialect.name == "sqlite":
            return [_answer(_executed(connection, raw, call), call) for call in calls]
        with raw.pipeline():
            cursors = [_executed(connection, raw, call) for call in calls]
        return [_answer(cursor, call) for cursor, call in zip(cursors, calls, strict=True)]
    except connection.dialect.loaded_dbapi.Error as error:
        failed = _as_sqlalchemy(connection, "; ".join(call.text for call in calls), error)
        _forget_plans(connection, raw)
        raise failed from error


def _answer(cursor: Any, call: Call) -> list[Any]:
    rows = list(cursor.fetchall()) if call.asks else []
    cursor.close()
    return rows


def _forget_plans(connection: Connection, raw: Any) -> None:
    """The driver takes what it sent after an error for prepared, and only a rollback tells it otherwise; where there is
    none to come, the connection is given up.
    """
    if connection.dialect.name != "sqlite" and raw.info.transaction_status == IDLE:
        connection.invalidate()


def _executed(connection: Connection, raw: Any, call: Call) -> Any:
    """The cursor of this statement. Whoever listens to the engine's statements hears of these too."""
    cursor = raw.cursor()
    if listeners := connection.dispatch.before_cursor_execute:
        for listener in listeners:
            listener(connection, cursor, call.text, call.values, None, call.many)
    (cursor.executemany if call.many else cursor.execute)(call.text, call.values)
    return cursor


def _as_sqlalchemy(connection: Connection, text: str, error: Exception) -> BaseException:
    """The driver's error as everybody else knows it, without the values: those are people's names."""
    dialect = connection.dialect
    return DBAPIError.instance(text, None, error, dialect.loaded_dbapi.Error, hide_parameters=True, dialect=dialect)
