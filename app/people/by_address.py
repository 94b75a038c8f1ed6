"""Whose an e-mail address is: people and institutions of whom the one who asks may know."""

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import func, select

from app.accounts.actor import COORDINATOR, Actor
from app.db import db
from app.people.models import Institution, Person
from app.people.queries import visible_people


def people_at(actor: Actor, addresses: Iterable[str]) -> dict[str, list[Person]]:
    """Those who read mail at these addresses, by the address in small letters; several where they share one."""
    query = visible_people(actor).where(func.lower(Person.email).in_(_small(addresses)))
    found = defaultdict(list)
    for person in db.session.scalars(query.order_by(Person.name_sort, Person.id)):
        found[str(person.email).lower()].append(person)
    return dict(found)


def institutions_at(actor: Actor, addresses: Iterable[str]) -> dict[str, list[Institution]]:
    """The institutions of the actor's cities whose contact reads mail there."""
    query = select(Institution).where(func.lower(Institution.contact_email).in_(_small(addresses)))
    cities = actor.cities(COORDINATOR)
    if cities is not None:
        query = query.where(Institution.city.in_(cities))
    found = defaultdict(list)
    for institution in db.session.scalars(query.order_by(Institution.slug)):
        found[str(institution.contact_email).lower()].append(institution)
    return dict(found)


def _small(addresses: Iterable[str]) -> set[str]:
    return {address.lower() for address in addresses}
