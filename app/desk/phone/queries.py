"""Reads of phones that took an event along."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.accounts.actor import Actor
from app.accounts.models import Account
from app.db import db
from app.desk.phone.models import DeskDevice
from app.desk.roster.policy import desk_powers
from app.errors import NotFound, require
from app.events.models import Event
from app.events.policy import can_manage_event, can_see_event
from app.people.models import Person


@dataclass(frozen=True)
class PhoneLine:
    """One phone with whose it is."""

    device: DeskDevice
    name: str
    is_mine: bool


def event_of_phones(actor: Actor, event: Event) -> Event:
    """The event, for whoever has something to do at its desk; raises NotFound, NotAllowed."""
    if not can_see_event(actor, event):
        raise NotFound
    require(bool(desk_powers(actor, event)))
    return event


def phones_of(event: Event, actor: Actor) -> Sequence[PhoneLine]:
    """Those that took it along, the last one first: all for its coordinators, one's own for others."""
    query = (
        select(DeskDevice, Person)
        .join(Account, Account.id == DeskDevice.account_id)
        .join(Person, Person.id == Account.person_id)
        .where(DeskDevice.event_id == event.id)
        .order_by(DeskDevice.issued_at.desc(), DeskDevice.id)
    )
    if not can_manage_event(actor, event):
        query = query.where(DeskDevice.account_id == actor.account_id)
    return [
        PhoneLine(device, person.short_name, device.account_id == actor.account_id)
        for device, person in db.session.execute(query)
    ]
