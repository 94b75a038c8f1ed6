"""How a connection to either database begins its transactions, and what it is told when it opens."""

import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DisconnectionError

from app.sending import Call, commit_kept, forget_kept, send_kept, send_later

# A larger cache, and reads without copying. Whoever writes makes a checkpoint himself, with its wait for the disk, only
# after 64 MB of changes: before that it is made after a turn, while the next one writes.
PRAGMAS = (
    "journal_mode=WAL",
    "busy_timeout=10000",
    "synchronous=NORMAL",
    "foreign_keys=ON",
    "cache_size=-32768",
    "mmap_size=33554432",
    "wal_autocheckpoint=16000",
    "temp_store=MEMORY",
)
WRITES = "writes"  # what a connection remembers: how often it wrote since its last checkpoint
CHECKPOINT_AFTER = 300
IDLE = 5.0  # seconds without use after which a connection to PostgreSQL is asked whether it still stands

SOON, NOW = "soon", "now"
Writing = Callable[[], str]  # whether what begins is a transaction() of the app: SOON means when its turn has come


def prepare_sqlite(engine: Engine, writing: Writing) -> None:
    """WAL, foreign keys, and BEGIN IMMEDIATE for writes: the driver's own BEGIN comes too late to be safe.

    What is to write SOON begins by begin_writing(), once nobody else writes.
    """

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Any) -> None:
        if writing() == NOW:
            begin_writing(connection)
        elif not writing():
            send_later(connection, Call("BEGIN"))

    @event.listens_for(engine, "checkin")
    def _on_checkin(connection: Any, record: Any) -> None:
        if connection is not None and record.info.get(WRITES, 0) >= CHECKPOINT_AFTER:
            record.info[WRITES] = 0
            # Nobody waits for the disk: whoever wrote last has their answer meanwhile.
            threading.Thread(target=_checkpoint, args=(engine.url.database,), daemon=True).start()


def _checkpoint(database: str) -> None:
    """Copies what was written from the log to the file. What can't be copied now is with the next one."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)")


def end_reading(connection: Connection) -> None:
    """On SQLite: what is read from now on is read as it is then; the connection stays with whoever has it."""
    raw = connection.connection
    if raw.in_transaction:
        raw.cursor().execute("ROLLBACK")


def begin_writing(connection: Connection) -> None:
    """On SQLite: waits for the database's lock and takes it."""
    connection.info[WRITES] = connection.info.get(WRITES, 0) + 1
    send_later(connection, Call("BEGIN IMMEDIATE"))


def prepare_postgres(engine: Engine, writing: Writing) -> None:
    """Only transaction() begins one, and only there is anything written. What is read outside goes statement by
    statement, as it does anyway at READ COMMITTED: so no read ends in a ROLLBACK, at which the driver forgets all the
    plans that it has prepared.
    """

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        connection.autocommit = True
        # Pages ask for little of much: to compile a plan takes longer than to follow it.
        connection.execute("SET default_transaction_read_only = on; SET jit = off")

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Any) -> None:
        if writing():
            send_later(connection, Call("BEGIN READ WRITE"))
            # Who writes asks for few rows by their keys. A plan that was made while the table was empty, and reads all
            # of it, would be followed for a minute: until somebody counts the rows of a registration that has opened.
            send_later(connection, Call("SET LOCAL enable_seqscan = off"))

    @event.listens_for(engine, "before_cursor_execute")
    def _before(connection: Any, *_: Any) -> None:
        send_kept(connection)

    event.listen(engine, "commit", commit_kept)
    event.listen(engine, "rollback", forget_kept)
    _ask_after_a_pause(engine)


def _ask_after_a_pause(engine: Engine) -> None:
    """A line that was quiet for a while may be dead; to ask each time would cost each request a round trip."""

    @event.listens_for(engine, "checkin")
    def _on_checkin(_connection: Any, record: Any) -> None:
        record.info["used_at"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _on_checkout(connection: Any, record: Any, _proxy: Any) -> None:
        if time.monotonic() - record.info.get("used_at", time.monotonic()) < IDLE:
            return
        try:
            connection.execute("")
        except engine.dialect.loaded_dbapi.OperationalError as error:
            raise DisconnectionError from error
