"""Who stands at a shared computer: a session of half a minute that each step renews, and five minutes at the most.

It is apart from ordinary ones: its secret opens no other page, and whoever comes by PIN has no role.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update

from app.access.errors import PinLocked, TooManyTries, WrongPin
from app.access.kiosks import DEVICE
from app.access.models import Kiosk
from app.access.pins import check_pin, pin_tries
from app.access.sessions import actor_from, hashed
from app.access.tries import count_try, forget_tries
from app.accounts.actor import Actor
from app.accounts.models import Account, Session
from app.db import db, transaction
from app.people.models import Person

IDLE = timedelta(seconds=30)
LONGEST = timedelta(minutes=5)

WHO = (
    select(Session, Account.id, Person)
    .join(Account, Account.id == Session.account_id)
    .join(Person, Person.id == Account.person_id)
    .where(
        Session.id == bindparam("id"),
        Session.device == bindparam("device"),
        Session.ended_at.is_(None),
        Session.expires_at > bindparam("now"),
        Account.deactivated_at.is_(None),
        Person.deactivated_at.is_(None),
    )
)


@dataclass(frozen=True)
class Visit:
    """Somebody at a kiosk: who, and for how many seconds the page may stay as it is."""

    actor: Actor
    session_id: str
    seconds: int


def log_in_at_kiosk(kiosk: Kiosk, number: str, pin: str, *, now: datetime) -> str:
    """Opens the short session and returns its secret.

    Raises WrongPin, whatever was wrong and as slowly for an unknown number; PinLocked after five within 15 minutes.
    """
    tries = pin_tries(number)
    try:
        count_try(tries, address=DEVICE + kiosk.id, now=now)
    except TooManyTries as refusal:
        raise PinLocked from refusal
    account = _account(number)
    if not check_pin(account, pin) or account is None:
        raise WrongPin
    forget_tries(tries)
    return _open(account, kiosk, now=now)


def visit_of(secret: str | None, kiosk: Kiosk, *, now: datetime) -> Visit | None:
    """Who stands at this kiosk, for half a minute more; None when the session ended, ran out, or is another's."""
    asked = {"id": _session_id(secret or ""), "device": DEVICE + kiosk.id, "now": now}
    row = db.session.execute(WHO, asked).first()
    if row is None:
        return None
    session_id, until = row[0].id, min(row[0].created_at + LONGEST, now + IDLE)
    actor = actor_from(row[1], row[2], [], session_id=session_id)
    with transaction() as session:
        session.execute(update(Session).where(Session.id == session_id).values(last_seen_at=now, expires_at=until))
    return Visit(actor, session_id, int((until - now).total_seconds()))


def _open(account: Account, kiosk: Kiosk, *, now: datetime) -> str:
    secret = secrets.token_urlsafe(32)
    with transaction() as session:
        row = Session(id=_session_id(secret), account_id=account.id, device=DEVICE + kiosk.id)
        row.created_at, row.last_seen_at, row.expires_at = now, now, now + IDLE
        session.add(row)
    return secret


def _account(number: str) -> Account | None:
    """By the personnel number alone: an e-mail address is typed by nobody at a gate."""
    query = select(Account).join(Person, Person.id == Account.person_id)
    return db.session.scalar(query.where(Person.personnel_number == number.strip(), Person.deactivated_at.is_(None)))


def _session_id(secret: str) -> str:
    """Hashed with a word before it, so that the secret is none of an ordinary session."""
    return hashed(f"{DEVICE}{secret}")
