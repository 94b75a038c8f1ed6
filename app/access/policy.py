"""Who may give others a way in. Pure."""

from app.accounts.actor import COORDINATOR, Actor
from app.people.models import Person


def can_invite(actor: Actor, person: Person) -> bool:
    """Coordinators invite the people of their own cities."""
    return can_invite_city(actor, person.city)


def can_invite_city(actor: Actor, city: str | None) -> bool:
    """Coordinators invite their own cities; a grant for one event or programme is none for its people."""
    where = actor.cities(COORDINATOR)
    return actor.has_role(COORDINATOR) and (where is None or city in where)


def can_keep_kiosks(actor: Actor, city: str) -> bool:
    """Coordinators enrol and end the shared computers of their own cities."""
    return can_invite_city(actor, city)
