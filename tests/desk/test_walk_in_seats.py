"""Whoever came without a place gets one while there are seats, never one too many. What was said moves along."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.actor import COORDINATOR, SAFETY_OFFICER, Actor, Scope
from app.attendance.queries import attendance_of
from app.audit.models import AuditEntry
from app.db import db
from app.desk.log.conflict_models import DeskConflict, WalkIn
from app.desk.log.conflict_queries import open_conflicts_of
from app.desk.log.giving import Giver, facts_of
from app.desk.log.taking import take
from app.desk.log.walk_in_seats import (
    ChildWithoutConsent,
    HasLeft,
    NoSeatForWalkIn,
    WalkInSeated,
    seat_walk_in,
    walk_ins_without_seat,
)
from app.desk.roster.policy import desk_powers
from app.errors import NotAllowed, NotFound
from app.events.models import Event
from app.people.models import Person
from app.signups.models import Place
from tests import factories

AT = factories.SATURDAY
NOW = AT + timedelta(hours=1)
AIGUL = Actor(scopes=(Scope(COORDINATOR, city="balkhash"),))
LogIn = Callable[[Person], FlaskClient]


def came(event: Event, surname: str = "Ахметов", **more: Any) -> str:
    """Somebody stands there without a place, says a phone; returns the id of it."""
    return say(event, "walk_in", {"walk_in": {"surname": surname, **more}})


def say(event: Event, kind: str, subject: dict[str, Any]) -> str:
    raw = {"id": str(uuid4()), "kind": kind, "subject": subject, "at": AT.isoformat()}
    giver = Giver(AIGUL, desk_powers(AIGUL, event))
    assert take(facts_of(event), [raw], sent_at=None, giver=giver, now=NOW).applied == [raw["id"]]
    return str(raw["id"])


def seat(event: Event, walk_in_id: str, actor: Actor = AIGUL) -> Place:
    return seat_walk_in(event, walk_in_id, now=NOW, actor=actor)


@pytest.fixture
def event(app: Flask) -> Event:
    return factories.event(capacity=1)


def test_a_stranger_gets_the_last_seat_and_is_here_with_all_that_was_said(event):
    walk_in_id = came(event, given_name="Ерлан", phone="8 701 555 66 77", personnel_number="no")
    place = seat(event, walk_in_id)
    person = place.person
    assert (person.surname, person.given_name, person.phone, person.kind) == (
        "Ахметов",
        "Ерлан",
        "+77015556677",
        "other",
    )
    assert (place.status, event.seats_taken, attendance_of(place.id).state) == ("confirmed", 1, "present")
    assert walk_ins_without_seat(event.id) == []
    say(event, "check_out", {"walk_in_id": walk_in_id})
    assert attendance_of(place.id).state == "left"
    verbs = db.session.scalars(select(AuditEntry.verb).where(AuditEntry.person_id == person.id)).all()
    assert "seat_walk_in" in verbs


def test_no_seat_is_given_twice_and_the_conflict_goes_with_the_seat(event):
    first, second = came(event, "Ахметов"), came(event, "Ли")
    open_before = [told.row.kind for told in open_conflicts_of(event)]
    seat(event, min(first, second))
    assert open_before == ["over-capacity"]
    with pytest.raises(NoSeatForWalkIn):
        seat(event, max(first, second))
    with pytest.raises(WalkInSeated):
        seat(event, min(first, second))
    assert event.seats_taken == 1 and db.session.query(DeskConflict).filter_by(gone_at=None).count() == 1


def test_an_employee_known_by_number_gets_their_own_place_and_a_leaver_none(event):
    nurlan = factories.employee(personnel_number="4711")
    place = seat(event, came(event, "Сейтқали", personnel_number="4711"))
    assert place.person_id == nurlan.id and place.signup.leader_id == nurlan.id
    gone = factories.employee("Кетті", personnel_number="4712", deactivated_at=factories.LONG_AGO)
    another = factories.event()
    walk_in_id = came(another, "Кетті", personnel_number=gone.personnel_number)
    with pytest.raises(HasLeft):
        seat(another, walk_in_id)


def test_whoever_signed_up_meanwhile_keeps_that_place(app: Flask):
    event, nurlan = factories.event(capacity=1), factories.employee(personnel_number="4711")
    walk_in_id = came(event, "Сейтқали", personnel_number="4711")
    place = factories.place(event, nurlan)
    assert seat(event, walk_in_id).id == place.id and attendance_of(place.id).state == "present"


def test_a_child_needs_a_parent_first_and_only_coordinators_of_here_give_seats(event):
    child = came(event, is_child=True)
    with pytest.raises(ChildWithoutConsent):
        seat(event, child)
    other = came(event, "Ли")
    for stranger in (Scope(COORDINATOR, city="zhezkazgan"), Scope(SAFETY_OFFICER, city="balkhash")):
        with pytest.raises(NotAllowed):
            seat(event, other, Actor(scopes=(stranger,)))
    with pytest.raises(NotFound):
        seat(factories.event(), other)
    assert db.session.query(WalkIn).filter(WalkIn.place_id.is_not(None)).count() == 0


def test_the_roster_lists_them_and_the_button_seats_one(event, log_in: LogIn):
    aigul, keeper = factories.coordinator(), factories.employee("Қамбар", "Асқар")
    factories.account(keeper, "gift_keeper", city="balkhash")
    walk_in_id = came(event, given_name="Ерлан", phone="+77015556677")
    page = log_in(aigul).get(f"/events/{event.id}/roster").text
    assert "Ахметов Ерлан" in page and "+77015556677" in page and f"/walk-ins/{walk_in_id}/seat" in page
    seen = log_in(keeper).get(f"/events/{event.id}/roster").text
    assert "Ахметов Ерлан" in seen and "+77015556677" not in seen and "/seat" not in seen
    answer = log_in(aigul).post(f"/events/{event.id}/walk-ins/{walk_in_id}/seat")
    assert answer.status_code == 303 and walk_ins_without_seat(event.id) == []
