"""A worker that is killed in the middle: every letter arrives, at most the one in its hands twice."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from flask import Flask

from app import clock
from app.db import db, transaction
from app.mail.models import Mail
from app.mail.outbox import Recipient, mail_row, queue_mails
from tests.mail.sink import Sink

LETTERS = 300
ROOT = Path(__file__).resolve().parents[2]


def start_worker(app: Flask, sink: Sink, *, minutes_later: int = 0) -> subprocess.Popen[bytes]:
    instance = app.config["TORANGY"].instance
    command = [sys.executable, "-m", "tests.mail.working", str(instance), str(sink.port), str(minutes_later)]
    return subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})


@pytest.mark.slow
def test_a_killed_worker_loses_nothing_and_doubles_at_most_what_it_was_sending(app: Flask, sink: Sink) -> None:
    event = {
        "title": {"kk": "Таза жағалау"},
        "place": {"kk": "Балқаш"},
        "starts_at": "2030-05-18T04:00:00+00:00",
        "timezone": "Asia/Almaty",
    }
    context = {"event": event, "days_ahead": 1, "goes_too": True, "others": [], "tickets": [], "url": "/my"}
    to = [Recipient(f"n{number}@torangy.example", "Нұрлан", "kk") for number in range(LETTERS)]
    queue_mails(
        [
            mail_row(key=one.address, template="reminders/reminder", to=one, context=context, now=clock.now())
            for one in to
        ]
    )
    worker = start_worker(app, sink)
    deadline = time.monotonic() + 60
    while len(sink.received) < LETTERS // 3 and time.monotonic() < deadline:
        time.sleep(0.001)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    arrived = len(sink.received)
    assert LETTERS // 3 <= arrived < LETTERS
    assert start_worker(app, sink, minutes_later=4).wait() == 0

    counts = Counter(letter.recipient for letter in sink.received)
    ids = {
        letter.recipient: {one.message["Message-ID"] for one in sink.received if one.recipient == letter.recipient}
        for letter in sink.received[:arrived]
    }
    assert set(counts) == {one.address for one in to}
    assert sum(counts.values()) - LETTERS <= 1
    assert all(len(several) == 1 for several in ids.values())
    with transaction():
        assert db.session.query(Mail).filter_by(status="sent").count() == LETTERS
