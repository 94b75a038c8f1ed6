"""The worker's round and its bell."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import clock, worker
from app.db import db
from app.mail import beats
from app.mail.models import Mail
from app.mail.outbox import Recipient, queue_mail
from app.mail.samples import sample_of
from app.upkeep.doctor import findings
from tests import factories
from tests.mail.sink import Sink

ROOT = Path(__file__).resolve().parents[2]
WORKER = """
import sys
from pathlib import Path
from app import create_app, worker
from tests.conftest import test_settings
worker.run(create_app(test_settings(Path(sys.argv[1]), MAIL_SERVER="127.0.0.1", MAIL_PORT=sys.argv[2])))
"""


def queue(app: Flask, key: str) -> None:
    to = Recipient(f"{key}@torangy.example", "Нұрлан", "kk")
    context = sample_of(app.jinja_env, "reminders/reminder")
    queue_mail(key=key, template="reminders/reminder", to=to, context=context, now=clock.now())


@pytest.mark.full
def test_a_round_reminds_and_delivers(app: Flask, sink: Sink) -> None:
    event = factories.event(starts_at=clock.now() + timedelta(days=4))
    nurlan = factories.employee()
    factories.place(event, nurlan)
    queue(app, "other")
    worker.tick(app)
    assert "other@torangy.example" in {letter.recipient for letter in sink.received}
    assert db.session.query(Mail).filter(Mail.status.in_(("queued", "sending"))).count() == 0


@pytest.mark.full
def test_what_breaks_does_not_stop_the_rest(
    app: Flask, sink: Sink, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*, now: object) -> bool:
        raise RuntimeError("reminders are broken")

    monkeypatch.setattr(worker, "queue_due_reminders", broken)
    queue(app, "nurlan")
    worker.tick(app)
    assert len(sink.received) == 1
    assert "reminders broke" in caplog.text


@pytest.mark.full
def test_old_records_of_letters_go_once_a_day(app: Flask, sink: Sink) -> None:
    app.extensions["rounds"].purged_on = None
    long_ago = clock.now() - timedelta(days=5 * 365 + 1)
    row = {
        "template": "t",
        "recipient": "a@b.kz",
        "language": "kk",
        "context": {},
        "created_at": long_ago,
        "not_before": long_ago,
        "due_at": long_ago,
    }
    factories.saved(Mail(key="old", status="sent", sent_at=long_ago, **row))
    factories.saved(Mail(key="young", status="sent", sent_at=long_ago + timedelta(days=2), **row))
    worker.tick(app)
    assert [mail.key for mail in db.session.query(Mail)] == ["young"]


def test_a_change_rings_once_and_reading_never(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    rings: list[float] = []

    class Rope:
        def schedule(self, delay: float) -> None:
            rings.append(delay)

    rounds = worker.Rounds(app)
    monkeypatch.setattr(rounds, "_bell", (None, Rope()))
    monkeypatch.setattr(app.extensions["rounds"], "kick", rounds.kick)
    client.get("/healthz")
    client.post("/no-such-page")
    assert rings == []
    for language in ("kk", "ru", "en"):
        assert client.post("/language", data={"language": language, "next": "/"}).status_code == 303
    assert rings == [worker.RING_AFTER]
    rounds._covered_until = time.monotonic()
    rounds.kick()
    assert len(rings) == 2


def test_a_round_begins_as_a_minute_does(app: Flask) -> None:
    rounds, eight = worker.Rounds(app), datetime(2030, 5, 18, 8, tzinfo=UTC)
    rounds.strikes(eight - timedelta(seconds=2))
    seconds = [-1.5, -0.1, 0.4, 1.4, 59.9, 60.3]
    assert [rounds.strikes(eight + timedelta(seconds=after)) for after in seconds] == [
        False, False, True, False, False, True,
    ]  # fmt: skip


def test_a_clock_that_is_wrong_is_told_once_until_it_was_right(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def look(seconds: int) -> bool:
        monkeypatch.setattr(beats.Clock, "set", lambda self: setattr(self, "ahead", timedelta(seconds=seconds)))
        rounds._look_at_clock(clock.now())
        return next(one.is_well for one in findings(app.config["TORANGY"], now=clock.now()) if one.what == "clock")

    rounds = worker.Rounds(app)
    assert [look(-31) for _ in range(2)] == [False, False]
    assert caplog.text.count("this machine's clock is 31 s behind the database's") == 1
    assert [look(29), look(31), look(-29)] == [True, False, True]
    assert caplog.text.count("this machine's clock") == 2 and "31 s ahead of" in caplog.text


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_worker_hears_the_bell_and_ends_cleanly(app: Flask, sink: Sink, number: int) -> None:
    queue(app, "at-start")
    command = [sys.executable, "-c", WORKER, str(app.config["TORANGY"].instance), str(sink.port)]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
    try:
        assert arrived(sink, "at-start", within=60)
        queue(app, "rung")
        app.extensions["rounds"]._covered_until = 0
        app.extensions["rounds"].kick()
        assert arrived(sink, "rung", within=15)
        begun = time.monotonic()
        process.send_signal(number)
        assert process.wait(timeout=20) == 0
        assert time.monotonic() - begun < 15
    finally:
        process.kill()
        process.wait()


def arrived(sink: Sink, name: str, *, within: float) -> bool:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if any(letter.recipient.startswith(name) for letter in sink.received):
            return True
        time.sleep(0.05)
    return False
