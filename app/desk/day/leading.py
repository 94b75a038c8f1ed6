"""Whom somebody answers for on the day: everybody, or the groups and buses that they lead."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from app.accounts.actor import COORDINATOR, SAFETY_OFFICER, Actor
from app.db import db
from app.errors import NotAllowed
from app.events.models import Event
from app.rosters.duty_queries import is_medic
from app.rosters.group_policy import is_around
from app.rosters.models import Bus, Group

AFTER_RETURN = timedelta(days=14)


@dataclass(frozen=True)
class Charge:
    """Whose contacts, notes of health and hand-over are somebody's business."""

    everybody: bool = False
    group_ids: Collection[str] = ()
    bus_ids: Collection[str] = ()

    def holds(self, group_id: str | None, bus_id: str | None) -> bool:
        """Whether it is this person."""
        return self.everybody or group_id in self.group_ids or bus_id in self.bus_ids

    def __bool__(self) -> bool:
        return self.everybody or bool(self.group_ids or self.bus_ids)


def charge_of(actor: Actor, event: Event) -> Charge:
    """Coordinators, safety officers and first aid: everybody; leaders of a group or bus: theirs."""
    here = {"city": event.site.city, "programme_id": event.programme_id, "event_id": event.id}
    if actor.holds(COORDINATOR, SAFETY_OFFICER, **here):
        return Charge(everybody=True)
    if actor.person_id is None:
        return Charge()
    if is_medic(event, actor.person_id):
        return Charge(everybody=True)
    return Charge(group_ids=_led(Group, event.id, actor.person_id), bus_ids=_led(Bus, event.id, actor.person_id))


def pack_charge(actor: Actor, event: Event, *, now: datetime) -> Charge:
    """Whose emergency pack they may take along: around the event only, those who run it until two weeks after.

    Raises NotAllowed for everybody else.
    """
    here = {"city": event.site.city, "programme_id": event.programme_id, "event_id": event.id}
    runs_it = actor.holds(COORDINATOR, SAFETY_OFFICER, **here) and now <= event.ends_at + AFTER_RETURN
    if (runs_it or is_around(event, now)) and (charge := charge_of(actor, event)):
        return charge
    raise NotAllowed


def _led(model: type[Group] | type[Bus], event_id: str, person_id: str) -> frozenset[str]:
    query = select(model.id).where(model.event_id == event_id, model.leader_id == person_id)
    return frozenset(db.session.scalars(query))
