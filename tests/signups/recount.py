"""What must be true of one event's tables at any moment, counted anew from the rows."""

from collections import Counter

from sqlalchemy import func, select

from app.db import db
from app.events.models import Event
from app.mail.models import Mail
from app.signups.models import SEATED, STANDING, Offer, Place, QueueMove, SignUp


def recount(event: Event, *, letters: bool = True) -> None:
    """Seats, queue, offers and letters of this event, each against the other; an institution's list gets no letters."""
    places = list(db.session.scalars(select(Place).where(Place.event_id == event.id)))
    signups = list(db.session.scalars(select(SignUp).where(SignUp.event_id == event.id)))
    assert event.seats_taken == sum(place.status in SEATED for place in places) <= (event.capacity or 10**9)
    assert event.people_waiting == sum(place.is_waiting for place in places)
    waiting = Counter(place.signup_id for place in places if place.is_waiting)
    assert {s.id: s.waiting for s in signups if s.waiting} == dict(waiting)
    twice = Counter(place.person_id for place in places if place.status in STANDING)
    assert all(count == 1 for count in twice.values()), "nobody has two places"
    assert len({signup.queue_number for signup in signups}) == len(signups)
    for signup in signups:
        assert (signup.cancelled_at is None) == bool(signup.standing_places)
    _offers(event, places)
    if letters:
        _letters(event, places)


def _offers(event: Event, places: list[Place]) -> None:
    """An open offer for each party with seats kept for its answer, and for no other."""
    held = {place.signup_id for place in places if place.awaits == "answer"}
    mine = select(SignUp.id).where(SignUp.event_id == event.id)
    offers = list(db.session.scalars(select(Offer).where(Offer.signup_id.in_(mine))))
    assert {offer.signup_id for offer in offers if offer.answered_at is None} == held
    mails = select(Mail.key).where(Mail.event_id == event.id, Mail.template == "signups/offer")
    asked = [key.split(":")[3] for key in db.session.scalars(mails)]
    assert set(asked) == {offer.id for offer in offers}, "each offer was mailed"
    moves = select(QueueMove.kind, func.count()).where(QueueMove.event_id == event.id).group_by(QueueMove.kind)
    counted = dict(db.session.execute(moves).all())
    assert counted.get("offered", 0) <= len(offers)


def _letters(event: Event, places: list[Place]) -> None:
    """Whoever was ever seated was told so once, and so was each guardian; nobody else was."""
    told: Counter[tuple[str, str]] = Counter()
    query = select(Mail).where(Mail.event_id == event.id, Mail.template.in_(("signups/confirmed", "signups/promoted")))
    for mail in db.session.scalars(query):
        told.update((mail.recipient, person["ticket"]) for person in mail.context["people"])
    assert all(count == 1 for count in told.values()), "nobody is told twice"
    assert {ticket for _, ticket in told} == {place.printed_ticket for place in places if place.confirmed_at}
