"""What a bulk action does with some places of an event whose lock is held. Each says how many letters it queued and
{place's id: the rule} of those for whom it could not be done."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from app.accounts.actor import Actor
from app.attendance.entry_ids import following
from app.attendance.operations import mark_absent, mark_present
from app.audit.operations import record
from app.db import db, new_id
from app.desk.roster.batch_errors import (
    HasNoLabel,
    IsGone,
    KeptForFirst,
    NotOpen,
    NotSeatedYet,
    OthersFirst,
    OutOfReach,
    SamePlaceAlready,
    TargetFull,
    TooLarge,
    TooLargeForEvent,
    no_such_target,
)
from app.desk.roster.mails import mail_message
from app.desk.roster.models import LONGEST_LABEL, PlaceLabel
from app.desk.roster.roster import NONE
from app.errors import DomainError
from app.events.models import Event, Shift
from app.rosters.models import Bus, Group
from app.signups.approving import approve
from app.signups.line import log_move, next_in_line
from app.signups.mails import mail_promoted
from app.signups.models import STANDING, Approval, Place, SignUp
from app.signups.moves import hold_reason
from app.signups.offering import accept_offer, open_offer_of
from app.signups.seating import PROMOTES_IN, give
from app.web.words import in_language

Refusals = dict[str, DomainError]
Done = tuple[int, Refusals]

TARGETS: dict[str, tuple[Any, str]] = {
    "group": (Group, "group_id"),
    "bus": (Bus, "bus_id"),
    "shift": (Shift, "shift_id"),
}
MARKS = {"present": mark_present, "absent": mark_absent}
WHY_HELD: dict[str | None, type[NotSeatedYet]] = {
    "not-open": NotOpen,
    "too-large": TooLarge,
    "too-large-for-event": TooLargeForEvent,
    "kept-for-first": KeptForFirst,
}


def confirm(event: Event, places: Sequence[Place], *, order: Any, now: datetime, actor: Actor) -> Done:
    """Seats for those whose turn it is by the rule of the queue; an offer or an approval is answered for them."""
    parties: dict[str, SignUp] = {place.signup_id: place.signup for place in places if place.is_standing}
    refused: dict[str, DomainError] = {}
    for signup in parties.values():
        try:
            _answer_for(signup, now=now, actor=actor)
        except DomainError as refusal:
            refused[signup.id] = refusal
    if event.status in PROMOTES_IN and event.starts_at > now:
        _seat_in_turn(event, parties, now=now, actor=actor)
    refusals: Refusals = {}
    for place in places:
        if not place.is_standing:
            refusals[place.id] = IsGone()
        elif not place.is_confirmed:
            refusals[place.id] = refused.get(place.signup_id) or _why_held(event, place.signup, now=now)
    return 0, refusals


def move(event: Event, places: Sequence[Place], *, order: Any, now: datetime, actor: Actor) -> Done:
    """Into a group, a bus or a shift, as long as there is room; NONE takes out of it."""
    model, column = TARGETS[order.action]
    target = None if order.target == NONE else db.session.get(model, order.target)
    if order.target != NONE and (target is None or target.event_id != event.id or getattr(target, "closed_at", None)):
        raise no_such_target()
    room, wanted, refusals = _room_in(event, target, column), target.id if target else None, Refusals()
    for place in places:
        before = getattr(place, column)
        if not place.is_standing:
            refusals[place.id] = IsGone()
        elif before == wanted:
            refusals[place.id] = SamePlaceAlready()
        elif room is not None and room <= 0:
            refusals[place.id] = TargetFull(name=_name(target, actor))
        else:
            setattr(place, column, wanted)
            room = None if room is None else room - 1
            record(actor, "move_place", place, now=now, changes={column: (before, wanted)})
    return 0, refusals


def message(event: Event, places: Sequence[Place], *, order: Any, now: datetime, actor: Actor) -> Done:
    """A letter to whoever reads about them, each reader once."""
    standing = [place for place in places if place.is_standing]
    letters, reached = mail_message(event, standing, order=order, now=now)
    refusals: Refusals = {place.id: IsGone() for place in places if not place.is_standing}
    refusals |= {place.id: OutOfReach() for place in standing if place.id not in reached}
    record(
        actor, "send_message", event, now=now, changes={"subject": (None, order.subject), "letters": (None, letters)}
    )
    return letters, refusals


def mark(event: Event, places: Sequence[Place], *, order: Any, now: datetime, actor: Actor) -> Done:
    """Present or absent, under the rules of the door."""
    refusals: Refusals = {}
    for place in places:
        try:
            entry_id = following(order.batch, f"{order.action}:{place.id}")
            MARKS[order.action](place, entry_id=entry_id, at=now, now=now, actor=actor)
        except DomainError as refusal:
            refusals[place.id] = refusal
    return 0, refusals


def label(event: Event, places: Sequence[Place], *, order: Any, now: datetime, actor: Actor) -> Done:
    """A word beside their names."""
    word, refusals = " ".join(order.label.split())[:LONGEST_LABEL], Refusals()
    having = _labelled(places, word)
    for place in places:
        if place.id in having:
            refusals[place.id] = SamePlaceAlready()
            continue
        row = PlaceLabel(id=new_id(), place_id=place.id, event_id=event.id, label=word, created_at=now)
        row.created_by_id = actor.account_id
        db.session.add(row)
        record(actor, "label", place, now=now, changes={"label": (None, word)})
    return 0, refusals


def unlabel(event: Event, places: Sequence[Place], *, order: Any, now: datetime, actor: Actor) -> Done:
    """The word goes again."""
    word, refusals = " ".join(order.label.split())[:LONGEST_LABEL], Refusals()
    having = _labelled(places, word)
    for place in places:
        if place.id not in having:
            refusals[place.id] = HasNoLabel()
            continue
        db.session.delete(having[place.id])
        record(actor, "unlabel", place, now=now, changes={"label": (word, None)})
    return 0, refusals


def _answer_for(signup: SignUp, *, now: datetime, actor: Actor) -> None:
    """Whoever was asked said so to the coordinator."""
    if any(place.awaits == "answer" for place in signup.places) and (offer := open_offer_of(signup)):
        accept_offer(offer.id, now=now, actor=actor)
    if any(place.awaits == "approval" for place in signup.places):
        wanted = select(Approval.id).where(Approval.signup_id == signup.id, Approval.answered_at.is_(None))
        if approval_id := db.session.scalar(wanted):
            approve(approval_id, now=now, actor=actor)


def _seat_in_turn(event: Event, parties: Mapping[str, SignUp], *, now: datetime, actor: Actor) -> None:
    """Only who would get a seat now by the rule; who wasn't picked keeps the turn."""
    while going := [(signup, places) for signup, places in next_in_line(event) if signup.id in parties]:
        for signup, places in going:
            for place in places:
                place.promoted_at = now
            log_move(signup, "seated", people=len(places), reason="", now=now)
            if give(event, signup, places, now=now):
                mail_promoted(signup, places, now=now)
            record(actor, "promote", signup, now=now)
        db.session.flush()


def _why_held(event: Event, signup: SignUp, *, now: datetime) -> DomainError:
    reason = hold_reason(event, signup, now=now)
    if reason == "no-seat" and event.seats_free:
        return OthersFirst()
    return WHY_HELD.get(reason, NotSeatedYet)()


def _room_in(event: Event, target: Any, column: str) -> int | None:
    """How many more fit; None where nobody counts."""
    capacity = getattr(target, "capacity", None)
    if capacity is None:
        return None
    there = getattr(Place, column) == target.id
    query = select(func.count()).where(Place.event_id == event.id, there, Place.status.in_(STANDING))
    return int(capacity) - (db.session.scalar(query) or 0)


def _name(target: Any, actor: Actor) -> str:
    return in_language(target.name, actor.language)


def _labelled(places: Sequence[Place], word: str) -> dict[str, PlaceLabel]:
    ids: defaultdict[str, PlaceLabel] = defaultdict()
    wanted = select(PlaceLabel).where(PlaceLabel.place_id.in_([place.id for place in places]), PlaceLabel.label == word)
    ids.update({row.place_id: row for row in db.session.scalars(wanted)})
    return ids
