"""Everything that runs without a click: what is due is found in the tables, and Huey only rings the bell.

A round takes one step of each kind of work in turn until none is left. Rounds begin as each minute does (what is due
at eight comes at eight), at the start, and about a second after somebody changed something. A lost ring costs a
minute, never a letter: rows hold the truth.

Mail leaves from processes of their own (app/mail/senders.py), so that a slow mail server keeps nothing else waiting.
"""

import logging
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from types import FrameType
from typing import Any

from flask import Flask, Response, request
from huey import Huey, RedisHuey, SqliteHuey

from app import clock
from app.db import db
from app.desk.roster.messages import send_messages
from app.files import FileStore, open_store
from app.impact.follow_up.reminding import remind_of_follow_ups
from app.impact.pictures.objecting import withdraw_objected
from app.impact.pictures.sweeping import sweep_pictures
from app.impact.thanks.queueing import queue_thanks
from app.impact.thanks.survey import end_due_surveys
from app.mail.beats import Clock
from app.mail.delivery import deliver_batch
from app.mail.report_mailbox import NoMailbox, read_mailbox
from app.mail.senders import Sender
from app.mail.smtp import Post
from app.people.guardians import end_guardianships_of_adults
from app.people.import_folder import report_back, take_next_file
from app.people.words import index_names
from app.privacy.purging import purge
from app.reminders.digest import queue_digests
from app.reminders.operations import queue_due_reminders
from app.rosters.host_following import follow_events
from app.rosters.lunches import follow_changes, send_due_orders, warn_of_changes
from app.search.indexing import index_titles
from app.signups.approving import expire_approvals
from app.signups.consent_deadlines import ask_again_where_moved, free_unconsented
from app.signups.hr_files import continue_hr_files
from app.signups.offering import expire_offers, promote_after_quiet_hours
from app.turns import go_last
from config import ROOT, Settings

log = logging.getLogger(__name__)

RING_AFTER = 1.0  # seconds; one ring covers all that is committed until it is heard
SAFE = {"GET", "HEAD", "OPTIONS"}
SECONDS_BETWEEN_LOOKS = 1.0
SECONDS_BETWEEN_CHECKS = 10.0
SECONDS_BETWEEN_STARTS = 5.0
SECONDS_TO_END = 8.0
SEND = "from app.worker import send_mail; send_mail()"
NICE = 10
# Seconds for which those who wait for a page go first: whoever queues thousands waits longer than whoever sends one.
LETS_GO = 2.0
SENDER_LETS_GO = 0.1
BETWEEN_FOLDER_LOOKS = timedelta(hours=1)
BETWEEN_REPORTS = timedelta(minutes=5)

Step = Callable[[datetime], bool]


