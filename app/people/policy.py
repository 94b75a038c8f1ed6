"""Who may read, add and change people. Pure."""

from app.accounts.actor import COORDINATOR, Actor
from app.people.models import Person


def can_import(actor: Actor, *, city: str | None) -> bool:
    """Coordinators of that city; a list without a city only those of all cities."""
    return actor.holds(COORDINATOR, city=city or "")


def can_add_person(actor: Actor, *, city: str | None) -> bool:
    """Coordinators of that city."""
    return actor.holds(COORDINATOR, city=city or "")


def can_change_person(actor: Actor, person: Person) -> bool:
    """Coordinators of their city."""
    return actor.holds(COORDINATOR, city=person.city or "")
