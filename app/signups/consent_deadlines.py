"""Until when a child's place waits for consent, who is asked again when the plan changes, and what the deadline does.

Plain functions expect the event's lock to be held; `free_unconsented` is a step of the worker.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from app.accounts.actor import SYSTEM, Actor
from app.audit.operations import record
from app.columns import UtcDateTime
from app.consents.binding import bound_to
from app.consents.cover import has_moved
from app.consents.models import Consent
from app.consents.queries import STANDS, covered_children, standing_of
from app.db import db, lock, transaction
from app.events.models import Event, Site
from app.signups.consent_mails import mail_consent_asked, mail_consent_missed, take_back_consent_letters
from app.signups.mails import take_letters_back
from app.signups.models import STANDING, Place, SignUp
from app.signups.seating import free, promote

CONSENT_WITHIN = timedelta(days=3)
NO_CONSENT = "no-consent"
WAITS_IN = ("published", "closed")
# Answers that stand for another plan than today's, of children who still go or wait.
MOVED = (
    select(Consent.event_id)
    .join(Event, Event.id == Consent.event_id)
    .join(Site, Site.id == Event.site_id)
    .join(Place, and_(Place.event_id == Consent.event_id, Place.person_id == Consent.child_id))
    .where(
        *STANDS,
        Consent.is_yes,
        Event.starts_at > bindparam("now", type_=UtcDateTime),
        Event.status.in_(WAITS_IN),
        Place.status.in_(STANDING),
        or_(
            Consent.bound_to["hazard_class"].as_string() != Site.hazard_class,
            Consent.bound_to["transport"].as_string() != Event.transport,
            Consent.bound_to["site_id"].as_string() != Event.site_id,
        ),
    )
    .order_by(Event.starts_at)
)


def consent_due(event: Event, now: datetime) -> datetime:
    """Until when a place is kept for a guardian who is asked now."""
    return min(now + CONSENT_WITHIN, event.starts_at)


def settle(event: Event, places: Iterable[Place], *, now: datetime) -> list[Place]:
    """Sets or lifts the deadline of each child's place by what was answered; returns those that owe from now on."""
    standing = [place for place in places if place.is_standing]
    minors = [place for place in standing if place.person.is_minor_on(event.local_date)]
    covered = covered_children(event, [place.person_id for place in minors]) if minors else set()
    owing = [place for place in minors if place.person_id not in covered]
    settled = [place for place in standing if place.consent_due_at is not None and place not in owing]
    for place in settled:
        place.consent_due_at = None
    take_back_consent_letters(settled, now=now)
    new = [place for place in owing if place.consent_due_at is None]
    for place in new:
        place.consent_due_at = consent_due(event, now)
    return new


def ask_again(event: Event, places: Sequence[Place], *, now: datetime, actor: Actor) -> list[Place]:
    """After a change of destination, date, transport or hazard class: answers for another plan lapse, guardians are
    asked anew and the seats wait for them. Returns the places that owe a consent from now on.

    Run again it finds nothing new: only what was given for another plan lapses. A deadline that passed while an event
    was postponed, or lies after its new start, is set anew.
    """
    db.session.flush()
    lapsed = _lapse(event, [place.person_id for place in places], now=now)
    for place in places:
        if place.consent_due_at and (place.person_id in lapsed or not now < place.consent_due_at <= event.starts_at):
            place.consent_due_at = None
    db.session.flush()
    owing = settle(event, places, now=now)
    mail_consent_asked(owing, now=now)
    for place in owing:
        record(actor, "ask_consent_again", place, now=now)
    return owing


def ask_again_where_moved(*, now: datetime) -> bool:
    """A step of the worker: one event ahead where an answer stands for another plan, such as before the site's hazard
    class changed; says whether to go on. The gate doesn't wait for it."""
    event_id = db.session.scalar(MOVED.limit(1), {"now": now})
    if event_id is None:
        return False
    return _asked_again(event_id, now=now, actor=SYSTEM) > 0


def settle_child(child_id: str, *, now: datetime, actor: Actor) -> int:
    """After a child's guardians changed: whoever decides today must agree. Returns how many places owe now."""
    ahead = (
        select(Place.event_id)
        .join(Event, Event.id == Place.event_id)
        .where(Place.person_id == child_id, Place.status.in_(STANDING), Event.starts_at > now)
    )
    return sum(
        _asked_again(event_id, now=now, actor=actor, child_id=child_id) for event_id in list(db.session.scalars(ahead))
    )


def free_unconsented(*, now: datetime) -> bool:
    """Frees the places of one event whose deadline passed without consent, and promotes; says whether to go on.

    Once an event has begun nobody is freed: who comes without consent is stopped at the gate.
    """
    overdue = (
        select(Place.event_id)
        .join(Event, Event.id == Place.event_id)
        .where(
            Place.consent_due_at <= now,
            Place.status.in_(STANDING),
            Event.starts_at > now,
            Event.status.in_(WAITS_IN),
        )
        .order_by(Place.consent_due_at)
        .limit(1)
    )
    event_id = db.session.scalar(overdue)
    if event_id is None:
        return False
    with transaction():
        event = db.session.get_one(Event, event_id)
        lock(event)
        _free_overdue(event, now=now)
    return True


def _free_overdue(event: Event, *, now: datetime) -> None:
    overdue = [place for place in _standing(event.id) if place.consent_due_at and place.consent_due_at <= now]
    settle(event, overdue, now=now)
    left_out = [place for place in overdue if place.consent_due_at]
    if event.starts_at <= now or not left_out:
        return
    alone = _escorts_left_alone(event, left_out)
    leaving = [*left_out, *alone]
    free(event, leaving, reason=NO_CONSENT, now=now, actor=SYSTEM)
    take_letters_back(event, leaving, now=now)
    mail_consent_missed(event, leaving, now=now)
    for place in leaving:
        record(SYSTEM, "free_seat", place, now=now)
    promote(event, now=now, actor=SYSTEM, cause=NO_CONSENT)


def _escorts_left_alone(event: Event, leaving: Sequence[Place]) -> list[Place]:
    """An adult comes to a children's event beside a child of the party: with the last child their seat goes too."""
    if event.audience != "children":
        return []
    alone = []
    for signup in {place.signup for place in leaving}:
        staying = [place for place in signup.standing_places if place not in leaving]
        if all(place.role == "escort" for place in staying):
            alone += staying
    return alone


def _lapse(event: Event, child_ids: Sequence[str], *, now: datetime) -> set[str]:
    """A guardian's no stays: it was not given for a plan. Returns the children whose yes lapsed."""
    planned, lapsed = bound_to(event), set()
    for consent in standing_of(event.id, child_ids):
        if consent.is_yes and has_moved(consent.bound_to, planned):
            consent.lapsed_at = now
            lapsed.add(consent.child_id)
    return lapsed


def _asked_again(event_id: str, *, now: datetime, actor: Actor, child_id: str | None = None) -> int:
    with transaction():
        event = db.session.get_one(Event, event_id)
        lock(event)
        places = [place for place in _standing(event.id) if child_id in (None, place.person_id)]
        return len(ask_again(event, places, now=now, actor=actor))


def _standing(event_id: str) -> list[Place]:
    """Read anew under the lock; nobody answers beside us, because answers take the event's lock too."""
    query = (
        select(Place)
        .join(SignUp, SignUp.id == Place.signup_id)
        .where(Place.event_id == event_id, Place.status.in_(STANDING))
        .options(joinedload(Place.person), contains_eager(Place.signup))
        .order_by(SignUp.queue_number, Place.position)
        .execution_options(populate_existing=True)
    )
    return list(db.session.scalars(query))
