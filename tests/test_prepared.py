"""Statements that go past SQLAlchemy's machinery: the same values, the same rows, the same errors."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import bindparam, event, select
from sqlalchemy.exc import IntegrityError

import app.db
from app.db import db, transaction
from app.people.models import City, Person
from app.rows import add_rows, fresh, read, set_columns
from app.signups.models import SignUp
from app.signups.queries import locked_event
from tests import factories

pytestmark = pytest.mark.usefixtures("app")

E = db.metadata.tables["events"]
AT = select(E.c.id, E.c.starts_at, E.c.title, E.c.lunch).where(
    E.c.id.in_(bindparam("ids", expanding=True)), E.c.starts_at > bindparam("after")
)


def test_rows_come_with_their_types_and_lists_of_any_length_fit():
    first, second = factories.event(lunch=True), factories.event(title={"kk": "Қайың"})
    early = {"after": first.starts_at - timedelta(seconds=1)}
    for ids in ([first.id], [first.id, second.id], [first.id, second.id, "nobody's"]):
        rows = {row.id: row for row in read(AT, {"ids": ids, **early})}
        assert set(rows) == {first.id, second.id} & set(ids)
        assert rows[first.id].starts_at == first.starts_at and rows[first.id].lunch
    assert rows[second.id].title == {"kk": "Қайың"}
    assert read(AT, {"ids": [first.id], "after": first.starts_at}) == []


def test_what_is_pending_is_written_before_it_is_read():
    shown = factories.event()
    with transaction():
        shown.lunch = True
        assert read(AT, {"ids": [shown.id], "after": factories.LONG_AGO})[0].lunch


def test_new_rows_are_known_to_the_session_and_changed_columns_need_no_flush():
    shown, nurlan = factories.event(), factories.employee()
    with transaction():
        party = fresh(
            SignUp, id="party", event_id=shown.id, leader_id=nurlan.id, accept_fewer=False, queue_number=7, waiting=0,
            created_at=factories.LONG_AGO,
        )  # fmt: skip
        add_rows([party])
        set_columns(party, queue_number=8)
    db.session.expire_all()
    assert db.session.get(SignUp, "party") is party
    assert (party.queue_number, party.cancelled_at, party.leader) == (8, None, nurlan)


def test_a_constraint_raises_what_it_raises_everywhere():
    factories.city()
    with pytest.raises(IntegrityError), transaction():
        add_rows([fresh(City, slug="balkhash", name={}, region={}, timezone="Asia/Almaty")])
    assert db.session.query(Person).count() == 0, "the session goes on"


def test_who_counts_statements_counts_these_too():
    shown, heard = factories.event(), []

    def listen(_connection, _cursor, text, *_rest):
        heard.append(text)

    event.listen(db.engine, "before_cursor_execute", listen)
    read(AT, {"ids": [shown.id], "after": factories.LONG_AGO})
    event.remove(db.engine, "before_cursor_execute", listen)
    assert [text for text in heard if "events" in text]


def test_what_a_row_was_read_without_is_loaded_when_somebody_asks():
    shown = factories.event(description={"kk": "Ағаш отырғызамыз"})
    db.session.expunge_all()
    with transaction():
        event = locked_event(shown.id)
        assert "description" not in vars(event), "nobody waits for what no rule reads"
        assert (event.description, event.site.host) == ({"kk": "Ағаш отырғызамыз"}, "")


def test_on_sqlite_all_is_kept_or_taken_back_before_the_next_one_has_its_turn(monkeypatch: pytest.MonkeyPatch):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("only there do writers take turns")
    turn, seen = app.db._turn, []

    @contextmanager
    def watched() -> Iterator[None]:
        with turn():
            try:
                yield
            finally:
                with closing(sqlite3.connect(str(db.engine.url.database), timeout=0)) as other:
                    other.execute("BEGIN IMMEDIATE")  # an error, were the writer not done
                    seen.append([slug for (slug,) in other.execute("SELECT slug FROM cities")])

    monkeypatch.setattr(app.db, "_turn", watched)
    with transaction() as session:
        session.add(City(slug="balkhash", name={}, region={}))
    with pytest.raises(KeyError), transaction() as session:
        session.add(City(slug="aktau", name={}, region={}))
        session.flush()
        raise KeyError
    assert seen == [["balkhash"], ["balkhash"]]
