"""What a coordinator's digest says: read from events, places, boards, tasks and the outbox; names of nobody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import joinedload

from app.accounts.actor import COORDINATOR, Actor
from app.db import db
from app.desk.departure.queries import board_of
from app.desk.departure.readiness import AMBER, NAMES
from app.errors import N_
from app.events.models import ChecklistItem, Event
from app.events.policy import can_manage_event
from app.mail.models import Mail
from app.reminders.queries import TOLD
from app.rosters.change_models import EventChange
from app.signups.models import STANDING, Invitation, Place
from app.tasks.models import Task

A_DAY = timedelta(days=1)
LOOKS_AHEAD = timedelta(days=90)
BOARDS_WITHIN = timedelta(days=7)
BOARDS_AT_MOST = 10
EVENTS_AT_MOST = 30
CHECKLIST = N_("the checklist")


@dataclass
class News:
    """One event: moved, postponed or cancelled; how many joined and left; what is missing and due, by name."""

    event: Event
    news: str | None = None
    joined: int = 0
    left: int = 0
    missing: list[str] = field(default_factory=list)
    due: list[str] = field(default_factory=list)

    @property
    def says_something(self) -> bool:
        """Whether it is worth a line."""
        return bool(self.news or self.joined or self.left or self.missing or self.due)


@dataclass(frozen=True)
class Digest:
    """All that one coordinator should know this morning."""

    events: Sequence[News]
    tasks: int
    failed: int

    @property
    def lines(self) -> int:
        """How much there is to say; 0 is no letter."""
        return len(self.events) + bool(self.tasks) + bool(self.failed)


def digest_of(actor: Actor, *, since: datetime, now: datetime) -> Digest:
    """What changed since then at the events that they coordinate, what is missing, what is due within a day."""
    found = {event.id: News(event) for event in _events(now) if can_manage_event(actor, event)}
    _tell_changes(found, actor, since)
    _tell_missing(found, now)
    _tell_due(found, now)
    events = [one for one in found.values() if one.says_something][:EVENTS_AT_MOST]
    return Digest(events, _tasks(actor, found, now), _failed(found, since, now))


def _events(now: datetime) -> Sequence[Event]:
    """What lies ahead or was just to be, the soonest first."""
    query = select(Event).where(Event.status.in_((*TOLD, "postponed", "cancelled")))
    query = query.where(Event.ends_at > now - A_DAY, Event.starts_at < now + LOOKS_AHEAD)
    return db.session.scalars(query.options(joinedload(Event.site)).order_by(Event.starts_at, Event.id)).all()


def _tell_changes(found: Mapping[str, News], actor: Actor, since: datetime) -> None:
    """Moves by others, and people by number: what oneself did one knows."""
    moves = select(EventChange.event_id, EventChange.kind).where(
        EventChange.event_id.in_(found), EventChange.made_at > since, EventChange.undone_at.is_(None),
        or_(EventChange.made_by_id.is_(None), EventChange.made_by_id != actor.account_id),
    )  # fmt: skip
    for event_id, kind in db.session.execute(moves.order_by(EventChange.made_at)):
        found[event_id].news = kind
    joined = and_(Place.status.in_(STANDING), Place.created_at > since)
    left = and_(Place.status.not_in(STANDING), Place.cancelled_at > since, Place.created_at <= since)
    counted = (
        select(Place.event_id, func.count().filter(joined), func.count().filter(left))
        .where(Place.event_id.in_(found), or_(joined, left))
        .group_by(Place.event_id)
    )
    for event_id, came, went in db.session.execute(counted):
        if found[event_id].event.status != "cancelled":
            found[event_id].joined, found[event_id].left = came, went


def _tell_missing(found: Mapping[str, News], now: datetime) -> None:
    """The lines of the board that block the departure, and those whose time to be mended is near."""
    near = [one for one in found.values() if one.event.status in TOLD and now < one.event.starts_at]
    for one in [one for one in near if one.event.starts_at < now + BOARDS_WITHIN][:BOARDS_AT_MOST]:
        lines = board_of(one.event, now=now).lines
        one.missing = [
            NAMES[line.key]
            for line in lines
            if line.blocks or (line.state == AMBER and line.by is not None and line.by < now + A_DAY)
        ]


def _tell_due(found: Mapping[str, News], now: datetime) -> None:
    """What ends within a day."""
    soon = now + A_DAY
    consents = exists().where(Place.event_id == Event.id, Place.consent_due_at.between(now, soon))
    names = exists().where(
        Invitation.event_id == Event.id, Invitation.revoked_at.is_(None), Invitation.names_due_at.between(now, soon)
    )
    query = select(Event.id, consents, names).where(Event.id.in_(found), Event.status.in_(TOLD))
    for event_id, owes_consents, owes_names in db.session.execute(query):
        event = found[event_id].event
        closes = event.status == "published" and event.signup_closes_at
        cut_off = event.lunch_cutoff_at if event.lunch else None
        due = {
            N_("the sign-up closes"): bool(closes and now <= closes <= soon),
            N_("numbers for the caterer"): bool(cut_off and now <= cut_off <= soon),
            N_("consents of guardians"): owes_consents,
            N_("names from institutions"): owes_names,
        }
        found[event_id].due = [words for words, is_due in due.items() if is_due]
    _tell_checklists(found, now)


def _tell_checklists(found: Mapping[str, News], now: datetime) -> None:
    items = select(ChecklistItem).where(ChecklistItem.event_id.in_(found), ChecklistItem.done_at.is_(None))
    for item in db.session.scalars(items.options(joinedload(ChecklistItem.event))):
        one = found[item.event_id]
        if one.event.status in TOLD and one.event.starts_at > now and item.due_on <= (now + A_DAY).date():
            one.due = sorted({*one.due, CHECKLIST})


def _tasks(actor: Actor, found: Mapping[str, News], now: datetime) -> int:
    """Open tasks of their cities and events whose day has come."""
    cities = actor.cities(COORDINATOR)
    mine: list[Any] = [Task.event_id.in_(found)]
    mine += [Task.city.in_(cities)] if cities is not None else [Task.id.is_not(None)]
    query = select(func.count()).select_from(Task).where(Task.done_at.is_(None), Task.due_on <= now.date(), or_(*mine))
    return db.session.scalar(query) or 0


def _failed(found: Mapping[str, News], since: datetime, now: datetime) -> int:
    query = select(func.count()).select_from(Mail).where(Mail.event_id.in_(found), Mail.status == "failed")
    return db.session.scalar(query.where(Mail.created_at > since - A_DAY, Mail.created_at <= now)) or 0
