"""Consents by program."""

import pytest

from app.consents.models import Consent
from app.db import db
from tests import factories


@pytest.fixture
def asked(app):
    factories.consent_texts()
    event, nurlan = factories.event(audience="families", transport="bus"), factories.employee()
    return factories.place(event, factories.child(nurlan)), nurlan


@pytest.mark.full
def test_a_guardians_program_agrees_once_and_takes_it_back(asked, program):
    place, nurlan = asked
    call, path = program(nurlan), f"/places/{place.id}/consents"
    first, again = (call.post(path, json={}, headers={"Idempotency-Key": "1"}) for _ in range(2))
    assert (first.status_code, first.json["covered"], first.json) == (201, True, again.json)
    assert {(one["kind"], one["channel"]) for one in first.json["answers"]} == {
        ("participation", "api"),
        ("transport", "api"),
    }
    taken = call.post(f"{path}/revocation", json={"kinds": ["transport"]})
    assert (taken.status_code, taken.json["missing"]) == (201, ["transport"])
    assert taken.json["consent_due_at"].endswith("+05:00")


def test_a_coordinators_program_names_the_guardian(asked, program):
    place, nurlan = asked
    aigul, path = program(factories.coordinator()), f"/places/{place.id}/consents"
    refused = aigul.post(path, json={})
    assert (refused.status_code, refused.json["type"]) == (422, "not-a-guardian")
    answer = aigul.post(path, json={"guardian_id": nurlan.id, "kinds": ["participation", "transport", "photo"]})
    assert (answer.status_code, answer.json["covered"]) == (201, True)
    assert {row.guardian_id for row in db.session.query(Consent)} == {nurlan.id}


def test_the_list_says_who_is_covered_and_what_is_missing(asked, program):
    place, nurlan = asked
    aigul = program(factories.coordinator())
    listed = aigul.get(f"/events/{place.event_id}/consents").json["items"]
    assert [(one["covered"], one["missing"]) for one in listed] == [(False, ["participation", "transport"])]
    factories.consent(place.event, place.person, nurlan, "participation", "transport")
    assert aigul.get(f"/events/{place.event_id}/consents?open=1").json == {"items": [], "next": None}


def test_strangers_find_nothing_and_unknown_kinds_are_refused(asked, program):
    place, nurlan = asked
    stan = factories.employee("Стан", "Стэн")
    assert program(stan).post(f"/places/{place.id}/consents", json={"guardian_id": nurlan.id}).status_code == 404
    assert program(nurlan).post(f"/places/{place.id}/consents", json={"kinds": ["flying"]}).status_code == 422
    assert program(nurlan).post(f"/places/{place.id}/consents", json={"kinds": ["medical"]}).status_code == 422
