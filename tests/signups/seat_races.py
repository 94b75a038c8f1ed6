"""Races for a seat that is kept: for a guardian's consent, and for somebody's approval."""

from collections.abc import Callable
from datetime import timedelta

from app.accounts.actor import COORDINATOR, Actor, Scope
from app.db import db
from app.events.models import Event
from app.people.models import Person
from app.signups.answers import Answers
from app.signups.approving import approve, expire_approvals, refuse
from app.signups.consenting import free_unconsented, give_consent
from app.signups.models import Approval, Place, SignUp
from app.signups.signing_up import sign_up
from tests import factories
from tests.signups.race_facts import (
    DAY,
    MINUTE,
    ROUNDS,
    SECOND,
    Facts,
    Race,
    acting,
    common_ground,
    place_of,
    recounted,
)

# Consent given, while the deadline frees the seat.


def _owing_children() -> list[Facts]:
    factories.consent_texts()
    ground = common_ground()
    return [_owing_child(factories.event(audience="families", capacity=1, **ground), n) for n in range(ROUNDS)]


def _owing_child(event: Event, number: int) -> Facts:
    now = DAY - timedelta(days=4) + number * MINUTE
    father, mother, omar = (factories.employee(f"{name}{number}") for name in ("Нұрлан", "Әлия", "Омар"))
    dina = factories.child(father)
    factories.second_guardian(dina, mother)
    signup = sign_up(
        event.id,
        [dina.id],
        leader_id=father.id,
        now=now,
        actor=acting(father),
        answers=Answers(consent_may_follow=True),
    )
    sign_up(event.id, [omar.id], leader_id=omar.id, now=now, actor=acting(omar))
    place = signup.places[0]
    return {
        "event": event.id, "place": place.id, "due": place.consent_due_at, "omar": omar.id,
        "guardians": [father.id, mother.id],
    }  # fmt: skip


def _agree(guardian: int) -> Callable[[Facts], object]:
    def agree(facts: Facts) -> None:
        person = db.session.get_one(Person, facts["guardians"][guardian])
        place = db.session.get_one(Place, facts["place"])
        give_consent(place, now=facts["due"] - SECOND, actor=acting(person))

    return agree


def _free(facts: Facts) -> None:
    while free_unconsented(now=facts["due"]):
        pass


def _consent_or_seat(facts: Facts, said: list[str]) -> None:
    agreed = "done" in said[:2]
    place, omar = db.session.get_one(Place, facts["place"]), place_of(facts, "omar")
    assert set(said[:2]) <= {"done", "already-cancelled"}, said
    assert (place.status, omar.status) == (("confirmed", "waiting") if agreed else ("cancelled", "confirmed"))
    assert place.consent_due_at is None
    recounted(facts)


CONSENT = Race(_owing_children, (_agree(0), _agree(1), _free), _consent_or_seat)


# An approval, a refusal and the deadline.


def _held_seats() -> list[Facts]:
    aigul, ground, rounds = factories.coordinator(), common_ground(), []
    for number in range(ROUNDS):
        now = DAY - timedelta(days=3) + number * MINUTE
        event = factories.event(capacity=1, approval="coordinator", coordinator_id=aigul.id, **ground)
        nurlan, omar = factories.employee(f"Нұрлан{number}"), factories.employee(f"Омар{number}")
        for person in (nurlan, omar):
            sign_up(event.id, [person.id], leader_id=person.id, now=now, actor=acting(person))
        (approval,) = db.session.query(Approval).join(SignUp).filter(SignUp.event_id == event.id)
        rounds.append(
            {"event": event.id, "approval": approval.id, "due": approval.due_at, "aigul": aigul.id}
            | {"nurlan": nurlan.id, "omar": omar.id}
        )
    return rounds


def _approve(facts: Facts) -> None:
    approve(facts["approval"], now=facts["due"] - SECOND, actor=_asked(facts), by=facts["aigul"])


def _refuse(facts: Facts) -> None:
    refuse(facts["approval"], now=facts["due"] - SECOND, actor=_asked(facts), by=facts["aigul"])


def _expire(facts: Facts) -> None:
    while expire_approvals(now=facts["due"]):
        pass


def _asked(facts: Facts) -> Actor:
    return Actor(person_id=facts["aigul"], scopes=(Scope(COORDINATOR, "balkhash"),))


def _answered_once(facts: Facts, said: list[str]) -> None:
    approval = db.session.get_one(Approval, facts["approval"])
    assert said[:2].count("done") <= 1, "answered twice"
    outcome = "approved" if said[0] == "done" else "refused" if said[1] == "done" else "expired"
    assert approval.answer == outcome
    nurlan, omar = place_of(facts, "nurlan"), place_of(facts, "omar")
    stays = outcome == "approved"
    assert (nurlan.status, omar.status) == (("confirmed", "waiting") if stays else ("declined", "offered"))
    asked = db.session.query(Approval).join(SignUp).filter(SignUp.event_id == facts["event"]).count()
    assert asked == (1 if stays else 2), "Omar's seat is asked about once"
    recounted(facts)


APPROVAL = Race(_held_seats, (_approve, _refuse, _expire), _answered_once)
