"""Logged-in browsers: opening, reading and ending them. A cookie holds a secret, the table only its hash."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, or_, select, update

from app.accounts.actor import Actor, Scope
from app.accounts.models import Account, Grant, Session
from app.db import db, transaction
from app.people.models import Person
from app.web.dates import local_date

LASTS = timedelta(days=30)
SEEN_EVERY = timedelta(minutes=10)


def holds_on(day: Any) -> ColumnElement[bool]:
    """The condition that a grant holds on this day, by the clocks of the company."""
    return (
        or_(Grant.valid_on.is_(None), Grant.valid_on == day)
        & or_(Grant.valid_from.is_(None), Grant.valid_from <= day)
        & or_(Grant.valid_until.is_(None), Grant.valid_until >= day)
    )


# Every request of a logged-in person asks this: one round trip, built once.
WHO = (
    select(Session.id, Session.last_seen_at, Account.id, Person, Grant)
    .join(Account, Account.id == Session.account_id)
    .join(Person, Person.id == Account.person_id)
    .outerjoin(
        Grant,
        (Grant.account_id == Account.id) & Grant.revoked_at.is_(None) & holds_on(bindparam("today")),
    )
    .where(
        Session.id == bindparam("id"),
        Session.ended_at.is_(None),
        Session.expires_at > bindparam("now"),
        Account.deactivated_at.is_(None),
        Person.deactivated_at.is_(None),
    )
)


def open_session(account: Account, *, device: str, now: datetime) -> str:
    """Logs the account in on this device and returns the secret for its cookie."""
    secret = secrets.token_urlsafe(32)
    with transaction() as session:
        session.add(
            Session(
                id=hashed(secret),
                account_id=account.id,
                created_at=now,
                last_seen_at=now,
                expires_at=now + LASTS,
                device=device[:200],
            )
        )
    return secret


def actor_of(secret: str, *, now: datetime) -> Actor | None:
    """Who this session stands for; None when it ended, ran out, or the account was closed."""
    rows = db.session.execute(WHO, {"id": hashed(secret), "now": now, "today": local_date(now)}).all()
    if not rows:
        return None
    session_id, seen_at, account_id, person, _ = rows[0]
    actor = actor_from(account_id, person, [row[4] for row in rows if row[4]], session_id=session_id)
    if now - seen_at > SEEN_EVERY:
        _note_seen(session_id, now=now)
    return actor


def actor_from(account_id: str, person: Person, grants: list[Grant], *, session_id: str | None = None) -> Actor:
    """The plain value that policies take, from rows."""
    return Actor(
        account_id=account_id,
        person_id=person.id,
        name=person.short_name,
        language=person.language,
        city=person.city,
        scopes=tuple(Scope(g.role, g.city, g.programme_id, g.event_id, g.lent_by_id) for g in grants),
        session_id=session_id,
    )


def standing_grants(now: datetime) -> ColumnElement[bool]:
    """The condition under which a grant counts at this moment."""
    return Grant.revoked_at.is_(None) & holds_on(local_date(now))


def end_session(session_id: str, *, now: datetime, account_id: str | None = None) -> None:
    """Logs this one device out; with `account_id` only if it is a device of that account."""
    with transaction() as session:
        query = update(Session).where(Session.id == session_id, Session.ended_at.is_(None))
        if account_id:
            query = query.where(Session.account_id == account_id)
        session.execute(query.values(ended_at=now))


def end_sessions_of(account_id: str, *, now: datetime, but: str | None = None) -> None:
    """Logs all devices of an account out, but for one perhaps: after a new password or another role."""
    with transaction() as session:
        query = update(Session).where(Session.account_id == account_id, Session.ended_at.is_(None))
        session.execute(query.where(Session.id != (but or "")).values(ended_at=now))


def hashed(secret: str) -> str:
    """SHA-256 of a secret of ours; long random secrets need no slower hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _note_seen(session_id: str, *, now: datetime) -> None:
    with transaction() as session:
        session.execute(update(Session).where(Session.id == session_id).values(last_seen_at=now))
