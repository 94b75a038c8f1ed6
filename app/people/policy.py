"""Who may read, add and change people. Pure."""

from app.accounts.actor import COORDINATOR, SYSTEM, Actor
from app.people.models import Brigade, Person


def can_import(actor: Actor, *, city: str | None) -> bool:
    """Coordinators of that city; a list without a city only those of all cities."""
    return actor.holds(COORDINATOR, city=city or "")


def can_map_columns(actor: Actor) -> bool:
    """What a column means is the company's, not a city's: whoever may read a file for any city."""
    return actor.has_role(COORDINATOR)


def can_move_from(actor: Actor, city: str | None) -> bool:
    """A list may change people of a city only for its coordinators; people without a city are free to be taken in."""
    return city is None or actor == SYSTEM or actor.holds(COORDINATOR, city=city)


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


def can_found_brigade(actor: Actor, leader: Person) -> bool:
    """An employee their own, a coordinator of their city for them."""
    return leader.kind == "employee" and (leader.id == actor.person_id or can_change_person(actor, leader))


def can_change_brigade(actor: Actor, brigade: Brigade) -> bool:
    """Its leader, and coordinators of the leader's city."""
    return brigade.leader_id == actor.person_id or can_change_person(actor, brigade.leader)
