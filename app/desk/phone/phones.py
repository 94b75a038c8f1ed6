"""From a phone's key to whom it acts for: the device, its account as it stands today, and whether it still counts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, or_, select, update
from sqlalchemy.orm import joinedload

from app.access.sessions import actor_from, hashed, holds_on
from app.accounts.actor import HELPER, STRANGER, Actor
from app.accounts.models import Account, Grant, Session
from app.db import db, transaction
from app.desk.log.bodies import LEAD
from app.desk.phone.models import DeskDevice
from app.desk.roster.policy import desk_powers
from app.errors import N_, NotSignedIn
from app.events.models import Event
from app.people.models import Person
from app.web.dates import local_date

TOKEN, DROP = "torangy_desk_", "torangy_drop_"
SEEN_EVERY = timedelta(minutes=1)
# A helper's grant holds on the event's days; the phone was given to them then, and comes back with what it recorded.
_grants = and_(
    Grant.account_id == Account.id,
    Grant.revoked_at.is_(None),
    or_(holds_on(bindparam("today")), and_(Grant.role == HELPER, Grant.event_id == DeskDevice.event_id)),
)
WHO: Any = (
    select(DeskDevice, Account, Person, Session.ended_at, Grant)
    .join(Account, Account.id == DeskDevice.account_id)
    .join(Person, Person.id == Account.person_id)
    .outerjoin(Session, Session.id == DeskDevice.session_id)
    .outerjoin(Grant, _grants)
)


class DeskEnded(NotSignedIn):
    """The phone's access was ended: by a coordinator, by logging out, with the account, or with the event."""

    type = "desk-revoked"
    title = N_("This phone's access has ended")
    message = N_("This phone's access to the event has ended. Log in and take it along again.")


@dataclass(frozen=True)
class Phone:
    """One device that asks. By `is_drop` it may hand sealed operations over and see nothing; its actor is nobody."""

    device: DeskDevice
    event: Event
    actor: Actor
    powers: frozenset[str]
    is_drop: bool


def is_phone_key(secret: str) -> bool:
    """Whether it looks like a key of a phone; every call but those of the desk refuses such ones."""
    return secret.startswith((TOKEN, DROP))


def phone_of(secret: str, *, event_id: str, now: datetime) -> Phone | None:
    """The phone of this key; None for a key of another kind. Raises NotSignedIn for an unknown one or another event's,
    DeskEnded where it counts no more."""
    if not is_phone_key(secret):
        return None
    is_drop = secret.startswith(DROP)
    column = DeskDevice.drop_hash if is_drop else DeskDevice.token_hash
    rows = db.session.execute(WHO.where(column == hashed(secret)), {"today": local_date(now)}).all()
    if not rows or rows[0][0].event_id != event_id:
        raise NotSignedIn
    device, account, person, ended_at, _ = rows[0]
    event = db.session.get_one(Event, event_id, options=[joinedload(Event.site)])
    if device.expires_at <= now:
        raise DeskEnded
    if is_drop:
        return Phone(device, event, STRANGER, frozenset(), is_drop=True)
    actor = actor_from(account.id, person, [row[4] for row in rows if row[4]])
    powers = powers_of(device, actor, event)
    is_gone = account.deactivated_at or person.deactivated_at or device.revoked_at or ended_at
    if is_gone or not powers:
        raise DeskEnded
    return Phone(device, event, actor, powers, is_drop=False)


def powers_of(device: DeskDevice, actor: Actor, event: Event) -> frozenset[str]:
    """What its account may do today; who leads a group without any role keeps that from when it was taken along."""
    return desk_powers(actor, event) or frozenset(device.powers) & {LEAD}


def account_of(device: DeskDevice, *, now: datetime) -> Actor:
    """For whom a device recorded, whatever became of its session since."""
    rows = db.session.execute(WHO.where(DeskDevice.id == device.id), {"today": local_date(now)}).all()
    _, account, person, _, _ = rows[0]
    return actor_from(account.id, person, [row[4] for row in rows if row[4]])


def note_exchange(
    phone: Phone, *, now: datetime, unsent: int | None = None, version: str = "", clock_off: int | None = None
) -> None:
    """Writes down when it was last heard of and what it said of itself; a mere question only once a minute."""
    device = phone.device
    if unsent is None and device.last_seen_at and now - device.last_seen_at < SEEN_EVERY:
        return
    changes: dict[str, Any] = {"last_seen_at": now}
    if unsent is not None:
        changes |= {"unsent": unsent, "last_sent_at": now, "version": version[:16]}
    if clock_off is not None:
        changes["clock_off"] = clock_off
    device_id = device.id
    with transaction() as session:
        session.execute(update(DeskDevice).where(DeskDevice.id == device_id).values(changes))
