"""What goes to PostgreSQL without an answer, what may be written, and what a connection remembers."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import event, literal_column, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, InternalError

from app import create_app, engines
from app.db import connection, db, transaction
from app.events.models import Event
from app.people.models import City
from app.prepared import all_rows_of
from app.rows import add_rows, fresh, read, read_ahead
from tests import factories
from tests.conftest import test_settings

pytestmark = pytest.mark.postgres

C = City.__table__
CITIES = select(C.c.slug, C.c.timezone)
EVENTS = select(Event.__table__.c.id)


@pytest.fixture
def app(tmp_path: Path, database_url: str) -> Iterator[Flask]:
    """The app on an empty PostgreSQL."""
    app = create_app(test_settings(tmp_path, DATABASE_URL=database_url))
    with app.app_context():
        upgrade()
        yield app
        db.session.remove()
        db.engine.dispose()


def city(slug: str) -> City:
    return fresh(City, slug=slug, name={}, region={}, timezone="Asia/Almaty")


def slugs() -> set[str]:
    return {row.slug for row in read(CITIES, {})}


def test_rows_that_wait_to_be_sent_are_there_for_whoever_asks_next(app: Flask):
    with transaction():
        add_rows([city("a")])
        assert slugs() == {"a"}
        add_rows([city("b")])
        assert {one.slug for one in db.session.scalars(select(City))} == {"a", "b"}
        add_rows([city("c")])
    assert slugs() == {"a", "b", "c"}


def test_an_error_of_what_waited_comes_at_the_latest_with_the_commit_and_nothing_is_kept(app: Flask):
    factories.city()
    with pytest.raises(IntegrityError), transaction():
        add_rows([city("a"), city("balkhash")])
    assert slugs() == {"balkhash"}
    with pytest.raises(KeyError), transaction():
        add_rows([city("a")])
        raise KeyError
    with transaction():
        add_rows([city("b")])
    assert slugs() == {"balkhash", "b"}, "what was rolled back is not sent later"


def test_who_hears_that_it_is_done_can_rely_on_it_though_the_commit_let_others_go_first(app: Flask, database_url: str):
    said: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: said.append(args[2]))
    with psycopg.connect(database_url.replace("+psycopg", ""), autocommit=True) as outside:
        outside.execute("ALTER SYSTEM SET wal_writer_delay = '10s'")
        outside.execute("ALTER ROLE torangy SET synchronous_commit TO on")
        outside.execute("SELECT pg_reload_conf()")
        db.engine.dispose()
        try:
            with transaction():
                add_rows([city("a")])
            [(is_on_disk,)] = outside.execute("SELECT pg_current_wal_flush_lsn() >= pg_current_wal_insert_lsn()")
            assert is_on_disk and "SET LOCAL synchronous_commit TO off" in said
        finally:
            outside.execute("ALTER ROLE torangy RESET synchronous_commit")
            outside.execute("ALTER SYSTEM RESET wal_writer_delay")
            outside.execute("SELECT pg_reload_conf()")


def test_what_was_sent_after_an_error_is_not_taken_for_prepared(app: Flask):
    wrong = select(literal_column("1 / (SELECT count(*) FROM cities)"))
    later = select(C.c.timezone)
    for _ in range(5):  # next time the driver prepares it
        all_rows_of(connection(), [(later, {})])
    with pytest.raises(DBAPIError):
        all_rows_of(connection(), [(wrong, {}), (later, {})])
    db.session.rollback()
    assert all_rows_of(connection(), [(later, {})]) == [[]]


def test_nothing_is_written_outside_a_transaction(app: Flask):
    with pytest.raises(InternalError, match="read-only"):
        db.session.execute(text("INSERT INTO cities (slug, name, region, timezone) VALUES ('x', '{}', '{}', '')"))
    db.session.rollback()
    assert slugs() == set()


def test_several_questions_go_on_one_way_and_an_old_answer_is_not_taken_for_a_new_one(app: Flask):
    shown, heard = factories.event(), []
    event.listen(db.engine, "before_cursor_execute", lambda *args: heard.append(args[2]))
    with transaction():
        read_ahead((CITIES, {}), (EVENTS, {}))
        asked = len(heard)
        assert slugs() == {"balkhash"} and [row.id for row in read(EVENTS, {})] == [shown.id]
        assert len(heard) == asked, "they were answered already"
        add_rows([city("a")])
        assert slugs() == {"balkhash", "a"}, "an answer serves once"
        read_ahead((CITIES, {}))
    with transaction():
        add_rows([city("b")])
        assert slugs() == {"balkhash", "a", "b"}, "an answer ends with its transaction"


def test_plans_outlive_requests(app: Flask):
    for _ in range(8):
        slugs()
        db.session.remove()
        with transaction():
            slugs()
    prepared = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%cities%'"
    assert connection().execute(text(prepared)).scalar() == 1


def test_a_connection_that_died_while_nobody_used_it_is_replaced(app: Flask, monkeypatch: pytest.MonkeyPatch):
    slugs()
    with db.engine.connect() as other:
        db.session.remove()
        mine = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
        other.execute(text(f"{mine} AND pid <> pg_backend_pid()"))
    monkeypatch.setattr(engines, "IDLE", 0.0)
    assert slugs() == set()


def test_who_writes_never_reads_a_whole_table_because_it_was_empty_when_it_was_counted(app: Flask):
    factories.event()
    with transaction():
        connection().exec_driver_sql("ANALYZE")
    look = "EXPLAIN SELECT id FROM places WHERE person_id = 'somebody'"
    with transaction():
        plan = [row[0] for row in connection().exec_driver_sql(look)]
    assert not any("Seq Scan" in line for line in plan), plan
    assert connection().exec_driver_sql("SHOW enable_seqscan").scalar_one() == "on"
