"""Reads about hosts: who they are, what they answered, and whom they will receive: names without anything of health."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.access.signed_links import read_link, sign_link
from app.accounts.actor import Actor
from app.db import db
from app.errors import NotAllowed, NotFound
from app.events.models import Event
from app.events.periods import MIDNIGHT, moment
from app.events.policy import can_manage_event, can_see_event
from app.events.trip_models import Host
from app.people.models import Person
from app.signups.models import Place

HOST = "host"


@dataclass(frozen=True)
class Guest:
    """One person of the list: a name, and whether it is a child or an escort."""

    name: str
    is_child: bool
    is_escort: bool


def hosts_of(event: Event) -> Sequence[Host]:
    """All hosts of the trip, those of the whole trip first, then stop by stop."""
    query = select(Host).where(Host.event_id == event.id, Host.removed_at.is_(None))
    rows = db.session.scalars(query.options(joinedload(Host.stop)).order_by(Host.created_at, Host.id)).all()
    return sorted(rows, key=lambda host: host.stop.position if host.stop else 0)


def host_to_manage(actor: Actor, host_id: str) -> Host:
    """The host for whoever plans the event; raises NotFound, NotAllowed where they may only look at the event."""
    query = select(Host).options(joinedload(Host.event).joinedload(Event.site), joinedload(Host.stop))
    host = db.session.scalar(query.where(Host.id == host_id, Host.removed_at.is_(None)))
    if host is None or not can_see_event(actor, host.event):
        raise NotFound
    if not can_manage_event(actor, host.event):
        raise NotAllowed
    return host


def host_by_link(token: str, *, now: datetime) -> Host:
    """The host whom a letter's link names. Raises LinkWrong, LinkExpired, and NotFound once they are taken out."""
    facts = read_link(HOST, token, now=now)
    query = select(Host).options(joinedload(Host.event).joinedload(Event.site), joinedload(Host.stop))
    host = db.session.scalar(query.where(Host.id == facts["row"], Host.removed_at.is_(None)))
    if host is None or str(host.link_number) != facts["number"]:
        raise NotFound
    return host


def host_token(host: Host) -> str:
    """The link of this host, until the event is over."""
    facts = {"row": host.id, "number": str(host.link_number)}
    return sign_link(HOST, facts, expires_at=host.event.ends_at)


def closes_at(event: Event) -> datetime:
    """Until when an answer may change: the midnight before the day."""
    return moment(event.local_date, MIDNIGHT, event.timezone)


def guests_of(event: Event) -> list[Guest]:
    """Everybody who is in, in the order of the Kazakh alphabet. No age, no contact, no food, nothing of health."""
    query = (
        select(Person, Place.role)
        .join(Place, Place.person_id == Person.id)
        .where(Place.event_id == event.id, Place.status == "confirmed")
        .order_by(Person.name_sort, Person.id)
    )
    day = event.local_date
    return [
        Guest(person.short_name, person.is_minor_on(day), role == "escort")
        for person, role in db.session.execute(query)
    ]