class Rounds:
    """The work itself, with the bell that asks for it."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.stopping = threading.Event()
        self.purged_on: date | None = None
        self.looked_at: datetime | None = None
        self.reports_read_at: datetime | None = None
        self.is_skewed = False
        self._minute: datetime | None = None
        self._covered_until = 0.0
        self._lock = threading.Lock()
        self._bell: tuple[Huey, Any] | None = None

    def tick(self, *, with_mail: bool = False) -> None:
        """One round: every kind of work that is due, step by step, until nothing is left or we are to stop."""
        with self.app.app_context(), Post(self.app.config) as post:
            steps = self._steps()
            if with_mail:
                steps["mail"] = lambda now: deliver_batch(post, now=now, stopping=self.stopping.is_set)
            while steps and not self.stopping.is_set():
                steps = {name: step for name, step in steps.items() if self._goes_on(name, step)}

    def kick(self) -> None:
        """Asks for a round soon; many requests within a second ask once."""
        with self._lock:
            if time.monotonic() < self._covered_until:
                return
            self._covered_until = time.monotonic() + RING_AFTER
        _ask_for_round(lambda: self._hung()[1].schedule(delay=RING_AFTER))

    def run(self) -> None:
        """Works in the foreground until SIGTERM or SIGINT, then ends the step at hand and returns."""
        bell, ring = self._hung()
        bell.storage.flush_queue()  # rings that nobody heard say nothing new
        bell.storage.flush_schedule()
        ring()
        consumer = bell.create_consumer(workers=1, max_delay=0.5, scheduler_interval=1)
        consumer.start()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        senders = Senders(self.app.config["TORANGY"])
        checked_at = time.monotonic()
        while not self.stopping.wait(SECONDS_BETWEEN_LOOKS):
            senders.look()
            if self.strikes(clock.now()):
                _ask_for_round(ring)
            if time.monotonic() - checked_at > SECONDS_BETWEEN_CHECKS:
                consumer.check_worker_health()
                checked_at = time.monotonic()
        senders.ask_to_end()
        consumer.stop(graceful=True)
        senders.end()

    def strikes(self, now: datetime) -> bool:
        """Whether a minute has begun since we last looked."""
        before, self._minute = self._minute, now.replace(second=0, microsecond=0)
        return self._minute != before

    def _hung(self) -> tuple[Huey, Any]:
        """The bell and its rope, made when first needed: creating an app writes no files."""
        if self._bell is None:
            bell = _make_bell(self.app.config["TORANGY"])
            self._bell = bell, bell.task(name="ring")(self.tick)
        return self._bell

    def _steps(self) -> dict[str, Step]:
        uploads = open_store(self.app.config["TORANGY"])
        return {
            "clock": self._look_at_clock,
            "reminders": lambda now: queue_due_reminders(now=now),
            "digests": lambda now: queue_digests(now=now),
            "thanks": lambda now: queue_thanks(now=now) or end_due_surveys(now=now),
            "follow_ups": lambda now: remind_of_follow_ups(now=now),
            "approvals": lambda now: expire_approvals(now=now),
            "consents": lambda now: ask_again_where_moved(now=now) or free_unconsented(now=now),
            "offers": lambda now: expire_offers(now=now),
            "queues": lambda now: promote_after_quiet_hours(now=now),
            "messages": lambda now: send_messages(now=now),
            "hosts": lambda now: follow_events(now=now),
            "lunches": lambda now: follow_changes(now=now) or send_due_orders(now=now) or warn_of_changes(now=now),
            "search": lambda now: index_names(now=now) or index_titles(now=now),
            "bounces": self._read_reports,
            "folder": lambda now: self._take_from_folder(uploads, now),
            "files": lambda now: continue_hr_files(store=uploads, now=now),
            "pictures": lambda now: withdraw_objected(now=now) or sweep_pictures(store=uploads, now=now),
            "purge": lambda now: self._purge(uploads, now),
        }

    def _goes_on(self, name: str, step: Step) -> bool:
        """Whether this kind of work has more to do; what breaks is logged and left until the next round."""
        if self.stopping.is_set():
            return False
        try:
            return step(clock.now())
        except Exception:
            log.exception("worker: %s broke; the others go on", name)
            return False
        finally:
            db.session.remove()

    def _look_at_clock(self, _now: datetime) -> bool:
        """Says once that ours is wrong, and anew only after it was right."""
        ours = Clock(clock.now)
        ours.set()
        if ours.is_wrong and not self.is_skewed:
            log.warning("%s: reminders come at the wrong time", ours.difference())
        self.is_skewed = ours.is_wrong
        return False

    def _purge(self, uploads: FileStore, now: datetime) -> bool:
        if self.purged_on != now.date():
            if end_guardianships_of_adults(now=now):
                return True
            purge(store=uploads, now=now, mail_body_days=self.app.config["TORANGY"].mail_body_days)
            self.purged_on = now.date()
        return False

    def _read_reports(self, now: datetime) -> bool:
        """Every five minutes what mail servers sent back."""
        source = self.app.config["TORANGY"].mail_bounce_source
        if source is None or (self.reports_read_at and now < self.reports_read_at + BETWEEN_REPORTS):
            return False
        try:
            if read_mailbox(source, now=now):
                return True
        except NoMailbox as error:
            log.warning("mailbox of bounces: %s", error)
        self.reports_read_at = now
        return False

    def _take_from_folder(self, uploads: FileStore, now: datetime) -> bool:
        """Once an hour what lies there; in between only the reports of what was read meanwhile."""
        folder = self.app.config["TORANGY"].hr_folder
        if folder is None:
            return False
        report_back(folder, now=now)
        if self.looked_at and now < self.looked_at + BETWEEN_FOLDER_LOOKS:
            return False
        if take_next_file(folder, store=uploads, now=now):
            return True
        self.looked_at = now
        return False

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping.set()


class Senders:
    """The processes that send mail, kept alive as long as we are."""

    def __init__(self, settings: Settings) -> None:
        count = min(settings.mail_processes, settings.mail_connections)
        shares = [settings.mail_connections // count + (n < settings.mail_connections % count) for n in range(count)]
        self._orders = [pickle.dumps((settings, share)) for share in shares]
        self._running: dict[int, subprocess.Popen[bytes]] = {}
        self._started_at: dict[int, float] = {}
        self.look()

    def look(self) -> None:
        """Starts those that are not there; one that breaks at once is given a moment."""
        for number, order in enumerate(self._orders):
            process = self._running.get(number)
            if process is not None and process.poll() is None:
                continue
            if process is not None and time.monotonic() - self._started_at[number] < SECONDS_BETWEEN_STARTS:
                continue
            if process is not None:
                log.error("a process that sends mail ended with %s; another one begins", process.returncode)
                _let_go(process)
            self._running[number] = _started(order)
            self._started_at[number] = time.monotonic()

    def ask_to_end(self) -> None:
        """They finish the letters in hand and give the rest back."""
        for process in self._running.values():
            _let_go(process)

    def end(self) -> None:
        """Waits for them, but not for long: a letter that a server doesn't answer is left to whoever comes next."""
        deadline = time.monotonic() + SECONDS_TO_END
        for process in self._running.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _started(order: bytes) -> subprocess.Popen[bytes]:
    """Its orders come through its standard input, which stays open: when it closes, we are gone, and it ends."""
    process = subprocess.Popen([sys.executable, "-c", SEND], cwd=ROOT, stdin=subprocess.PIPE)
    assert process.stdin is not None
    try:
        process.stdin.write(len(order).to_bytes(4, "big") + order)
        process.stdin.flush()
    except OSError:
        log.exception("a process that sends mail did not begin")
    return process


