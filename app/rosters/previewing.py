"""What moving, postponing or cancelling an event would do, asked without doing it: who is told how, whose consent
lapses, who could come no more, which reminders go, and whom besides somebody must tell."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.consents.binding import bound_to
from app.consents.cover import has_moved
from app.consents.models import Consent
from app.consents.queries import STANDS
from app.db import db
from app.errors import DomainError
from app.events.models import Event, Site
from app.mail.models import Mail, Suppression
from app.people.models import Guardianship, Person
from app.people.recipients import Guardian, recipients_of
from app.rosters.changing import Wanted, check_move, moved_values
from app.rosters.others_told import Outsider, outsiders_of
from app.signups.engagements import engagements
from app.signups.models import STANDING, Place
from app.signups.rules import refusal_by_places, refusal_for

PER_PAGE = 50


@dataclass(frozen=True)
class Told:
    """One reader, or one person whom nobody can write to. `kind` is seated, waiting, guardian or institution;
    `reach` is mail, bounces (the address is bad), or phone."""

    name: str
    kind: str
    reach: str
    contact: str
    about: str = ""


@dataclass(frozen=True)
class Preview:
    """All that one press would do; nothing of it is done."""

    kind: str
    planned: Event
    told: Sequence[Told]
    outsiders: Sequence[Outsider]
    freed: Sequence[tuple[str, DomainError]] = ()
    lapsing: Sequence[str] = ()
    at_work: Sequence[str] = ()
    letters_dropped: int = 0
    sequence: int = 0
    counts: Mapping[tuple[str, str], int] = field(default_factory=dict)

    @property
    def unreached(self) -> int:
        """How many somebody must call."""
        return sum(number for (_, reach), number in self.counts.items() if reach != "mail")

    @property
    def letters(self) -> int:
        """How many letters leave."""
        return sum(number for (_, reach), number in self.counts.items() if reach == "mail")

    def page(self, number: int) -> Sequence[Told]:
        """The readers of one page, from 1; those whom nobody can write to come first."""
        return self.told[(number - 1) * PER_PAGE : number * PER_PAGE]

    @property
    def pages(self) -> int:
        """How many pages the list has."""
        return max(1, -(-len(self.told) // PER_PAGE))


def preview(event: Event, wanted: Wanted, *, now: datetime) -> Preview:
    """What make_change() would do; raises what it would raise about the day. Whether there is a way is check()'s."""
    planned = planned_event(event, wanted, now=now)
    places = _places(event)
    outsiders = outsiders_of(event)
    contacts = [
        Told(one.name, one.kind, "mail" if one.gets_letter else "bounces", one.contact)
        for one in outsiders
        if one.kind == "institution"
    ]
    told = [*_readers(planned.local_date, places), *contacts]
    told.sort(key=lambda one: (one.reach == "mail", one.kind, one.name))
    facts: dict[str, Any] = _of_move(event, planned, places) if wanted.kind == "move" else {}
    return Preview(
        kind=wanted.kind,
        planned=planned,
        told=told,
        outsiders=[one for one in outsiders if one.kind != "institution"],
        letters_dropped=_waiting_letters(event, "reminders/%" if wanted.kind == "move" else "%"),
        sequence=event.calendar_sequence + 1,
        counts=Counter((one.kind, "mail" if one.reach == "mail" else "phone") for one in told),
        **facts,
    )


def planned_event(event: Event, wanted: Wanted, *, now: datetime) -> Event:
    """The event as it would be, in no table and in no session."""
    columns = {column.name: getattr(event, column.name) for column in Event.__table__.columns}
    planned, site = Event(**columns), event.site
    if wanted.kind == "move":
        values = moved_values(event, wanted)
        check_move(event, values, now=now)
        for name, value in values.items():
            setattr(planned, name, value)
        site = db.session.get_one(Site, values["site_id"])
    planned.site = site
    return planned


