"""Taking an event along on a phone and ending that: a revocable key for one account, one event, one browser."""

import base64
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select, update

from app.access.errors import WrongPassword
from app.access.pins import PIN_ROUNDS, pin_check_of, prove_pin, set_pin
from app.access.sessions import hashed
from app.accounts.actor import Actor
from app.accounts.models import Account
from app.audit.operations import record
from app.db import db, new_id, transaction
from app.desk.log.bodies import uuid_of
from app.desk.log.giving import TAKEN_FOR
from app.desk.phone.models import DeskDevice
from app.desk.phone.phones import DROP, TOKEN
from app.desk.phone.taking_along import taker_of
from app.errors import N_, Invalid, NotFound, require
from app.events.models import Event
from app.events.policy import can_manage_event
from app.people.models import Person

LASTS = timedelta(days=10)  # whoever takes it along weeks ahead does so again


@dataclass(frozen=True)
class Opened:
    """What the phone gets, once: the secrets, and with what it seals and locks."""

    device_id: str
    token: str
    drop: str
    proof: str
    envelope_public: str
    pin_salt: str
    iterations: int
    expires_at: datetime
    powers: tuple[str, ...]


def needs_pin(actor: Actor) -> bool:
    """Whether this account has no PIN yet, so that one has to be chosen now."""
    return db.session.scalar(select(Account.pin_hash).where(Account.id == actor.account_id)) is None


def open_device(
    event: Event, *, install_id: str, name: str, pin: str, password: str, address: str, now: datetime, actor: Actor
) -> Opened:
    """Issues the keys of this phone; what the same browser had before for this event counts no more.

    The PIN is the account's; who has none chooses one and proves by the password that it is theirs. Raises NotAllowed,
    DeskOver, Invalid, WrongPin, TooManyTries.
    """
    taker = taker_of(actor, event, now=now)
    install = uuid_of(install_id)
    if install is None:
        raise Invalid({"install_id": N_("This isn't a phone of ours.")})
    event_id, expires_at = event.id, min(event.ends_at + TAKEN_FOR, now + LASTS)
    _prove(actor, pin, password, address=address, now=now)
    key = ec.generate_private_key(ec.SECP256R1())
    opened = Opened(
        device_id=new_id(),
        token=TOKEN + secrets.token_urlsafe(32),
        drop=DROP + secrets.token_urlsafe(32),
        proof=secrets.token_urlsafe(24),
        envelope_public=base64.b64encode(_public(key)).decode(),
        pin_salt=secrets.token_hex(8),
        iterations=PIN_ROUNDS,
        expires_at=expires_at,
        powers=tuple(sorted(taker.powers)),
    )
    browser = {"install_id": install, "name": "".join(letter for letter in name if letter.isprintable())[:60]}
    _keep(_row(opened, event_id, key, actor, now=now, **browser), now=now, actor=actor)
    return opened


def revoke_device(event: Event, device_id: str, *, now: datetime, actor: Actor) -> None:
    """Ends a phone's access, by its own account or a coordinator here: it wipes itself when it next hears of us.

    What it sealed before is still taken. Raises NotFound for another's or another event's.
    """
    event_id, manages = event.id, can_manage_event(actor, event)
    with transaction() as session:
        device = session.get(DeskDevice, device_id)
        if device is None or device.event_id != event_id:
            raise NotFound
        require(manages or device.account_id == actor.account_id)
        if device.revoked_at is None:
            device.revoked_at, device.revoked_by_id = now, actor.account_id
            record(actor, "revoke_device", device, now=now, changes={"name": (device.name, None)})


def _prove(actor: Actor, pin: str, password: str, *, address: str, now: datetime) -> None:
    account = db.session.get_one(Account, actor.account_id)
    if account.pin_hash is None:
        try:
            set_pin(pin, present=password, address=address, now=now, actor=actor)
        except WrongPassword as refusal:
            raise Invalid({"password": refusal.message}) from refusal
        return
    person = db.session.get_one(Person, account.person_id)
    prove_pin(account, person, pin, address=address, now=now)
    if account.pin_check is None:
        check, salt = pin_check_of(pin)
        with transaction() as session:
            mine = update(Account).where(Account.id == actor.account_id, Account.pin_check.is_(None))
            session.execute(mine.values(pin_check=check, pin_check_salt=salt))


def _row(
    opened: Opened, event_id: str, key: ec.EllipticCurvePrivateKey, actor: Actor, *, now: datetime, **browser: str
) -> DeskDevice:
    return DeskDevice(
        id=opened.device_id,
        event_id=event_id,
        account_id=str(actor.account_id),
        session_id=actor.session_id,
        language=actor.language,
        token_hash=hashed(opened.token),
        drop_hash=hashed(opened.drop),
        proof_hash=hashed(opened.proof),
        envelope_key=_private(key),
        powers=list(opened.powers),
        pin_salt=opened.pin_salt,
        issued_at=now,
        expires_at=opened.expires_at,
        last_seen_at=now,
        **browser,
    )


def _keep(device: DeskDevice, *, now: datetime, actor: Actor) -> None:
    with transaction() as session:
        standing = update(DeskDevice).where(
            DeskDevice.event_id == device.event_id,
            DeskDevice.account_id == device.account_id,
            DeskDevice.install_id == device.install_id,
            DeskDevice.revoked_at.is_(None),
        )
        session.execute(standing.values(revoked_at=now, revoked_by_id=actor.account_id))
        session.add(device)
        session.flush()
        record(actor, "take_along", device, now=now, changes={"name": (None, device.name)})


def _private(key: ec.EllipticCurvePrivateKey) -> str:
    plain = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return key.private_bytes(serialization.Encoding.PEM, *plain).decode()


def _public(key: ec.EllipticCurvePrivateKey) -> bytes:
    form = serialization.PublicFormat.UncompressedPoint
    return key.public_key().public_bytes(serialization.Encoding.X962, form)
