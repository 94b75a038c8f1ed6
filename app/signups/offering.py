"""Offers of a freed seat: taken, declined, run out. An offer is answered once, whoever comes first."""

from datetime import datetime

from sqlalchemy import select

from app.accounts.actor import SYSTEM, Actor
from app.audit.operations import record
from app.db import db, lock, transaction
from app.errors import N_, DomainError, NotFound
from app.events.models import Event
from app.signups.holding import ask_approval
from app.signups.line import log_move
from app.signups.mails import mail_confirmed
from app.signups.models import Offer, Place, SignUp
from app.signups.offer_hours import offer_end, offers_at
from app.signups.offer_mails import mail_offer_expired, take_offer_back
from app.signups.seating import PROMOTES_IN, free, promote, seat


class OfferGone(DomainError):
    """It was answered already, ran out, or the party left the queue; `answer` says which."""

    type = "offer-gone"
    title = N_("This offer is over")
    message = N_("This offer is over: it was answered already, or its time ran out.")


def accept_offer(offer_id: str, *, now: datetime, actor: Actor, by_person_id: str | None = None) -> SignUp:
    """The party takes the seats that are kept for it. Raises OfferGone; the second of two answers gets it."""
    with transaction():
        offer, event, places = _open_offer(offer_id, now=now)
        signup = offer.signup
        _answer(offer, "accepted", by_person_id or actor.person_id, now=now)
        log_move(signup, "accepted", people=len(places), reason="", now=now)
        if event.approval == "none":
            seat(event, places, now=now)
            mail_confirmed(signup, places, now=now)
        else:
            ask_approval(event, signup, places, now=now)
        record(actor, "accept_offer", signup, now=now)
    return signup


def decline_offer(offer_id: str, *, now: datetime, actor: Actor, by_person_id: str | None = None) -> list[SignUp]:
    """The party leaves the seats to the next in the queue. Returns who got them. Raises OfferGone."""
    with transaction():
        offer, event, places = _open_offer(offer_id, now=now)
        _answer(offer, "declined", by_person_id or actor.person_id, now=now)
        log_move(offer.signup, "declined", people=len(places), reason="", now=now)
        free(event, places, reason="offer-declined", status="declined", now=now, actor=actor)
        record(actor, "decline_offer", offer.signup, now=now)
        return promote(event, now=now, actor=actor, cause="offer-declined")


def expire_offers(*, now: datetime) -> bool:
    """Ends one offer whose time ran out and passes its seats on; says whether to go on. For the worker."""
    over = select(Offer.id).where(Offer.answered_at.is_(None), Offer.expires_at <= now)
    offer_id = db.session.scalar(over.order_by(Offer.expires_at, Offer.id).limit(1))
    if offer_id is None:
        return False
    with transaction():
        offer, event, places = _locked_offer(offer_id)
        if offer.answered_at is not None or offer.expires_at > now:
            return True
        _answer(offer, "expired", None, now=now)
        if places:
            log_move(offer.signup, "expired", people=len(places), reason="", now=now)
            free(event, places, reason="offer-expired", status="declined", now=now, actor=SYSTEM)
            mail_offer_expired(offer.signup, places, now=now)
        record(SYSTEM, "expire_offer", offer.signup, now=now)
        promote(event, now=now, actor=SYSTEM, cause="offer-expired")
    return True


def promote_after_quiet_hours(*, now: datetime) -> bool:
    """Gives what came free at night to one event's queue; says whether anybody moved. For the worker."""
    waiting = select(Event).where(
        Event.status.in_(PROMOTES_IN),
        Event.people_waiting > 0,
        Event.starts_at > now,
        (Event.capacity.is_(None)) | (Event.seats_taken < Event.capacity),
    )
    for event in list(db.session.scalars(waiting.order_by(Event.starts_at))):
        if offers_at(event, now) and offer_end(event, now) is None:
            continue
        with transaction():
            lock(event)
            if promote(event, now=now, actor=SYSTEM, cause="morning"):
                return True
    return False


def open_offer_of(signup: SignUp) -> Offer | None:
    """The offer that this party may answer now."""
    return db.session.scalar(select(Offer).where(Offer.signup_id == signup.id, Offer.answered_at.is_(None)))


def _open_offer(offer_id: str, *, now: datetime) -> tuple[Offer, Event, list[Place]]:
    offer, event, places = _locked_offer(offer_id)
    if offer.answered_at is not None or offer.expires_at <= now or not places:
        raise OfferGone(answer=offer.answer or "expired")
    return offer, event, places


def _locked_offer(offer_id: str) -> tuple[Offer, Event, list[Place]]:
    offer = db.session.get(Offer, offer_id)
    if offer is None:
        raise NotFound
    event = offer.signup.event
    lock(event)
    lock(offer)
    db.session.refresh(offer.signup, attribute_names=["places", "waiting", "queue_number", "cancelled_at"])
    places = [place for place in offer.signup.places if place.awaits == "answer"]
    return offer, event, places


def _answer(offer: Offer, answer: str, person_id: str | None, *, now: datetime) -> None:
    offer.answer = answer
    offer.answered_at = now
    offer.answered_by_id = person_id
    take_offer_back(offer, now=now)
