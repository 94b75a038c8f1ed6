"""Cancelling: a whole sign-up, one place of it, or all that a leaver had. Freed seats go to the queue at once."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm.attributes import set_committed_value

from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import db, lock, transaction
from app.errors import require
from app.events.models import Event
from app.people.models import Person
from app.signups.checking import check_cancel
from app.signups.errors import EventHasBegun, NothingToCancel
from app.signups.mails import mail_cancelled, take_letters_back
from app.signups.models import STANDING, Place, SignUp
from app.signups.policy import can_cancel
from app.signups.queries import family_ids, locked_event
from app.signups.seating import free, promote


def cancel_signup(signup: SignUp, *, now: datetime, actor: Actor) -> list[SignUp]:
    """Takes the whole party out, mails it, and promotes from the queue. Returns the sign-ups that got seats."""
    with transaction():
        lock_party(signup)
        return _cancel(signup, list(signup.standing_places), now=now, actor=actor)


def cancel_place(place: Place, *, now: datetime, actor: Actor) -> list[SignUp]:
    """Takes one person out of a party; the others stay."""
    with transaction():
        lock_party(place.signup)
        lock(place)
        return _cancel(place.signup, [place] if place.is_standing else [], now=now, actor=actor)


def free_seats_of(person: Person, *, reason: str, now: datetime, actor: Actor) -> list[SignUp]:
    """A leaver's places in events still ahead are freed, one transaction an event. Returns the promoted sign-ups."""
    ahead = (
        select(Place.event_id)
        .join(Event, Event.id == Place.event_id)
        .where(Place.person_id == person.id, Place.status.in_(STANDING), Event.starts_at > now)
    )
    promoted = []
    for event_id in list(db.session.scalars(ahead)):
        promoted += _free_at(event_id, person.id, reason=reason, now=now, actor=actor)
    return promoted


def lock_party(signup: SignUp) -> None:
    """The event's lock, then the party as it stands under it."""
    event = locked_event(signup.event_id)
    lock(signup)
    set_committed_value(signup, "event", event)


def _cancel(signup: SignUp, places: Sequence[Place], *, now: datetime, actor: Actor) -> list[SignUp]:
    event = signup.event
    if not places:
        raise NothingToCancel
    family = family_ids(actor)
    require(can_cancel(actor, signup, family=family, places=places))
    if event.starts_at <= now:
        raise EventHasBegun
    check_cancel(event, actor, now=now, places=places)
    theirs = actor.person_id == signup.leader_id or all(place.person_id in family for place in places)
    by = "own" if theirs else "coordinator"
    free(event, places, reason=by, now=now, actor=actor)
    mail_cancelled(event, places, reason=by, now=now)
    record(actor, "cancel_signup", signup, now=now, changes={"places": (len(places), 0)})
    return promote(event, now=now, actor=actor, cause=by)


def _free_at(event_id: str, person_id: str, *, reason: str, now: datetime, actor: Actor) -> list[SignUp]:
    with transaction():
        event = db.session.get_one(Event, event_id)
        lock(event)
        standing = select(Place).where(
            Place.event_id == event_id, Place.person_id == person_id, Place.status.in_(STANDING)
        )
        places = list(db.session.scalars(standing))
        if not places:
            return []
        free(event, places, reason=reason, now=now, actor=actor)
        take_letters_back(event, places, now=now)
        for place in places:
            record(actor, "free_seat", place, now=now)
        return promote(event, now=now, actor=actor, cause=reason)
