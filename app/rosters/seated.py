"""Everybody who has a seat at an event, as rows of one query, and as the solver wants them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import func, select

from app.db import db
from app.events.models import Event
from app.people import ages
from app.people.models import Guardianship, Person
from app.rosters.travellers import Traveller
from app.signups.models import Place, SignUp


class Seated(NamedTuple):
    """One person with a seat. `company` is the brigade of the sign-up or the institution's invitation."""

    place_id: str
    person_id: str
    party_id: str
    company: str | None
    role: str
    group_id: str | None
    bus_id: str | None
    surname: str
    given_name: str
    patronymic: str
    kind: str
    birth_date: date | None
    city: str | None
    department: str
    school_class: str
    name_search: str

    @property
    def name(self) -> str:
        """Surname and given name."""
        return f"{self.surname} {self.given_name}".strip()

    def age_on(self, day: date) -> int | None:
        """Whole years on that day, None where the birthday is unknown."""
        return None if self.birth_date is None else ages.age_on(self.birth_date, day)

    def is_child_on(self, day: date) -> bool:
        """Whether somebody looks after them that day."""
        return ages.is_minor(self.birth_date, self.kind, day)


def seated_people(event_id: str) -> list[Seated]:
    """In the order of the Kazakh alphabet; one query."""
    query: Any = (
        select(
            Place.id, Place.person_id, Place.signup_id, func.coalesce(SignUp.brigade_id, SignUp.invitation_id),
            Place.role, Place.group_id, Place.bus_id, Person.surname, Person.given_name, Person.patronymic,
            Person.kind, Person.birth_date, Person.city, Person.department, Person.school_class, Person.name_search,
        )
        .join(Person, Person.id == Place.person_id)
        .join(SignUp, SignUp.id == Place.signup_id)
        .where(Place.event_id == event_id, Place.status == "confirmed")
        .order_by(Person.name_sort, Place.id)
    )  # fmt: skip
    return [Seated._make(row) for row in db.session.execute(query)]


def travellers(event: Event, people: Sequence[Seated]) -> list[Traveller]:
    """The same people as plain values, with the guardians who come too; one query."""
    day, guardians = event.local_date, _guardians_here(event.id)
    place_of = {one.person_id: one.place_id for one in people}
    return [
        Traveller(
            place_id=one.place_id,
            party_id=one.party_id,
            brigade_id=one.company,
            city=one.city or "",
            department=one.department,
            age=one.age_on(day),
            is_child=one.is_child_on(day),
            role=one.role,
            guardians=tuple(sorted(place_of[id_] for id_ in guardians[one.person_id] if id_ in place_of)),
        )
        for one in people
    ]


def _guardians_here(event_id: str) -> defaultdict[str, list[str]]:
    """{child: its guardians}, of those who have a seat."""
    here = select(Place.person_id).where(Place.event_id == event_id, Place.status == "confirmed")
    query = select(Guardianship.child_id, Guardianship.guardian_id).where(
        Guardianship.child_id.in_(here), Guardianship.ended_at.is_(None)
    )
    found: defaultdict[str, list[str]] = defaultdict(list)
    for child_id, guardian_id in db.session.execute(query):
        found[child_id].append(guardian_id)
    return found
