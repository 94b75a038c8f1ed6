"""Putting down what became of letters, for all threads of a process in one transaction.

A thread hands its next letter over only when its last outcome is on record, and that it has the next one in hand: a
worker that is killed leaves at most one letter a thread that may have left, and the rows say which.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import bindparam, literal, select, text, update
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from app.db import connection, db, new_id, transaction
from app.mail import destinations
from app.mail.bounces import note_bad_address
from app.mail.claiming import InHand
from app.mail.models import Mail
from app.mail.rendering import Shown
from app.mail.sending_models import MailAttempt
from app.prepared import rows_of, write

log = logging.getLogger(__name__)

BETWEEN_TRIES = 0.2  # seconds, when the database does not answer
What = Literal["sent", "later", "failed", "bad-address", "back"]
Noted = Literal["refused", "dropped", "unsure", "unwritable"]

_TABLE: Any = Mail.__table__
_MINE = (_TABLE.c.id == bindparam("mine"), _TABLE.c.lease == bindparam("under"))
# Made once: these are executed for every letter.
_HELD = (
    select(_TABLE.c.id, _TABLE.c.lease)
    .where(_TABLE.c.id.in_(bindparam("asked", expanding=True)), _TABLE.c.status == literal("sending"))
    .order_by(_TABLE.c.id)  # as in app/mail/locking.py
    .with_for_update()
)
_HAND = update(_TABLE).where(*_MINE).values(handed_at=bindparam("now"), attempts=_TABLE.c.attempts + 1)
_SENT = (
    update(_TABLE)
    .where(*_MINE)
    .values(
        status="sent", sent_at=bindparam("at"), lease=None, lease_until=None, last_error=None,
        answer_code=bindparam("said"), answer=bindparam("words"), digest=bindparam("hashed"),
    )
)  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """What became of a letter in hand.

    "later" waits until `until`; "back" does too, and it was no try; `stops` is a destination that has to wait, and
    then `until` is the end of its pause. `noted` says how an attempt is put down.
    """

    letter: InHand
    what: What
    at: datetime
    code: int | None = None
    words: str = ""
    shown: Shown | None = None
    until: datetime | None = None
    noted: Noted | None = None
    stops: str | None = None


@dataclass
class Slip:
    """What one thread puts down at once: what became of its last letters, and which one it takes in hand now."""

    outcomes: Sequence[Outcome]
    hand: InHand | None = None
    is_ours: bool = False
    is_done: bool = False
    handed_at: datetime | None = None
    pauses: dict[str, datetime] = field(default_factory=dict)


def record(slips: Sequence[Slip], *, now: datetime) -> None:
    """One transaction for all. What is not ours any more is left as it is; a slip says whether its next letter is."""
    with transaction() as session:
        if session.get_bind().dialect.name == "postgresql":
            # A killed worker loses nothing; a database server without power repeats less than a second of letters.
            session.execute(text("SET LOCAL synchronous_commit = off"))
        ours = _ours(slips)
        _put_sent([one for slip in slips for one in slip.outcomes if one.what == "sent" and _key(one.letter) in ours])
        for slip in slips:
            for outcome in slip.outcomes:
                if _key(outcome.letter) in ours:
                    slip.pauses |= _put(session, outcome)
        handed = [slip.hand for slip in slips if slip.hand is not None and _key(slip.hand) in ours]
        if handed:
            values = [{"mine": letter.id, "under": letter.lease, "now": now} for letter in handed]
            write(connection(), _HAND, values)
    for slip in slips:
        slip.is_ours = slip.hand is not None and _key(slip.hand) in ours
        slip.handed_at = now if slip.is_ours else None


def _key(letter: InHand) -> tuple[str, str]:
    return letter.id, letter.lease


def _ours(slips: Sequence[Slip]) -> set[tuple[str, str]]:
    """Letters among these whose lease is still the one that they were claimed under."""
    ids = [one.letter.id for slip in slips for one in slip.outcomes]
    ids += [slip.hand.id for slip in slips if slip.hand is not None]
    return {(row.id, row.lease) for row in rows_of(connection(), _HELD, {"asked": ids})}


def _put_sent(outcomes: Sequence[Outcome]) -> None:
    if not outcomes:
        return
    values = [
        {
            "mine": one.letter.id, "under": one.letter.lease, "at": one.at, "said": one.code, "words": one.words,
            "hashed": one.shown.digest if one.shown else None,
        }
        for one in outcomes
    ]  # fmt: skip
    write(connection(), _SENT, values)


def _put(session: Session, outcome: Outcome) -> dict[str, datetime]:
    """The rarer ends of a letter, and what they mean for its destination; says which pauses there are now."""
    letter, pauses = outcome.letter, {}
    if letter.tries and outcome.what != "back" and outcome.noted in (None, "refused"):
        answered = [domain for domain in letter.tries if domain != outcome.stops]
        destinations.went_through(session, answered, lease=letter.lease)
    if outcome.stops is not None:
        pauses[outcome.stops] = destinations.pause(
            session, outcome.stops, lease=letter.lease, code=outcome.code, words=outcome.words, now=outcome.at
        )
    if outcome.what == "sent":
        return pauses
    if outcome.noted:
        _note_attempt(session, outcome)
    until = max([*pauses.values(), *([outcome.until] if outcome.until else [])], default=outcome.at)
    change = update(Mail).where(Mail.id == letter.id).values(**_values(outcome, until))
    session.execute(change.execution_options(synchronize_session=False))
    if outcome.what == "bad-address":
        _ask_for_another(session, letter.id, now=outcome.at)
    return pauses


def _ask_for_another(session: Session, mail_id: str, *, now: datetime) -> None:
    """Whatever goes wrong with it: what became of the letters must be put down."""
    try:
        with session.begin_nested():
            note_bad_address(mail_id, now=now)
    except SQLAlchemyError:
        log.exception("mail %s: nobody was asked for another address", mail_id)


def _values(outcome: Outcome, until: datetime) -> dict[str, Any]:
    free: dict[str, Any] = {"lease": None, "lease_until": None}
    if outcome.what == "back":
        return free | {"status": "queued", "due_at": until, "handed_at": None, "attempts": Mail.attempts - 1}
    said = free | {"last_error": outcome.words, "answer_code": outcome.code, "answer": outcome.words}
    if outcome.what == "later":
        return said | {"status": "queued", "due_at": until}
    return said | {"status": "failed"}


def _note_attempt(session: Session, outcome: Outcome) -> None:
    row = session.execute(select(Mail.attempts, Mail.handed_at).where(Mail.id == outcome.letter.id)).one()
    attempt = MailAttempt(
        id=new_id(), mail_id=outcome.letter.id, number=row.attempts, at=row.handed_at or outcome.at,
        ended_at=outcome.at, worker=outcome.letter.lease.partition(":")[0][:16], what=outcome.noted,
        code=outcome.code, answer=outcome.words,
    )  # fmt: skip
    session.add(attempt)
    session.flush()


class Recorder:
    """Group commit: whoever comes first writes for all that wait meanwhile."""

    def __init__(self, now: Callable[[], datetime], *, patience: float) -> None:
        self._now = now
        self._patience = patience  # seconds for which a database that does not answer is asked again
        self._waiting: list[Slip] = []
        self._lock = threading.Lock()
        self._turn = threading.Lock()

    def settle(self, outcomes: Sequence[Outcome], *, hand: InHand | None = None) -> Slip:
        """Returns when it is on record."""
        slip = Slip(outcomes, hand)
        if not outcomes and hand is None:
            return slip
        with self._lock:
            self._waiting.append(slip)
        with self._turn:
            if not slip.is_done:
                with self._lock:
                    slips, self._waiting = self._waiting, []
                try:
                    self._write(slips)
                except BaseException:
                    with self._lock:  # whoever waits tries for all once more
                        self._waiting = [*slips, *self._waiting]
                    raise
                for one in slips:
                    one.is_done = True
        return slip

    def _write(self, slips: Sequence[Slip]) -> None:
        """Again and again: a letter that was taken must not go twice because the database was busy."""
        begun = time.monotonic()
        while True:
            try:
                return record(slips, now=self._now())
            except OperationalError:
                if time.monotonic() - begun > self._patience:
                    raise
                log.warning("the database does not answer; %s outcomes wait", len(slips), exc_info=True)
                db.session.remove()
                time.sleep(BETWEEN_TRIES)
