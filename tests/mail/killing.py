"""Workers that are killed, for any database: every letter arrives, at most one a thread twice."""

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from flask import Flask
from sqlalchemy import select, text

from app import clock
from app.db import db
from app.mail.models import Mail
from app.mail.outbox import Recipient, mail_row, queue_mails
from app.mail.samples import sample_of
from app.mail.sending_models import MailAttempt
from tests.mail.sink import Sink

ROOT = Path(__file__).resolve().parents[2]
PROCESSES, CONNECTIONS = 2, 4
TEMPLATE = "reminders/reminder"


def fill(app: Flask, letters: int) -> None:
    """So many reminders, due now, to an address each."""
    context, now = sample_of(app.jinja_env, TEMPLATE), clock.now()
    to = [Recipient(f"n{number}@torangy.example", "Нұрлан", "kk") for number in range(letters)]
    queue_mails([mail_row(key=one.address, template=TEMPLATE, to=one, context=context, now=now) for one in to])


class Workers:
    """Several processes that send, to be killed together."""

    def __init__(self, app: Flask, sink: Sink, *, poison: str = "", lease: str = "") -> None:
        settings = app.config["TORANGY"]
        words = [str(settings.instance), settings.database_url, str(sink.port), str(CONNECTIONS), poison, lease]
        self.command = [sys.executable, "-m", "tests.mail.working", *words]
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self, count: int = PROCESSES) -> None:
        for _ in range(count):
            environ = {**os.environ, "PYTHONPATH": str(ROOT)}
            self.running.append(subprocess.Popen(self.command, cwd=ROOT, env=environ, stdin=subprocess.PIPE))

    def signal(self, number: int) -> None:
        for process in self.running:
            process.send_signal(number)

    def kill(self) -> None:
        """All at once, in the middle of whatever they do."""
        self.signal(signal.SIGKILL)
        for process in self.running:
            process.communicate()
        self.running = []

    def end(self) -> list[int]:
        """As their parent would end them; their exit codes."""
        for process in self.running:
            assert process.stdin is not None
            process.stdin.close()
            process.stdin = None
        codes = [process.wait(20) for process in self.running]
        self.running = []
        return codes


def wait_for(sink: Sink, letters: int, *, within: float) -> None:
    """Until the sink has so many."""
    deadline = time.monotonic() + within
    while len(sink.received) < letters and time.monotonic() < deadline:
        time.sleep(0.001)
    assert len(sink.received) >= letters, f"{len(sink.received)} of {letters} letters in {within} s"


def wait_until_sent(letters: int, *, within: float) -> None:
    """Until the rows say that all are."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        db.session.rollback()
        if db.session.query(Mail).filter_by(status="sent").count() == letters:
            return
        time.sleep(0.1)
    statuses = Counter(row.status for row in db.session.query(Mail.status))
    raise AssertionError(f"after {within} s: {statuses}")


def kill_all_twice(app: Flask, sink: Sink, *, letters: int, within: float) -> None:
    """All workers are killed after a third of the letters, and again after two thirds."""
    fill(app, letters)
    workers = Workers(app, sink)
    try:
        for part in (letters // 3, 2 * letters // 3):
            workers.start()
            wait_for(sink, part, within=within)
            workers.kill()
            assert len(sink.received) < letters
        workers.start()
        wait_until_sent(letters, within=within)
        assert workers.end() == [0] * PROCESSES
    finally:
        workers.kill()
    check(sink, letters, kills=2)


def stop_one(app: Flask, sink: Sink, *, letters: int, within: float) -> None:
    """A process that stands still (SIGSTOP) for longer than its leases last: another one takes over what it held, and
    when it goes on, it writes nothing; only what its threads were just handing over may come twice.
    """
    sink.seconds_per_letter = 0.05
    fill(app, letters)
    first, second = Workers(app, sink, lease="2"), Workers(app, sink)
    try:
        first.start(1)
        wait_for(sink, letters // 6, within=within)
        _stop_between_writes(first)
        held = db.session.query(Mail).filter_by(status="sending").count()
        assert held > 0 and len(sink.received) < letters
        second.start(1)
        wait_until_sent(letters, within=within)
        rows, tries = _all_rows(), db.session.query(MailAttempt).count()
        assert tries <= CONNECTIONS, "what was in its hands is put down as a try without an answer, and nothing else"
        first.signal(signal.SIGCONT)
        time.sleep(1.5)
        assert first.end() == [0] and second.end() == [0]
        db.session.rollback()
        assert _all_rows() == rows and db.session.query(MailAttempt).count() == tries
    finally:
        first.kill()
        second.kill()
    check(sink, letters, kills=1)
    assert len(sink.received) - letters <= CONNECTIONS


def _stop_between_writes(workers: Workers) -> None:
    """Who stands still within a transaction holds up everybody on SQLite, and its rows on PostgreSQL."""
    for _ in range(200):
        workers.signal(signal.SIGSTOP)
        time.sleep(0.1)
        if _nobody_writes():
            return
        workers.signal(signal.SIGCONT)
        time.sleep(0.03)
    raise AssertionError("it is always writing")


def _nobody_writes() -> bool:
    db.session.rollback()
    if db.engine.dialect.name == "postgresql":
        busy = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        return db.session.scalar(text(f"{busy} AND state <> 'idle'")) == 0
    turn = os.open(f"{db.engine.url.database}.turn", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(turn)
    return True


def _all_rows() -> list[tuple[object, ...]]:
    """Every column of every letter."""
    return [tuple(row) for row in db.session.execute(select(*Mail.__table__.c).order_by(Mail.id))]


def check(sink: Sink, letters: int, *, kills: int) -> None:
    """Nothing is lost; what came twice is one letter a thread and kill at most, under the same Message-ID."""
    counts = Counter(letter.recipient for letter in sink.received)
    assert set(counts) == {f"n{number}@torangy.example" for number in range(letters)}
    assert sum(counts.values()) - letters <= kills * PROCESSES * CONNECTIONS
    assert max(counts.values()) <= 1 + kills
    ids = {(letter.recipient, letter.message["Message-ID"]) for letter in sink.received}
    assert len(ids) == letters
    db.session.rollback()
    assert db.session.query(Mail).filter(Mail.lease.is_not(None)).count() == 0
