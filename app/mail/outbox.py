"""Writing letters into the outbox, inside the transaction of the change that causes them; sending comes later."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, case, or_, update
from sqlalchemy.dialects import postgresql, sqlite

from app.columns import Encoded, encode
from app.db import connection, new_id, transaction
from app.mail.kinds import OPTIONAL
from app.mail.locking import in_order
from app.mail.models import BULK, SEAT, WAITED_FOR, Mail
from app.prepared import is_written, write

# Built once: with its values written in, the statement would be compiled anew for every letter.
INSERT = {
    name: dialect.insert(Mail.__table__).on_conflict_do_nothing(index_elements=["key"])
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}
INSERT_AND_SAY = {name: insert.returning(Mail.__table__.c.id) for name, insert in INSERT.items()}


EVENTS_KEPT = 100
_events_told: dict[str, tuple[Any, str]] = {}

# What somebody sits and waits for goes before seats, what goes to many after them.
PRIORITIES = {"access/": WAITED_FOR, "reminders/": BULK, "desk/message": BULK}


@dataclass(frozen=True)
class Recipient:
    """One address, how to greet whoever reads it, and in which language."""

    address: str
    name: str
    language: str
    person_id: str | None = None
    given_name: str = ""


def queue_mail(
    *,
    key: str,
    template: str,
    to: Recipient,
    context: Mapping[str, Any],
    now: datetime,
    event_id: str | None = None,
    not_before: datetime | None = None,
    expires_at: datetime | None = None,
    calendar: Mapping[str, Any] | None = None,
    optional: bool | None = None,
) -> bool:
    """Queues one letter; False if one with this key stands already, whatever became of it.

    `context` is JSON only: times as ISO text under names that end in `_at`, days under names that end in `_on`.
    `template` "signups/confirmed" means templates/signups/mail/confirmed/. A letter that can't leave before
    `expires_at` is not sent any more. `optional` letters carry a link to unsubscribe; their template says which these
    are, unless somebody says otherwise.
    """
    row = mail_row(
        key=key, template=template, to=to, context=context, now=now, event_id=event_id, not_before=not_before,
        expires_at=expires_at, calendar=calendar, optional=optional,
    )  # fmt: skip
    return queue_mails([row]) == 1


def mail_row(
    *,
    key: str,
    template: str,
    to: Recipient,
    context: Mapping[str, Any],
    now: datetime,
    event_id: str | None = None,
    not_before: datetime | None = None,
    expires_at: datetime | None = None,
    calendar: Mapping[str, Any] | None = None,
    optional: bool | None = None,
    priority: int | None = None,
) -> dict[str, Any]:
    """One letter of a batch, as `queue_mails` takes it; the arguments are those of `queue_mail`."""
    earliest = max(not_before or now, now)
    return {
        "id": new_id(),
        "key": key,
        "template": template,
        "recipient": to.address,
        "recipient_name": to.name[:200],
        "person_id": to.person_id,
        "language": to.language,
        "kind": kind_of(template),
        "priority": priority_of(template) if priority is None else priority,
        "reader_zone": None,  # the keys are those of every row: the statement is prepared once
        "domain": to.address.rpartition("@")[2].lower()[:255],
        "event_id": event_id,
        "context": dict(context),
        "calendar": dict(calendar) if calendar is not None else None,
        "optional": template in OPTIONAL if optional is None else optional,
        "status": "queued",
        "attempts": 0,
        "created_at": now,
        "not_before": earliest,
        "due_at": earliest,
        "expires_at": expires_at,
    }


@cache
def kind_of(template: str) -> str:
    """What readers know it as: the last part of "reminders/reminder"."""
    return template.rpartition("/")[2][:20]


@cache
def priority_of(template: str) -> int:
    """How soon letters of this template must go, unless somebody says otherwise."""
    return next((priority for start, priority in PRIORITIES.items() if template.startswith(start)), SEAT)


def queue_mails(rows: Sequence[Mapping[str, Any]]) -> int:
    """Queues a batch made with `mail_row` and says how many are new; those whose key stands already are left alone."""
    if not rows:
        return 0
    with transaction() as session:
        session.flush()
        insert = INSERT_AND_SAY[session.get_bind().dialect.name]
        if len(rows) == 1:
            return int(is_written(connection(), insert, rows[0]))
        # Counted by what comes back: psycopg gives no number of rows for many at once.
        return len(connection().execute(insert, [dict(row) for row in rows]).all())


def post(rows: Sequence[Mapping[str, Any]]) -> None:
    """The same, where nobody asks how many are new."""
    if not rows:
        return
    with transaction() as session:
        session.flush()
        write(connection(), INSERT[session.get_bind().dialect.name], [_encoded(row) for row in rows])


def _encoded(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with its context as text: what it says of the event is the same in the letters of hundreds."""
    own = dict(row["context"])
    event = own.pop("event", None)
    if not isinstance(event, dict) or "id" not in event:
        return dict(row)
    known, text = _events_told.get(event["id"], (None, ""))
    if known != event:
        text = encode(event)
        if len(_events_told) >= EVENTS_KEPT:
            _events_told.clear()
        _events_told[event["id"]] = event, text
    return {**row, "context": Encoded(f'{encode(own)[:-1]}{"," if own else ""}"event":{text}}}')}


def cancel_mails(
    *,
    now: datetime,
    event_id: str | None = None,
    person_id: str | None = None,
    template_prefix: str | None = None,
    key_prefix: str | None = None,
    readers: Collection[str] = (),
    about: Collection[str] = (),
) -> int:
    """Takes back what is not sent yet and fits all that is given; says how many letters will not leave now.

    `person_id` is the reader's, `readers` are those of several; `about` are words between colons of a key, any of
    them. A letter that a worker is just sending can't be called back, but it isn't tried a
    second time.
    """
    if not (event_id or person_id or template_prefix or key_prefix or readers):
        raise ValueError("cancel_mails() without saying which")
    wanted: list[ColumnElement[bool]] = [Mail.cancelled_at.is_(None)]
    if event_id:
        wanted.append(Mail.event_id == event_id)
    if person_id:
        wanted.append(Mail.person_id == person_id)
    if template_prefix:
        wanted.append(Mail.template.startswith(template_prefix, autoescape=True))
    if key_prefix:
        wanted.append(Mail.key.startswith(key_prefix, autoescape=True))
    if readers:
        wanted.append(Mail.person_id.in_(readers))
    if about:
        wanted.append(or_(*(Mail.key.contains(f":{word}:", autoescape=True) for word in about)))
    with transaction() as session:
        session.flush()
        change = update(Mail).where(in_order(*wanted, Mail.status.in_(("queued", "sending"))))
        waiting = case((Mail.status == "queued", "cancelled"), else_=Mail.status)
        taken_back = change.values(status=waiting, cancelled_at=now).returning(Mail.status)
        statuses = session.scalars(taken_back.execution_options(synchronize_session=False)).all()
        return statuses.count("cancelled")
