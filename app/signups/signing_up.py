"""Signing a party up: the one way in, for pages, programs and the demo alike."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm.attributes import set_committed_value

from app.accounts.actor import Actor
from app.audit.operations import record
from app.consents.giving import write_consent
from app.db import db, new_id, transaction
from app.errors import NotFound
from app.events.models import Event
from app.events.policy import can_see_event
from app.people.models import Person
from app.people.values import SIZES
from app.signups.errors import (
    ConsentMissing,
    EventFull,
    NobodyChosen,
    NotYours,
    OnlyByInstitution,
    SignUpClosed,
    SignUpNotOpenYet,
    TooManyPeople,
    UnknownSize,
)
from app.signups.mails import mail_confirmed, mail_waiting
from app.signups.models import Place, SignUp
from app.signups.policy import can_sign_up
from app.signups.queries import busy_with, family_ids, locked_event, people_ahead_of, people_named
from app.signups.rules import PARTY_LIMIT, refusal_by_places, refusal_for, refusal_for_party, role_in
from app.signups.seating import seat

CONSENT_WITHIN = timedelta(days=3)
# Statements that every sign-up sends are built once: building costs more than running.
HIGHEST_NUMBER = select(func.max(SignUp.queue_number)).where(SignUp.event_id == bindparam("event_id"))


@dataclass(frozen=True)
class Answers:
    """What was said with the sign-up: sizes by person, and the children whom the guardian agrees for."""

    sizes: Mapping[str, str] = field(default_factory=dict)
    consents: Collection[str] = ()
    photos: Collection[str] = ()
    unusual_sizes: Collection[str] = ()
    consent_may_follow: bool = False


def sign_up(
    event_id: str,
    person_ids: Sequence[str],
    *,
    leader_id: str,
    now: datetime,
    actor: Actor,
    answers: Answers | None = None,
    accept_fewer: bool = False,
) -> SignUp:
    """Seats the whole party, or puts the whole party in the queue, and mails those concerned.

    With `accept_fewer` as many are seated as there are seats, in the order given. Raises the SignUpRefused that says
    which rule is in the way, NotFound for an event or a person that there is not. Ids come in, so that everything is
    read once, under the lock.
    """
    answers = answers or Answers()
    with transaction() as session:
        event = locked_event(event_id)
        people = people_named(person_ids)
        check_party(event, people, answers=answers, now=now, actor=actor)
        signup = _new_signup(event, leader_id, accept_fewer=accept_fewer, now=now, actor=actor)
        places = [_place(event, signup, person, number, answers, now) for number, person in enumerate(people, start=1)]
        session.add_all([signup, *places])
        seated = _fitting(event, places, accept_fewer=accept_fewer)
        seat(event, seated, now=now)
        _write_consents(event, people, answers=answers, leader_id=leader_id, actor=actor, now=now)
        session.flush()
        _know(signup, event, places)
        _mail(signup, seated, [place for place in places if place not in seated], now=now)
        record(actor, "sign_up", signup, now=now)
    return signup


def check_party(event: Event, people: Sequence[Person], *, answers: Answers, now: datetime, actor: Actor) -> None:
    """Raises the first rule that keeps this party from the event."""
    if not can_see_event(actor, event):
        raise NotFound
    if not people:
        raise NobodyChosen
    if len(people) > PARTY_LIMIT:
        raise TooManyPeople(limit=PARTY_LIMIT)
    _check_open(event, now=now)
    # Most people sign up themselves alone: then nobody's family need be asked for.
    family = family_ids(actor) if any(person.id != actor.person_id for person in people) else ()
    busy = busy_with(event, [person.id for person in people])
    for person in people:
        if not can_sign_up(actor, person, event, family=family):
            raise NotYours
        if refusal := refusal_for(event, person) or refusal_by_places(event, person, busy):
            raise refusal
        _check_size(person, answers=answers)
        _check_consent(event, person, answers=answers)
    if refusal := refusal_for_party(event, list(people)):
        raise refusal


def _check_open(event: Event, *, now: datetime) -> None:
    if event.audience == "institution":
        raise OnlyByInstitution
    if event.status == "published" and event.signup_opens_at and now < event.signup_opens_at:
        raise SignUpNotOpenYet
    if not event.is_open_at(now):
        raise SignUpClosed


def _check_size(person: Person, *, answers: Answers) -> None:
    size = answers.sizes.get(person.id, "")
    if size and size not in SIZES and size not in answers.unusual_sizes:
        raise UnknownSize(value=size[:20])


def _check_consent(event: Event, person: Person, *, answers: Answers) -> None:
    if answers.consent_may_follow or person.id in answers.consents or not person.is_minor_on(event.local_date):
        return
    raise ConsentMissing(name=person.given_name or person.surname, person_id=person.id)


def _new_signup(event: Event, leader_id: str, *, accept_fewer: bool, now: datetime, actor: Actor) -> SignUp:
    highest = db.session.scalar(HIGHEST_NUMBER, {"event_id": event.id})
    return SignUp(
        id=new_id(),
        event_id=event.id,
        leader_id=leader_id,
        accept_fewer=accept_fewer,
        queue_number=(highest or 0) + 1,
        created_at=now,
        created_by_id=actor.account_id,
    )


def _know(signup: SignUp, event: Event, places: list[Place]) -> None:
    """What was just written need not be asked for again by the page that follows."""
    set_committed_value(signup, "places", places)
    set_committed_value(signup, "event", event)


def _place(event: Event, signup: SignUp, person: Person, number: int, answers: Answers, now: datetime) -> Place:
    owes_consent = person.is_minor_on(event.local_date) and person.id not in answers.consents
    return Place(
        id=new_id(),
        signup_id=signup.id,
        event_id=event.id,
        person_id=person.id,
        position=number,
        status="waiting",
        role=role_in(event, person),
        tshirt_size=answers.sizes.get(person.id, person.tshirt_size),
        created_at=now,
        consent_due_at=min(now + CONSENT_WITHIN, event.starts_at) if owes_consent else None,
    )


def _fitting(event: Event, places: list[Place], *, accept_fewer: bool) -> list[Place]:
    """Those who get a seat now: all, the first few who take what there is, or none."""
    free = event.seats_free
    if free is None or len(places) <= free:
        return places
    if accept_fewer and free > 0:
        return places[:free]
    if event.on_full == "refuse":
        raise EventFull
    return []


def _write_consents(
    event: Event, people: Sequence[Person], *, answers: Answers, leader_id: str, actor: Actor, now: datetime
) -> None:
    for person in people:
        if not person.is_minor_on(event.local_date):
            continue
        for kind, given in (("participation", answers.consents), ("photo", answers.photos)):
            if person.id in given:
                write_consent(event, person, leader_id, kind=kind, language=actor.language, now=now)


def _mail(signup: SignUp, seated: list[Place], waiting: list[Place], *, now: datetime) -> None:
    if seated:
        mail_confirmed(signup, seated, now=now)
    if waiting:
        mail_waiting(signup, waiting, position=people_ahead_of(signup) + 1, now=now)
