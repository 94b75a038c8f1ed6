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


def can_decide(actor: Actor, guardian: Person) -> bool:
    """Guardians speak for their own children, and nobody for another's."""
    return guardian.id == actor.person_id


def can_read_details(actor: Actor, person: Person) -> bool:
    """Birthday, school and health of a child are for the coordinators of its city; an adult's for whoever sees them."""
    return person.kind != "child" or can_change_person(actor, person)
