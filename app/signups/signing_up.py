"""Signing a party up: the one way in, for pages, programs and the demo alike."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm.attributes import set_committed_value

from app.accounts.actor import Actor
from app.audit.operations import record
from app.consents.queries import ANSWERED, newest_texts
from app.db import new_id, new_ticket, transaction
from app.events.models import Event
from app.people.models import Person
from app.people.recipients import GUARDIANS, Guardians, guardians_by_child
from app.prepared import Question
from app.rows import add_rows, asks_ahead, fresh, read_ahead
from app.signups.answering import check_answers, write_answers
from app.signups.answers import Answers
from app.signups.checking import check_party
from app.signups.consent_deadlines import consent_due
from app.signups.consent_mails import mail_consent_asked
from app.signups.consenting import write_signup_consents
from app.signups.engagements import BUSY_OR_AT_WORK, when_of
from app.signups.errors import EventFull, PartyTooLarge
from app.signups.mails import mail_confirmed, mail_waiting
from app.signups.models import Place, SignUp
from app.signups.queries import LOCKED_EVENT, LOCKED_PEOPLE, locked_event, locked_people
from app.signups.question_queries import QUESTIONS
from app.signups.rules import role_in
from app.signups.seating import enter, give, promote
from app.signups.waiting_list import Member, WaitingParty, seats_for

__all__ = ["Answers", "new_place", "sign_up"]

EVENTS_REMEMBERED = 500
_days_seen: dict[str, dict[str, Any]] = {}


def sign_up(
    event_id: str,
    person_ids: Sequence[str],
    *,
    leader_id: str,
    now: datetime,
    actor: Actor,
    answers: Answers | None = None,
    accept_fewer: bool = False,
    brigade_id: str | None = None,
) -> SignUp:
    """Seats the whole party, or puts the whole party in the queue, and mails those concerned.

    With `accept_fewer` as many are seated as there are seats, in the order given; a child never without an adult who
    came along. Raises the SignUpRefused that says which rule is in the way, NotFound for an event or a person that
    there is not. Ids come in, so that everything is read once, under the lock.
    """
    answers = answers or Answers()
    texts, drawn = _before_the_lock(person_ids, answers)
    with transaction():
        _ask_ahead(event_id, person_ids)
        event = locked_event(event_id)
        _remember_days(event)
        people = locked_people(person_ids)
        guardians = _guardians(event, people)
        check_party(event, people, answers=answers, leader_id=leader_id, now=now, actor=actor, guardians=guardians)
        check_answers(event, people, answers=answers, language=actor.language)
        signup = _new_signup(event, leader_id, brigade_id, accept_fewer=accept_fewer, now=now, actor=actor)
        places = _places(event, signup, people, drawn, answers=answers, now=now)
        ahead = event.people_waiting
        _take_seats(event, signup, places, now=now)
        add_rows([signup, *places])
        _give_or_wait(event, signup, places, ahead=ahead, guardians=guardians, now=now, actor=actor)
        owe_consents(
            event, places, answers=answers, leader_id=leader_id, actor=actor, now=now, guardians=guardians, texts=texts
        )
        write_answers(event, signup, places, answers=answers, now=now)
        mail_consent_asked([place for place in places if place.consent_due_at], now=now)
        record(actor, "sign_up", signup, now=now)
    return signup


def _before_the_lock(person_ids: Sequence[str], answers: Answers) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """What needs no lock, while somebody else holds it: the consents' texts as they stood under the ticks, and an id
    and a ticket for each.
    """
    texts = newest_texts() if answers.consents or answers.photos else {}
    return texts, [(new_id(), new_ticket()) for _ in person_ids]


def _ask_ahead(event_id: str, person_ids: Sequence[str]) -> None:
    """The event's lock and all that the rules want to know, on one way; the days are those that it had the last time.

    Where it has others now, what was asked about the old ones doesn't fit and is asked again.
    """
    if not person_ids or not asks_ahead():
        return
    people = list(person_ids)
    questions: list[Question] = [
        (LOCKED_EVENT, {"event_id": event_id}),
        (LOCKED_PEOPLE, {"ids": people}),
        (QUESTIONS, {"event_id": event_id}),
        (GUARDIANS, {"children": people}),
        (ANSWERED, {"event_id": event_id, "children": people}),
    ]
    if when := _days_seen.get(event_id):
        questions.append((BUSY_OR_AT_WORK, {"people": people, **when}))
    read_ahead(*questions)


def _remember_days(event: Event) -> None:
    if not asks_ahead():
        return
    if len(_days_seen) > EVENTS_REMEMBERED:
        _days_seen.clear()
    _days_seen[event.id] = when_of(event)


def _guardians(event: Event, people: Sequence[Person]) -> Guardians:
    """Who decides for the children of a party; asked of all of it, where there are any."""
    some = any(person.is_minor_on(event.local_date) for person in people)
    return guardians_by_child([person.id for person in people]) if some else {}


def _places(
    event: Event,
    signup: SignUp,
    people: Sequence[Person],
    drawn: Sequence[tuple[str, str]],
    *,
    answers: Answers,
    now: datetime,
) -> list[Place]:
    """Everybody's rows, not written yet. What they belong to need not be asked for again by what follows."""
    numbered = enumerate(zip(people, drawn, strict=False), 1)
    places = [new_place(event, signup, person, n, answers, now, drawn=own) for n, (person, own) in numbered]
    set_committed_value(signup, "places", list(places))
    return places


