"""May this person go? Pure: a refusal or nothing. The page asks beforehand, the operation under the lock."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from app.db import Texts
from app.errors import DomainError
from app.events.models import Event
from app.people.models import Person
from app.people.names import fold
from app.signups.errors import (
    AgeUnknown,
    AlreadySignedUp,
    Deactivated,
    NotForAdultsAlone,
    NotForChildren,
    OftenAbsent,
    OnShift,
    Overlap,
    SizeMissing,
    TooDangerous,
    TooManyPlaces,
    TooOld,
    TooYoung,
    WrongCity,
    WrongDepartment,
)

PARTY_LIMIT = 30
ON_SHIFT = "on-shift"
# Where people look and celebrate; everywhere else they work.
KINDS_FOR_VISITORS = ("excursion", "celebration", "visit")
Days = tuple[date, date]


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
    if event.site.hazard_class == "high" and event.kind not in KINDS_FOR_VISITORS:
        return TooDangerous(**params)
    return _refusal_by_age(event, person, params)


def refusal_by_home(event: Event, person: Person, guardian: Person | None) -> DomainError | None:
    """Another city or department than the event is for; a minor counts by the guardian who signs them up."""
    if not event.cities and not event.departments:
        return None
    params = {"name": person.given_name or person.surname, "person_id": person.id}
    counted = guardian if guardian is not None and person.is_minor_on(event.local_date) else person
    if event.cities and not _is_among(counted.city or "", event.cities):
        return WrongCity(**params)
    if event.departments and not _is_among(counted.department, event.departments):
        return WrongDepartment(**params)
    return None


def refusal_by_absences(event: Event, person: Person, absences: Mapping[str, int]) -> DomainError | None:
    """Had seats and didn't come, as often as this event forgives; `absences` is {person's id: times in a year}."""
    times = absences.get(person.id, 0)
    if event.no_show_limit is None or times < event.no_show_limit:
        return None
    return OftenAbsent(name=person.given_name or person.surname, person_id=person.id, times=times)


def refusal_by_size(event: Event, person: Person, size: str) -> DomainError | None:
    """Protective equipment must fit: told now, or known from the last time."""
    if not event.site.ppe or size or person.tshirt_size:
        return None
    return SizeMissing(name=person.given_name or person.surname, person_id=person.id)


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


def refusal_by_share(event: Event, held: int, coming: int) -> DomainError | None:
    """One employee's share of the places: `held` before, `coming` now."""
    limit = event.places_per_employee
    if limit is None or held + coming <= limit:
        return None
    return TooManyPlaces(limit=limit, left=max(limit - held, 0))


def refusal_by_shifts(people: Sequence[Person], shifts: Mapping[str, Days], despite: Collection[str]) -> OnShift | None:
    """Those whom HR's calendar has at work; nothing once the party said that it goes all the same."""
    busy = [person for person in people if person.id in shifts]
    if not busy or ON_SHIFT in despite:
        return None
    who = ", ".join(f"{person.given_name or person.surname} ({_days(*shifts[person.id])})" for person in busy)
    return OnShift(who=who, person_id=busy[0].id, despite=ON_SHIFT)


def days_of(event: Event) -> Days:
    """The first and the last day of the event on the clocks of its place."""
    return event.local_date, _last_day(event.ends_at, event.timezone)


@lru_cache(256)
def _last_day(ends_at: datetime, timezone: str) -> date:
    return (ends_at - timedelta(microseconds=1)).astimezone(ZoneInfo(timezone)).date()


def cancels_until(event: Event) -> datetime:
    """Until when a family may take itself off the list."""
    return min(event.cancel_closes_at or event.starts_at, event.starts_at)


def _is_among(word: str, words: Sequence[str]) -> bool:
    return fold(word) in {fold(other) for other in words}


def _days(first: date, last: date) -> str:
    return f"{first:%d.%m}–{last:%d.%m.%Y}" if first != last else f"{last:%d.%m.%Y}"


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
