"""Where a letter belongs: the cities of its event and of its person, asked of their tables by name alone."""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, ScalarSelect, and_, func, or_, select

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


def events_of(actor: Actor) -> ColumnElement[bool]:
    """Events that the actor coordinates."""
    events = table("events").c
    if actor.cities(COORDINATOR) is None:
        return events.id.is_not(None)
    return or_(events.id.is_(None), *(_events_within(scope) for scope in actor.scopes if scope.role == COORDINATOR))


def may_handle(actor: Actor, mail: Mail) -> bool:
    """Whether the actor sees to this letter, by its event or by its reader's city; a lent role is remembered."""
    events, sites = table("events"), table("sites")
    if mail.event_id:
        query = select(sites.c.city, events.c.programme_id).join(events, events.c.site_id == sites.c.id)
        city, programme_id = db.session.execute(query.where(events.c.id == mail.event_id)).one()
        if actor.holds(COORDINATOR, city=city, programme_id=programme_id, event_id=mail.event_id):
            return True
    if mail.person_id:
        city = db.session.scalar(select(person_city(mail.person_id)))
        return actor.holds(COORDINATOR, city=city)
    return actor.holds(COORDINATOR)


def _within(scope: Scope) -> ColumnElement[bool]:
    """Asked as "is one of these", which the database works out once and not for every letter."""
    events, people = table("events").c, table("people").c
    if scope.event_id:
        return Mail.event_id == scope.event_id
    about = Mail.event_id.in_(select(events.id).where(_events_within(scope)))
    if scope.programme_id:
        return about
    return or_(about, Mail.person_id.in_(select(people.id).where(people.city == scope.city)))


def _events_within(scope: Scope) -> ColumnElement[bool]:
    events, sites = table("events").c, table("sites").c
    if scope.event_id:
        return events.id == scope.event_id
    wanted = [events.programme_id == scope.programme_id] if scope.programme_id else []
    if scope.city:
        wanted.append(events.site_id.in_(select(sites.id).where(sites.city == scope.city)))
    return and_(*wanted)
