"""Shared computers that people log in at with number and PIN: enrolling them, knowing them again, ending them.

A coordinator gets a code that is typed on that computer once. The computer gets a secret in a cookie instead; of both
only the hash is kept, in the same column, so that a code opens once.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update

from app.access.codes import new_slip_code, slip_words
from app.access.errors import WrongKioskCode
from app.access.models import Kiosk
from app.access.policy import can_keep_kiosks
from app.access.sessions import hashed
from app.access.tries import count_try, forget_tries
from app.accounts.actor import COORDINATOR, Actor
from app.accounts.models import Session
from app.audit.operations import record
from app.db import db, transaction
from app.errors import N_, Invalid, NotFound, require
from app.people.models import City

CODE_LASTS = timedelta(hours=24)
SEEN_EVERY = timedelta(minutes=10)
# How a session says that it was opened at a kiosk, and at which.
DEVICE = "kiosk:"


def add_kiosk(name: str, city: str, *, now: datetime, actor: Actor) -> tuple[Kiosk, str]:
    """A computer to be enrolled within a day, and the code to type on it, seen this once. Raises Invalid."""
    name = " ".join(name.split())[:100]
    if not name:
        raise Invalid({"name": N_("Please fill this in.")})
    if db.session.get(City, city) is None:
        raise Invalid({"city": N_("There is no such city.")})
    require(can_keep_kiosks(actor, city))
    code = new_slip_code()
    with transaction() as session:
        kiosk = Kiosk(
            name=name, city=city, secret_hash=_hashed_code(code), created_at=now, created_by_id=actor.account_id
        )
        session.add(kiosk)
        session.flush()
        record(actor, "add_kiosk", kiosk, now=now)
    return kiosk, code


def enrol(code: str, *, address: str, now: datetime, actor: Actor) -> str:
    """This browser is the kiosk from now on: returns the secret for its cookie. A code opens once, within a day.

    Raises WrongKioskCode, TooManyTries.
    """
    count_try(f"kiosk:{address}", address=address, now=now)
    secret = secrets.token_urlsafe(32)
    with transaction() as session:
        wanted = update(Kiosk).where(
            Kiosk.secret_hash == _hashed_code(code),
            Kiosk.last_used_at.is_(None),
            Kiosk.revoked_at.is_(None),
            Kiosk.created_at > now - CODE_LASTS,
        )
        kiosk_id = session.scalar(wanted.values(secret_hash=hashed(secret), last_used_at=now).returning(Kiosk.id))
        if kiosk_id is None:
            raise WrongKioskCode
        record(actor, "enrol_kiosk", session.get_one(Kiosk, kiosk_id), now=now)
    forget_tries(f"kiosk:{address}")
    return secret


def revoke_kiosk(kiosk_id: str, *, now: datetime, actor: Actor) -> Kiosk:
    """The computer is a kiosk no longer, and whoever stands there is logged out; raises NotFound for others' kiosks."""
    with transaction() as session:
        kiosk = session.get(Kiosk, kiosk_id)
        if kiosk is None or not can_keep_kiosks(actor, kiosk.city):
            raise NotFound
        if kiosk.revoked_at is None:
            kiosk.revoked_at = now
            there = update(Session).where(Session.device == DEVICE + kiosk.id, Session.ended_at.is_(None))
            session.execute(there.values(ended_at=now))
            record(actor, "revoke_kiosk", kiosk, now=now)
    return kiosk


def kiosk_of(secret: str | None, *, now: datetime) -> Kiosk | None:
    """The kiosk that this cookie belongs to; None when it is forged or was ended."""
    if not secret:
        return None
    known = (Kiosk.secret_hash == hashed(secret), Kiosk.last_used_at.is_not(None), Kiosk.revoked_at.is_(None))
    kiosk = db.session.scalar(select(Kiosk).where(*known))
    if kiosk and kiosk.last_used_at and now - kiosk.last_used_at > SEEN_EVERY:
        with transaction() as session:
            session.execute(update(Kiosk).where(Kiosk.id == kiosk.id).values(last_used_at=now))
    return kiosk


def kiosks_kept_by(actor: Actor) -> Sequence[tuple[Kiosk, City]]:
    """The kiosks of the cities that the actor coordinates: those that work first, then by name."""
    query = select(Kiosk, City).join(City, City.slug == Kiosk.city)
    where = actor.cities(COORDINATOR)
    if where is not None:
        query = query.where(Kiosk.city.in_(where))
    order = (Kiosk.revoked_at.is_not(None), Kiosk.name, Kiosk.id)
    return [(kiosk, city) for kiosk, city in db.session.execute(query.order_by(*order).limit(500))]


def _hashed_code(code: str) -> str:
    return hashed(slip_words("kiosk", code))