def new_place(
    event: Event,
    signup: SignUp,
    person: Person,
    number: int,
    answers: Answers,
    now: datetime,
    *,
    drawn: tuple[str, str] | None = None,
) -> Place:
    """One person's row in a party; nobody's seat yet. `drawn` are its id and its ticket."""
    place_id, ticket = drawn or (new_id(), new_ticket())
    return fresh(
        Place,
        signup=signup,
        event=event,
        person=person,
        id=place_id,
        signup_id=signup.id,
        event_id=event.id,
        person_id=person.id,
        position=number,
        status="new",
        ticket=ticket,
        role=role_in(event, person),
        tshirt_size=answers.sizes.get(person.id, person.tshirt_size),
        diet=answers.diets.get(person.id, person.diet),
        created_at=now,
    )


def owe_consents(
    event: Event,
    places: Sequence[Place],
    *,
    answers: Answers,
    leader_id: str,
    actor: Actor,
    now: datetime,
    guardians: Guardians | None = None,
    texts: Mapping[str, str] | None = None,
) -> None:
    """Writes down what the guardian agreed to; who is not covered by it owes a consent within three days."""
    people = [place.person for place in places]
    owing = write_signup_consents(
        event, people, answers=answers, leader_id=leader_id, actor=actor, now=now, guardians=guardians, texts=texts
    )
    for place in places:
        if place.person_id in owing:
            place.consent_due_at = consent_due(event, now)


def _new_signup(
    event: Event, leader_id: str, brigade_id: str | None, *, accept_fewer: bool, now: datetime, actor: Actor
) -> SignUp:
    return fresh(
        SignUp,
        event=event,
        id=new_id(),
        event_id=event.id,
        leader_id=leader_id,
        brigade_id=brigade_id,
        accept_fewer=accept_fewer,
        created_at=now,
        created_by_id=actor.account_id,
    )


def _take_seats(event: Event, signup: SignUp, places: list[Place], *, now: datetime) -> None:
    """Seats where there are some; else the queue, and who waits already goes first. The party is not written yet."""
    fitting = [] if event.people_waiting else _fitting(event, signup, places)
    waiting = [place for place in places if place not in fitting]
    if waiting and event.on_full == "refuse":
        raise EventFull
    if waiting and not signup.accept_fewer and event.capacity is not None and len(places) > event.capacity:
        raise PartyTooLarge(seats=event.capacity)
    if event.approval != "none":
        waiting = places
    enter(event, signup, seated=[place for place in places if place not in waiting], waiting=waiting, now=now)


def _give_or_wait(
    event: Event,
    signup: SignUp,
    places: list[Place],
    *,
    ahead: int,
    guardians: Guardians,
    now: datetime,
    actor: Actor,
) -> None:
    """Letters to those who are in, and to those who wait after the line was asked once more."""
    seated = [place for place in places if place.is_confirmed]
    if seated:
        mail_confirmed(signup, seated, now=now, guardians=guardians)
    if event.approval != "none" and not ahead and (fitting := _fitting(event, signup, places)):
        give(event, signup, fitting, now=now)
    if ahead and _might_fit(event, signup, places):
        promote(event, now=now, actor=actor, newcomer=signup)
    waiting = [place for place in places if place.is_waiting]
    if waiting:
        mail_waiting(signup, waiting, position=ahead + 1, now=now, guardians=guardians)


def _might_fit(event: Event, signup: SignUp, places: list[Place]) -> bool:
    """Whether it is worth asking the whole line: whoever else waits in it was asked when the last seat came free."""
    free = event.seats_free
    return free is None or free >= len(places) or (signup.accept_fewer and free > 0)


def _fitting(event: Event, signup: SignUp, places: list[Place]) -> list[Place]:
    """Those who get a seat now: all, the first few who take what there is, or none."""
    free = event.seats_free
    if free is None or len(places) <= free:
        return places
    day = event.local_date
    members = [Member(place.person.is_minor_on(day), place.role == "escort") for place in places]
    party = WaitingParty(signup.id, len(places), accept_fewer=signup.accept_fewer, members=members)
    return [places[index] for index in seats_for(party, free)]
