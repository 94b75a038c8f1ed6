"""Reads of the outbox for coordinators: only letters about their events and to their people."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from app.accounts.actor import Actor
from app.db import db
from app.errors import NotFound
from app.mail.models import STATUSES, Mail
from app.mail.whereabouts import table, visible_mails
from app.web.paging import Page, page_of

PER_PAGE = 50
EVENTS_TO_CHOOSE = 100


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
    mail = db.session.scalar(_visible(actor).where(Mail.id == mail_id))
    if mail is None:
        raise NotFound
    return mail


def counts_by_status(actor: Actor, *, event_id: str | None = None) -> dict[str, int]:
    """How many letters there are of each status, zeros included."""
    query = select(Mail.status, func.count()).where(visible_mails(actor)).group_by(Mail.status)
    if event_id:
        query = query.where(Mail.event_id == event_id)
    found = {row[0]: row[1] for row in db.session.execute(query)}
    return {status: found.get(status, 0) for status in STATUSES}


def events_with_mails(actor: Actor) -> list[EventChoice]:
    """The latest events that visible letters speak of."""
    events = table("events").c
    spoken_of = select(Mail.event_id).where(visible_mails(actor), Mail.event_id.is_not(None))
    query = select(events.id, events.title, events.starts_at, events.timezone).where(events.id.in_(spoken_of))
    rows = db.session.execute(query.order_by(events.starts_at.desc()).limit(EVENTS_TO_CHOOSE))
    return [EventChoice(*row) for row in rows]


def _visible(actor: Actor) -> Select[Any]:
    return select(Mail).where(visible_mails(actor))
