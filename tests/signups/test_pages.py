"""Signing up and cancelling over HTTP: what the pages say, and what strangers get."""

from flask.testing import FlaskClient

from app.db import db
from app.signups.models import Place
from tests import factories


def test_nurlan_signs_up_and_finds_his_ticket_and_code(log_in):
    nurlan, event = factories.employee(), factories.event()
    browser = log_in(nurlan)
    answer = browser.post(f"/events/{event.id}/signups", data={"people": nurlan.id})
    assert answer.status_code == 303
    page = browser.get("/my").text
    place = db.session.query(Place).one()
    assert place.printed_ticket in page
    assert '<path fill="#000"' in page


def test_a_missing_consent_is_said_beside_the_child_on_the_events_page(log_in):
    factories.consent_texts()
    nurlan = factories.employee(language="en")
    dina = factories.child(nurlan)
    event = factories.event(audience="families")
    browser = log_in(nurlan)
    page = browser.get(f"/events/{event.id}").text
    assert "checked" not in page.split(f'id="consent-{dina.id}"')[1].split(">")[0], "never ticked beforehand"
    answer = browser.post(
        f"/events/{event.id}/signups",
        data={"people": [nurlan.id, dina.id]},
        headers={"Referer": f"http://localhost/events/{event.id}"},
    )
    assert answer.status_code == 422
    beside = answer.text.split(f'id="consent-{dina.id}-e"')[1][:400]
    assert "Your consent for Дина is missing." in beside
    assert db.session.query(Place).count() == 0


def test_a_refusal_is_shown_where_it_happened_with_its_status(log_in):
    nurlan, event = factories.employee(language="ru"), factories.event(status="closed")
    answer = log_in(nurlan).post(
        f"/events/{event.id}/signups",
        data={"people": nurlan.id},
        headers={"Referer": f"http://localhost/events/{event.id}"},
    )
    assert answer.status_code == 409
    assert "flash-stop" in answer.text
    assert "<h1>" in answer.text


def test_nurlan_leaves_and_takes_one_of_the_family_off(log_in):
    factories.consent_texts()
    nurlan = factories.employee()
    dina = factories.child(nurlan)
    event = factories.event(audience="families")
    browser = log_in(nurlan)
    browser.post(f"/events/{event.id}/signups", data={"people": [nurlan.id, dina.id], "consents": dina.id})
    place = db.session.query(Place).filter_by(person_id=dina.id).one()
    assert browser.get(f"/signups/{place.signup_id}/cancellation").status_code == 200
    assert browser.post(f"/places/{place.id}/cancellation").status_code == 303
    assert browser.post(f"/signups/{place.signup_id}/cancellation").status_code == 303
    assert browser.post(f"/signups/{place.signup_id}/cancellation").status_code == 409
    assert event.seats_taken == 0


def test_a_guardian_takes_consent_back_and_gives_it_again(log_in):
    factories.consent_texts()
    nurlan = factories.employee()
    dina = factories.child(nurlan)
    event = factories.event(audience="families")
    browser = log_in(nurlan)
    browser.post(f"/events/{event.id}/signups", data={"people": dina.id, "consents": dina.id})
    place = db.session.query(Place).one()
    assert place.consent_due_at is None
    assert browser.post(f"/places/{place.id}/consent/revocation").status_code == 303
    db.session.expire_all()
    assert db.session.get(Place, place.id).consent_due_at is not None
    assert browser.post(f"/places/{place.id}/consent").status_code == 303
    db.session.expire_all()
    assert db.session.get(Place, place.id).consent_due_at is None


def test_the_events_page_says_whose_consent_is_still_missing(log_in):
    factories.consent_texts()
    nurlan = factories.employee(language="en")
    dina, event = factories.child(nurlan), factories.event(audience="families")
    browser = log_in(nurlan)
    browser.post(f"/events/{event.id}/signups", data={"people": [nurlan.id, dina.id], "consents": dina.id})
    assert "Consent by" not in browser.get(f"/events/{event.id}").text
    place = db.session.query(Place).filter_by(person_id=dina.id).one()
    browser.post(f"/places/{place.id}/consent/revocation")
    assert browser.get(f"/events/{event.id}").text.count("Consent by") == 1


def test_stan_finds_nothing_of_nurlans(log_in):
    nurlan, event, stan = factories.employee(), factories.event(), factories.employee("Стан")
    place = factories.place(event, nurlan)
    browser = log_in(stan)
    assert browser.get(f"/signups/{place.signup_id}/cancellation").status_code == 404
    assert browser.post(f"/signups/{place.signup_id}/cancellation").status_code == 404
    assert browser.post(f"/places/{place.id}/cancellation").status_code == 404
    assert browser.post(f"/events/{event.id}/signups", data={"people": nurlan.id}).status_code == 403
    assert event.seats_taken == 1


def test_a_stranger_is_sent_to_log_in(client: FlaskClient):
    event = factories.event()
    answer = client.post(f"/events/{event.id}/signups", data={"people": "x"})
    assert (answer.status_code, answer.location) == (303, "/login")


def test_an_unknown_person_or_event_is_not_found(log_in):
    browser = log_in(factories.employee())
    assert browser.post("/events/nothere/signups", data={"people": "x"}).status_code == 404
    assert browser.post(f"/events/{factories.event().id}/signups", data={"people": "x"}).status_code == 404
