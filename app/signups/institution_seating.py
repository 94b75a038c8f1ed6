"""Seating people of an institution's list within its seats and its escorts. The event's lock is held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select

from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import db, new_id
from app.events.models import Event
from app.people.duplicates import propose_matches
from app.people.models import Guardianship, Person
from app.people.names import child_key, search_text, sort_key
from app.signups.institution_consents import consent_due
from app.signups.institution_errors import EscortsMissing, ListFull
from app.signups.invitation_queries import Progress, escorts_needed, progress_of
from app.signups.line import next_number
from app.signups.mails import mail_confirmed
from app.signups.models import Invitation, InvitationContact, Place, SignUp
from app.signups.queries import busy_with
from app.signups.rules import refusal_by_places, refusal_for
from app.signups.seating import seat

ESCORT, CHILD = "escort", "participant"


@dataclass(frozen=True)
class Entry:
    """Somebody to put on the list; with `person` it is one whom the institution brought before."""

    surname: str
    given_name: str
    patronymic: str = ""
    birth_date: date | None = None
    role: str = CHILD
    school_class: str = ""
    tshirt_size: str = ""
    diet: str = ""
    phone: str | None = None
    medical_note: str = ""
    row: int = 0
    person: Person | None = None

    @classmethod
    def of_person(cls, person: Person) -> Entry:
        """Somebody picked from the institution's own list, as they were last time."""
        return cls(
            surname=person.surname,
            given_name=person.given_name,
            birth_date=person.birth_date,
            role=CHILD if person.kind == "child" else ESCORT,
            tshirt_size=person.tshirt_size,
            diet=person.diet,
            person=person,
        )

    def as_person(self, person: Person | None) -> Entry:
        """The same entry, known to be this person."""
        return replace(self, person=person)

    def in_role(self, role: str) -> Entry:
        """The same entry in this role: who takes an escort's seat is an escort."""
        return replace(self, role=role)

    @property
    def kind(self) -> str:
        """What kind of person it becomes."""
        return "other" if self.role == ESCORT else "child"

    @property
    def key(self) -> str:
        """Folded name and birthday: the same within one institution asks whether it is the same person."""
        return child_key(self.surname, self.given_name, self.birth_date)

    @property
    def short_name(self) -> str:
        """Surname and given name."""
        return f"{self.surname} {self.given_name}".strip()


def seat_entries(
    event: Event, contact: InvitationContact, entries: Sequence[Entry], *, vacated: int = 0, now: datetime, actor: Actor
) -> list[Place]:
    """All of them on the list, or none. `vacated` seats were left for them a moment ago, whoever waits.

    Raises ListFull, EscortsMissing, or the rule about one person.
    """
    invitation = contact.invitation
    _check_room(event, progress_of([invitation])[invitation.id], entries, vacated=vacated)
    busy = busy_with(event, [entry.person.id for entry in entries if entry.person])
    people = [entry.person or _new_person(entry, contact, now=now) for entry in entries]
    for person in people:
        refusal = refusal_by_places(event, person, busy)
        if refusal := refusal or (refusal_for(event, person) if person.kind == "child" else None):
            raise refusal
    signup = _signup_of(invitation, event, people[0], now=now, actor=actor)
    first = max((place.position for place in signup.places), default=0) + 1
    places = [
        _place(event, signup, entry, person, first + number, invitation, now)
        for number, (entry, person) in enumerate(zip(entries, people, strict=True))
    ]
    seat(event, places, now=now)
    db.session.add_all(places)
    db.session.flush()
    for place in places:
        record(actor, "name_person", place, now=now, changes={"contact_id": (None, contact.id)})
    propose_matches([one for one, entry in zip(people, entries, strict=True) if not entry.person], now=now)
    if concerned := guarded_among(places):
        mail_confirmed(signup, concerned, now=now)
    return places


def _check_room(event: Event, progress: Progress, entries: Sequence[Entry], *, vacated: int) -> None:
    children = sum(entry.role == CHILD for entry in entries)
    escorts = progress.escorts + len(entries) - children
    needed = escorts_needed(progress.children + children, progress.ratio)
    if children and escorts < needed:
        raise EscortsMissing(
            missing=needed - escorts, ratio=progress.ratio, children=progress.children + children, needed=needed
        )
    left = progress.left
    if event.seats_free is not None:
        # Whoever waits comes first: a seat that is kept for them is not the list's.
        left = min(left, vacated if event.people_waiting else event.seats_free)
    if len(entries) > left:
        raise ListFull(left=left, wanted=len(entries))


def _new_person(entry: Entry, contact: InvitationContact, *, now: datetime) -> Person:
    institution = contact.invitation.institution
    names = (entry.surname, entry.given_name, entry.patronymic)
    person = Person(
        id=new_id(),
        kind=entry.kind,
        surname=entry.surname,
        given_name=entry.given_name,
        patronymic=entry.patronymic,
        name_sort=sort_key(*names),
        name_search=search_text(*names),
        birth_date=entry.birth_date,
        phone=entry.phone,
        language=contact.language,
        city=institution.city,
        institution_id=institution.id,
        school_class=entry.school_class,
        tshirt_size=entry.tshirt_size,
        diet=entry.diet,
        created_at=now,
    )
    db.session.add(person)
    return person


def _signup_of(invitation: Invitation, event: Event, first: Person, *, now: datetime, actor: Actor) -> SignUp:
    """The one party of this list; a new one after it was emptied."""
    query = select(SignUp).where(SignUp.invitation_id == invitation.id, SignUp.cancelled_at.is_(None))
    found = db.session.scalar(query)
    if found:
        return found
    signup = SignUp(
        id=new_id(),
        event_id=event.id,
        leader_id=first.id,
        invitation_id=invitation.id,
        queue_number=next_number(event),
        created_at=now,
        created_by_id=actor.account_id,
    )
    db.session.add(signup)
    db.session.flush()
    return signup


def _place(
    event: Event, signup: SignUp, entry: Entry, person: Person, position: int, invitation: Invitation, now: datetime
) -> Place:
    place = Place(
        id=new_id(),
        signup_id=signup.id,
        event_id=event.id,
        person_id=person.id,
        position=position,
        role=entry.role,
        tshirt_size=entry.tshirt_size or person.tshirt_size or "",
        diet=entry.diet or person.diet or "",
        medical_note=entry.medical_note or None,
        created_at=now,
        consent_due_at=consent_due(event, invitation, now=now) if person.is_minor_on(event.local_date) else None,
    )
    place.signup, place.person = signup, person
    return place


def guarded_among(places: Sequence[Place]) -> list[Place]:
    """Pupils who also have parents among our people: those are written to. The contact sees the list itself."""
    ids = [place.person_id for place in places]
    query = select(Guardianship.child_id).where(Guardianship.child_id.in_(ids), Guardianship.ended_at.is_(None))
    guarded = set(db.session.scalars(query))
    return [place for place in places if place.person_id in guarded]
