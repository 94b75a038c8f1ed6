"""May this party go, and may it leave? Asked under the event's lock; the first rule in the way is raised.

A coordinator of the event may sign people up in spite of its window, its cities and departments, the places per
employee and earlier absences; never in spite of age, hazard, overlap or capacity.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func, select

from app.accounts.actor import Actor
from app.db import Texts, db
from app.errors import NotFound
from app.events.models import Event
from app.events.policy import can_manage_event, can_see_event
from app.people.models import Person
from app.people.recipients import Guardians
from app.people.values import SIZES
from app.signups.answers import Answers
from app.signups.engagements import engagements
from app.signups.errors import (
    CancelClosed,
    ConsentMissing,
    NobodyChosen,
    NotYours,
    OnlyByInstitution,
    SignUpClosed,
    SignUpNotOpenYet,
    TooManyPeople,
    UnknownSize,
)
from app.signups.models import STANDING, Place, SignUp
from app.signups.policy import can_sign_up
from app.signups.queries import NOBODY, SpokenFor, spoken_for
from app.signups.rules import (
    PARTY_LIMIT,
    cancels_until,
    refusal_by_absences,
    refusal_by_home,
    refusal_by_places,
    refusal_by_share,
    refusal_by_shifts,
    refusal_by_size,
    refusal_for,
    refusal_for_party,
)

HELD_BY_LEADER = (
    select(func.count())
    .select_from(Place)
    .join(SignUp, SignUp.id == Place.signup_id)
    .where(
        Place.event_id == bindparam("event_id"),
        SignUp.leader_id == bindparam("leader_id"),
        Place.status.in_(STANDING),
    )
)


def check_party(
    event: Event,
    people: Sequence[Person],
    *,
    answers: Answers,
    leader_id: str,
    now: datetime,
    actor: Actor,
    beside: Sequence[Person] = (),
    leaving: int = 0,
    guardians: Guardians | None = None,
) -> None:
    """Raises the first rule that keeps these people from the event; `beside` are those of the party already in.

    `leaving` counts those whose places they take over; `guardians` of the children spare a query.
    """
    if not can_see_event(actor, event):
        raise NotFound
    if not people:
        raise NobodyChosen
    if len(people) + len(beside) > PARTY_LIMIT:
        raise TooManyPeople(limit=PARTY_LIMIT)
    manages = can_manage_event(actor, event)
    _check_open(event, now=now, manages=manages)
    theirs = _spoken_for(event, people, actor=actor, guardians=guardians)
    busy, shifts = engagements(event, [person.id for person in people])
    for person in people:
        if not can_sign_up(actor, person, event, family=theirs.family, brigade=theirs.brigade):
            raise NotYours
        _check_person(event, person, busy=busy, answers=answers)
    if not manages:
        _check_for_family(event, people, answers=answers, leader_id=leader_id, leaving=leaving)
    if refusal := refusal_for_party(event, [*beside, *people]) or refusal_by_shifts(people, shifts, answers.despite):
        raise refusal


def _spoken_for(event: Event, people: Sequence[Person], *, actor: Actor, guardians: Guardians | None) -> SpokenFor:
    """Whom of these the actor may speak for. Most people sign up themselves, or children whose guardians are known."""
    others = [person for person in people if person.id != actor.person_id]
    if not others or can_manage_event(actor, event):
        return NOBODY
    if guardians is None or not all(person.is_minor_on(event.local_date) for person in others):
        return spoken_for(actor)
    own = {child for child, found in guardians.items() if any(g.person_id == actor.person_id for g in found)}
    return SpokenFor(family=frozenset(own))


def check_cancel(event: Event, actor: Actor, *, now: datetime, places: Sequence[Place] = ()) -> None:
    """Raises CancelClosed once the family may not cancel by itself; the coordinator may, and whoever only waits."""
    if event.cancel_closes_at is None or can_manage_event(actor, event):
        return
    until = cancels_until(event)
    only_waits = bool(places) and all(place.is_waiting for place in places)
    if now >= until and not only_waits:
        raise CancelClosed(until=until.astimezone(ZoneInfo(event.timezone)).strftime("%d.%m.%Y %H:%M"))


def _check_open(event: Event, *, now: datetime, manages: bool) -> None:
    if event.audience == "institution":
        raise OnlyByInstitution
    if manages and event.status in ("published", "closed") and event.date_precision == "minute":
        if now >= event.starts_at:
            raise SignUpClosed
        return
    if event.status == "published" and event.signup_opens_at and now < event.signup_opens_at:
        raise SignUpNotOpenYet
    if not event.is_open_at(now):
        raise SignUpClosed


def _check_person(event: Event, person: Person, *, busy: Mapping[str, tuple[str, Texts]], answers: Answers) -> None:
    size = answers.sizes.get(person.id, "")
    if refusal := refusal_for(event, person) or refusal_by_places(event, person, busy):
        raise refusal
    if size and size not in SIZES and size not in answers.unusual_sizes:
        raise UnknownSize(value=size[:20])
    if refusal := refusal_by_size(event, person, size):
        raise refusal
    _check_consent(event, person, answers=answers)


def _check_consent(event: Event, person: Person, *, answers: Answers) -> None:
    if answers.consent_may_follow or person.id in answers.consents or not person.is_minor_on(event.local_date):
        return
    raise ConsentMissing(name=person.given_name or person.surname, person_id=person.id)


def _check_for_family(
    event: Event, people: Sequence[Person], *, answers: Answers, leader_id: str, leaving: int
) -> None:
    """What a coordinator may make an exception from."""
    if event.cities or event.departments:
        leader = next((person for person in people if person.id == leader_id), None)
        leader = leader or db.session.get(Person, leader_id)
        for person in people:
            if refusal := refusal_by_home(event, person, leader):
                raise refusal
    if event.no_show_limit is not None:
        for person in people:
            if refusal := refusal_by_absences(event, person, answers.no_shows):
                raise refusal
    if event.places_per_employee is not None:
        held = db.session.scalar(HELD_BY_LEADER, {"event_id": event.id, "leader_id": leader_id}) or 0
        if refusal := refusal_by_share(event, held - leaving, len(people)):
            raise refusal
