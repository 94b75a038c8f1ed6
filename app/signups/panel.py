"""What the sheet "who is going" tells this reader: who of the family and the brigade may, who may not and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.accounts.actor import Actor
from app.db import db
from app.errors import DomainError
from app.events.models import Event
from app.events.policy import can_manage_event
from app.people.brigade_queries import brigades_led_by, members_of
from app.people.models import Person
from app.people.queries import children_of
from app.signups.engagements import engagements
from app.signups.errors import AlreadySignedUp, GrownUp, SignedUpBy
from app.signups.models import STANDING, Place, SignUp
from app.signups.queries import people_ahead_of
from app.signups.question_queries import Sheet, sheet_for
from app.signups.rules import (
    cancels_until,
    refusal_by_absences,
    refusal_by_home,
    refusal_by_places,
    refusal_for,
    role_in,
)


@dataclass(frozen=True)
class Member:
    """One who may be ticked: chosen beforehand where that is the likely answer, or refused with the rule.

    `works_until` is set where HR's calendar has them at work on that day. `is_family` is one's own household: of
    colleagues neither size nor diet is shown.
    """

    person: Person
    age: int | None
    is_self: bool
    is_minor: bool
    role: str
    chosen: bool
    refusal: DomainError | None
    works_until: date | None = None
    is_family: bool = True


@dataclass(frozen=True)
class Crew:
    """A brigade that the reader leads, with those of it who may be ticked."""

    id: str
    name: str
    members: Sequence[Member]


@dataclass(frozen=True)
class Panel:
    """State is one of: log_in, open, not_open, closed, institution, past, cancelled, postponed.

    `mine` are places already held by the family; `whom` is the person for whom a coordinator asks.
    """

    state: str
    members: Sequence[Member] = ()
    crews: Sequence[Crew] = ()
    mine: Sequence[Place] = ()
    position: int | None = None
    sizes: Sequence[str] = ()
    opens_at: datetime | None = None
    cancel_by: datetime | None = None
    is_full: bool = False
    sheet: Sheet = field(default_factory=Sheet)
    whom: Person | None = None

    @property
    def shows_form(self) -> bool:
        """Whether anybody is left to sign up."""
        return self.state == "open" and bool(self.free_members)

    @property
    def everybody(self) -> list[Member]:
        """The family, then the brigades."""
        return [*self.members, *(member for crew in self.crews for member in crew.members)]

    @property
    def free_members(self) -> list[Member]:
        """Those whom no rule keeps from going."""
        return [member for member in self.everybody if member.refusal is None]

    @property
    def minors(self) -> list[Member]:
        """Children who may go: each needs an answer of the guardian."""
        return [member for member in self.free_members if member.is_minor]

    @property
    def on_shift(self) -> list[Member]:
        """Those who may go, but work on that day as far as HR knows."""
        return [member for member in self.free_members if member.works_until]

    @property
    def often_absent(self) -> list[Member]:
        """Those who were absent too often and may write to the coordinator."""
        return [member for member in self.everybody if member.refusal and member.refusal.type == "no-shows"]


def panel_for(
    event: Event,
    actor: Actor,
    now: datetime,
    *,
    sizes: Sequence[str] = (),
    whom: Person | None = None,
    absences: Mapping[str, int] | None = None,
) -> Panel:
    """The sheet of this event for this reader, or, for a coordinator, for somebody who called (`whom`).

    `sizes` are those of the clothes it gives, `absences` {person's id: times in a year} where the event asks for them.
    """
    manages = can_manage_event(actor, event)
    state = _state(event, actor, now, for_another=whom is not None and manages)
    reader_id = whom.id if whom else actor.person_id
    if reader_id is None:
        return Panel(state=state, opens_at=event.signup_opens_at)
    me = whom or db.session.get_one(Person, reader_id)
    family = [me, *(children_of(me.id) if event.takes_children else [])]
    brigades = _brigades(me) if state == "open" and whom is None and event.takes_adults else []
    colleagues = [person for _, _, people in brigades for person in people]
    mine = _places(event, family)
    rules = _Rules(event, me, manages, absences or {}, [*family, *colleagues], mine, is_open=state == "open")
    members = [rules.member(person) for person in family] if state == "open" else []
    return Panel(
        state=state,
        members=members,
        crews=[Crew(id_, name, [rules.member(p, is_family=False) for p in people]) for id_, name, people in brigades],
        mine=mine,
        position=_position(mine),
        sizes=sizes,
        opens_at=event.signup_opens_at,
        cancel_by=cancels_until(event),
        is_full=event.seats_free == 0,
        sheet=sheet_for(event, family) if state == "open" else Sheet(),
        whom=whom,
    )


class _Rules:
    """The rules, asked of one after the other with what was read about all of them at once."""

    def __init__(
        self,
        event: Event,
        me: Person,
        manages: bool,
        absences: Mapping[str, int],
        people: Sequence[Person],
        mine: Sequence[Place],
        *,
        is_open: bool,
    ) -> None:
        self.event, self.me, self.manages, self.absences = event, me, manages, absences
        self.busy, self.shifts = engagements(event, [person.id for person in people]) if is_open else ({}, {})
        self.signups = {place.person_id: place.signup for place in mine}

    def member(self, person: Person, *, is_family: bool = True) -> Member:
        """This person as a row of the sheet."""
        day, is_self = self.event.local_date, person.id == self.me.id
        refusal, role = self._refusal(person, is_family=is_family), role_in(self.event, person)
        shift = self.shifts.get(person.id)
        return Member(
            person=person,
            age=person.age_on(day) if is_family else None,
            is_self=is_self,
            is_minor=person.is_minor_on(day),
            role=role,
            chosen=refusal is None and is_self and role == "participant",
            refusal=refusal,
            works_until=shift[1] if shift else None,
            is_family=is_family,
        )

    def _refusal(self, person: Person, *, is_family: bool) -> DomainError | None:
        refusal = refusal_for(self.event, person) or refusal_by_places(self.event, person, self.busy)
        if isinstance(refusal, AlreadySignedUp):
            return _by_whom(refusal, self.signups.get(person.id), self.me)
        if refusal or self.manages:
            return refusal
        if is_family and person.id != self.me.id and not person.is_minor_on(self.event.local_date):
            return GrownUp(name=person.given_name or person.surname, person_id=person.id)
        return refusal_by_home(self.event, person, self.me) or refusal_by_absences(self.event, person, self.absences)


def _by_whom(refusal: AlreadySignedUp, signup: SignUp | None, me: Person) -> DomainError:
    """Two parents, one seat: the second reads who was first, and nothing else of them."""
    if signup is None or signup.leader_id == me.id or not signup.leader.given_name:
        return refusal
    return SignedUpBy(**refusal.params, by=signup.leader.given_name)


def _state(event: Event, actor: Actor, now: datetime, *, for_another: bool) -> str:
    if event.status in ("cancelled", "postponed"):
        return event.status
    if event.is_past_at(now) or event.status == "completed":
        return "past"
    if event.audience == "institution":
        return "institution"
    if for_another and event.status in ("published", "closed") and now < event.starts_at:
        return "open" if event.date_precision == "minute" else "closed"
    if event.status == "published" and event.signup_opens_at and now < event.signup_opens_at:
        return "not_open"
    if not event.is_open_at(now):
        return "closed"
    return "open" if actor.is_signed_in else "log_in"


def _brigades(me: Person) -> list[tuple[str, str, list[Person]]]:
    brigades = brigades_led_by(me.id)
    members = members_of([brigade.id for brigade in brigades]) if brigades else {}
    seen = {me.id}
    found = []
    for brigade in brigades:
        people = [member.person for member in members[brigade.id] if member.person_id not in seen]
        seen |= {person.id for person in people}
        if people:
            found.append((brigade.id, brigade.name, people))
    return found


def _places(event: Event, family: Sequence[Person]) -> list[Place]:
    query = select(Place).where(
        Place.event_id == event.id, Place.person_id.in_([p.id for p in family]), Place.status.in_(STANDING)
    )
    return list(db.session.scalars(query.options(joinedload(Place.signup)).order_by(Place.position)))


def _position(mine: Sequence[Place]) -> int | None:
    waiting = next((place for place in mine if place.is_waiting), None)
    return people_ahead_of(waiting.signup) + 1 if waiting else None
