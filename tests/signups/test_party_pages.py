"""Parties over HTTP: a brigade in one go, colleagues' own places, changing who goes, and somebody who called."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.db import db, transaction
from app.events.models import Event
from app.mail.models import Mail
from app.people.models import Person, WorkStretch
from app.signups.models import Place, SignUp
from app.signups.queries import spoken_for
from tests import factories


@pytest.fixture
def nurlan(app: Flask) -> Person:
    """Leads the repair brigade."""
    return factories.employee()


@pytest.fixture
def serik(app: Flask) -> Person:
    """A colleague in it."""
    return factories.employee("Әбенов", "Серік")


@pytest.fixture
def roman(app: Flask) -> Person:
    """Another, without an e-mail."""
    return factories.employee("Ким", "Роман", email=None)


def sign_up(browser: FlaskClient, event: Event, *people: Person, **fields: Any):
    data = {"people": [person.id for person in people]} | fields
    return browser.post(
        f"/events/{event.id}/signups", data=data, headers={"Referer": f"http://localhost/events/{event.id}"}
    )


def place_of(person: Person, *, status: str | None = None) -> Place:
    db.session.expire_all()
    query = db.session.query(Place).filter_by(person_id=person.id)
    return (query.filter_by(status=status) if status else query).order_by(Place.created_at.desc()).first()


def letters_to(person: Person) -> list[str]:
    return [mail.template for mail in db.session.query(Mail).filter_by(person_id=person.id)]


def test_the_sheet_shows_the_family_first_and_then_the_brigade(nurlan, serik, roman, log_in):
    factories.child(nurlan, "Дина")
    factories.brigade(nurlan, serik, roman)
    page = log_in(nurlan).get(f"/events/{factories.event(audience='families').id}").text
    ids = re.findall(r'name="people" value="(\w+)"', page)
    assert (ids[0], {*ids[2:]}) == (nurlan.id, {serik.id, roman.id})
    assert "data-all" in page and "Жөндеу цехы" in page


def test_a_leader_signs_the_brigade_up_in_one_go_and_each_is_told(nurlan, serik, roman, log_in):
    brigade = factories.brigade(nurlan, serik, roman)
    answer = sign_up(log_in(nurlan), factories.event(), nurlan, serik, roman, brigades=[brigade.id])
    assert answer.status_code == 303
    signup = db.session.query(SignUp).one()
    assert (signup.brigade_id, signup.leader_id, len(signup.places)) == (brigade.id, nurlan.id, 3)
    assert letters_to(serik) == letters_to(nurlan) == ["signups/confirmed"]


def test_a_leader_who_stays_at_home_sends_the_brigade_alone_and_sees_it(nurlan, serik, log_in):
    brigade, browser = factories.brigade(nurlan, serik), log_in(nurlan)
    assert sign_up(browser, factories.event(), serik, brigades=[brigade.id]).status_code == 303
    assert place_of(serik).printed_ticket in browser.get("/my").text


def test_a_colleague_sees_their_own_ticket_alone_and_gives_it_back(nurlan, serik, roman, log_in):
    factories.brigade(nurlan, serik, roman)
    sign_up(log_in(nurlan), factories.event(), nurlan, serik, roman)
    theirs = log_in(serik)
    page = theirs.get("/my").text
    assert place_of(serik).printed_ticket in page and "Нұрлан" in page
    assert place_of(roman).printed_ticket not in page
    assert place_of(nurlan).printed_ticket not in page and place_of(nurlan).ticket not in page
    assert theirs.post(f"/places/{place_of(roman).id}/cancellation").status_code == 404
    assert theirs.post(f"/places/{place_of(serik).id}/cancellation").status_code == 303
    assert [place_of(person).status for person in (nurlan, serik, roman)] == ["confirmed", "cancelled", "confirmed"]


def test_a_colleague_does_not_take_the_whole_brigade_off(nurlan, serik, log_in):
    factories.brigade(nurlan, serik)
    sign_up(log_in(nurlan), factories.event(), nurlan, serik)
    signup_id = place_of(serik).signup_id
    assert log_in(serik).post(f"/signups/{signup_id}/cancellation").status_code == 403
    assert place_of(nurlan).status == "confirmed"


@pytest.mark.parametrize("how", ["nobody's", "left", "ended"])
def test_stan_and_whoever_is_no_longer_leader_sign_nobody_up(how: str, nurlan, serik, log_in):
    brigade = factories.brigade(nurlan, *([serik] if how != "nobody's" else []))
    with transaction():
        if how == "ended":
            brigade.ended_at = factories.LONG_AGO
        if how == "left":
            db.session.query(type(brigade).metadata.tables["brigade_members"]).update({"left_at": factories.LONG_AGO})
    assert sign_up(log_in(nurlan), factories.event(), nurlan, serik).status_code == 403
    assert db.session.query(Place).count() == 0


def test_a_refusal_stands_beside_the_person_it_is_about(nurlan, serik, log_in):
    factories.brigade(nurlan, serik)
    event = factories.event()
    factories.place(event, serik)
    answer = sign_up(log_in(nurlan), event, nurlan, serik)
    assert answer.status_code == 409
    row = answer.text.split(f'data-person="{serik.id}"')[1].split("</li>")[0]
    assert 'class="why"' in row


def test_a_missing_size_is_said_in_the_row_of_whom_it_is_about(nurlan, serik, log_in):
    factories.brigade(nurlan, serik)
    with transaction():
        nurlan.tshirt_size = "L"
    event = factories.event(site=factories.site(ppe=["helmet"]))
    answer = sign_up(log_in(nurlan), event, nurlan, serik)
    assert answer.status_code == 422
    rows = {who.id: answer.text.split(f'data-person="{who.id}"')[1].split("</li>")[0] for who in (nurlan, serik)}
    assert 'class="wrong"' in rows[serik.id] and 'class="wrong"' not in rows[nurlan.id]


def test_a_shift_worker_is_warned_beforehand_and_goes_all_the_same(nurlan, log_in):
    event = factories.event()
    day = event.local_date
    factories.saved(WorkStretch(person_id=nurlan.id, starts_on=day, ends_on=day, created_at=factories.LONG_AGO))
    browser = log_in(nurlan)
    assert 'name="despite"' in browser.get(f"/events/{event.id}").text
    warned = sign_up(browser, event, nurlan)
    assert warned.status_code == 409 and 'name="despite" value="on-shift"' in warned.text
    assert sign_up(browser, event, nurlan, despite="on-shift").status_code == 303


def test_some_go_in_the_order_of_the_list(nurlan, serik, roman, log_in):
    factories.brigade(nurlan, serik, roman)
    event = factories.event(capacity=2)
    sign_up(log_in(nurlan), event, roman, nurlan, serik, accept_fewer="y")
    assert [place_of(person).status for person in (roman, nurlan, serik)] == ["confirmed", "confirmed", "waiting"]


@pytest.mark.full
def test_the_leader_adds_drops_and_replaces(nurlan, serik, roman, log_in):
    factories.brigade(nurlan, serik, roman)
    browser, event = log_in(nurlan), factories.event()
    sign_up(browser, event, nurlan)
    signup_id = place_of(nurlan).signup_id
    page = browser.get(f"/signups/{signup_id}/party").text
    assert serik.id in page
    assert browser.post(f"/signups/{signup_id}/people", data={"people": serik.id}).status_code == 303
    assert place_of(serik).signup_id == signup_id
    place_id = place_of(serik).id
    instead = browser.get(f"/signups/{signup_id}/party?instead={place_id}").text
    assert 'type="radio"' in instead
    assert browser.post(f"/places/{place_id}/replacement", data={"people": roman.id}).status_code == 303
    assert (place_of(serik).status, place_of(roman).status) == ("cancelled", "confirmed")
    assert browser.post(f"/places/{place_of(roman).id}/cancellation").status_code == 303
    db.session.expire_all()
    assert event.seats_taken == 1


def test_the_page_says_beforehand_what_growing_does(nurlan, serik, log_in):
    factories.brigade(nurlan, serik)
    with transaction():
        nurlan.language = "en"
    browser, seats = log_in(nurlan), factories.event(capacity=3)
    sign_up(browser, seats, nurlan)
    page = browser.get(f"/signups/{place_of(nurlan).signup_id}/party").text
    assert "2 seats are free: your party can grow by so many." in page


def test_a_waiting_party_that_grows_is_told_that_it_goes_to_the_end(nurlan, serik, log_in):
    factories.brigade(nurlan, serik)
    full = factories.event(capacity=1)
    factories.place(full, factories.employee("Ким", "Олег"))
    with transaction():
        nurlan.language = "en"
    browser = log_in(nurlan)
    sign_up(browser, full, nurlan)
    page = browser.get(f"/signups/{place_of(nurlan).signup_id}/party").text
    assert "goes to the end of the queue" in page


def test_the_order_of_preference_is_changed_without_scripts(nurlan, serik, log_in):
    factories.brigade(nurlan, serik)
    event = factories.event(capacity=2)
    factories.place(event, factories.employee("Ким", "Олег"))
    factories.place(event, factories.employee("Ким", "Пётр"))
    browser = log_in(nurlan)
    sign_up(browser, event, nurlan, serik, accept_fewer="y")
    signup_id = place_of(nurlan).signup_id
    assert f'name="up" value="{serik.id}"' in browser.get(f"/signups/{signup_id}/party").text
    moved = {"people": [nurlan.id, serik.id], "up": serik.id}
    assert browser.post(f"/signups/{signup_id}/order", data=moved).status_code == 303
    assert place_of(serik).position < place_of(nurlan).position
    assert browser.post(f"/signups/{signup_id}/order", data={"people": [serik.id]}).status_code == 409


def test_stan_finds_nothing_of_nurlans_party(nurlan, serik, log_in):
    factories.brigade(nurlan, serik)
    sign_up(log_in(nurlan), factories.event(), nurlan)
    signup_id, place_id = place_of(nurlan).signup_id, place_of(nurlan).id
    stan = log_in(factories.employee("Стан", "Стэн"))
    assert stan.get(f"/signups/{signup_id}/party").status_code == 404
    assert stan.post(f"/signups/{signup_id}/people", data={"people": serik.id}).status_code == 404
    assert stan.post(f"/places/{place_id}/replacement", data={"people": serik.id}).status_code == 404
    assert stan.post(f"/signups/{signup_id}/order", data={"people": nurlan.id}).status_code == 404


def test_aigul_signs_up_somebody_who_called_with_the_family(nurlan, log_in):
    factories.consent_texts()
    dina, event = factories.child(nurlan), factories.event(audience="families")
    aigul = log_in(factories.coordinator())
    assert nurlan.id in aigul.get(f"/events/{event.id}/signup?q=сейітқ").text
    sheet = aigul.get(f"/events/{event.id}/signup?person={nurlan.id}").text
    assert dina.id in sheet and 'name="consents"' not in sheet
    answer = sign_up(aigul, event, nurlan, dina, leader=nurlan.id, consents=dina.id)
    assert answer.status_code == 303
    signup = db.session.query(SignUp).one()
    assert signup.leader_id == nurlan.id
    assert place_of(dina).consent_due_at is not None, "nobody consents for a guardian on the phone"
    assert "signups/confirmed" in letters_to(nurlan)


def test_aigul_reads_that_no_letter_reaches_who_called(roman, log_in):
    event = factories.event()
    coordinator = factories.coordinator(language="en")
    aigul = log_in(coordinator)
    answer = sign_up(aigul, event, roman, leader=roman.id)
    page = aigul.get(answer.location).text
    assert "there is no e-mail" in page and "No e-mail" in page


def test_nurlan_signs_nobody_up_in_another_leaders_name(nurlan, serik, log_in):
    factories.brigade(nurlan, serik)
    assert sign_up(log_in(nurlan), factories.event(), serik, leader=serik.id).status_code == 403
    assert db.session.query(Place).count() == 0


def test_zhan_of_another_city_finds_nobody_here(nurlan, log_in):
    zhan, event = log_in(factories.coordinator("zhezkazgan")), factories.event()
    assert zhan.get(f"/events/{event.id}/signup").status_code == 403
    here = factories.event(city="zhezkazgan")
    assert nurlan.id not in zhan.get(f"/events/{here.id}/signup?q=Нұрлан").text
    assert zhan.get(f"/events/{here.id}/signup?person={nurlan.id}").status_code == 404
    assert sign_up(zhan, here, nurlan, leader=nurlan.id).status_code == 404


def test_one_employee_alone_asks_for_nobody_else(nurlan, log_in, monkeypatch):
    def never(*_args: Any, **_more: Any) -> None:
        raise AssertionError("three taps of one employee ask for no family and no brigade")

    browser = log_in(nurlan)
    monkeypatch.setitem(spoken_for.__globals__, "colleague_ids", never)
    assert sign_up(browser, factories.event(), nurlan).status_code == 303
