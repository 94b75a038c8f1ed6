"""An offered seat is answered by one click from the mail: once, in time, by whom it was offered to."""

from datetime import timedelta

import pytest

from app import clock
from app.access.signed_links import sign_link
from app.audit.models import AuditEntry
from app.db import db, transaction
from app.people.models import Guardianship
from app.signups.models import Offer, Place
from app.signups.offering import expire_offers
from tests import factories
from tests.signups.parties import NOON, all_rows, letters, link, offered, party, words

LATER = NOON + timedelta(hours=3)


@pytest.fixture(autouse=True)
def _noon(app, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON)


def statuses(offer: Offer) -> list[str]:
    db.session.expire_all()
    return [place.status for place in offer.signup.places]


def test_the_leader_and_both_guardians_get_a_letter_with_a_link_of_their_own():
    mother, father = factories.employee("Дана"), factories.employee("Омар")
    dina = factories.child(mother)
    factories.saved(Guardianship(guardian_id=father.id, child_id=dina.id, child_key="k", created_at=factories.LONG_AGO))
    offer = offered(factories.event(audience="families"), mother, dina)
    found = {mail.recipient: mail for mail in letters("offer")}
    assert set(found) == {mother.email, father.email}
    assert len({mail.context["url"] for mail in found.values()}) == 2
    assert all(mail.expires_at == offer.expires_at for mail in found.values())
    assert all("@" not in mail.context["url"] for mail in found.values())


def test_the_letter_names_the_deadline_and_has_one_button():
    nurlan = factories.employee(language="ru")
    offered(factories.event(), nurlan)
    subject, text, html = words(letters("offer")[0])
    assert "14:00" in text and "14:00" in html
    assert html.count("/offers/") == 1
    assert "Нұрлан" in text and subject


def test_the_letter_of_a_lapsed_offer_comes_once_and_says_how_to_queue_again():
    nurlan, event = factories.employee(language="en"), factories.event()
    offered(event, nurlan)
    while expire_offers(now=LATER):
        pass
    while expire_offers(now=LATER):
        pass
    (mail,) = letters("offer_expired")
    _, text, _ = words(mail)
    assert f"/events/{event.id}" in text


@pytest.mark.full
def test_looking_changes_nothing_however_often_a_mail_scanner_looks(client):
    nurlan = factories.employee()
    offered(factories.event(), nurlan)
    address, before = link("offer", nurlan), all_rows()
    for _ in range(3):
        assert client.get(address).status_code == 200
        assert client.head(address).status_code == 200
        assert client.get(f"{address}/acceptance").status_code == 405
        assert client.head(f"{address}/refusal").status_code == 405
    assert all_rows() == before


def test_nurlan_takes_the_seat_without_a_login_and_sees_his_ticket(client):
    nurlan = factories.employee(language="en")
    offer = offered(factories.event(), nurlan)
    address = link("offer", nurlan)
    page = client.get(address).text
    assert "One seat is kept for you" in page and f"{address}/acceptance" in page
    answer = client.post(f"{address}/acceptance")
    assert (answer.status_code, answer.location) == (303, address)
    page = client.get(address).text
    assert "You have the seat" in page and offer.signup.places[0].printed_ticket in page
    db.session.expire_all()
    assert (offer.answer, offer.answered_by_id) == ("accepted", nurlan.id)
    assert statuses(offer) == ["confirmed"]
    assert [mail.recipient for mail in letters("confirmed")] == [nurlan.email]
    entry = db.session.query(AuditEntry).filter_by(object_id=offer.signup_id).one()
    assert entry.actor_account_id is None


def test_a_second_answer_says_what_was_answered_and_changes_nothing(client):
    nurlan = factories.employee(language="en")
    offered(factories.event(), nurlan)
    address = link("offer", nurlan)
    client.post(f"{address}/acceptance")
    before = all_rows()
    for second in ("acceptance", "refusal"):
        answer = client.post(f"{address}/{second}")
        assert answer.status_code == 409
        assert "This was answered already: the seat was taken." in answer.text
    assert all_rows() == before


def test_declining_passes_the_seat_on_once(client):
    nurlan, omar = factories.employee(language="en"), factories.employee("Омар")
    event = factories.event(capacity=1, promotion="at-once")
    offer = offered(event, nurlan)
    waiting = party(event, omar)
    address = link("offer", nurlan)
    assert client.post(f"{address}/refusal").status_code == 303
    assert "You left the seat to the next" in client.get(address).text
    assert statuses(offer) == ["declined"]
    assert waiting.status == "confirmed"
    assert [mail.recipient for mail in letters("promoted")] == [omar.email]
    assert client.post(f"{address}/refusal").status_code == 409
    assert event.seats_taken == 1


def test_too_late_is_said_with_the_way_back_to_the_queue(client, monkeypatch):
    nurlan = factories.employee(language="en")
    event = factories.event()
    offer = offered(event, nurlan)
    address = link("offer", nurlan)
    monkeypatch.setattr(clock, "now", lambda: LATER)
    page = client.get(address)
    assert page.status_code == 200
    assert "The time to answer is over" in page.text and f"/events/{event.id}" in page.text
    answer = client.post(f"{address}/acceptance")
    assert answer.status_code == 409
    assert "It is too late to answer" in answer.text
    assert statuses(offer) == ["offered"], "only the worker ends it, with the letter"


