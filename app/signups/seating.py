"""Taking and freeing seats. Plain functions that every operation shares; they expect the event's lock to be held."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from app.accounts.actor import Actor
from app.audit.operations import record
from app.events.models import Event
from app.rows import fill
from app.signups.consent_mails import take_back_consent_letters
from app.signups.holding import ask_approval, hold, offer_seats, withdraw_questions
from app.signups.line import count, leave_line, log_move, next_in_line
from app.signups.mails import mail_confirmed, mail_promoted, take_letters_back
from app.signups.models import SEATED, Place, SignUp
from app.signups.offer_hours import offer_end, offers_at

__all__ = ["PROMOTES_IN", "free", "give", "hold", "promote", "seat"]

PROMOTES_IN = ("published", "closed")


def seat(event: Event, places: Sequence[Place], *, now: datetime) -> None:
    """These people are in."""
    more = sum(place.status not in SEATED for place in places)
    count(event, seats=more, waiting=-leave_line(places))
    for place in places:
        place.status = "confirmed"
        place.awaits = None
        place.confirmed_at = now


def enter(event: Event, signup: SignUp, *, seated: Sequence[Place], waiting: Sequence[Place], now: datetime) -> None:
    """A new party comes in, with a number, seats and places in the queue, all counted in one step; not written yet."""
    fill(signup, queue_number=event.last_queue_number + 1, waiting=len(waiting))
    for place in seated:
        fill(place, status="confirmed", confirmed_at=now)
    for place in waiting:
        fill(place, status="waiting")
    count(event, seats=len(seated), waiting=len(waiting), numbers=1)


def free(
    event: Event, places: Sequence[Place], *, reason: str, now: datetime, actor: Actor, status: str = "cancelled"
) -> None:
    """These people go no longer; their seats are nobody's until promote() is called."""
    fewer = sum(place.status in SEATED for place in places)
    parties = list({place.signup_id: place.signup for place in places}.values())
    waits = Counter(place.signup_id for place in places if place.is_waiting)
    for signup in parties:
        if waiting := waits[signup.id]:
            log_move(signup, "left" if waiting == signup.waiting else "shrank", people=waiting, reason=reason, now=now)
    count(event, seats=-fewer, waiting=-leave_line(places))
    take_back_consent_letters([place for place in places if place.consent_due_at], now=now)
    for place in places:
        place.status = status
        place.awaits = None
        place.cancelled_at = now
        place.cancelled_by_id = actor.account_id
        place.cancel_reason = reason
        place.consent_due_at = None
        place.group_id = place.bus_id = None
    withdraw_questions(parties, now=now)
    for signup in parties:
        if not signup.standing_places:
            signup.cancelled_at = now
            signup.cancelled_by_id = actor.account_id


def give(event: Event, signup: SignUp, places: Sequence[Place], *, now: datetime) -> bool:
    """Seats for people who take them now: theirs at once, or kept while somebody is asked. Says whether they are in."""
    if event.approval == "none":
        seat(event, places, now=now)
        return True
    ask_approval(event, signup, list(places), now=now)
    return False


def promote(
    event: Event, *, now: datetime, actor: Actor, cause: str = "", newcomer: SignUp | None = None
) -> list[SignUp]:
    """Gives free seats to the first parties in the queue that fit, or offers them, as the event's rule says.

    Returns those parties, each once. `cause` says why a seat came free. A `newcomer` who just joined gets no offer but
    the seat.
    """
    if event.status not in PROMOTES_IN or event.starts_at <= now or not event.people_waiting:
        return []
    until = offer_end(event, now) if offers_at(event, now) else None
    if until is None and offers_at(event, now):
        return []  # nobody is woken at night: the worker comes back in the morning
    promoted: dict[str, SignUp] = {}
    while going := next_in_line(event):
        if _let_leavers_go(event, going, now=now, actor=actor):
            continue
        for signup, places in going:
            offered_until = None if signup is newcomer else until
            _promote_one(event, signup, places, until=offered_until, cause=cause, now=now, actor=actor)
            if event.approval == "none" and offered_until is None:
                (mail_confirmed if signup is newcomer else mail_promoted)(signup, places, now=now)
            promoted[signup.id] = signup
    return list(promoted.values())


def _let_leavers_go(event: Event, going: Sequence[tuple[SignUp, list[Place]]], *, now: datetime, actor: Actor) -> bool:
    """Whoever left the company and still stands in the queue leaves it instead of getting a seat. Says if any did."""
    leavers = [place for _, places in going for place in places if place.person.deactivated_at is not None]
    if leavers:
        free(event, leavers, reason="left", now=now, actor=actor)
        take_letters_back(event, leavers, now=now)
        for place in leavers:
            record(actor, "free_seat", place, now=now)
    return bool(leavers)


def _promote_one(
    event: Event,
    signup: SignUp,
    places: list[Place],
    *,
    until: datetime | None,
    cause: str,
    now: datetime,
    actor: Actor,
) -> None:
    for place in places:
        place.promoted_at = now
    log_move(signup, "offered" if until else "seated", people=len(places), reason=cause, now=now)
    if until:
        offer_seats(event, signup, places, until=until, now=now)
    else:
        give(event, signup, places, now=now)
    record(actor, "offer_seat" if until else "promote", signup, now=now)
