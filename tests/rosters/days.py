"""A day with a family, another family and colleagues, for the tests of groups and buses."""

from dataclasses import dataclass
from datetime import UTC, datetime, time

from app.accounts.actor import Actor
from app.db import db, transaction
from app.events.models import Event
from app.people.models import Person
from app.rosters.lists import lists_of
from app.rosters.models import Bus, Group
from app.rosters.placing import container_of
from app.signups.models import Place
from tests import factories
from tests.signups.inviting import actor_of

NOW = datetime(2030, 5, 1, 6, tzinfo=UTC)
EIGHT = time(8, 10)


@dataclass
class Day:
    """Aigul's event: Nurlan with Dina, one more family, three colleagues; seven people."""

    event: Event
    aigul: Actor
    person: Person
    nurlan: Place
    dina: Place
    adults: list[Place]
    everybody: list[str]


def family_day() -> Day:
    aigul = factories.coordinator(language="en")
    event = factories.event(audience="families", coordinator_id=aigul.id)
    nurlan = factories.employee()
    mine = factories.place(event, nurlan)
    daughter = beside(mine, factories.child(nurlan))
    other = factories.place(event, factories.employee("Омаров", "Бауыржан"))
    son = beside(other, factories.child(other.person, "Тимур", age=8))
    adults = [factories.place(event, factories.employee(f"Әлі{number}", "Сәкен")) for number in range(3)]
    places = [mine, daughter, other, son, *adults]
    return Day(event, actor_of(aigul), aigul, mine, daughter, adults, [place.id for place in places])


def beside(place: Place, who: Person) -> Place:
    """One more person in the same party."""
    with transaction() as session:
        values = {"created_at": factories.LONG_AGO, "confirmed_at": factories.LONG_AGO, "status": "confirmed"}
        event = session.get_one(Event, place.event_id)
        row = Place(signup_id=place.signup_id, event_id=event.id, person_id=who.id, position=2, **values)
        session.add(row)
        event.seats_taken += 1
    db.session.expire(place.signup)
    return row


def names_in(container: Group | Bus) -> list[str]:
    event = db.session.get_one(Event, container.event_id)
    what = container.__tablename__
    return [line.name for line in lists_of(event, what, [container_of(event.id, what, container.id)])[0].lines]
