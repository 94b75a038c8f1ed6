"""The day's log where several write at once, on PostgreSQL: the feed jumps nobody over, and a form meets a phone."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Barrier
from unittest import mock
from uuid import uuid4

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import create_engine, func, insert, select

from app import create_app
from app.accounts.actor import SYSTEM
from app.attendance.errors import AlreadyPresent
from app.attendance.log_models import DeskOperation
from app.attendance.models import AttendanceEntry
from app.attendance.operations import mark_present
from app.db import db
from app.desk.log.feed import changes_since
from app.desk.log.giving import EventFacts, Giver, facts_of
from app.desk.log.taking import take
from app.events.models import Event
from app.signups.models import Place
from tests import factories
from tests.bursts import environ_of

pytestmark = [pytest.mark.postgres, pytest.mark.slow]
AT = factories.SATURDAY
EVERYTHING = Giver(SYSTEM, frozenset({"mark", "manage"}))


@pytest.fixture
def server(tmp_path: Path, database_url: str) -> Iterator[Flask]:
    with mock.patch.dict(os.environ, environ_of(tmp_path, database_url)):
        app = create_app()
    with app.app_context():
        upgrade()
        yield app
        db.session.remove()
        db.engine.dispose()


def place(event: Event, name: str = "Нұрлан") -> Place:
    return factories.place(event, factories.person("Сейітқали", name))


def say(event: EventFacts, place_id: str) -> str:
    raw = {"id": str(uuid4()), "kind": "check_in", "subject": {"place_id": place_id}, "at": AT.isoformat()}
    assert take(event, [raw], sent_at=None, giver=EVERYTHING, now=AT).applied
    return str(raw["id"])


def test_whoever_began_first_and_ended_last_is_told_and_nobody_behind_them_before(server: Flask):
    event = factories.event()
    facts, first, second = facts_of(event), place(event), place(event, "Тимур")
    row = {"id": str(uuid4()), "event_id": event.id, "kind": "check_in", "key": f"p:{first.id}", "place_id": first.id}
    row |= {"after": [], "body": {}, "device": "", "at": AT, "corrected_at": AT, "recorded_at": AT}
    second_id = second.id
    db.session.rollback()
    another = create_engine(db.engine.url)
    with another.connect() as slow, slow.begin() as long_one:
        slow.execute(insert(db.metadata.tables[DeskOperation.__tablename__]), row)
        quick = say(facts, second_id)
        told = changes_since(facts.id, "")
        assert told.rows == [], "a cursor behind the quick one would never come back for the slow one"
        long_one.commit()
    another.dispose()
    db.session.rollback()
    found = changes_since(facts.id, told.cursor)
    assert [one.id for one in found.rows] == [row["id"], quick]
    assert changes_since(facts.id, found.cursor).rows == []


def test_a_form_and_a_phone_let_the_same_people_in_at_once(server: Flask):
    event = factories.event()
    facts, ids = facts_of(event), [place(event, f"Адам{n}").id for n in range(20)]
    db.session.remove()
    together = Barrier(2)

    def by_form() -> None:
        with server.app_context():
            for place_id in ids:
                together.wait(20)
                with suppress(AlreadyPresent):
                    place = db.session.get_one(Place, place_id)
                    mark_present(place, entry_id=str(uuid4()), at=AT, now=AT, actor=SYSTEM)
                db.session.remove()

    def by_phone() -> None:
        with server.app_context():
            for place_id in ids:
                together.wait(20)
                say(facts, place_id)
                db.session.remove()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(by_form), pool.submit(by_phone)]:
            done.result(60)
    standing = select(func.count()).where(AttendanceEntry.undone_by_id.is_(None), AttendanceEntry.kind == "check_in")
    assert db.session.scalar(standing) == len(ids)
