"""The database: the base of all models and transaction(), which holds the only commit of the app."""

import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from itertools import groupby
from typing import Any, TypeVar, cast

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    CheckConstraint,
    Date,
    Engine,
    Executable,
    MetaData,
    Table,
    bindparam,
    event,
    insert,
    inspect,
    update,
)
from sqlalchemy.orm import DeclarativeBase, Session, make_transient_to_detached, registry
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.instrumentation import manager_of_class
from sqlalchemy.orm.util import identity_key

from app.columns import Json, UtcDateTime, set_encryption_key
from app.prepared import rows_of, write

# No vowels (no words by accident), nothing that is read wrongly aloud or on paper.
ID_LETTERS = "23456789bcdfghjkmnpqrstvwxz"
TICKET_LETTERS = "23456789BCDFGHJKLMNPQRSTVWXZ"

# A larger cache, reads without copying, and a checkpoint (with its wait for the disk) only after 32 MB of changes.
PRAGMAS = (
    "journal_mode=WAL",
    "busy_timeout=10000",
    "synchronous=NORMAL",
    "foreign_keys=ON",
    "cache_size=-32768",
    "mmap_size=268435456",
    "wal_autocheckpoint=8000",
    "temp_store=MEMORY",
)

try:
    import fcntl
except ImportError:  # Windows has none; SQLite's own waiting serves there
    fcntl = None  # type: ignore[assignment]

_inserts: dict[Any, Any] = {}
_updates: dict[Any, Any] = {}
# A statement that fails is logged without its values: those are people's names.
QUIET = {"hide_parameters": True}

_writing: ContextVar[bool] = ContextVar("torangy_writing", default=False)

Texts = dict[str, str]
Model = TypeVar("Model", bound="Base")


_metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Base(DeclarativeBase):
    """Every table: named constraints, typed columns."""

    registry = registry(
        metadata=_metadata,
        type_annotation_map={
            datetime: UtcDateTime,
            date: Date,
            dict[str, str]: Json,
            dict[str, Any]: Json,
            list[str]: Json,
            list[dict[str, Any]]: Json,
        },
    )


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})


def new_id() -> str:
    """A random public id, 16 letters, 76 bits: says nothing of order or number."""
    return _letters(ID_LETTERS, 16)


def new_ticket() -> str:
    """A ticket code, 8 letters, printed as two fours."""
    return _letters(TICKET_LETTERS, 8)


def _letters(alphabet: str, length: int) -> str:
    """So many random letters from one draw of the system's randomness."""
    number, letters = secrets.randbelow(len(alphabet) ** length), []
    for _ in range(length):
        number, letter = divmod(number, len(alphabet))
        letters.append(alphabet[letter])
    return "".join(letters)


