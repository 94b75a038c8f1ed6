"""Taking letters out of the outbox, so that no two workers send the same one.

A claim is a conditional UPDATE that writes a lease; what is put down afterwards counts only while the lease is ours.
While a letter is `sending`, its `due_at` is the end of the lease: whoever looks for due letters finds the orphans too.
A worker that lives renews its leases. `handed_at` is empty until a letter is in somebody's hands: only that one may
have left when its worker dies, and only for that one does it count as a try.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, select, text, update
from sqlalchemy.orm import Session

from app.db import db, new_id, transaction
from app.mail import destinations
from app.mail.locking import in_order
from app.mail.models import BULK, SEAT, WAITED_FOR, Mail, Suppression
from app.mail.overriding import Which, overrides_of
from app.mail.pace import LINE, MOST_DEATHS
from app.mail.quiet_hours import after_quiet_hours
from app.mail.rendering import Claimed
from app.mail.sending_models import MailAttempt

LEASE = timedelta(minutes=10)
GAVE_NO_ANSWER = "No worker lived to say what became of it."
ADDRESS_BOUNCED = "Earlier letters to this address came back."
UNSUBSCRIBED = "The reader wants no such letters."

# The words of the partial index: SQLite uses it only for the very same text.
_OPEN = text("mails.status IN ('queued', 'sending')")
_NAMES = tuple(field.name for field in fields(Claimed) if field.name in Mail.__table__.c)
_COLUMNS = tuple(getattr(Mail, name) for name in _NAMES)
_SEEN = (
    Mail.id, Mail.recipient, Mail.optional, Mail.kind, Mail.domain, Mail.status, Mail.attempts, Mail.lease,
    Mail.handed_at, Mail.expires_at, Mail.cancelled_at, Mail.reader_zone,
)  # fmt: skip


@dataclass(frozen=True)
class InHand:
    """A claimed letter, under which lease it is ours, and what decides about its next try."""

    mail: Claimed
    lease: str
    domain: str
    priority: int
    not_before: datetime
    was_unsure: bool
    tries: tuple[str, ...] = ()  # destinations that wait for what becomes of it

    @property
    def id(self) -> str:
        """The letter's."""
        return self.mail.id


def claim(lease: str, *, now: datetime, limit: int) -> tuple[list[InHand], bool]:
    """Up to `limit` due letters, ours until the lease ends, and whether there may be more.

    What is due but must not be sent any more is settled on the way; what goes to a destination that waits waits too,
    and what would wake its reader waits for the morning.
    """
    due = select(Mail.id).where(_OPEN, Mail.priority.in_((WAITED_FOR, SEAT, BULK)), Mail.due_at <= now)
    if db.session.scalar(due.limit(1)) is None:
        return [], False
    with transaction() as session:
        pauses = destinations.standing(session)
        line = pauses.get(LINE)
        if line is not None and not destinations.may_try(session, line, lease=lease, now=now):
            return [], False
        rows = _due(session, now=now, limit=limit)
        live = _settle(session, rows, now=now)
        live -= _let_sleep(session, [row for row in rows if row.id in live], now=now)
        free = destinations.hold_back(session, [row for row in rows if row.id in live], pauses, lease=lease, now=now)
        if line is not None:  # one letter tries the line, the others wait for what becomes of it
            free = {mail_id: (*domains, LINE) for mail_id, domains in list(free.items())[:1]}
        letters = _taken(session, free, lease, now=now) if free else []
    return letters, len(rows) == limit


def renew(leases: Collection[str], *, now: datetime) -> None:
    """Ours for longer: their worker is alive."""
    until = now + LEASE
    held = update(Mail).where(in_order(_OPEN, Mail.status == "sending", Mail.lease.in_(leases)))
    with transaction() as session:
        session.execute(_quietly(held.values(lease_until=until, due_at=until)))


def give_back(mail_ids: Sequence[str], lease: str, *, until: datetime) -> None:
    """Letters that nobody touched: anybody may take them from then on."""
    change = update(Mail).where(in_order(Mail.id.in_(mail_ids), Mail.lease == lease))
    with transaction() as session:
        session.execute(_quietly(change.values(status="queued", lease=None, lease_until=None, due_at=until)))


def orphan(worker: str, *, now: datetime) -> None:
    """The worker is dead for certain: what it held is due at once, and not when its leases end."""
    theirs = Mail.lease.startswith(f"{worker}:", autoescape=True)
    held = update(Mail).where(in_order(_OPEN, Mail.status == "sending", theirs))
    with transaction() as session:
        session.execute(_quietly(held.values(lease_until=now, due_at=now)))


def _quietly(change: Any) -> Any:
    return change.execution_options(synchronize_session=False)


def _due(session: Session, *, now: datetime, limit: int) -> list[Row[Any]]:
    """Who is waited for first, then seats, then bulk; of each what is due longest."""
    rows: list[Row[Any]] = []
    for priority in (WAITED_FOR, SEAT, BULK):
        some = select(*_SEEN).where(_OPEN, Mail.priority == priority, Mail.due_at <= now).order_by(Mail.due_at)
        rows.extend(session.execute(some.limit(limit - len(rows)).with_for_update(skip_locked=True)))
        if len(rows) == limit:
            break
    return rows


