"""How Alembic runs here: batches on SQLite with foreign keys off, because a rebuilt table would delete its children."""

from alembic import context
from flask import current_app
from sqlalchemy import Connection

import app.models  # noqa: F401 - every table must be known
from app.db import db

config = context.config


def run() -> None:
    """Runs the migrations on the app's own database."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            _run_on_sqlite(connection)
        else:
            _run_on_postgres(connection)


def _run_on_sqlite(connection: Connection) -> None:
    raw = connection.connection.dbapi_connection
    assert raw is not None
    # A PRAGMA foreign_keys inside a transaction does nothing, silently.
    connection.commit()
    raw.execute("PRAGMA foreign_keys=OFF")  # type: ignore[attr-defined]
    try:
        _migrate(connection, transactional_ddl=True)
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"the migration broke foreign keys: {broken[:5]}")
        connection.commit()
    finally:
        raw.execute("PRAGMA foreign_keys=ON")  # type: ignore[attr-defined]


def _run_on_postgres(connection: Connection) -> None:
    # Begins by itself and may write, unlike those that the app reads with; so it doesn't go back to them.
    connection.detach()
    raw = connection.connection.dbapi_connection
    assert raw is not None
    raw.autocommit, raw.read_only = False, False  # type: ignore[attr-defined]
    # Several machines may start at once: one migrates, the others wait and find nothing to do.
    connection.exec_driver_sql("SELECT pg_advisory_lock(7206170114)")
    connection.commit()
    try:
        _migrate(connection)
    finally:
        connection.rollback()
        connection.exec_driver_sql("SELECT pg_advisory_unlock(7206170114)")
        connection.commit()


def _migrate(connection: Connection, **options: object) -> None:
    arguments = dict(current_app.extensions["migrate"].configure_args) | options
    context.configure(connection=connection, target_metadata=db.metadata, **arguments)
    with context.begin_transaction():
        context.run_migrations()


run()
