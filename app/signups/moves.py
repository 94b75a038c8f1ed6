"""The queue explains itself: what happened to a party in it, move by move, and why it is not seated now."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, select

from app.db import db
from app.events.models import Event
from app.signups.line import line_after, parties_of, seats_to_give
from app.signups.models import QueueMove, SignUp
from app.signups.offer_hours import offer_end, offers_at
from app.signups.seating import PROMOTES_IN
from app.signups.waiting_list import can_ever_fit, is_held, seats_for

# These take people out of the line; whoever waits behind them moves up.
LEAVES_THE_LINE = ("seated", "offered", "left", "shrank", "grew")
PASSES = ("seated", "offered")
MOVES = (
    select(
        QueueMove.at, QueueMove.kind, QueueMove.people, QueueMove.reason, QueueMove.queue_number, QueueMove.signup_id
    )
    .where(QueueMove.event_id == bindparam("event_id"), QueueMove.at >= bindparam("since"))
    .order_by(QueueMove.number.desc())
)
AHEAD_OF = select(func.coalesce(func.sum(SignUp.waiting), 0)).where(
    SignUp.event_id == bindparam("event_id"), SignUp.waiting > 0, SignUp.queue_number < bindparam("number")
)


@dataclass(frozen=True)
class Story:
    """One move as the party saw it. Positions count people from 1; None once it waits no longer.

    `kind`: joined, moved_up, passed (others were seated first), or what happened to the party itself.
    """

    at: datetime
    kind: str
    people: int
    reason: str
    position_before: int | None
    position_after: int | None


def story_of(signup: SignUp) -> list[Story]:
    """Everything that happened to the party in the queue, latest first.

    Told backwards from how the line stands today: whoever left it since stood in it before.
    """
    number, ahead = signup.queue_number, _ahead_of(signup.event_id, signup.queue_number)
    waits, told = signup.waiting > 0, list[Story]()
    seen: list[Row[*tuple[Any, ...]]] = []
    for move in db.session.execute(MOVES, {"event_id": signup.event_id, "since": signup.created_at}):
        if move.signup_id != signup.id:
            if waits and (story := _others(move, number, ahead)):
                told.append(story)
            ahead += _stepped(move, number)
        else:
            waits, after = True, ahead
            if move.kind == "grew":
                number = move.queue_number
                ahead = _ahead_of(signup.event_id, number) + sum(_stepped(other, number) for other in seen)
            told.append(_own(move, ahead, after))
        seen.append(move)
    return [*told, Story(signup.created_at, "joined", len(signup.places), "", None, ahead + 1)]


def hold_reason(event: Event, signup: SignUp, *, now: datetime) -> str | None:
    """Why this party is not seated at this moment; None if it does not wait.

    One of not-open, no-seat, too-large, too-large-for-event, kept-for-first, quiet-hours.
    """
    if not signup.waiting:
        return None
    if event.status not in PROMOTES_IN or event.starts_at <= now:
        return "not-open"
    free = seats_to_give(event)
    if free <= 0:
        return "no-seat"
    if offers_at(event, now) and offer_end(event, now) is None:
        return "quiet-hours"
    return _by_the_line(event, signup, free)


def _by_the_line(event: Event, signup: SignUp, free: int) -> str:
    row = next(row for row in line_after(event, signup.queue_number - 1) if row.signup_id == signup.id)
    party = parties_of(event, [row])[0]
    if not can_ever_fit(party, event.capacity):
        return "too-large-for-event"
    if not seats_for(party, free):
        return "too-large"
    first = next((p for p in parties_of(event, line_after(event, 0)) if can_ever_fit(p, event.capacity)), party)
    return "kept-for-first" if is_held(first.passed_over, event.pass_limit) else "no-seat"


def _ahead_of(event_id: str, number: int) -> int:
    return db.session.scalar(AHEAD_OF, {"event_id": event_id, "number": number}) or 0


def _stepped(move: Row[*tuple[Any, ...]], number: int) -> int:
    """By how many people the line in front of this number became shorter."""
    if move.queue_number >= number:
        return 0
    if move.kind == "moved":
        return -int(move.people)
    return int(move.people) if move.kind in LEAVES_THE_LINE else 0


def _own(move: Row[*tuple[Any, ...]], ahead: int, after: int) -> Story:
    if move.kind in ("accepted", "declined", "expired"):
        return Story(move.at, move.kind, move.people, move.reason, None, None)
    stays = move.kind in ("grew", "shrank", "moved")
    return Story(move.at, move.kind, move.people, move.reason, ahead + 1, after + 1 if stays else None)


def _others(move: Row[*tuple[Any, ...]], number: int, ahead: int) -> Story | None:
    stepped = _stepped(move, number)
    if stepped:
        kind = "moved_up" if stepped > 0 else "moved_back"
        reason = move.kind if move.kind in PASSES else move.reason or move.kind
        return Story(move.at, kind, abs(stepped), reason, ahead + stepped + 1, ahead + 1)
    if move.queue_number > number and move.kind in PASSES:
        return Story(move.at, "passed", move.people, move.reason, ahead + 1, ahead + 1)
    return None
