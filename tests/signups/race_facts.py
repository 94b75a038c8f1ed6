"""What every race shares: its kind, its day, its ground, and how its tables are counted anew."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app.accounts.actor import Actor
from app.db import db
from app.events.models import Event
from app.people.models import Person
from app.signups.models import Place
from tests import factories
from tests.signups.recount import recount

# Eleven o'clock in Balkhash, a week before.
DAY = factories.SATURDAY - timedelta(days=7) + timedelta(hours=2)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
ROUNDS = 8
Facts = dict[str, Any]


@dataclass(frozen=True)
class Race:
    """What is set up, what each side does with it, and what must be true afterwards of what they answered."""

    stage: Callable[[], list[Facts]]
    sides: Sequence[Callable[[Facts], object]]
    check: Callable[[Facts, list[str]], None]


def common_ground() -> Facts:
    """Where the events of a race are."""
    return {"site": factories.site(), "programme": factories.programme()}


def acting(person: Person) -> Actor:
    """This person, logged in."""
    return Actor(account_id=factories.account(person).id, person_id=person.id, name=person.short_name)


def place_of(facts: Facts, who: str) -> Place:
    """The place of whom the facts call so."""
    return db.session.query(Place).filter_by(event_id=facts["event"], person_id=facts[who]).one()


def recounted(facts: Facts) -> None:
    """The tables of the event are right, and no seat is idle."""
    event = db.session.get_one(Event, facts["event"])
    recount(event)
    assert not event.people_waiting or event.seats_free == 0, "a seat is idle while somebody waits"