def _places(event: Event) -> list[Place]:
    query = select(Place).where(Place.event_id == event.id, Place.status.in_(STANDING))
    return list(db.session.scalars(query.options(joinedload(Place.person)).order_by(Place.signup_id, Place.position)))


def _readers(day: date, places: Sequence[Place]) -> list[Told]:
    """Everybody who is written to, each once, and everybody about whom nobody can be."""
    minors = {place.person_id for place in places if place.person.is_minor_on(day)}
    guardians, phones = _guardians(minors)
    reachable = recipients_of([place.person for place in places], on=day, guardians=guardians)
    bad = set(db.session.scalars(select(Suppression.address).where(Suppression.reason == "bounced")))
    written: dict[tuple[str, str | None], tuple[str, str, list[str]]] = {}
    called = []
    for place in places:
        person, name = place.person, place.person.given_name or place.person.surname
        kind = "guardian" if person.id in minors else "waiting" if place.is_waiting else "seated"
        for to in reachable[person.id]:
            reader = (to.address, to.person_id)
            own = "institution" if kind == "guardian" and to.person_id is None else kind
            written.setdefault(reader, (to.name, own, []))[2].append(name)
        if not reachable[person.id]:
            phone = phones.get(person.id, "") if person.id in minors else person.phone or ""
            called.append(Told(person.short_name, kind, "phone", phone))
    mails = [
        Told(name, kind, "bounces" if address.lower() in bad else "mail", address, ", ".join(about))
        for (address, _), (name, kind, about) in written.items()
    ]
    return called + mails


def _guardians(child_ids: set[str]) -> tuple[dict[str, list[Guardian]], dict[str, str]]:
    """Who decides for these children, as letters need it, and a telephone of one of them."""
    if not child_ids:
        return {}, {}
    query = (
        select(Guardianship.child_id, Person)
        .join(Person, Person.id == Guardianship.guardian_id)
        .where(Guardianship.child_id.in_(child_ids), Guardianship.ended_at.is_(None))
        .order_by(Person.name_sort, Person.id)
    )
    found, phones = dict[str, list[Guardian]](), dict[str, str]()
    for child_id, one in db.session.execute(query):
        guardian = Guardian(child_id, one.id, one.surname, one.given_name, one.email, one.language, one.deactivated_at)
        found.setdefault(child_id, []).append(guardian)
        if one.phone:
            phones.setdefault(child_id, one.phone)
    return found, phones


def _of_move(event: Event, planned: Event, places: Sequence[Place]) -> dict[str, Any]:
    """Whom a rule keeps from the new day, whose consent was given for another plan, and who works on that day."""
    busy, shifts = engagements(planned, [place.person_id for place in places])
    elsewhere = {person_id: other for person_id, other in busy.items() if other[0] != event.id}
    freed = []
    for place in places:
        rule = None if place.role == "escort" else refusal_for(planned, place.person)
        rule = rule or refusal_by_places(planned, place.person, elsewhere)
        if rule is not None:
            freed.append((place.person.short_name, rule))
    names = {place.person_id: place.person.short_name for place in places}
    lapsing = {child_id for child_id in _lapsing(event, planned) if child_id in names}
    return {
        "freed": freed,
        "lapsing": sorted(names[child_id] for child_id in lapsing),
        "at_work": sorted(names[person_id] for person_id in shifts),
    }


def _lapsing(event: Event, planned: Event) -> set[str]:
    given = select(Consent.child_id, Consent.bound_to).where(Consent.event_id == event.id, Consent.is_yes, *STANDS)
    plan = bound_to(planned)
    return {child_id for child_id, bound in db.session.execute(given) if has_moved(bound, plan)}


def _waiting_letters(event: Event, template: str) -> int:
    """How many letters wait that would not leave."""
    waiting = select(func.count()).where(
        Mail.event_id == event.id, Mail.status == "queued", Mail.cancelled_at.is_(None), Mail.template.like(template)
    )
    return db.session.scalar(waiting) or 0
