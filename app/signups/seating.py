"""Taking and freeing seats. Plain functions that every operation shares; they expect the event's lock to be held."""

from datetime import datetime

from sqlalchemy import func, select

from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import db
from app.events.models import Event
from app.signups.mails import mail_promoted
from app.signups.models import SEATED, Place, SignUp
from app.signups.waiting_list import Promotion, WaitingParty, promotions

PROMOTES_IN = ("published", "closed")


def seat(event: Event, places: list[Place], *, now: datetime) -> None:
    """These people are in."""
    for place in places:
        place.status = "confirmed"
        place.confirmed_at = now
    event.seats_taken += len(places)


def free(event: Event, places: list[Place], *, reason: str, now: datetime, actor: Actor) -> None:
    """These people go no longer; their seats are nobody's until promote() is called."""
    event.seats_taken -= sum(place.status in SEATED for place in places)
    for place in places:
        place.status = "cancelled"
        place.cancelled_at = now
        place.cancelled_by_id = actor.account_id
        place.cancel_reason = reason
    for signup in {place.signup for place in places}:
        if not signup.standing_places:
            signup.cancelled_at = now
            signup.cancelled_by_id = actor.account_id


def promote(event: Event, *, now: datetime, actor: Actor) -> list[SignUp]:
    """Gives free seats to the first parties in the queue that fit, and mails them. Returns those parties."""
    if event.status not in PROMOTES_IN or event.starts_at <= now:
        return []
    queue = waiting_parties(event.id)
    free_seats = event.seats_free if event.seats_free is not None else sum(party.size for party in queue)
    given = promotions(free_seats, queue)
    return [_promote_one(event, promotion, now=now, actor=actor) for promotion in given]


def waiting_parties(event_id: str) -> list[WaitingParty]:
    """The queue in its order."""
    query = (
        select(SignUp.id, func.count(), SignUp.accept_fewer)
        .join(Place, Place.signup_id == SignUp.id)
        .where(Place.event_id == event_id, Place.status == "waiting")
        .group_by(SignUp.id, SignUp.accept_fewer, SignUp.queue_number)
        .order_by(SignUp.queue_number)
    )
    return [WaitingParty(*row) for row in db.session.execute(query)]


def _promote_one(event: Event, promotion: Promotion, *, now: datetime, actor: Actor) -> SignUp:
    signup = db.session.get_one(SignUp, promotion.signup_id)
    places = [place for place in signup.places if place.is_waiting][: promotion.seats]
    seat(event, places, now=now)
    for place in places:
        place.promoted_at = now
    mail_promoted(signup, places, now=now)
    record(actor, "promote", signup, now=now)
    return signup
