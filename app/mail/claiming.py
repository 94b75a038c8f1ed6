"""Taking letters out of the outbox and putting down what became of them, so that no two workers send the same one.

A claim is a conditional UPDATE that writes a lease; what is put down afterwards counts only while the lease is ours.
While a letter is `sending`, its `due_at` is the end of the lease: whoever looks for due letters finds the orphans too.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Boolean, and_, bindparam, func, literal_column, select, update
from sqlalchemy.orm import Session

from app.db import db, transaction
from app.mail.models import Mail, Suppression
from app.mail.rendering import Claimed

LEASE = timedelta(minutes=3)
BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360))
MAX_ATTEMPTS = len(BACKOFF) + 1
GAVE_NO_ANSWER = "No worker lived to say what became of it."
ADDRESS_BOUNCED = "Earlier letters to this address came back."
UNSUBSCRIBED = "The reader wants no such letters."

# The words of the partial index: SQLite uses it only for the very same text.
_OPEN = literal_column("mails.status IN ('queued', 'sending')", Boolean)
_COLUMNS = (
    Mail.id, Mail.template, Mail.recipient, Mail.recipient_name, Mail.language, Mail.context, Mail.calendar,
    Mail.optional, Mail.attempts, Mail.created_at,
)  # fmt: skip
# Made once: this one is executed for every letter.
_SENT = (
    update(Mail.__table__)  # type: ignore[arg-type]
    .where(Mail.__table__.c.id == bindparam("mine"), Mail.__table__.c.lease == bindparam("by"))
    .values(status="sent", sent_at=bindparam("at"), lease=None, lease_until=None, last_error=None)
    .returning(Mail.__table__.c.id)
)


def claim(lease: str, *, now: datetime, limit: int) -> tuple[list[Claimed], bool]:
    """Up to `limit` due letters, ours until the lease ends, and whether there may be more.

    What is due but must not be sent any more is settled on the way.
    """
    due = select(Mail.id).where(_OPEN, Mail.due_at <= now).order_by(Mail.due_at).limit(limit)
    if db.session.scalar(due.limit(1)) is None:
        return [], False
    with transaction() as session:
        ids = list(session.scalars(due.with_for_update(skip_locked=True)))
        _settle(session, ids, now=now)
        until = now + LEASE
        taking = (
            update(Mail)
            .where(Mail.id.in_(ids), _OPEN)
            .values(status="sending", lease=lease, lease_until=until, due_at=until, attempts=Mail.attempts + 1)
            .returning(*_COLUMNS)
            .execution_options(synchronize_session=False)
        )
        mails = [Claimed(*row) for row in session.execute(taking)]
    return sorted(mails, key=lambda mail: (mail.created_at, mail.id)), len(ids) == limit


def put_sent(mail_id: str, lease: str, *, now: datetime) -> bool:
    """It was handed over. False if the lease ran out and somebody else took the letter."""
    with transaction() as session:
        return session.execute(_SENT, {"mine": mail_id, "by": lease, "at": now}).first() is not None


def put_failed(mail_id: str, lease: str, *, why: str) -> bool:
    """It will not be tried again, unless a person asks for it."""
    return _put(mail_id, lease, status="failed", last_error=why)


def put_back(mail_id: str, lease: str, *, attempts: int, why: str, now: datetime) -> bool:
    """It is tried again later, less and less often; after the sixth time it has failed."""
    if attempts >= MAX_ATTEMPTS:
        return put_failed(mail_id, lease, why=why)
    return _put(mail_id, lease, status="queued", due_at=now + BACKOFF[attempts - 1], last_error=why)


def give_back(mail_ids: Sequence[str], lease: str, *, now: datetime) -> None:
    """Untouched letters of a batch that ends early: anybody may take them at once, and no attempt is counted."""
    change = update(Mail).where(Mail.id.in_(mail_ids), Mail.lease == lease).execution_options(synchronize_session=False)
    values = {"status": "queued", "lease": None, "lease_until": None, "due_at": now, "attempts": Mail.attempts - 1}
    with transaction() as session:
        session.execute(change.values(values))


def _settle(session: Session, ids: Sequence[str], *, now: datetime) -> None:
    """What is due but must not leave: too late, taken back, unwanted, or deadly to every worker that touched it."""
    known = select(Suppression.reason).where(Suppression.address == func.lower(Mail.recipient))
    bounced = known.where(Suppression.reason == "bounced").exists()
    unwanted = and_(Mail.optional, known.where(Suppression.reason == "unsubscribed").exists())
    worn_out = and_(Mail.status == "sending", Mail.attempts >= MAX_ATTEMPTS)
    for condition, values in (
        (Mail.expires_at <= now, {"status": "missed"}),
        (Mail.cancelled_at.is_not(None), {"status": "cancelled"}),
        (unwanted, {"status": "cancelled", "cancelled_at": now, "last_error": UNSUBSCRIBED}),
        (bounced, {"status": "failed", "last_error": ADDRESS_BOUNCED}),
        (worn_out, {"status": "failed", "last_error": GAVE_NO_ANSWER}),
    ):
        change = update(Mail).where(Mail.id.in_(ids), _OPEN, condition).values(lease=None, lease_until=None, **values)
        session.execute(change.execution_options(synchronize_session=False))


def _put(mail_id: str, lease: str, **values: object) -> bool:
    change = update(Mail).where(Mail.id == mail_id, Mail.lease == lease).execution_options(synchronize_session=False)
    with transaction() as session:
        put = session.execute(change.values(lease=None, lease_until=None, **values).returning(Mail.id))
        return put.first() is not None
