"""The process that sends: threads with a connection each, and a keeper who claims letters for them and keeps them ours.

The line between it and whoever started it is its standard input: when that closes, however the other one ended, it
finishes the letters in hand, gives the rest back and goes.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from app.db import db
from app.mail import beats, claiming
from app.mail.bag import Bag
from app.mail.delivery import new_lease, send_letters
from app.mail.press import Press
from app.mail.sending_models import MailDestination
from app.mail.smtp import Post

log = logging.getLogger(__name__)

MOST = 100  # letters of one claim
LOOK = 0.5  # seconds between two looks at an outbox that was empty
BETWEEN_PAUSES = 1.0  # seconds after which it looks what others have learned about destinations
BETWEEN_RENEWALS = 120.0
TO_FINISH = 5.0  # seconds for the letters in hand when it is to stop


class Sender:
    """One process."""

    def __init__(self, app: Flask, *, connections: int, own_time: Callable[[], datetime]) -> None:
        self.app = app
        self.time = beats.Clock(own_time)
        self.bag = Bag(self.time.now, threads=connections)
        with app.app_context():
            self.press = Press(app.config["TORANGY"])
        self.stopping = threading.Event()
        self.broken: list[BaseException] = []
        self._worker = ""
        self._share = 2 * connections
        self._sent_before = 0
        self._claimed_at = time.monotonic()
        self._done_at = {"beat": 0.0, "renewal": time.monotonic(), "pauses": 0.0}

    def run(self) -> bool:
        """Works until it is to stop; False if a thread broke."""
        with self.app.app_context():
            self.time.set()
            beats.bury(now=self.time.now())
            self._worker = beats.begin(now=self.time.now())
            with self._threads():
                while not self.stopping.is_set():
                    self._keep()
            self._beat("ended")
            db.session.remove()
        return not self.broken

    @contextmanager
    def _threads(self) -> Iterator[None]:
        threads = [threading.Thread(target=self._send, daemon=True) for _ in range(self.bag.threads)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.stopping.set()
            self.bag.close()
            deadline = time.monotonic() + TO_FINISH
            for thread in threads:
                thread.join(max(0.0, deadline - time.monotonic()))

    def _send(self) -> None:
        try:
            with self.app.app_context(), Post(self.app.config) as post:
                send_letters(self.bag, post, self.press, self.stopping)
        except BaseException as error:
            log.exception("a thread that sends mail broke")
            self.broken.append(error)
            self.stopping.set()
            self.bag.low.set()

    def _keep(self) -> None:
        """One look around: signs of life, leases, what others learned, new letters."""
        try:
            if self._is_time("beat", beats.EVERY):
                self.time.set()
                self._beat("paused" if self.bag.paused_until else "sending" if self.bag.is_busy else "idle")
            if self._is_time("renewal", BETWEEN_RENEWALS):
                self.bag.renew()
            if self._is_time("pauses", BETWEEN_PAUSES):
                self._look_at_pauses()
            found = self._claim()
        except SQLAlchemyError:
            log.exception("the database does not answer the senders of mail")
            found = False
        finally:
            db.session.remove()
        self.bag.low.clear()
        if found and len(self.bag) > self._share // 2:
            self.bag.low.wait(LOOK)
        elif not found:
            self.stopping.wait(LOOK)

    def _claim(self) -> bool:
        """Puts letters into the bag before it is empty: about as many as leave within a second."""
        if len(self.bag) > self._share // 2:
            return True
        begun = time.monotonic()
        passed, sent = max(begun - self._claimed_at, 0.01), self.bag.sent - self._sent_before
        self._share = max(2 * self.bag.threads, min(MOST, round(sent / passed)))
        self._claimed_at, self._sent_before = begun, self.bag.sent
        if self.bag.paused_until is not None:
            return False
        letters, more = claiming.claim(new_lease(self._worker), now=self.time.now(), limit=self._share)
        self.bag.add(letters, begun=begun)
        if not letters and not more and not self.bag.is_busy:
            self.bag.learn(self.bag.recorder.settle(self.bag.decide()).pauses)
        return bool(letters or more)

    def _look_at_pauses(self) -> None:
        now = self.time.now()
        waiting = select(MailDestination.domain, MailDestination.paused_until).where(MailDestination.paused_until > now)
        self.bag.learn(dict(row._tuple() for row in db.session.execute(waiting)), anew=True)

    def _beat(self, state: str) -> None:
        beats.beat(self._worker, state=state, sent=self.bag.sent, failed=self.bag.failed, now=self.time.now())

    def _is_time(self, what: str, seconds: float) -> bool:
        moment = time.monotonic()
        if moment - self._done_at[what] < seconds:
            return False
        self._done_at[what] = moment
        return True