def _settle(session: Session, rows: Sequence[Row[Any]], *, now: datetime) -> set[str]:
    """Ends what is due but must not leave: too late, taken back, unwanted, or deadly to every worker that touched it.

    Says what may leave.
    """
    silenced = _silenced(session, rows)
    deadly = _note_deaths(session, [row for row in rows if row.status == "sending" and row.handed_at], now=now)
    ends: dict[tuple[str, str | None], list[str]] = {}
    left = set()
    for row in rows:
        verdict = _end_of(row, silenced, deadly, now=now)
        if verdict is None:
            left.add(row.id)
        else:
            ends.setdefault(verdict, []).append(row.id)
    for (status, why), ids in ends.items():
        values: dict[str, Any] = {"status": status, "lease": None, "lease_until": None}
        values |= {"last_error": why} if why else {}
        values |= {"cancelled_at": func.coalesce(Mail.cancelled_at, now)} if status == "cancelled" else {}
        session.execute(_quietly(update(Mail).where(Mail.id.in_(ids)).values(**values)))
    return left


def _let_sleep(session: Session, rows: Sequence[Row[Any]], *, now: datetime) -> set[str]:
    """Moves what has a reader's zone in which it is night to their morning; says which letters these are."""
    asleep: dict[str, list[str]] = {}
    for row in rows:
        if row.reader_zone is not None:
            asleep.setdefault(row.reader_zone, []).append(row.id)
    kept: set[str] = set()
    for zone, ids in asleep.items():
        morning = after_quiet_hours(now, zone)
        if morning != now:
            kept.update(ids)
            waiting = {"status": "queued", "lease": None, "lease_until": None, "not_before": morning, "due_at": morning}
            session.execute(_quietly(update(Mail).where(Mail.id.in_(ids)).values(**waiting)))
    return kept


def _end_of(
    row: Row[Any], silenced: dict[str, set[tuple[str, str]]], deadly: set[str], *, now: datetime
) -> tuple[str, str | None] | None:
    """Status and reason of a letter that ends here."""
    reasons = silenced.get(row.recipient.lower(), set())
    if row.expires_at is not None and row.expires_at <= now:
        return "missed", None
    if row.cancelled_at is not None:
        return "cancelled", None
    if row.optional and any(reason != "bounced" and kind in ("", row.kind) for reason, kind in reasons):
        return "cancelled", UNSUBSCRIBED
    if any(reason == "bounced" for reason, _ in reasons):
        return "failed", ADDRESS_BOUNCED
    return ("failed", GAVE_NO_ANSWER) if row.id in deadly else None


def _silenced(session: Session, rows: Sequence[Row[Any]]) -> dict[str, set[tuple[str, str]]]:
    """Why addresses among these get no mail, or none of a kind."""
    found: dict[str, set[tuple[str, str]]] = {}
    addresses = {row.recipient.lower() for row in rows}
    known = select(Suppression.address, Suppression.reason, Suppression.kind).where(Suppression.address.in_(addresses))
    for address, reason, kind in session.execute(known):
        found.setdefault(address, set()).add((reason, kind))
    return found


def _note_deaths(session: Session, rows: Sequence[Row[Any]], *, now: datetime) -> set[str]:
    """Letters that a dead worker had in its hands: a try without an answer. Says which of them end here."""
    if not rows:
        return set()
    session.add_all(
        MailAttempt(
            id=new_id(), mail_id=row.id, number=row.attempts, at=row.handed_at, ended_at=now,
            worker=(row.lease or "").partition(":")[0][:16], what="died", answer=GAVE_NO_ANSWER,
        )
        for row in rows
    )  # fmt: skip
    session.flush()
    counted = select(MailAttempt.mail_id).where(
        MailAttempt.mail_id.in_([row.id for row in rows]), MailAttempt.what == "died"
    )
    return set(session.scalars(counted.group_by(MailAttempt.mail_id).having(func.count() >= MOST_DEATHS)))


def _taken(session: Session, free: Mapping[str, tuple[str, ...]], lease: str, *, now: datetime) -> list[InHand]:
    until = now + LEASE
    taking = (
        update(Mail)
        .where(Mail.id.in_(free), _OPEN)
        .values(status="sending", lease=lease, lease_until=until, due_at=until, handed_at=None)
        .returning(*_COLUMNS, Mail.event_id, Mail.domain, Mail.priority, Mail.not_before, Mail.answer_code)
    )
    rows = session.execute(_quietly(taking)).all()
    own = overrides_of(((row.event_id, row.template, row.language) for row in rows), at=now)
    letters = [
        InHand(_claimed(row, own), lease, row.domain, row.priority, row.not_before, row.answer_code == 0, free[row.id])
        for row in rows
    ]
    return sorted(letters, key=lambda one: (one.priority, one.mail.created_at, one.id))


def _claimed(row: Row[Any], own: Mapping[Which, Mapping[str, Any]]) -> Claimed:
    override = own.get((row.event_id, row.template, row.language))
    return Claimed(**dict(zip(_NAMES, row, strict=False)), override=override)