def test_after_the_event_the_link_itself_has_ended(client, monkeypatch):
    nurlan, event = factories.employee(), factories.event()
    offered(event, nurlan)
    address = link("offer", nurlan)
    monkeypatch.setattr(clock, "now", lambda: event.ends_at)
    assert client.get(address).status_code == 410
    assert client.post(f"{address}/acceptance").status_code == 410


def test_a_forged_link_or_one_for_something_else_is_not_found(client):
    nurlan = factories.employee()
    offer = offered(factories.event(), nurlan)
    facts, ends = {"row": offer.id, "reader": nurlan.id}, offer.expires_at
    for token in (sign_link("approval", facts, expires_at=ends), link("offer", nurlan)[8:-1], "x"):
        assert client.post(f"/offers/{token}/acceptance").status_code == 404
    assert statuses(offer) == ["offered"]


def test_a_link_dies_with_its_readers_say(client):
    mother, father = factories.employee("Дана"), factories.employee("Омар")
    dina = factories.child(mother)
    his = Guardianship(guardian_id=father.id, child_id=dina.id, child_key="k", created_at=factories.LONG_AGO)
    factories.saved(his)
    offer = offered(factories.event(audience="families"), dina, leader=mother)
    address = link("offer", father)
    with transaction():
        his.ended_at = NOON
    assert client.get(address).status_code == 404
    assert client.post(f"{address}/refusal").status_code == 404
    assert statuses(offer) == ["offered"]


def test_the_page_names_no_child_to_a_leader_who_does_not_decide_for_it(client):
    leader, mother = factories.employee("Бригадир", "Болат"), factories.employee("Дана")
    dina = factories.child(mother, "Дина")
    offered(factories.event(audience="families"), leader, dina)
    read = {mail.person_id: words(mail)[1] for mail in letters("offer")}
    assert "Дина" not in read[leader.id] and "Дина" in read[mother.id]
    assert "Дина" not in client.get(link("offer", leader)).text
    assert "Дина" in client.get(link("offer", mother)).text


def test_the_page_speaks_the_letters_language_until_the_reader_chooses(client):
    nurlan = factories.employee(language="en")
    offered(factories.event(), nurlan)
    address = link("offer", nurlan)
    assert '<html lang="en">' in client.get(address, headers={"Accept-Language": "ru"}).text
    client.post("/language", data={"language": "ru", "next": address})
    assert '<html lang="ru">' in client.get(address).text


def test_on_his_page_nurlan_answers_logged_in(log_in):
    nurlan, dana = factories.employee(language="en"), factories.employee("Дана", language="en")
    event = factories.event()
    taken, left = offered(event, nurlan), offered(event, dana)
    assert log_in(nurlan).post(f"/signups/{taken.signup_id}/offer/acceptance").status_code == 303
    assert log_in(dana).post(f"/signups/{left.signup_id}/offer/refusal").status_code == 303
    assert (statuses(taken), statuses(left)) == (["confirmed"], ["declined"])
    assert log_in(nurlan).post(f"/signups/{taken.signup_id}/offer/refusal").status_code == 409
    assert statuses(taken) == ["confirmed"]


def test_stan_answers_for_nobody_and_a_colleague_not_for_the_whole_party(log_in):
    nurlan, omar, stan = factories.employee(), factories.employee("Омар"), factories.employee("Стан")
    offer = offered(factories.event(), nurlan, omar)
    for who in (stan, omar):
        for answer in ("acceptance", "refusal"):
            assert log_in(who).post(f"/signups/{offer.signup_id}/offer/{answer}").status_code == 404
    assert statuses(offer) == ["offered", "offered"]
    assert db.session.query(Place).filter_by(status="declined").count() == 0


def test_my_events_shows_the_buttons_to_whoever_may_answer(log_in):
    nurlan, omar = factories.employee(language="en"), factories.employee("Омар", language="en")
    offer = offered(factories.event(), nurlan, omar)
    assert f"/signups/{offer.signup_id}/offer/acceptance" in log_in(nurlan).get("/my").text
    page = log_in(omar).get("/my").text
    assert f"/signups/{offer.signup_id}/offer/" not in page and "Нұрлан answers for all of you." in page


def test_aigul_answers_for_a_family_without_a_mailbox(log_in):
    nurlan, aigul = factories.employee(email=None), factories.coordinator("balkhash", language="en")
    offer = offered(factories.event(), nurlan)
    assert letters("offer") == []
    browser = log_in(aigul)
    assert f"/signups/{offer.signup_id}/offer/acceptance" in browser.get(f"/signups/{offer.signup_id}/queue").text
    answer = browser.post(f"/signups/{offer.signup_id}/offer/acceptance")
    assert (answer.status_code, answer.location) == (303, f"/signups/{offer.signup_id}/queue")
    assert statuses(offer) == ["confirmed"]
    assert offer.answered_by_id == aigul.id
