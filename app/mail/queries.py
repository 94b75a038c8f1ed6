"""Reads of the outbox for coordinators: only letters about their events and to their people."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, func, or_, select, union_all
from sqlalchemy.orm import defer

from app.accounts.actor import COORDINATOR, Actor
from app.db import db
from app.errors import NotFound
from app.mail.models import STATUSES, Mail, Suppression
from app.mail.whereabouts import events_of, may_handle, table, visible_mails
from app.web.paging import Page, page_of

PER_PAGE = 50
EVENTS_TO_CHOOSE = 100
# What letters say is most of their rows, and no list shows it.
WITHOUT_BODY = (defer(Mail.context), defer(Mail.calendar))


@dataclass(frozen=True)
class EventChoice:
    """An event that letters speak of, for the filter and the list."""

    id: str
    title: dict[str, str]
    starts_at: Any
    timezone: str


def mails_page(
    actor: Actor,
    *,
    event_id: str | None = None,
    status: str | None = None,
    cursor: str | None = None,
    limit: int = PER_PAGE,
) -> Page[Mail]:
    """The outbox, newest first; an unknown event or status finds nothing."""
    query = _visible(actor)
    if event_id:
        query = query.where(Mail.event_id == event_id)
    if status:
        query = query.where(Mail.status == status)
    return page_of(db.session(), query, [Mail.created_at, Mail.id], cursor=cursor, limit=limit, descending=True)


def visible_mail(actor: Actor, mail_id: str) -> Mail:
    """One letter; raises NotFound if the actor may not know of it."""
    mail = db.session.get(Mail, mail_id)
    if mail is None or not may_handle(actor, mail):
        raise NotFound
    return mail


def counts_by_status(actor: Actor, *, event_id: str) -> dict[str, int]:
    """How many letters about an event there are of each status, zeros included."""
    query = select(Mail.status, func.count()).where(Mail.event_id == event_id, visible_mails(actor))
    found = {row[0]: row[1] for row in db.session.execute(query.group_by(Mail.status))}
    return {status: found.get(status, 0) for status in STATUSES}


def events_with_mails(actor: Actor) -> list[EventChoice]:
    """The latest events of the actor of which letters speak."""
    events = table("events").c
    spoken_of = select(Mail.id).where(Mail.event_id == events.id).exists()
    query = _choices().where(events_of(actor), spoken_of).order_by(events.starts_at.desc())
    return [EventChoice(*row) for row in db.session.execute(query.limit(EVENTS_TO_CHOOSE))]


def events_of_mails(mails: Iterable[Mail]) -> dict[str, EventChoice]:
    """The events of which these letters speak, by their ids."""
    named = {mail.event_id for mail in mails if mail.event_id}
    rows: Iterable[Any] = db.session.execute(_choices().where(table("events").c.id.in_(named))) if named else []
    return {row.id: EventChoice(*row) for row in rows}


def _choices() -> Select[Any]:
    events = table("events").c
    return select(events.id, events.title, events.starts_at, events.timezone)


def suppressions_page(
    actor: Actor,
    *,
    address: str = "",
    part: str = "",
    reason: str | None = None,
    cursor: str | None = None,
    limit: int = PER_PAGE,
) -> Page[Suppression]:
    """Addresses that take no letters, or no optional ones, of people and institutions in the actor's cities; the
    latest first. `address` is a whole one, `part` any piece of one."""
    query = select(Suppression).where(_known_address(actor))
    if address:
        query = query.where(Suppression.address == address.lower())
    if part:
        query = query.where(Suppression.address.contains(part.lower(), autoescape=True))
    if reason:
        query = query.where(Suppression.reason == reason)
    keys = [Suppression.since, Suppression.id]
    return page_of(db.session(), query, keys, cursor=cursor, limit=limit, descending=True)


def visible_suppression(actor: Actor, suppression_id: str) -> Suppression:
    """One of them; raises NotFound if the actor may not know of it."""
    row = db.session.scalar(select(Suppression).where(Suppression.id == suppression_id, _known_address(actor)))
    if row is None:
        raise NotFound
    for city in db.session.scalars(_cities_of(row.address)):
        if actor.holds(COORDINATOR, city=city):  # a lent role is remembered for the log
            break
    return row


def _known_address(actor: Actor) -> ColumnElement[bool]:
    cities = actor.cities(COORDINATOR)
    if cities is None:
        return Suppression.id.is_not(None)
    people, institutions = table("people").c, table("institutions").c
    return or_(
        Suppression.address.in_(select(func.lower(people.email)).where(people.city.in_(cities))),
        Suppression.address.in_(select(func.lower(institutions.contact_email)).where(institutions.city.in_(cities))),
    )


def _cities_of(address: str) -> CompoundSelect[Any]:
    people, institutions = table("people").c, table("institutions").c
    return union_all(
        select(people.city).where(func.lower(people.email) == address),
        select(institutions.city).where(func.lower(institutions.contact_email) == address),
    )


def _visible(actor: Actor) -> Select[Any]:
    return select(Mail).options(*WITHOUT_BODY).where(visible_mails(actor))
