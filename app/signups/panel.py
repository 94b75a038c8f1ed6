"""What the event's page tells this reader about going: who of the family may, who may not and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select

from app.accounts.actor import Actor
from app.db import Texts, db
from app.errors import DomainError
from app.events.models import Event
from app.people.models import Person
from app.people.queries import children_of
from app.signups.models import STANDING, Place
from app.signups.queries import busy_with, people_ahead_of
from app.signups.rules import refusal_by_places, refusal_for, role_in


@dataclass(frozen=True)
class Member:
    """One of the family: chosen beforehand where that is the likely answer, or refused with the rule."""

    person: Person
    age: int | None
    is_self: bool
    is_minor: bool
    role: str
    chosen: bool
    refusal: DomainError | None


@dataclass(frozen=True)
class Panel:
    """State is one of: log_in, open, not_open, closed, institution, past, cancelled. `mine` are places already held."""

    state: str
    members: Sequence[Member] = ()
    mine: Sequence[Place] = ()
    position: int | None = None
    sizes: Sequence[str] = ()
    opens_at: datetime | None = None
    cancel_by: datetime | None = None
    is_full: bool = False
    chosen_count: int = field(default=0)

    @property
    def shows_form(self) -> bool:
        """Whether anybody is left to sign up."""
        return self.state == "open" and bool(self.free_members)

    @property
    def free_members(self) -> list[Member]:
        """Those whom no rule keeps from going."""
        return [member for member in self.members if member.refusal is None]

    @property
    def minors(self) -> list[Member]:
        """Children who may go: each needs an answer of the guardian."""
        return [member for member in self.free_members if member.is_minor]


def panel_for(event: Event, actor: Actor, now: datetime, *, sizes: Sequence[str] = ()) -> Panel:
    """The panel of this event for this reader; `sizes` are those of the clothes it gives."""
    state = _state(event, actor, now)
    if actor.person_id is None:
        return Panel(state=state, opens_at=event.signup_opens_at)
    person = db.session.get_one(Person, actor.person_id)
    family = [person, *(children_of(actor.person_id) if event.takes_children else [])]
    mine = _places(event, family)
    busy = busy_with(event, [one.id for one in family]) if state == "open" else {}
    members = [_member(event, one, actor, busy) for one in family] if state == "open" else []
    return Panel(
        state=state,
        members=members,
        mine=mine,
        position=_position(mine),
        sizes=sizes,
        opens_at=event.signup_opens_at,
        cancel_by=event.starts_at,
        is_full=event.seats_free == 0,
        chosen_count=sum(member.chosen for member in members),
    )


def _state(event: Event, actor: Actor, now: datetime) -> str:
    if event.status in ("cancelled", "postponed"):
        return event.status
    if event.is_past_at(now) or event.status == "completed":
        return "past"
    if event.audience == "institution":
        return "institution"
    if event.status == "published" and event.signup_opens_at and now < event.signup_opens_at:
        return "not_open"
    if not event.is_open_at(now):
        return "closed"
    return "open" if actor.is_signed_in else "log_in"


def _places(event: Event, family: Sequence[Person]) -> list[Place]:
    query = select(Place).where(
        Place.event_id == event.id, Place.person_id.in_([p.id for p in family]), Place.status.in_(STANDING)
    )
    return list(db.session.scalars(query.order_by(Place.position)))


def _position(mine: Sequence[Place]) -> int | None:
    waiting = next((place for place in mine if place.is_waiting), None)
    return people_ahead_of(waiting.signup) + 1 if waiting else None


def _member(event: Event, person: Person, actor: Actor, busy: Mapping[str, tuple[str, Texts]]) -> Member:
    day: date = event.local_date
    is_self = person.id == actor.person_id
    refusal = refusal_for(event, person) or refusal_by_places(event, person, busy)
    role = role_in(event, person)
    return Member(
        person=person,
        age=person.age_on(day),
        is_self=is_self,
        is_minor=person.is_minor_on(day),
        role=role,
        chosen=refusal is None and is_self and role == "participant",
        refusal=refusal,
    )
