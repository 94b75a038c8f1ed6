"""Where a letter belongs: the cities of its event and of its person, asked of their tables by name alone."""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, ScalarSelect, func, or_, select

from app.accounts.actor import COORDINATOR, Actor, Scope
from app.db import db
from app.mail.models import Mail


def table(name: str) -> FromClause:
    """A table further right in the house, which mail knows by foreign key and not by its models."""
    return db.metadata.tables[name]


def event_city(event_id: Any) -> ScalarSelect[Any]:
    """The city of an event's site."""
    events, sites = table("events"), table("sites")
    joined = events.join(sites, sites.c.id == events.c.site_id)
    return select(sites.c.city).select_from(joined).where(events.c.id == event_id).scalar_subquery()


def person_city(person_id: Any) -> ScalarSelect[Any]:
    """The city of a person."""
    people = table("people")
    return select(people.c.city).where(people.c.id == person_id).scalar_subquery()


def city_of(event_id: Any, person_id: Any) -> ColumnElement[Any]:
    """Whose coordinator sees to a letter: the event's city, else the person's."""
    return func.coalesce(event_city(event_id), person_city(person_id))


def visible_mails(actor: Actor) -> ColumnElement[bool]:
    """Letters about events and to people that the actor coordinates: by city, programme or event; all for admins."""
    if actor.cities(COORDINATOR) is None:
        return Mail.id.is_not(None)
    return or_(Mail.id.is_(None), *(_within(scope) for scope in actor.scopes if scope.role == COORDINATOR))


def _within(scope: Scope) -> ColumnElement[bool]:
    """Asked as "is one of these", which the database works out once and not for every letter."""
    events, sites, people = table("events").c, table("sites").c, table("people").c
    if scope.event_id:
        return Mail.event_id == scope.event_id
    wanted = select(events.id)
    if scope.city:
        wanted = wanted.where(events.site_id.in_(select(sites.id).where(sites.city == scope.city)))
    if scope.programme_id:
        return Mail.event_id.in_(wanted.where(events.programme_id == scope.programme_id))
    return or_(Mail.event_id.in_(wanted), Mail.person_id.in_(select(people.id).where(people.city == scope.city)))