def _let_go(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        with suppress(OSError):
            process.stdin.close()


def _step_back(patience: float) -> None:
    """Processors and database go to those who wait for a page. Niceness alone gives a web process the processor only
    after some milliseconds, which is longer than it needs; a batch process makes way at once."""
    if hasattr(os, "nice"):
        os.nice(NICE)
    if hasattr(os, "SCHED_BATCH"):
        with suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
    go_last(patience)


def send_mail() -> None:
    """What a sender's process does: reads its orders, then sends until whoever started it lets go."""
    from app import create_app

    orders = sys.stdin.buffer
    settings, connections = pickle.loads(orders.read(int.from_bytes(orders.read(4), "big")))
    _step_back(SENDER_LETS_GO)
    sender = Sender(create_app(settings), connections=connections, own_time=clock.now)

    def stop(*_: object) -> None:
        sender.stopping.set()

    def listen() -> None:
        orders.read()
        stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    threading.Thread(target=listen, daemon=True).start()
    well = sender.run()
    sys.stdout.flush()
    os._exit(0 if well else 1)  # a thread may still wait for its server


def init_bell(app: Flask) -> None:
    """After each successful change over HTTP, a round is asked for."""
    rounds = app.extensions["rounds"] = Rounds(app)

    @app.after_request
    def _ring(response: Response) -> Response:
        if request.method not in SAFE and response.status_code < 400:
            rounds.kick()
        return response


def run(app: Flask) -> None:
    """The worker in the foreground, until it is told to stop."""
    _step_back(LETS_GO)
    app.extensions["rounds"].run()


def tick(app: Flask) -> None:
    """One round, here and now, with its mail: for commands and tests."""
    app.extensions["rounds"].tick(with_mail=True)


def _ask_for_round(ring: Callable[[], object]) -> None:
    """Nobody who rings breaks because the bell does not."""
    try:
        ring()
    except Exception:
        log.exception("the bell does not ring; the next round comes within a minute")


def _make_bell(settings: Settings) -> Huey:
    if settings.broker_url:
        return RedisHuey("torangy", url=settings.broker_url, results=False)
    return SqliteHuey("torangy", filename=str(settings.instance / "bell.sqlite3"), results=False, fsync=False)
