"""May this person go? Pure: a refusal or nothing. The page asks beforehand, the operation under the lock."""

from collections.abc import Mapping

from app.db import Texts
from app.errors import DomainError
from app.events.models import Event
from app.people.models import Person
from app.signups.errors import (
    AgeUnknown,
    AlreadySignedUp,
    Deactivated,
    NotForAdultsAlone,
    NotForChildren,
    Overlap,
    TooOld,
    TooYoung,
)

PARTY_LIMIT = 30


def refusal_for(event: Event, person: Person) -> DomainError | None:
    """The rule that keeps this person from the event whoever signs them up; None when nothing does."""
    day = event.local_date
    params = {"name": person.given_name or person.surname, "person_id": person.id}
    if person.deactivated_at is not None:
        return Deactivated(**params)
    if not person.is_minor_on(day):
        return _refusal_for_adult(event, person, params)
    if not event.takes_children and event.audience != "institution":
        return NotForChildren(**params)
    return _refusal_by_age(event, person, params)


def refusal_by_places(event: Event, person: Person, busy: Mapping[str, tuple[str, Texts]]) -> DomainError | None:
    """Already here, or elsewhere at that time; `busy` is {person's id: (event's id, title)}."""
    if person.id not in busy:
        return None
    params = {"name": person.given_name or person.surname, "person_id": person.id}
    event_id, title = busy[person.id]
    if event_id == event.id:
        return AlreadySignedUp(**params)
    return Overlap(other=title.get(person.language) or next(iter(title.values()), ""), **params)


def role_in(event: Event, person: Person) -> str:
    """An adult comes to a children's event as an escort."""
    if event.audience == "children" and not person.is_minor_on(event.local_date):
        return "escort"
    return "participant"


def refusal_for_party(event: Event, people: list[Person]) -> DomainError | None:
    """The rule about the party as a whole: escorts come with a child."""
    if people and all(role_in(event, person) == "escort" for person in people):
        return NotForAdultsAlone()
    return None


def _refusal_for_adult(event: Event, person: Person, params: dict[str, str]) -> DomainError | None:
    if role_in(event, person) == "escort":
        return None
    return _refusal_by_age(event, person, params)


def _refusal_by_age(event: Event, person: Person, params: dict[str, str]) -> DomainError | None:
    youngest, oldest = event.min_age_here, event.max_age
    if youngest is None and oldest is None:
        return None
    age = person.age_on(event.local_date)
    if age is None:
        # Staff records may lack a birthday; an adult is no child whatever the day.
        return AgeUnknown(**params) if person.kind == "child" or oldest is not None else None
    if youngest is not None and age < youngest:
        return TooYoung(age=youngest, **params)
    if oldest is not None and age > oldest:
        return TooOld(age=oldest, **params)
    return None
