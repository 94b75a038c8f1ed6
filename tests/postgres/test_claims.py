"""Claims, bounces and reminders on PostgreSQL: row locks in place of SQLite's one write lock."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade

from app import clock, create_app
from app.db import db
from app.mail import beats
from app.mail.bounces import note_bad_address
from app.mail.models import Mail, Suppression
from app.mail.outbox import cancel_mails
from app.reminders.models import ReminderRun
from app.reminders.operations import queue_due_reminders
from app.tasks.models import Task
from tests import factories
from tests.conftest import test_settings
from tests.mail.claims import NOW, race, renewed_and_called_back_meanwhile, take_over
from tests.mail.killing import kill_all_twice, stop_one
from tests.mail.sink import Sink

pytestmark = pytest.mark.postgres


@pytest.fixture
def postgres_app(tmp_path: Path, database_url: str) -> Iterator[Flask]:
    """The app on an empty PostgreSQL."""
    app = create_app(test_settings(tmp_path, DATABASE_URL=database_url))
    with app.app_context():
        upgrade()
        yield app
        db.session.remove()
        db.engine.dispose()


def test_no_two_workers_get_the_same_letter(postgres_app: Flask) -> None:
    race(postgres_app)


def test_a_lease_that_ran_out_goes_to_the_next(postgres_app: Flask) -> None:
    take_over(postgres_app)


def test_letters_are_locked_in_one_order_whoever_locks_them(postgres_app: Flask, caplog: pytest.LogCaptureFixture):
    renewed_and_called_back_meanwhile(postgres_app)
    assert "deadlock" not in caplog.text, "it was tried again, but the other one may be a page"


@pytest.mark.slow
def test_all_workers_are_killed_twice_and_nothing_is_lost(postgres_app: Flask) -> None:
    sink = Sink()
    sink.start()
    try:
        kill_all_twice(postgres_app, sink, letters=300, within=90)
    finally:
        sink.stop()


@pytest.mark.slow
def test_a_worker_that_stood_still_for_longer_than_its_lease_puts_down_nothing(postgres_app: Flask) -> None:
    sink = Sink()
    sink.start()
    try:
        stop_one(postgres_app, sink, letters=120, within=60)
    finally:
        sink.stop()


def test_a_worker_whose_clock_is_ahead_takes_nothing_over(postgres_app: Flask) -> None:
    ours = beats.Clock(lambda: clock.now() + timedelta(hours=1))
    ours.set()
    assert abs(ours.now() - clock.now()) < timedelta(seconds=30)
    assert ours.ahead > timedelta(minutes=59)
    assert ours.is_wrong and "ahead of the database's" in ours.difference()


def test_reminders_are_queued_once_taken_back_and_a_bad_address_is_asked_for_once(postgres_app: Flask) -> None:
    event = factories.event(starts_at=NOW + timedelta(days=6))
    factories.place(event, factories.employee())
    while queue_due_reminders(now=NOW):
        pass
    mail = db.session.query(Mail).one()
    for _ in range(2):
        note_bad_address(mail.id, now=NOW)
    assert (db.session.query(Task).one().city, db.session.query(Suppression).count()) == ("balkhash", 1)
    assert db.session.query(ReminderRun).filter_by(kind="7d").one().queued == 1
    assert cancel_mails(event_id=event.id, template_prefix="reminders/", now=NOW) == 1
