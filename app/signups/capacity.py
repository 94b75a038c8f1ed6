"""Changing an event that people have signed up for: more seats go to the queue, and a new day is a new question."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import Texts, db, lock, transaction
from app.events.changing import apply_changes
from app.events.errors import TookPlace
from app.events.models import Event
from app.mail.outbox import cancel_mails
from app.signups.consenting import ask_again
from app.signups.invitation_mails import mail_event_news
from app.signups.mails import mail_moved, mail_not_possible, take_letters_back
from app.signups.models import STANDING, Place, SignUp
from app.signups.queries import busy_elsewhere
from app.signups.rules import refusal_by_places, refusal_for
from app.signups.seating import PROMOTES_IN, free, promote

MOVES = {"starts_at", "ends_at", "site_id"}
REMINDED_OF = {"starts_at", "site_id"}
CONSENTED_TO = MOVES | {"transport", "asks_medical"}


def change_event(event: Event, values: Mapping[str, Any], *, now: datetime, actor: Actor) -> list[SignUp]:
    """Applies the changes that a coordinator made, and promotes into seats that came to be. Returns who got one.

    After a move each place is looked at again: whom a rule keeps from the new day or place is freed and told which
    rule; everybody else gets the new date, guardians are asked for their consent anew.
    """
    with transaction():
        lock(event)
        return change_locked(event, values, now=now, actor=actor)


def change_locked(event: Event, values: Mapping[str, Any], *, now: datetime, actor: Actor) -> list[SignUp]:
    """The same for an event that is locked already: a plain function, for what changes several at once."""
    changes = apply_changes(event, values, now=now, actor=actor)
    if event.status == "completed" and event.seats_taken and MOVES & changes.keys():
        raise TookPlace  # those who came were there on that day
    if REMINDED_OF & changes.keys():  # what waits speaks of the old day; those of the new one come by themselves
        event.reminder_occasion += 1
        cancel_mails(now=now, event_id=event.id, template_prefix="reminders/")
    if CONSENTED_TO & changes.keys():
        _settle(event, moved=bool(MOVES & changes.keys()), now=now, actor=actor)
    return promote(event, now=now, actor=actor, cause="capacity" if "capacity" in changes else "moved")


def standing_places(event: Event) -> list[Place]:
    """Everybody who goes or waits, families together, each with person and party: nothing is asked again for each."""
    here = [Place.event_id == event.id, Place.status.in_(STANDING)]
    whole = select(SignUp).where(SignUp.id.in_(select(Place.signup_id).where(*here)))
    parties = db.session.scalars(whole.options(selectinload(SignUp.places)).execution_options(populate_existing=True))
    known = {party.id: party for party in parties}
    query = select(Place).where(*here).options(joinedload(Place.person)).order_by(Place.signup_id, Place.position)
    places = list(db.session.scalars(query.execution_options(populate_existing=True)))
    for place in places:  # a party that only its own places know would be forgotten, and read anew for each
        set_committed_value(place, "signup", known[place.signup_id])
    return places


def standing_people(event: Event) -> list[Place]:
    """The same without their parties, for those who only write to them: half the work for thousands."""
    query = select(Place).where(Place.event_id == event.id, Place.status.in_(STANDING))
    return list(
        db.session.scalars(
            query.options(joinedload(Place.person))
            .order_by(Place.signup_id, Place.position)
            .execution_options(populate_existing=True)
        )
    )


def _settle(event: Event, *, moved: bool, now: datetime, actor: Actor) -> None:
    places = standing_places(event)
    if moved:
        busy = busy_elsewhere(event, [place.person_id for place in places])
        places = [place for place in places if not _freed(event, place, busy, now=now, actor=actor)]
        if event.status in PROMOTES_IN:
            mail_moved(event, places, now=now)
            mail_event_news(event, "moved", now=now)
    ask_again(event, places, now=now, actor=actor)


def _freed(event: Event, place: Place, busy: Mapping[str, tuple[str, Texts]], *, now: datetime, actor: Actor) -> bool:
    # The ages of an event are the children's; a teacher who leads them has no birthday here.
    rule = None if place.role == "escort" else refusal_for(event, place.person)
    rule = rule or refusal_by_places(event, place.person, busy)
    if rule is None:
        return False
    free(event, [place], reason="moved", now=now, actor=actor)
    take_letters_back(event, [place], now=now)
    mail_not_possible(event, [place], rule=rule, now=now)
    record(actor, "free_seat", place, now=now)
    return True
