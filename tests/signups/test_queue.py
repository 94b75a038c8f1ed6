"""Every way a seat gets free gives it to the first party that fits, once, with one letter."""

from datetime import timedelta

import pytest

from app.accounts.actor import SYSTEM, Actor, Scope
from app.db import db
from app.errors import NotAllowed
from app.events.models import Event
from app.mail.models import Mail
from app.people.models import Person
from app.rosters.cancelling import cancel_event
from app.rosters.postponing import postpone_event
from app.signups.errors import EventHasBegun, NothingToCancel
from app.signups.models import Place
from app.signups.operations import cancel_place, cancel_signup, change_event, free_seats_of
from tests import factories
from tests.signups.test_signing_up import NOW, acting, signed_up

pytestmark = pytest.mark.usefixtures("app")


def counted(event: Event) -> int:
    """Seats recounted from the places."""
    return db.session.query(Place).filter(Place.event_id == event.id, Place.status == "confirmed").count()


def letters(template: str) -> list[Mail]:
    return db.session.query(Mail).filter_by(template=f"signups/{template}").all()


def coordinating(person: Person) -> Actor:
    return Actor(
        account_id=factories.account(person).id, person_id=person.id, scopes=(Scope("coordinator", "balkhash"),)
    )


def test_a_cancelled_seat_goes_to_the_first_in_the_queue_once_with_one_letter():
    event = factories.event(capacity=1)
    nurlan, dana, omar = factories.employee(), factories.employee("Дана"), factories.employee("Омар")
    first = signed_up(event, nurlan)
    second, third = signed_up(event, dana), signed_up(event, omar)
    assert cancel_signup(first, now=NOW, actor=acting(nurlan)) == [second]
    assert (first.status, second.status, third.status) == ("cancelled", "confirmed", "waiting")
    assert event.seats_taken == counted(event) == 1
    assert [mail.recipient for mail in letters("promoted")] == [dana.email]
    assert [mail.calendar["method"] for mail in letters("cancelled")] == ["CANCEL"]


def test_a_party_that_does_not_fit_is_passed_over_and_keeps_its_place():
    factories.consent_texts()
    event = factories.event(capacity=2, audience="families")
    nurlan, parent, single = factories.employee(), factories.employee("Дана"), factories.employee("Омар")
    child = factories.child(parent)
    signed_up(event, factories.employee("Бірінші"))
    seated = signed_up(event, nurlan)
    family = signed_up(event, parent, child, consents=(child,))
    alone = signed_up(event, single)
    cancel_signup(seated, now=NOW, actor=acting(nurlan))
    assert (family.status, alone.status) == ("waiting", "confirmed")


def test_dropping_one_of_a_party_frees_one_seat():
    factories.consent_texts()
    event = factories.event(capacity=2, audience="families")
    nurlan = factories.employee()
    dina = factories.child(nurlan)
    party = signed_up(event, nurlan, dina, consents=(dina,))
    waiting = signed_up(event, factories.employee("Омар"))
    cancel_place(party.places[1], now=NOW, actor=acting(nurlan))
    assert (party.status, waiting.status) == ("confirmed", "confirmed")
    assert event.seats_taken == counted(event) == 2


def test_more_capacity_promotes_and_less_than_seated_is_refused():
    event = factories.event(capacity=1)
    aigul = factories.coordinator()
    signed_up(event, factories.employee())
    waiting = [signed_up(event, factories.employee(f"Омар{n}")) for n in range(3)]
    promoted = change_event(event, {"capacity": 3}, now=NOW, actor=coordinating(aigul))
    assert promoted == waiting[:2]
    assert event.seats_taken == counted(event) == 3
    with pytest.raises(Exception) as refusal:
        change_event(event, {"capacity": 2}, now=NOW, actor=coordinating(aigul))
    assert "capacity" in (refusal.value.field or "") or "capacity" in getattr(refusal.value, "errors", {})
    assert event.capacity == 3


def test_a_leaver_frees_seats_everywhere_and_is_not_promoted_again():
    first, second = (
        factories.event(capacity=1),
        factories.event(starts_at=factories.SATURDAY + timedelta(days=7), capacity=1),
    )
    nurlan, omar = factories.employee(), factories.employee("Омар")
    for event in (first, second):
        signed_up(event, nurlan)
        signed_up(event, omar)
    assert len(free_seats_of(nurlan, reason="left", now=NOW, actor=SYSTEM)) == 2
    assert free_seats_of(nurlan, reason="left", now=NOW, actor=SYSTEM) == []
    assert [counted(event) for event in (first, second)] == [1, 1]
    assert len(letters("promoted")) == 2


def test_cancelling_twice_or_after_the_start_is_refused():
    event, nurlan = factories.event(), factories.employee()
    signup = signed_up(event, nurlan)
    with pytest.raises(EventHasBegun):
        cancel_signup(signup, now=event.starts_at, actor=acting(nurlan))
    cancel_signup(signup, now=NOW, actor=acting(nurlan))
    with pytest.raises(NothingToCancel):
        cancel_signup(signup, now=NOW, actor=acting(nurlan))
    assert event.seats_taken == 0


def test_stan_cannot_cancel_for_nurlan():
    event, nurlan, stan = factories.event(), factories.employee(), factories.employee("Стан")
    signup = signed_up(event, nurlan)
    with pytest.raises(NotAllowed):
        cancel_signup(signup, now=NOW, actor=acting(stan))
    assert signup.status == "confirmed"


def test_calling_an_event_off_tells_those_seated_and_those_waiting():
    event = factories.event(capacity=1)
    aigul = factories.coordinator()
    people = [factories.employee(f"Омар{n}") for n in range(3)]
    for person in people:
        signed_up(event, person)
    with pytest.raises(NotAllowed):
        cancel_event(event, reason={}, now=NOW, actor=acting(people[0]))
    assert cancel_event(event, reason={"en": "Storm"}, now=NOW, actor=coordinating(aigul)) == 3
    assert sorted(mail.recipient for mail in letters("event_cancelled")) == sorted(p.email for p in people)
    assert {mail.status for mail in letters("confirmed")} == {"cancelled"}
    assert event.seats_taken == counted(event) == 0
    assert event.calendar_sequence == 1


def test_putting_an_event_off_keeps_the_places_and_tells_everybody():
    event = factories.event(capacity=1)
    aigul = factories.coordinator()
    people = [factories.employee(f"Омар{n}") for n in range(2)]
    for person in people:
        signed_up(event, person)
    with pytest.raises(NotAllowed):
        postpone_event(event, now=NOW, actor=acting(people[0]))
    assert postpone_event(event, now=NOW, actor=coordinating(aigul)) == 2
    assert sorted(mail.recipient for mail in letters("postponed")) == sorted(p.email for p in people)
    assert {mail.status for mail in letters("confirmed")} == {"cancelled"}
    assert event.seats_taken == counted(event) == 1
