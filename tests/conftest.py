"""What every test stands on: a migrated SQLite file, an app on it, clients that are logged in."""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import Table, insert, select

from app import clock, create_app
from app.access.sessions import open_session
from app.accounts.models import Account
from app.db import db, transaction
from app.people.models import Person
from config import Settings, read_settings
from tests import factories
from tests.mail.sink import mail_stays_here, sink

__all__ = ["mail_stays_here", "sink"]


def test_settings(folder: Path, **changes: object) -> Settings:
    """Settings of a test: own folder, no demo, mail to nowhere unless a test starts a server."""
    environ = {"TORANGY_INSTANCE": str(folder), "TORANGY_DEMO": "0", "SECRET_KEY": "a key for tests only"}
    environ |= {name: str(value) for name, value in changes.items() if name.isupper()}
    own = {name: value for name, value in changes.items() if name.islower()}
    return replace(read_settings(environ), testing=True, **own)  # type: ignore[arg-type]


test_settings.__test__ = False  # type: ignore[attr-defined]


class Browser(FlaskClient):
    """A browser of its own: tests live in one app context, whose `g` would hand the visitor and the language of the
    request before on to the next one."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """Sends a request as if nobody had asked before."""
        for name in list(g):
            g.pop(name)
        return super().open(*args, **kwargs)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What takes longest begins first, so that no worker waits for another at the end.

    On another database only what touches it is run: the rest was right or wrong already on SQLite.
    """
    items.sort(key=lambda item: 2 - sum(item.get_closest_marker(name) is not None for name in ("slow", "postgres")))
    if "TORANGY_TEST_DATABASE" not in os.environ:
        return
    idle = [item for item in items if "whole_app" not in getattr(item, "fixturenames", ())]
    items[:] = [item for item in items if item not in set(idle)]
    config.hook.pytest_deselected(items=idle)


@pytest.fixture(scope="session")
def whole_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One app for the run, on a migrated SQLite file, or on the empty database that TORANGY_TEST_DATABASE names."""
    database = os.environ.get("TORANGY_TEST_DATABASE")
    changes = {"DATABASE_URL": database} if database else {}
    app = create_app(test_settings(tmp_path_factory.mktemp("instance"), **changes))
    app.config["WTF_CSRF_ENABLED"] = False
    app.test_client_class = Browser
    with app.app_context():
        upgrade()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def app(whole_app: Flask) -> Iterator[Flask]:
    """The app inside its context, tables empty again afterwards."""
    with whole_app.app_context():
        yield whole_app
        db.session.remove()
        empty_tables()


def empty_tables() -> None:
    """Removes every row; order doesn't matter with foreign keys deferred to the end."""
    with transaction() as session:
        connection, names = session.connection(), [table.name for table in reversed(db.metadata.sorted_tables)]
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
            cursor = connection.connection.cursor()
            for name in names:
                cursor.execute(f'DELETE FROM "{name}"')
            cursor.close()
        else:
            connection.exec_driver_sql("; ".join(f'DELETE FROM "{name}"' for name in names))
    db.session.remove()


Rows = list[tuple[Table, list[dict[str, Any]]]]


def all_rows() -> Rows:
    """What all tables hold, to be put back later: much faster than to make it anew."""
    found = [
        (table, [dict(row._mapping) for row in db.session.execute(select(table))])
        for table in db.metadata.sorted_tables
    ]
    db.session.remove()
    return [(table, rows) for table, rows in found if rows]


def put_back(kept: Rows) -> None:
    """All tables hold this, and nothing else."""
    empty_tables()
    with transaction() as session:
        for table, rows in kept:
            session.execute(insert(table), rows)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A stranger's browser."""
    return app.test_client()


@pytest.fixture
def log_in(app: Flask) -> Callable[[Person], FlaskClient]:
    """A logged-in browser of this person: `log_in(nurlan).get("/")`; makes the account if there is none."""

    def _log_in(person: Person) -> FlaskClient:
        account = db.session.query(Account).filter_by(person_id=person.id).one_or_none()
        account = account or factories.account(person)
        secret = open_session(account, device="test", now=clock.now())
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = secret
            cookie["_fresh"] = True
        return client

    return _log_in


@pytest.fixture
def banner_is_known(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests that count questions: whether mail stands still is asked every 15 seconds, not by each page."""
    monkeypatch.setitem(app.extensions, "mail_standstill", lambda now: None)
