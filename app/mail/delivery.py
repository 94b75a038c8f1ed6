"""Delivering letters: write one, hand it over, put down what became of it before the next.

No transaction is open while we talk to the mail server. A worker that dies leaves its claims to whoever comes after the
lease; at most the letter that each thread was just handing over goes out twice, under the same Message-ID.
"""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache

from flask import current_app
from jinja2 import Environment

from app.db import hurry_path, new_id
from app.mail import claiming, verdicts
from app.mail.bag import Bag
from app.mail.claiming import InHand
from app.mail.letters import BadAddress
from app.mail.press import Press
from app.mail.quiet_hours import is_night
from app.mail.recorder import Outcome
from app.mail.smtp import MayHaveArrived, NoLine, NotTaken, Post
from app.turns import let_others_go
from config import Settings

log = logging.getLogger(__name__)

BATCH = 50
REST = 30.0  # seconds for which a thread keeps away whose connection the server does not want
LOOK = 0.5  # seconds after which a thread without letters looks whether it is to stop


def deliver_batch(
    post: Post, *, now: datetime, batch: int = BATCH, stopping: Callable[[], bool] = lambda: False
) -> bool:
    """Sends a batch of what is due and says whether there may be more; False too when nothing can leave now.

    Between two letters it asks whether it should stop, and then leaves the rest to others.
    """
    begun = time.monotonic()
    bag = Bag(lambda: now + timedelta(seconds=time.monotonic() - begun))
    letters, more = claiming.claim(new_lease(new_id()), now=now, limit=batch)
    bag.add(letters, begun=begun)
    press = _press(current_app.jinja_env, current_app.config["TORANGY"])
    done: list[Outcome] | None = []
    while done is not None and not stopping():
        done = _send_next(bag, post, press, done)
    rest = bag.decide() if done is None else [*done, *bag.decide()]
    bag.learn(bag.recorder.settle(rest).pauses)
    bag.close()
    return more and bag.paused_until is None


def send_letters(bag: Bag, post: Post, press: Press, stopping: threading.Event) -> None:
    """One thread's work: letter after letter over its own connection, until it is to stop."""
    done: list[Outcome] | None = []
    while not stopping.is_set():
        done = _send_next(bag, post, press, done or [], wait=LOOK, stopping=stopping)
    bag.recorder.settle(done or [])


def new_lease(worker: str) -> str:
    """A lease of its own for each batch; it says whose it is."""
    return f"{worker}:{new_id()[:15]}"


def _send_next(
    bag: Bag, post: Post, press: Press, done: list[Outcome], *, wait: float = 0, stopping: threading.Event | None = None
) -> list[Outcome] | None:
    """Puts down what is done, then sends a letter and says what became of it; None if there was nothing to do."""
    let_others_go(hurry_path())
    letter = bag.take(wait=0 if done else wait)
    if letter is None and not done:
        return None
    slip = bag.recorder.settle(done, hand=letter)
    bag.learn(slip.pauses)
    if letter is None:
        return []
    if slip.handed_at is None:
        bag.drop(letter)
        return []
    try:
        outcome = _sent(letter, post, bag, press, handed_at=slip.handed_at)
    except NoLine as error:
        outcome, is_one_too_many = bag.no_line(letter, error)
        log.warning("mail server: %s", error)
        if is_one_too_many and stopping is not None:
            bag.recorder.settle(bag.judge(outcome))
            stopping.wait(REST)
            return []
    judged = bag.judge(outcome)
    if any(one.stops is not None for one in judged):  # before anybody takes another letter for there
        bag.learn(bag.recorder.settle(judged).pauses)
        return []
    return judged


def _sent(letter: InHand, post: Post, bag: Bag, press: Press, *, handed_at: datetime) -> Outcome:
    """Writes it and hands it over; what became of it. Raises NoLine."""
    try:
        ready = press.written(letter.mail, now=handed_at)
    except BadAddress as error:
        return verdicts.no_address(letter, str(error), now=bag.now())
    except Exception as error:  # whatever a template does to one letter, the others must go
        log.exception("mail %s (%s) could not be written", letter.id, letter.mail.template)
        return verdicts.unwritable(letter, error, now=bag.now())
    try:
        post.offer(ready.sender, ready.recipient)
        # To the second: ten at night may have struck since it was claimed.
        if not bag.has_time(letter) or is_night(bag.now(), letter.mail.reader_zone):
            post.forget()
            return verdicts.untouched(letter, until=bag.now())
        code, words = post.hand_over(ready.message)
    except NotTaken as error:
        return verdicts.refused(letter, error.refusal, now=bag.now())
    except MayHaveArrived as error:
        return verdicts.unsure(letter, str(error), now=bag.now())
    return Outcome(letter, "sent", bag.now(), code, words, shown=ready.shown)


@lru_cache(maxsize=2)
def _press(_: Environment, settings: Settings) -> Press:
    """One for all batches of a process: what it has rendered once it fills again."""
    return Press(settings)
