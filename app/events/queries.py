"""Reads for the pages of events: what is on, what was, one event, what a coordinator plans."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.accounts.actor import ADMIN, COORDINATOR, Actor, Scope
from app.accounts.models import Account, Grant
from app.db import db
from app.errors import NotAllowed, NotFound
from app.events.models import Event, Programme, Site
from app.events.policy import can_create_site, can_manage_event, can_plan_in, can_see_event
from app.people.models import City, Person
from app.web.paging import Page, page_of

T = TypeVar("T")
PAGE = 60
# What the words of the filter mean: who takes part themselves.
FOR_WHOM = {"adults": ("employees", "families", "everyone"), "children": ("families", "children", "everyone")}
AHEAD = ("published", "closed", "running", "postponed", "cancelled")
BEHIND = ("published", "closed", "running", "completed")


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; `for_whom` is a word of FOR_WHOM."""

    city: str | None = None
    for_whom: str | None = None
    kind: str | None = None


EVERYTHING = Filters()


@dataclass(frozen=True)
class PlanChoices:
    """What a coordinator may choose from when planning."""

    programmes: Sequence[Programme]
    sites: Sequence[Site]
    cities: Sequence[City]
    coordinators: Sequence[Person]


def visible_event(actor: Actor, event_id: str) -> Event:
    """The event with site, programme and stops; raises NotFound if there is none or this actor may not know of it."""
    event = _event(event_id)
    if event is None or not can_see_event(actor, event):
        raise NotFound
    return event


def event_to_manage(actor: Actor, event_id: str) -> Event:
    """The event if this actor plans it; raises NotAllowed where they may only look, NotFound for others' drafts."""
    event = visible_event(actor, event_id)
    if not can_manage_event(actor, event):
        raise NotAllowed
    return event


def upcoming_events(
    *,
    now: datetime,
    filters: Filters = EVERYTHING,
    cursor: str | None = None,
    limit: int = PAGE,
    hidden: bool = False,
) -> Page[Event]:
    """What is on from now, soonest first, each with its site: one query whatever their number.

    `hidden`: with those that the public isn't shown.
    """
    query = _listed(filters, hidden=hidden).where(Event.status.in_(AHEAD), Event.ends_at > now)
    return page_of(db.session(), query, (Event.starts_at, Event.id), cursor=cursor, limit=limit)


def past_events(
    *,
    now: datetime,
    filters: Filters = EVERYTHING,
    cursor: str | None = None,
    limit: int = PAGE,
    hidden: bool = False,
) -> Page[Event]:
    """What took place, latest first; `hidden` as for upcoming_events()."""
    query = _listed(filters, hidden=hidden).where(
        or_(Event.status == "completed", Event.status.in_(BEHIND) & (Event.ends_at <= now))
    )
    return page_of(db.session(), query, (Event.starts_at, Event.id), cursor=cursor, limit=limit, descending=True)


def planned_events(
    actor: Actor, *, now: datetime, past: bool = False, cursor: str | None = None, limit: int = PAGE
) -> Page[Event]:
    """All that this coordinator plans, in every state: what is ahead, soonest first, or what was, latest first."""
    query = _listed(EVERYTHING, hidden=True).options(selectinload(Event.stops)).where(managed_by(actor))
    query = query.where(Event.ends_at <= now if past else Event.ends_at > now)
    keys = (Event.starts_at, Event.id)
    return page_of(db.session(), query, keys, cursor=cursor, limit=limit, descending=past)


def plan_choices(actor: Actor, event: Event | None = None) -> PlanChoices:
    """Programmes and sites where the actor may plan, with those of the event that is being changed."""
    programmes = [p for p in all_programmes() if p.deactivated_at is None or (event and event.programme_id == p.id)]
    sites = [
        site
        for site in all_sites()
        if (event and event.site_id == site.id)
        or (site.deactivated_at is None and any(_may_plan(actor, site, programme) for programme in programmes))
    ]
    cities = [city for city in all_cities() if city.slug in {site.city for site in sites}]
    return PlanChoices(programmes, sites, cities, _coordinators(event))


def all_cities() -> Sequence[City]:
    """The cities by name."""
    return db.session.scalars(select(City).order_by(City.slug)).all()


def cities_for_sites(actor: Actor) -> Sequence[City]:
    """The cities where the actor may open a site."""
    return [city for city in all_cities() if can_create_site(actor, city.slug)]


def all_sites() -> Sequence[Site]:
    """The sites, city by city."""
    return db.session.scalars(select(Site).order_by(Site.city, Site.slug)).all()


def all_programmes() -> Sequence[Programme]:
    """The programmes, latest first."""
    return db.session.scalars(select(Programme).order_by(Programme.last_year.desc(), Programme.slug)).all()


def site_named(site_id: str) -> Site:
    """The site; raises NotFound."""
    return _found(db.session.get(Site, site_id))


def programme_named(programme_id: str) -> Programme:
    """The programme; raises NotFound."""
    return _found(db.session.get(Programme, programme_id))


def contact_of(event: Event) -> Person | None:
    """Whom to call about the event."""
    return db.session.get(Person, event.coordinator_id) if event.coordinator_id else None


def _found(row: T | None) -> T:
    if row is None:
        raise NotFound
    return row


def _event(event_id: str) -> Event | None:
    with_city = joinedload(Event.site).joinedload(Site.home)
    query = select(Event).options(with_city, joinedload(Event.programme), selectinload(Event.stops))
    return db.session.scalar(query.where(Event.id == event_id))


def _listed(filters: Filters, *, hidden: bool) -> Select[Event]:
    query = select(Event).join(Event.site).options(contains_eager(Event.site))
    if not hidden:
        query = query.where(Event.is_hidden.is_(False))
    if filters.city:
        query = query.where(Site.city == filters.city)
    if filters.kind:
        query = query.where(Event.kind == filters.kind)
    if filters.for_whom:
        query = query.where(Event.audience.in_(FOR_WHOM[filters.for_whom]))
    return query


def managed_by(actor: Actor) -> ColumnElement[bool]:
    """The events that this actor coordinates, as a condition on events joined with their sites."""
    if actor.is_admin:
        return true()
    return or_(false(), *(_within(scope) for scope in actor.scopes if scope.role == COORDINATOR))


def _within(scope: Scope) -> ColumnElement[bool]:
    return and_(
        true(),
        *([Site.city == scope.city] if scope.city else []),
        *([Event.programme_id == scope.programme_id] if scope.programme_id else []),
        *([Event.id == scope.event_id] if scope.event_id else []),
    )


def _may_plan(actor: Actor, site: Site, programme: Programme) -> bool:
    return can_plan_in(actor, city=site.city, programme_id=programme.id)


def _coordinators(event: Event | None) -> Sequence[Person]:
    """Everybody with the role, and whoever the event names already."""
    holders = (
        select(Account.person_id)
        .join(Grant, Grant.account_id == Account.id)
        .where(Grant.role.in_((COORDINATOR, ADMIN)), Grant.revoked_at.is_(None))
    )
    named = Person.id == (event.coordinator_id if event else None)
    query = select(Person).where(or_(Person.id.in_(holders), named), Person.erased_at.is_(None))
    return db.session.scalars(query.order_by(Person.name_sort, Person.id)).all()
