"""Reminders end to end into a local SMTP sink, beside a bare smtplib loop on as many connections.

The clock runs from the moment the worker is told that reminders are due until the sink has the last of them: finding
the readers, queueing, writing, sending and putting down are all in it.
"""

import os
import smtplib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import delete, func, select, update

from app.db import db, transaction
from app.events.models import Event
from app.mail.models import Mail
from app.mail.press import Press
from app.mail.rendering import Claimed
from app.mail.sending_models import WorkerBeat
from app.people.models import City, Person
from app.reminders.models import ReminderRun
from app.worker import Rounds
from bench.data import make_employees, make_event, make_ground, now, seat_all
from bench.server import ROOT, free_port

LANGUAGES = ("kk", "ru", "en")
PROCESSES = 2
SLOWEST = 20  # letters a second below which we give up


@dataclass(frozen=True)
class Sent:
    """Letters a second from the bell to the sink, seconds until all were queued, most memory of a sender in MB."""

    per_second: float
    queued_after: float
    megabytes: float
    sink_ms: float


@contextmanager
def sink() -> Iterator[int]:
    """A mail server in a process of its own; yields its port."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "bench.sink", str(port)], cwd=ROOT)
    try:
        for _ in range(100):
            try:
                smtplib.SMTP("127.0.0.1", port, timeout=5).quit()
                break
            except OSError:
                time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(5)


def taken(port: int) -> tuple[int, float]:
    """How many letters the sink has taken, and how many seconds of its processor that took."""
    with smtplib.SMTP("127.0.0.1", port, timeout=30) as line:
        _, letters, seconds = line.docmd("VRFY all")[1].decode().split()
        return int(letters), float(seconds)


def prepare(app: Flask, readers: int, *, first: int) -> str:
    """An event far ahead with so many confirmed readers, a third of them in each language; returns its id."""
    with app.app_context():
        early = now() - timedelta(days=40)
        event_id = make_event(make_ground(now=early), capacity=readers, now=early)
        people = make_employees(readers, now=early, first=first)
        seat_all(event_id, people, now=early)
        with transaction() as session:
            # It is noon there now, and at home: nobody is written to at night.
            zone = f"Etc/GMT{now().hour - 12:+d}"
            session.execute(update(City).values(timezone=zone))
            far = now() + timedelta(days=60)
            session.get_one(Event, event_id).timezone = zone
            moved = {"starts_at": far, "ends_at": far + timedelta(hours=4)}
            session.execute(update(Event).where(Event.id == event_id).values(**moved))
            for number, language in enumerate(LANGUAGES):
                some = people[number :: len(LANGUAGES)]
                for start in range(0, len(some), 500):
                    chosen = update(Person).where(Person.id.in_(some[start : start + 500]))
                    session.execute(chosen.values(language=language).execution_options(synchronize_session=False))
        return event_id


def reminded(
    app: Flask, event_id: str, environ: dict[str, str], *, port: int, readers: int, connections: int,
    meanwhile: Callable[[], None] | None = None,
) -> Sent:  # fmt: skip
    """Has a worker remind all of them; raises if any was left behind. `meanwhile` is done after a tenth of them."""
    own = {"MAIL_PORT": str(port), "MAIL_CONNECTIONS": str(connections), "MAIL_PROCESSES": str(PROCESSES)}
    before, spent = taken(port)
    with _worker(app, {**environ, **own}):
        with app.app_context(), transaction() as session:
            day = now() + timedelta(hours=23)
            session.execute(
                update(Event).where(Event.id == event_id).values(starts_at=day, ends_at=day + timedelta(hours=4))
            )
        begun, started_at = time.monotonic(), now()
        Rounds(app).kick()
        while (count := taken(port)[0] - before) < readers:
            if time.monotonic() - begun > 30 + readers / SLOWEST:
                raise RuntimeError(f"{count} of {readers} letters were sent")
            if meanwhile is not None and count > readers / 10:
                meanwhile()
                meanwhile = None
            time.sleep(0.1)
        seconds = time.monotonic() - begun
        megabytes = _most_memory(app)
        queued = _queued_at(app, event_id)
    return Sent(
        readers / seconds, (queued - started_at).total_seconds(), megabytes, 1000 * (taken(port)[1] - spent) / readers
    )


def a_letter(app: Flask) -> bytes:
    """One of those that were sent, as it left."""
    with app.app_context():
        mail = db.session.scalars(select(Mail).where(Mail.template == "reminders/reminder").limit(1)).one()
        known = {field.name: getattr(mail, field.name) for field in fields(Claimed) if hasattr(mail, field.name)}
        return Press(replace(app.config["TORANGY"])).written(Claimed(**known), now=now()).message


def bare_per_second(letter: bytes, port: int, *, letters: int, connections: int) -> float:
    """The limit: the standard library builds and sends letters of the same parts, in one process or two."""
    rates = []
    for processes in {1, min(PROCESSES, connections)}:
        words = [str(port), str(letters // processes), str(connections // processes)]
        command = [sys.executable, "-m", "bench.bare", *words]
        running = [
            subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(processes)
        ]
        for one in running:
            assert one.stdin and one.stdout
            one.stdin.write(f"{len(letter)}\n".encode() + letter)
            one.stdin.flush()
            one.stdout.readline()
        times = [tuple(map(float, one.communicate()[0].split())) for one in running]
        rates.append(letters / (max(end for _, end in times) - min(begin for begin, _ in times)))
    return max(rates)


def forget(app: Flask) -> None:
    """An empty outbox, and nothing that would fill it but what is made next."""
    far = now() + timedelta(days=400)
    with app.app_context(), transaction() as session:
        session.execute(update(Event).values(starts_at=far, ends_at=far + timedelta(hours=4)))
        for table in (Mail, ReminderRun, WorkerBeat):
            session.execute(delete(table))


@contextmanager
def _worker(app: Flask, environ: dict[str, str]) -> Iterator[None]:
    """`flask worker` as a process, ready to send."""
    command = [sys.executable, "-m", "flask", "--app", str(ROOT / "wsgi"), "worker"]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environ})
    try:
        deadline = time.monotonic() + 60
        with app.app_context():
            there = select(func.count()).select_from(WorkerBeat).where(WorkerBeat.state != "ended")
            while (db.session.scalar(there) or 0) < min(PROCESSES, int(environ["MAIL_CONNECTIONS"])):
                db.session.remove()
                if time.monotonic() > deadline or process.poll() is not None:
                    raise RuntimeError("the worker did not begin")
                time.sleep(0.1)
            db.session.remove()
        time.sleep(3)  # its first round has found nothing to do
        yield
    finally:
        process.terminate()
        process.wait(30)


def _queued_at(app: Flask, event_id: str) -> datetime:
    with app.app_context():
        last = db.session.scalar(select(func.max(Mail.created_at)).where(Mail.event_id == event_id))
        assert last is not None
        return last


def _most_memory(app: Flask) -> float:
    """Of the senders, in MB; 0 where the system doesn't tell."""
    with app.app_context():
        pids = list(db.session.scalars(select(WorkerBeat.pid).where(WorkerBeat.state != "ended")))
    peaks = [0.0]
    for pid in pids:
        status = Path(f"/proc/{pid}/status")
        if status.exists():
            peaks += [float(line.split()[1]) / 1024 for line in status.read_text().splitlines() if "VmHWM" in line]
    return max(peaks)
