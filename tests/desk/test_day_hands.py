"""Helpers of one event on one day, and management that reads figures without names."""

from datetime import timedelta

import pytest
from flask import Flask

from app.access.sessions import actor_of, open_session
from app.accounts.actor import MANAGEMENT, Actor
from app.accounts.models import Account, Grant
from app.attendance.policy import can_mark
from app.db import db
from app.desk.day.hands import end_help, hands_of, name_helper
from app.desk.day.overview import overview
from app.desk.roster.question_answers import can_see_answers
from app.errors import Invalid, NotAllowed, NotFound
from app.events.models import Event
from app.events.policy import can_manage_event, can_see_roster
from app.gifts.policy import can_hand_out
from app.mail.models import Mail
from app.people.models import Person
from tests import factories

DAY = factories.SATURDAY


def acting(person: Person, days: int = 0) -> Actor:
    """This person, so many days after the event's."""
    account = db.session.query(Account).filter_by(person_id=person.id).one_or_none() or factories.account(person)
    now = DAY + timedelta(days=days)
    actor = actor_of(open_session(account, device="test", now=now), now=now)
    assert actor
    return actor


@pytest.fixture
def event(app: Flask) -> Event:
    """In Balkhash."""
    return factories.event()


@pytest.fixture
def nurlan(event: Event) -> Person:
    """Named as helper."""
    row, aigul = factories.employee(), factories.coordinator()
    factories.account(row)
    name_helper(event, row.email or "", now=DAY - timedelta(days=3), actor=acting(aigul, -3))
    return row


def test_a_helper_marks_and_hands_out_on_the_day_alone(event: Event, nurlan: Person):
    other = factories.event(starts_at=DAY + timedelta(days=1))
    for days, may in ((-1, False), (0, True), (1, False)):
        actor = acting(nurlan, days)
        assert [can_see_roster(actor, event), can_mark(actor, event), can_hand_out(actor, event)] == [may] * 3
        assert not can_manage_event(actor, event) and not can_see_answers(actor, event)
        assert not can_see_roster(actor, other)


def test_the_helper_is_told_and_named_once(event: Event, nurlan: Person):
    aigul = factories.coordinator()
    name_helper(event, nurlan.personnel_number or "", now=DAY - timedelta(days=2), actor=acting(aigul))

    assert [person.id for _, person in hands_of(event)] == [nurlan.id]
    assert db.session.query(Mail).filter_by(template="desk/hand").count() == 1


def test_the_coordinator_ends_it_and_nobody_else_may(event: Event, nurlan: Person):
    [(grant, _)] = hands_of(event)
    zhan, aigul = factories.coordinator("zhezkazgan"), factories.coordinator()
    with pytest.raises(NotAllowed):
        end_help(event, grant.id, now=DAY, actor=acting(zhan))
    with pytest.raises(NotFound):
        end_help(factories.event(), grant.id, now=DAY, actor=acting(aigul))
    end_help(event, grant.id, now=DAY, actor=acting(aigul))

    assert not can_see_roster(acting(nurlan), event)


def test_nobody_unknown_and_no_child_becomes_a_helper(event: Event, nurlan: Person):
    actor = acting(factories.coordinator())
    young = factories.employee("Жас", "Бала", birth_date=DAY.date() - timedelta(days=16 * 365))
    factories.account(young)
    for typed in ("nobody", young.email or ""):
        with pytest.raises(Invalid):
            name_helper(event, typed, now=DAY, actor=actor)
    with pytest.raises(NotAllowed):
        name_helper(event, nurlan.email or "", now=DAY, actor=acting(nurlan))


def test_pages_of_helpers(event: Event, nurlan: Person, log_in):
    browser = log_in(factories.coordinator())
    assert "Нұрлан" in browser.get(f"/events/{event.id}/helpers").text
    assert browser.post(f"/events/{event.id}/helpers", data={"helper": "nobody"}).status_code == 422
    assert browser.post(f"/events/{event.id}/helpers", data={"helper": nurlan.email}).status_code == 303
    grant = db.session.query(Grant).filter_by(role="helper").one()
    assert browser.post(f"/events/{event.id}/helpers/{grant.id}/ending").status_code == 303


def test_management_reads_figures_of_its_city_and_no_names(event: Event, log_in):
    nurlan, stan, boss = factories.employee(), factories.employee("Стан", "Стэн"), factories.employee("Бас", "Басшы")
    factories.account(boss, MANAGEMENT, city="balkhash")
    factories.event(city="zhezkazgan")
    factories.event(status="draft")
    factories.place(event, nurlan)
    factories.place(event, factories.child(nurlan))
    factories.place(event, stan, status="waiting")

    [row] = overview(acting(boss), now=DAY, cursor=None).items
    page = log_in(boss).get("/overview").text

    assert (row.event.id, row.seated, row.children, row.waiting, row.came) == (event.id, 2, 1, 1, 0)
    assert "Нұрлан" not in page and "Дина" not in page and event.id in page
    for closed in (f"/events/{event.id}/roster", "/people", "/planning", f"/events/{event.id}/history", "/gifts"):
        assert log_in(boss).get(closed).status_code == 403
    assert log_in(boss).post(f"/events/{event.id}/closing").status_code == 403
    assert log_in(nurlan).get("/overview").status_code == 403
