"""Reads that prove what became of letters: those of an event, those to a person, one with its attempts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.accounts.actor import Actor
from app.db import db
from app.mail.models import Mail
from app.mail.queries import PER_PAGE, WITHOUT_BODY
from app.mail.sending_models import MailAttempt
from app.mail.whereabouts import table, visible_mails
from app.web.paging import Page, page_of

MOST_ATTEMPTS = 500


@dataclass(frozen=True)
class Attempt:
    """One time that a letter was tried: when, what came of it ("taken" at last), the server's code and words."""

    number: int
    at: datetime
    what: str
    code: int | None
    answer: str
    worker: str = ""


def mails_of_event(event_id: str, *, status: str | None = None, cursor: str | None = None) -> Page[Mail]:
    """What was written about an event, the newest first. Whoever manages the event may see all of it."""
    return _page(Mail.event_id == event_id, status, cursor)


def mails_to_person(
    actor: Actor, person_id: str, *, status: str | None = None, cursor: str | None = None
) -> Page[Mail]:
    """What was written to a person, the newest first, as far as the actor may know of it."""
    return _page((Mail.person_id == person_id) & visible_mails(actor), status, cursor)


def attempts_of(mail: Mail) -> Sequence[Attempt]:
    """Each time that the letter was tried, in their order; the good one last."""
    rows = select(MailAttempt).where(MailAttempt.mail_id == mail.id).order_by(MailAttempt.at, MailAttempt.number)
    tried = [
        Attempt(one.number, one.at, one.what, one.code, one.answer, one.worker)
        for one in db.session.scalars(rows.limit(MOST_ATTEMPTS))
    ]
    if mail.sent_at is not None:
        tried.append(Attempt(max(mail.attempts, 1), mail.sent_at, "taken", mail.answer_code, mail.answer or ""))
    return tried


def again_of(mail: Mail) -> Sequence[Mail]:
    """The letters that were sent again in its place, in their order."""
    return db.session.scalars(select(Mail).where(Mail.again_of_id == mail.id).order_by(Mail.created_at, Mail.id)).all()


def title_of_event(event_id: str | None) -> dict[str, Any] | None:
    """What a letter's event is called, None without one."""
    events = table("events").c
    return db.session.scalar(select(events.title).where(events.id == event_id)) if event_id else None


def _page(about: Any, status: str | None, cursor: str | None) -> Page[Mail]:
    query = select(Mail).options(*WITHOUT_BODY).where(about)
    if status:
        query = query.where(Mail.status == status)
    keys = [Mail.created_at, Mail.id]
    return page_of(db.session(), query, keys, cursor=cursor, limit=PER_PAGE, descending=True)
