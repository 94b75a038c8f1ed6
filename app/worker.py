"""Everything that runs without a click: what is due is found in the tables, and Huey only rings the bell.

A round takes one step of each kind of work in turn until none is left. Rounds begin every minute, at the start, and
about a second after somebody changed something. A lost ring costs a minute, never a letter: rows hold the truth.
"""

import logging
import signal
import threading
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from types import FrameType
from typing import Any

from flask import Flask, Response, request
from huey import Huey, RedisHuey, SqliteHuey, crontab

from app import clock
from app.db import db
from app.files import FileStore
from app.mail.delivery import deliver_batch
from app.mail.smtp import Post
from app.people.guardians import end_guardianships_of_adults
from app.people.import_folder import report_back, take_next_file
from app.people.words import index_names
from app.privacy.purging import purge
from app.reminders.operations import queue_due_reminders
from app.rosters.host_following import follow_events
from app.rosters.lunches import follow_changes, send_due_orders, warn_of_changes
from app.search.indexing import index_titles
from app.signups.approving import expire_approvals
from app.signups.consent_deadlines import ask_again_where_moved, free_unconsented
from app.signups.hr_files import continue_hr_files
from app.signups.offering import expire_offers, promote_after_quiet_hours
from config import Settings

log = logging.getLogger(__name__)

RING_AFTER = 1.0  # seconds; one ring covers all that is committed until it is heard
SAFE = {"GET", "HEAD", "OPTIONS"}
SECONDS_BETWEEN_LOOKS = 10.0
BETWEEN_FOLDER_LOOKS = timedelta(hours=1)

Step = Callable[[datetime], bool]


class Rounds:
    """The work itself, with the bell that asks for it."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.stopping = threading.Event()
        self.purged_on: date | None = None
        self.looked_at: datetime | None = None
        self._covered_until = 0.0
        self._lock = threading.Lock()
        self._bell: tuple[Huey, Any] | None = None

    def tick(self) -> None:
        """One round: every kind of work that is due, step by step, until nothing is left or we are to stop."""
        with self.app.app_context(), Post(self.app.config) as post:
            steps = self._steps(post)
            while steps and not self.stopping.is_set():
                steps = {name: step for name, step in steps.items() if self._goes_on(name, step)}

    def kick(self) -> None:
        """Asks for a round soon; many requests within a second ask once."""
        with self._lock:
            if time.monotonic() < self._covered_until:
                return
            self._covered_until = time.monotonic() + RING_AFTER
        try:
            _, ring = self._hung()
            ring.schedule(delay=RING_AFTER)
        except Exception:
            log.exception("the bell does not ring; the next round comes within a minute")

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
        while not self.stopping.wait(SECONDS_BETWEEN_LOOKS):
            consumer.check_worker_health()
        consumer.stop(graceful=True)

    def _hung(self) -> tuple[Huey, Any]:
        """The bell and its rope, made when first needed: creating an app writes no files."""
        if self._bell is None:
            bell = _make_bell(self.app.config["TORANGY"])
            bell.periodic_task(crontab(), name="minute")(self.tick)
            self._bell = bell, bell.task(name="ring")(self.tick)
        return self._bell

    def _steps(self, post: Post) -> dict[str, Step]:
        uploads = FileStore(self.app.config["TORANGY"].instance / "uploads")
        deliver = partial(deliver_batch, post, stopping=self.stopping.is_set)
        return {
            "reminders": lambda now: queue_due_reminders(now=now),
            "approvals": lambda now: expire_approvals(now=now),
            "consents": lambda now: ask_again_where_moved(now=now) or free_unconsented(now=now),
            "offers": lambda now: expire_offers(now=now),
            "queues": lambda now: promote_after_quiet_hours(now=now),
            "hosts": lambda now: follow_events(now=now),
            "lunches": lambda now: follow_changes(now=now) or send_due_orders(now=now) or warn_of_changes(now=now),
            "mail": lambda now: deliver(now=now),
            "search": lambda now: index_names(now=now) or index_titles(now=now),
            "folder": lambda now: self._take_from_folder(uploads, now),
            "files": lambda now: continue_hr_files(store=uploads, now=now),
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

    def _purge(self, uploads: FileStore, now: datetime) -> bool:
        if self.purged_on != now.date():
            if end_guardianships_of_adults(now=now):
                return True
            purge(store=uploads, now=now)
            self.purged_on = now.date()
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
    app.extensions["rounds"].run()


def tick(app: Flask) -> None:
    """One round, here and now: for commands and tests."""
    app.extensions["rounds"].tick()


def _make_bell(settings: Settings) -> Huey:
    if settings.broker_url:
        return RedisHuey("torangy", url=settings.broker_url, results=False)
    return SqliteHuey("torangy", filename=str(settings.instance / "bell.sqlite3"), results=False, fsync=False)
