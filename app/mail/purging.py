"""What letters say goes after its term; the record that they left stays, after a year without its reader's address.

A walk goes from the oldest letter on, 500 in a transaction, so that nobody waits for it.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, delete, func, literal, null, or_, select, tuple_, update

from app.db import db, transaction
from app.mail.forms import drop_forms
from app.mail.models import Mail
from app.mail.whereabouts import table

READER_KEPT_FOR = timedelta(days=365)
RECORD_KEPT_FOR = timedelta(days=5 * 365)
AT_ONCE = 500

_SETTLED = Mail.status.not_in(("queued", "sending"))
_SETTLED_AT = func.coalesce(Mail.sent_at, Mail.cancelled_at, Mail.due_at)


def purge_mails(*, now: datetime, body_days: int) -> dict[str, int]:
    """Keeps the terms: what a letter says for `body_days` (and while its event is ahead), its reader's address for a
    year, that it left for five. Says how many of each went."""
    return {
        "mail_bodies": _forget_bodies(now, now - timedelta(days=body_days)),
        "mail_forms": drop_forms(unused_since=(now - timedelta(days=body_days)).date()),
        "mail_readers": _forget_readers(now - READER_KEPT_FOR),
        "mails": _forget_records(now - RECORD_KEPT_FOR),
    }


def _forget_bodies(now: datetime, until: datetime) -> int:
    events = table("events").c
    ahead = select(events.id).where(events.id == Mail.event_id, events.ends_at > now).exists()
    gone = {"context": {}, "calendar": null(), "body_deleted_at": now}
    count = 0
    for ids in _walk(until, Mail.body_deleted_at.is_(None), ~ahead):
        with transaction() as session:
            change = update(Mail).where(Mail.id.in_(ids), Mail.body_deleted_at.is_(None), _SETTLED).values(gone)
            session.execute(change.execution_options(synchronize_session=False))
        count += len(ids)
    return count


def _forget_readers(until: datetime) -> int:
    """Addresses and names; also what a server or an old key said, which may hold one."""
    key = case((Mail.key.contains("@", autoescape=True), literal("forgotten:") + Mail.id), else_=Mail.key)
    gone = {"recipient": "", "recipient_name": "", "last_error": None, "answer": None, "key": key}
    count = 0
    for ids in _walk(until, or_(Mail.recipient != "", Mail.recipient_name != "")):
        with transaction() as session:
            change = update(Mail).where(Mail.id.in_(ids), _SETTLED).values(gone)
            session.execute(change.execution_options(synchronize_session=False))
        count += len(ids)
    return count


def _forget_records(until: datetime) -> int:
    count = 0
    for ids in _walk(until):
        with transaction() as session:
            later = update(Mail).where(Mail.again_of_id.in_(ids)).values(again_of_id=None)
            for change in (later, delete(Mail).where(Mail.id.in_(ids), _SETTLED)):
                session.execute(change.execution_options(synchronize_session=False))
        count += len(ids)
    return count


def _walk(until: datetime, *wanted: ColumnElement[bool]) -> Iterator[Sequence[str]]:
    """The ids of such letters whose fate was settled before `until`, the oldest first, so many at once."""
    keys = (Mail.created_at, Mail.id)
    # No letter is settled before it was written: the index of creation serves.
    old = select(*keys).where(Mail.created_at < until, _SETTLED, until > _SETTLED_AT, *wanted)
    old = old.order_by(*keys).limit(AT_ONCE)
    rows = db.session.execute(old).all()
    while rows:
        yield [row[1] for row in rows]
        rows = db.session.execute(old.where(tuple_(*keys) > tuple_(*rows[-1]))).all() if len(rows) == AT_ONCE else []