def one_of(column: str, *values: str) -> CheckConstraint:
    """The column holds one of these words, and the database says so too."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def personal(kind: str, term: str) -> dict[str, dict[str, str]]:
    """For `mapped_column(info=...)`: the column holds personal data of this kind, kept until this term."""
    return {"personal": {"kind": kind, "term": term}}


# Declares that somebody looked and the column holds nothing about a person.
IMPERSONAL: dict[str, Any] = {"personal": None}


@contextmanager
def transaction() -> Iterator[Session]:
    """One use case: all of it is kept, or nothing. A nested one joins the outer.

    What the request read before is let go first, because SQLite can't turn a read into a write under load, and
    because rules must see rows as they are under the lock.
    """
    if _writing.get():
        yield db.session()
        return
    db.session.rollback()
    db.session().info.pop("locked", None)
    with _turn():
        token = _writing.set(True)
        try:
            yield db.session()
            db.session.commit()
        except BaseException:
            db.session.rollback()
            raise
        finally:
            _writing.reset(token)


@contextmanager
def _turn() -> Iterator[None]:
    """On SQLite writers wait here for each other: its own way of waiting is to sleep and try again, ever longer.

    A lock on a file beside the database; the kernel wakes the next one at once, and lets go of a dead one's.
    """
    url = db.engine.url
    if fcntl is None or url.get_backend_name() != "sqlite" or not url.database:
        yield
        return
    turn = os.open(f"{url.database}.turn", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield
    finally:
        os.close(turn)


def fresh(model: type[Model], **values: Any) -> Model:
    """A new row for add_rows(): its values are simply there, nobody watches each being set. No default is filled in."""
    row: Model = manager_of_class(model).new_instance()
    row.__dict__.update(values)
    return row


def add_rows(rows: Sequence[Base]) -> None:
    """Writes new rows straight into their tables, in this order; the session knows them afterwards as if read.

    For where hundreds wait for their turn: the session's own way costs several times as much. A column that was not
    set is NULL, so what has a default must be set.
    """
    connection = db.session.connection()
    for table, same in groupby(rows, key=lambda row: row.__table__):
        names = table.columns.keys()
        if table not in _inserts:
            _inserts[table] = insert(table)
        write(connection, _inserts[table], [_values(row, names) for row in same])
    for row in rows:
        make_transient_to_detached(row)
    db.session.add_all(rows)


def read(statement: Executable, values: Mapping[str, Any]) -> list[Any]:
    """Rows of columns (not of models) of a statement that is a constant, past all that costs more than the database."""
    session = db.session()
    session.flush()
    return rows_of(session.connection(), statement, values)


def known_row(model: type[Model], values: Sequence[Any]) -> Model:
    """The object of a row that read() brought, all columns of its table in their order; news replaces what was known.

    The session's own loading asks for each column anew how it is to be read, each time.
    """
    session = db.session()
    named = dict(zip(cast(Table, model.__table__).columns.keys(), values, strict=True))
    there: Model | None = session.identity_map.get(identity_key(model, named["id"]))
    if there is not None:
        for name, value in named.items():
            set_committed_value(there, name, value)
        return there
    row = fresh(model, **named)
    make_transient_to_detached(row)
    session.add(row)
    return row


def set_columns(row: Base, **values: Any) -> None:
    """Changes columns of one row at once, without asking the session what else may have changed."""
    table = cast(Table, row.__table__)
    key = (table, tuple(values))
    if key not in _updates:
        fields: dict[str, Any] = {name: bindparam(f"new_{name}") for name in values}
        _updates[key] = update(table).where(table.c.id == bindparam("row_id")).values(fields)
    given = {f"new_{name}": value for name, value in values.items()}
    write(db.session.connection(), _updates[key], [{"row_id": row.id, **given}])  # type: ignore[attr-defined]
    for name, value in values.items():
        set_committed_value(row, name, value)


def _values(row: Base, names: Sequence[str]) -> dict[str, Any]:
    """All columns of a new row; what was not set is None from now on, and not asked for again."""
    known = row.__dict__
    for name in names:
        known.setdefault(name, None)
    return {name: known[name] for name in names}


def init_database(app: Flask) -> None:
    """Wires the database to the app: engine options by kind, SQLite's pragmas, the key of encrypted columns."""
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    if url.startswith("sqlite"):
        app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"connect_args": {"check_same_thread": False}, **QUIET}
    else:
        app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"pool_size": 8, "max_overflow": 8, "pool_pre_ping": True, **QUIET}
    set_encryption_key(app.config["SECRET_KEY"])
    db.init_app(app)
    with app.app_context():
        if url.startswith("sqlite"):
            prepare_sqlite(db.engine)


def prepare_sqlite(engine: Engine) -> None:
    """WAL, foreign keys, and BEGIN IMMEDIATE for writes: the driver's own BEGIN comes too late to be safe."""

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


def lock(row: Base) -> None:
    """Waits for this row's lock and reads it anew (row lock on PostgreSQL; on SQLite the transaction has the lock).

    Whatever the transaction read on its way to the lock is forgotten: it may have changed while we waited.
    """
    if not _writing.get():
        raise RuntimeError("lock() outside transaction()")
    _forget_what_was_read(row)
    columns = [attribute.key for attribute in inspect(type(row)).column_attrs]
    db.session.refresh(row, attribute_names=columns, with_for_update=True)


def _forget_what_was_read(row: Base) -> None:
    """Before the first lock of a transaction; afterwards what is read is read under it. SQLite's lock came first."""
    session = db.session()
    if session.info.get("locked") or session.get_bind().dialect.name == "sqlite":
        return
    session.info["locked"] = True
    for other in list(session.identity_map.values()):
        if other is not row and not session.is_modified(other):
            session.expire(other)
