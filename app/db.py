"""The database: the base of all models and transaction(), which holds the only commit of the app."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache
from typing import Any

from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import CheckConstraint, Connection, Date, Index, MetaData, inspect, text
from sqlalchemy.orm import DeclarativeBase, Session, registry

from app.columns import Json, UtcDateTime, encode, set_encryption_key
from app.engines import NOW, SOON, begin_writing, end_reading, prepare_postgres, prepare_sqlite
from app.sending import commit_at_once
from app.turns import hurry, turn

# No vowels (no words by accident), nothing that is read wrongly aloud or on paper.
ID_LETTERS = "23456789bcdfghjkmnpqrstvwxz"
TICKET_LETTERS = "23456789BCDFGHJKLMNPQRSTVWXZ"

DRAWN_AT_ONCE = 64
AHEAD = "ahead"  # what the session remembers of a transaction's questions, until it ends
# A statement that fails is logged without its values: those are people's names.
OPTIONS = {"hide_parameters": True, "json_serializer": encode}

_writing: ContextVar[str] = ContextVar("torangy_writing", default="")
_session: ContextVar[Session | None] = ContextVar("torangy_session", default=None)

Texts = dict[str, str]


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


def session_here() -> Session:
    """The session. Within transaction() it isn't looked up: to ask who runs where takes longer than to use it."""
    return _session.get() or db.session()


def connection() -> Connection:
    """The session's connection. Within transaction() it is asked for once: the session looks it up anew each time."""
    session = _session.get()
    if session is None:
        return db.session().connection()
    found: Connection | None = session.info.get("connection")
    return found or session.info.setdefault("connection", session.connection())


def _letters(alphabet: str, length: int) -> str:
    """So many random letters (an even number) from one draw of the system's randomness, taken in pairs.

    128 bits are so many more than they hold that all are equally likely but for one in millions of millions.
    """
    pairs = _pairs(alphabet)
    number, letters = _random(), []
    for _ in range(length // 2):
        number, pair = divmod(number, len(pairs))
        letters.append(pairs[pair])
    return "".join(letters)


def _random() -> int:
    """128 random bits; many are drawn at once, since to ask the system for few costs as much."""
    try:
        return _drawn.pop()
    except IndexError:
        many = secrets.token_bytes(16 * DRAWN_AT_ONCE)
        _drawn.extend(int.from_bytes(many[n : n + 16]) for n in range(16, len(many), 16))
        return int.from_bytes(many[:16])


_drawn: list[int] = []
os.register_at_fork(after_in_child=_drawn.clear)  # nobody uses what somebody else uses too


@cache
def _pairs(alphabet: str) -> list[str]:
    return [first + second for first in alphabet for second in alphabet]


def one_of(column: str, *values: str) -> CheckConstraint:
    """The column holds one of these words, and the database says so too."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def filled_index(name: str, column: str) -> Index:
    """An index of the rows that have something in this column: most have not, and each entry costs those who wait."""
    filled = text(f"{column} IS NOT NULL")
    return Index(name, column, sqlite_where=filled, postgresql_where=filled)


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
    if outer := _session.get():
        yield outer
        return
    session = db.session()
    _let_go(session)
    writing, here = _writing.set(SOON), _session.set(session)
    try:
        with _or_nothing(session):
            _get_ready(session)
            with _turn(), _or_nothing(session):
                _begin(session)
                yield session
                _end_turn(session)
            session.commit()
    finally:
        for name in ("locked", "connection", AHEAD):
            session.info.pop(name, None)
        _session.reset(here)
        _writing.reset(writing)


def _let_go(session: Session) -> None:
    """Ends what was read. On SQLite the connection stays: to give it back and fetch it again takes longer than that."""
    reads = session.in_transaction() and session.is_active and not (session.new or session.dirty or session.deleted)
    if reads and session.get_bind().dialect.name == "sqlite":
        end_reading(connection())
        session.expire_all()
    else:
        session.rollback()


@contextmanager
def _or_nothing(session: Session) -> Iterator[None]:
    try:
        yield
    except BaseException:
        session.rollback()
        raise


def _get_ready(session: Session) -> None:
    """On SQLite the session takes its connection while it waits for its turn."""
    if session.get_bind().dialect.name == "sqlite":
        connection()


def _begin(session: Session) -> None:
    _writing.set(NOW)
    if session.get_bind().dialect.name == "sqlite":
        begin_writing(connection())


def _end_turn(session: Session) -> None:
    """On SQLite what was done is kept before the session tidies up after itself: the next one waits for it."""
    session.flush()
    if session.get_bind().dialect.name == "sqlite":
        commit_at_once(connection())


@contextmanager
def _turn() -> Iterator[None]:
    """Before those who work behind people's backs; on SQLite one after the other."""
    with hurry(hurry_path()):
        url = db.engine.url
        if url.get_backend_name() != "sqlite" or not url.database:
            yield
            return
        with turn(f"{url.database}.turn"):
            yield


def hurry_path() -> str:
    """The file by which processes of this machine see that somebody waits."""
    return str(current_app.config["TORANGY"].instance / "hurry")


def init_database(app: Flask) -> None:
    """Wires the database to the app: engine options by kind, SQLite's pragmas, the key of encrypted columns."""
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    if url.startswith("sqlite"):
        app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"connect_args": {"check_same_thread": False}, **OPTIONS}
    else:
        app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"pool_size": 8, "max_overflow": 8, **OPTIONS}
    set_encryption_key(app.config["SECRET_KEY"])
    db.init_app(app)
    with app.app_context():
        (prepare_sqlite if url.startswith("sqlite") else prepare_postgres)(db.engine, _writing.get)


def lock(row: Base) -> None:
    """Waits for this row's lock and reads it anew (row lock on PostgreSQL; on SQLite the transaction has the lock).

    Whatever the transaction read on its way to the lock is forgotten: it may have changed while we waited.
    """
    if not _writing.get():
        raise RuntimeError("lock() outside transaction()")
    forget_what_was_read(row)
    columns = [attribute.key for attribute in inspect(type(row)).column_attrs]
    db.session.refresh(row, attribute_names=columns, with_for_update=True)


def forget_what_was_read(but: Base | None = None) -> None:
    """Before the first lock of a transaction; afterwards what is read is read under it. SQLite's lock came first."""
    session = db.session()
    if session.info.get("locked") or session.get_bind().dialect.name == "sqlite":
        return
    session.info["locked"] = True
    for other in list(session.identity_map.values()):
        if other is not but and not session.is_modified(other):
            session.expire(other)
