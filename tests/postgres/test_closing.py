"""Closing the day while somebody is being let in: it waits for the mark, and neither waits for the other for ever."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event as Signal
from threading import Thread
from uuid import uuid4

import pytest
from flask import Flask
from flask_migrate import upgrade

from app import create_app
from app.accounts.actor import SYSTEM, Actor, Scope
from app.attendance import operations
from app.attendance.days import is_closed
from app.attendance.queries import attendance_of
from app.db import db
from app.desk.day.closing import close_day
from app.events.models import Event
from app.signups.models import Place
from tests import factories
from tests.conftest import test_settings

pytestmark = [pytest.mark.postgres, pytest.mark.slow]
AIGUL = Actor(scopes=(Scope("coordinator", city="balkhash"),))
NOW = factories.SATURDAY + timedelta(hours=5)


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    app = create_app(test_settings(tmp_path, DATABASE_URL=database_url))
    with app.app_context():
        upgrade()
        yield app
        db.session.remove()
        db.engine.dispose()


def test_a_mark_that_began_before_is_in_the_day_that_is_closed(app: Flask, monkeypatch: pytest.MonkeyPatch):
    event = factories.event()
    event_id, place_id = event.id, factories.place(event, factories.employee()).id
    locked, failed = Signal(), []
    check = operations._check_consent

    def slowly(place: Place) -> None:
        """The place is locked: now the day is being closed."""
        locked.set()
        closing.join(1)
        check(place)

    monkeypatch.setattr(operations, "_check_consent", slowly)

    def let_in() -> None:
        with app.app_context():
            place = db.session.get_one(Place, place_id)
            operations.mark_present(place, entry_id=str(uuid4()), at=NOW, now=NOW, actor=SYSTEM)

    def close() -> None:
        locked.wait(10)
        try:
            with app.app_context():
                close_day(db.session.get_one(Event, event_id), now=NOW, actor=AIGUL)
        except Exception as error:  # told below, in the thread of the test
            failed.append(error)

    closing, marking = Thread(target=close), Thread(target=let_in)
    closing.start()
    marking.start()
    marking.join(20)
    closing.join(20)
    assert failed == [] and is_closed(event_id)
    assert attendance_of(place_id).state == "present"
