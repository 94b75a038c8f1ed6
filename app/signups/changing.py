"""Changing a party that stands: adding people, putting one in the place of another, the order of preference."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm.attributes import set_committed_value

from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import db, transaction
from app.errors import N_, DomainError, require
from app.events.models import Event
from app.signups.answering import check_answers, write_answers
from app.signups.answers import Answers
from app.signups.cancelling import lock_party
from app.signups.checking import check_party
from app.signups.consent_mails import mail_consent_asked, take_back_consent_letters
from app.signups.errors import EventHasBegun, NothingToCancel
from app.signups.line import join_line, log_move, next_number
from app.signups.mails import mail_cancelled, mail_confirmed, mail_waiting
from app.signups.models import Place, SignUp
from app.signups.policy import can_change_party
from app.signups.queries import locked_people, people_ahead_of
from app.signups.seating import give, promote
from app.signups.signing_up import new_place, owe_consents


class NoSeatToAdd(DomainError):
    """The party has its seats, and there is none for one more."""

    type = "no-seat-to-add"
    title = N_("No seat for one more")
    message = N_("No seat is free for one more. Sign them up on their own: they join the queue.")


class WrongOrder(DomainError):
    """The order names others than those who stand in the party."""

    type = "wrong-order"
    message = N_("The party has changed meanwhile. Look at it again, then set the order.")


def add_to_party(
    signup: SignUp, person_ids: Sequence[str], *, answers: Answers | None = None, now: datetime, actor: Actor
) -> SignUp:
    """More people go along, under the rules of a sign-up.

    A seated party grows only where seats are free and nobody waits for them. A party that waits goes to the end of
    the queue, so that nobody is overtaken by people who came later. Raises NoSeatToAdd or the rule in the way.
    """
    answers = answers or Answers()
    with transaction():
        event, places = _locked(signup, now=now, actor=actor)
        people = locked_people(person_ids)
        beside = [place.person for place in signup.standing_places]
        check_party(event, people, answers=answers, leader_id=signup.leader_id, now=now, actor=actor, beside=beside)
        check_answers(event, people, answers=answers, signup=signup, language=actor.language)
        first = max(place.position for place in signup.places) + 1
        places = [new_place(event, signup, person, number, answers, now) for number, person in enumerate(people, first)]
        db.session.add_all(places)
        set_committed_value(signup, "places", [*signup.places, *places])
        _take_in(event, signup, places, now=now, actor=actor)
        _written(event, signup, places, answers=answers, now=now, actor=actor)
        record(actor, "add_to_party", signup, now=now, changes={"places": (len(beside), len(beside) + len(places))})
    return signup


def replace_in_party(
    place: Place, person_id: str, *, answers: Answers | None = None, now: datetime, actor: Actor
) -> Place:
    """Another person takes over the seat, or the place in the queue; nobody else moves. Both are told."""
    answers = answers or Answers()
    with transaction() as session:
        signup = place.signup
        event, standing = _locked(signup, now=now, actor=actor)
        if place not in standing:
            raise NothingToCancel
        people = locked_people([person_id])
        beside = [other.person for other in standing if other is not place]
        check_party(
            event, people, answers=answers, leader_id=signup.leader_id, now=now, actor=actor, beside=beside, leaving=1
        )
        check_answers(event, people, answers=answers, signup=signup, leaving=place, language=actor.language)
        new = new_place(event, signup, people[0], place.position, answers, now)
        _take_over(place, new, now=now, actor=actor)
        session.add(new)
        session.flush()
        session.expire(signup, ["places"])
        mail_cancelled(event, [place], reason="replaced", now=now)
        _tell(signup, [new], now=now)
        _written(event, signup, [new], answers=answers, now=now, actor=actor)
        record(actor, "replace_in_party", signup, now=now, changes={"person": (place.person_id, new.person_id)})
    return new


def reorder_party(signup: SignUp, person_ids: Sequence[str], *, now: datetime, actor: Actor) -> None:
    """Who goes first when there is room only for some. Raises WrongOrder unless it names all who stand in it."""
    with transaction():
        _, places = _locked(signup, now=now, actor=actor)
        by_person = {place.person_id: place for place in places}
        if len(set(person_ids)) != len(person_ids) or by_person.keys() != set(person_ids):
            raise WrongOrder
        for number, person_id in enumerate(person_ids, start=1):
            by_person[person_id].position = number
        record(actor, "reorder_party", signup, now=now)


def _locked(signup: SignUp, *, now: datetime, actor: Actor) -> tuple[Event, list[Place]]:
    lock_party(signup)
    places = signup.standing_places
    if not places:
        raise NothingToCancel
    require(can_change_party(actor, signup))
    if signup.event.starts_at <= now:
        raise EventHasBegun
    return signup.event, places


def _take_in(event: Event, signup: SignUp, places: list[Place], *, now: datetime, actor: Actor) -> None:
    """Seats for them, or the end of the queue with the whole party."""
    if signup.waiting:
        log_move(signup, "grew", people=signup.waiting, reason="", now=now)
        signup.queue_number = next_number(event)
        join_line(event, signup, places)
        db.session.flush()
        promote(event, now=now, actor=actor, cause="grew")
        waiting = [place for place in places if place.is_waiting]
        if waiting:
            mail_waiting(signup, waiting, position=people_ahead_of(signup) + 1, now=now)
        return
    if event.people_waiting or (event.seats_free is not None and len(places) > event.seats_free):
        raise NoSeatToAdd
    if give(event, signup, places, now=now):
        mail_confirmed(signup, places, now=now)


def _take_over(old: Place, new: Place, *, now: datetime, actor: Actor) -> None:
    for name in ("status", "awaits", "offer_expires_at", "promoted_at", "group_id", "bus_id", "shift_id"):
        setattr(new, name, getattr(old, name))
    new.confirmed_at = now if new.is_confirmed else None
    old.status, old.awaits = "cancelled", None
    old.cancelled_at, old.cancelled_by_id, old.cancel_reason = now, actor.account_id, "replaced"
    old.consent_due_at = old.group_id = old.bus_id = None
    take_back_consent_letters([old], now=now)
    db.session.flush()


def _tell(signup: SignUp, places: list[Place], *, now: datetime) -> None:
    if all(place.is_confirmed for place in places):
        mail_confirmed(signup, places, now=now)
    elif all(place.is_waiting for place in places):
        mail_waiting(signup, places, position=people_ahead_of(signup) + 1, now=now)


def _written(
    event: Event, signup: SignUp, places: list[Place], *, answers: Answers, now: datetime, actor: Actor
) -> None:
    owe_consents(event, places, answers=answers, leader_id=signup.leader_id, actor=actor, now=now)
    db.session.flush()
    write_answers(event, signup, places, answers=answers, now=now)
    mail_consent_asked([place for place in places if place.consent_due_at], now=now)
