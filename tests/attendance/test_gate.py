"""At the gate: a child without valid consent is stopped, with a sentence that says what to do."""

from uuid import uuid4

import pytest
from flask import Flask

from app.accounts.actor import SYSTEM
from app.attendance.errors import ConsentMissingAtGate
from app.attendance.operations import mark_present
from app.attendance.queries import attendance_of
from app.db import transaction
from app.events.models import Event
from app.people.models import Person
from app.signups.models import Place
from tests import factories

AT = factories.SATURDAY


def let_in(place: Place) -> None:
    mark_present(place, entry_id=str(uuid4()), at=AT, now=AT, actor=SYSTEM)


@pytest.fixture
def event(app: Flask) -> Event:
    return factories.event(audience="families", transport="bus")


@pytest.fixture
def nurlan(event: Event) -> Person:
    return factories.employee()


@pytest.fixture
def dina(event: Event, nurlan: Person) -> Place:
    return factories.place(event, factories.child(nurlan))


def test_without_consent_nobody_under_age_comes_in(dina, event, nurlan):
    with pytest.raises(ConsentMissingAtGate) as stopped:
        let_in(dina)
    assert "Let a guardian answer" in str(stopped.value)
    factories.consent(event, dina.person, nurlan, "participation")
    with pytest.raises(ConsentMissingAtGate):
        let_in(dina)
    factories.consent(event, dina.person, nurlan, "transport")
    let_in(dina)
    assert attendance_of(dina.id).state == "present"


def test_a_yes_for_another_plan_opens_no_gate(dina, event, nurlan):
    factories.consent(event, dina.person, nurlan, "participation", "transport")
    with transaction():
        event.site.hazard_class = "high"
    with pytest.raises(ConsentMissingAtGate):
        let_in(dina)


def test_one_guardians_no_stops_the_child_in_spite_of_the_others_yes(dina, event, nurlan):
    factories.consent(event, dina.person, nurlan, "participation", "transport")
    factories.consent(event, dina.person, nurlan, "participation", is_yes=False, revoked_at=AT)
    let_in(dina)
    other = factories.place(event, factories.child(nurlan, "Арман"))
    factories.consent(event, other.person, nurlan, "participation", "transport", is_yes=False)
    with pytest.raises(ConsentMissingAtGate):
        let_in(other)


def test_grown_ups_and_those_who_are_of_age_on_the_day_walk_in(event, nurlan):
    let_in(factories.place(event, nurlan))
    let_in(factories.place(event, factories.child(nurlan, age=18)))


def test_the_door_reads_the_sentence(dina, event, log_in):
    browser = log_in(factories.coordinator(language="en"))
    answer = browser.post(f"/places/{dina.id}/attendance", data={"entry_id": str(uuid4())})
    assert answer.status_code == 409
    assert "has no valid consent" in answer.text
