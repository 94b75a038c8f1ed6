"""Reads for the pages that explain a queue: the line as it stands, why its parties wait, and what happened in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.db import db
from app.events.models import Event
from app.signups.line import Row, line_after, parties_of, seats_to_give
from app.signups.models import QueueMove, SignUp
from app.signups.moves import AHEAD_OF
from app.signups.offer_hours import offer_end, offers_at
from app.signups.seating import PROMOTES_IN
from app.signups.waiting_list import WaitingParty, can_ever_fit, is_held, seats_for
from app.web.paging import Page, page_of

AT_ONCE = 50
BEFORE, BEHIND = 8, 3
WAITS = SignUp.waiting > 0


@dataclass(frozen=True)
class InLine:
    """One party of the line; positions count people from 1. `held` says why it is not seated now."""

    signup: SignUp
    position: int
    passed_over: int
    held: str


@dataclass(frozen=True)
class Drawn:
    """A party in the picture of the line: how many people, and whether it is the reader's own."""

    people: int
    is_own: bool


@dataclass(frozen=True)
class Picture:
    """The line around one party; `before` and `behind` people stand outside the picture."""

    before: int
    parties: Sequence[Drawn]
    behind: int


def line_of(event: Event, *, now: datetime, cursor: str | None = None, limit: int = AT_ONCE) -> Page[InLine]:
    """The parties that wait, first come first, with their position and why each is not seated."""
    query = select(SignUp).where(SignUp.event_id == event.id, WAITS).options(joinedload(SignUp.leader))
    page = page_of(db.session(), query, (SignUp.queue_number,), cursor=cursor, limit=limit)
    if not page.items:
        return page
    rows = [Row(s.id, s.queue_number, s.waiting, s.accept_fewer) for s in page.items]
    parties = parties_of(event, rows)
    reasons = _reasons(event, parties, now=now)
    position, items = position_of(page.items[0]), []
    for signup, party, reason in zip(page.items, parties, reasons, strict=True):
        items.append(InLine(signup, position, party.passed_over, reason))
        position += signup.waiting
    return Page(items, page.next)


def moves_in(event: Event, *, cursor: str | None = None, limit: int = AT_ONCE) -> Page[QueueMove]:
    """What happened in the queue, latest first."""
    query = select(QueueMove).where(QueueMove.event_id == event.id)
    return page_of(db.session(), query, (QueueMove.number,), cursor=cursor, limit=limit, descending=True)


def leaders_of(moves: Sequence[QueueMove]) -> dict[str, str]:
    """{sign-up's id: its leader's name} of those whom these moves are about."""
    query = select(SignUp).where(SignUp.id.in_({move.signup_id for move in moves})).options(joinedload(SignUp.leader))
    return {signup.id: signup.leader.short_name for signup in db.session.scalars(query)}


def position_of(signup: SignUp) -> int:
    """The place of its first person in the line, from 1."""
    values = {"event_id": signup.event_id, "number": signup.queue_number}
    return (db.session.scalar(AHEAD_OF, values) or 0) + 1


def picture_of(signup: SignUp) -> Picture:
    """The party among its neighbours in the line."""
    here = select(SignUp.queue_number, SignUp.waiting).where(SignUp.event_id == signup.event_id, WAITS)
    number = signup.queue_number
    ahead = list(
        db.session.execute(here.where(SignUp.queue_number < number).order_by(SignUp.queue_number.desc()).limit(BEFORE))
    )
    after = list(
        db.session.execute(here.where(SignUp.queue_number > number).order_by(SignUp.queue_number).limit(BEHIND))
    )
    own = Drawn(signup.waiting, is_own=True)
    parties = [
        *(Drawn(row.waiting, False) for row in reversed(ahead)),
        own,
        *(Drawn(row.waiting, False) for row in after),
    ]
    before = position_of(signup) - 1 - sum(row.waiting for row in ahead)
    shown = sum(party.people for party in parties)
    return Picture(before, parties, signup.event.people_waiting - before - shown)


def offered_from(event: Event) -> datetime | None:
    """From when on freed seats are offered rather than given; None where that never changes."""
    if event.promotion != "late-offer":
        return None
    return event.starts_at - timedelta(hours=event.offer_from_hours)


def _reasons(event: Event, parties: Sequence[WaitingParty], *, now: datetime) -> list[str]:
    """hold_reason() of app/signups/moves.py for many parties of one event at once."""
    free = seats_to_give(event)
    if event.status not in PROMOTES_IN or event.starts_at <= now:
        return ["not-open"] * len(parties)
    if free <= 0:
        return ["no-seat"] * len(parties)
    if offers_at(event, now) and offer_end(event, now) is None:
        return ["quiet-hours"] * len(parties)
    line = parties_of(event, line_after(event, 0))
    first = next((party for party in line if can_ever_fit(party, event.capacity)), None)
    kept = first is not None and is_held(first.passed_over, event.pass_limit)
    return [_reason(event, party, free, is_kept=kept) for party in parties]


def _reason(event: Event, party: WaitingParty, free: int, *, is_kept: bool) -> str:
    if not can_ever_fit(party, event.capacity):
        return "too-large-for-event"
    if not seats_for(party, free):
        return "too-large"
    return "kept-for-first" if is_kept else "no-seat"
