"""Who may take an event along on a phone, and what of it they see there."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload

from app.accounts.actor import HELPER, Actor, Scope
from app.accounts.models import Grant
from app.db import db
from app.desk.day.leading import Charge, charge_of
from app.desk.log.bodies import LEAD, MARK
from app.desk.log.giving import TAKEN_FOR
from app.desk.roster.policy import desk_powers
from app.errors import N_, DomainError, NotAllowed, NotFound
from app.events.models import Event
from app.events.policy import can_see_event, can_see_roster
from app.rosters.group_policy import is_around


class DeskOver(DomainError):
    """An event that ended days ago is not taken along any more."""

    type = "desk-over"
    title = N_("This event is over")
    message = N_("This event is over. Its list is on the page of the event.")


class NotNear(DomainError):
    """Helpers take an event along from the day before it."""

    type = "desk-not-near"
    title = N_("Not yet")
    message = N_("You can take this event along from the day before it.")


@dataclass(frozen=True)
class Taker:
    """Whoever takes an event along: what they may record, and whose details are their business.

    Who has the roster sees everybody; a leader without it everybody's name, and more only of their own people.
    """

    actor: Actor
    powers: frozenset[str]
    charge: Charge
    sees_all: bool

    @property
    def sees_signs(self) -> bool:
        """Whether missing consents and the sign of a note of health of everybody are shown: to those who let in."""
        return MARK in self.powers


def taker_of(actor: Actor, event: Event, *, now: datetime) -> Taker:
    """The same as a value; raises NotFound where the event is unseen, NotAllowed where somebody has nothing to do at
    it, NotNear for a helper days before, DeskOver when it is over."""
    if not can_see_event(actor, event):
        raise NotFound
    powers, is_near = desk_powers(actor, event), is_around(event, now)
    if not powers and _helps(actor, event):
        if not is_near:
            raise NotNear
        # Their role begins on the day itself; the signal may be there the evening before alone.
        actor = replace(actor, scopes=(*actor.scopes, Scope(HELPER, event_id=event.id)))
        powers = desk_powers(actor, event)
    charge = charge_of(actor, event)
    if not powers and charge and is_near:
        powers = frozenset({LEAD})
    if not powers:
        raise NotAllowed
    if now > event.ends_at + TAKEN_FOR:
        raise DeskOver
    return Taker(actor, powers, charge, can_see_roster(actor, event))


def _helps(actor: Actor, event: Event) -> bool:
    """Whether they were named as a helper of this event, whatever day it is."""
    mine = exists().where(
        Grant.account_id == actor.account_id,
        Grant.role == HELPER,
        Grant.event_id == event.id,
        Grant.revoked_at.is_(None),
    )
    return actor.account_id is not None and bool(db.session.scalar(select(mine)))


def event_to_take(event_id: str) -> Event:
    """The event with its site; raises NotFound."""
    event = db.session.get(Event, event_id, options=[joinedload(Event.site), joinedload(Event.stops)])
    if event is None:
        raise NotFound
    return event
