"""Signing up and cancelling by program; the same rules as on the page."""

import pytest

from app.db import db
from app.signups.models import Place, SignUp
from tests import factories

pytestmark = pytest.mark.usefixtures("app")


def test_nurlan_signs_himself_up_and_gets_his_ticket(program):
    event, nurlan = factories.event(capacity=1), factories.employee()
    answer = program(nurlan).post(f"/events/{event.id}/signups", json={"participant_ids": [nurlan.id]})
    assert (answer.status_code, answer.json["status"], answer.json["position"]) == (201, "confirmed", None)
    assert len(answer.json["places"][0]["ticket"]) == 8
    dana = factories.employee("Дана")
    waiting = program(dana).post(f"/events/{event.id}/signups", json={"participant_ids": [dana.id]}).json
    assert (waiting["status"], waiting["position"]) == ("waiting", 1)
    promoted = program(nurlan).post(f"/signups/{answer.json['id']}/cancellation")
    assert (promoted.status_code, promoted.json) == (201, {"promoted": [waiting["id"]]})


def test_the_same_request_twice_takes_one_seat(program):
    event, nurlan = factories.event(), factories.employee()
    call = program(nurlan)
    path, body = f"/events/{event.id}/signups", {"participant_ids": [nurlan.id]}
    first, again = (call.post(path, json=body, headers={"Idempotency-Key": "1"}) for _ in range(2))
    assert first.json == again.json
    assert (db.session.query(Place).count(), event.seats_taken) == (1, 1)
    refused = call.post(path, json=body)
    assert (refused.status_code, refused.json["type"]) == (409, "already-signed-up")


def test_a_childs_place_says_until_when_the_consent_is_awaited(program):
    factories.consent_texts()
    event, nurlan = factories.event(audience="families"), factories.employee()
    dina = factories.child(nurlan)
    answer = program(nurlan).post(f"/events/{event.id}/signups", json={"participant_ids": [nurlan.id, dina.id]})
    own, childs = answer.json["places"]
    assert ("consent_due_at" in own, "consent_due_at" in childs) == (False, True)
    assert db.session.query(SignUp).one().leader_id == nurlan.id


def test_aigul_signs_others_up_and_the_first_adult_leads(program):
    event, nurlan, dana = factories.event(), factories.employee(), factories.employee("Дана")
    call = program(factories.coordinator())
    answer = call.post(f"/events/{event.id}/signups", json={"participant_ids": [nurlan.id, dana.id]})
    assert answer.status_code == 201
    assert db.session.query(SignUp).one().leader_id == nurlan.id


@pytest.mark.parametrize(
    ("event", "status", "kind"),
    [
        ({"capacity": 1, "on_full": "refuse"}, 409, "full"),
        ({"status": "closed"}, 409, "closed"),
        ({"min_age": 80}, 409, "too-young"),
    ],
)
def test_refusals_name_their_rule(program, event, status, kind):
    row, nurlan = factories.event(**event), factories.employee()
    if kind == "full":
        factories.place(row, factories.employee())
    answer = program(nurlan).post(f"/events/{row.id}/signups", json={"participant_ids": [nurlan.id]})
    assert (answer.status_code, answer.json["type"]) == (status, kind)


def test_overlap_is_refused(program):
    nurlan = factories.employee()
    factories.place(factories.event(), nurlan)
    other = factories.event()
    answer = program(nurlan).post(f"/events/{other.id}/signups", json={"participant_ids": [nurlan.id]})
    assert (answer.status_code, answer.json["type"]) == (409, "overlap")


def test_nobody_and_nonsense_are_refused(program):
    event, nurlan = factories.event(), factories.employee()
    call = program(nurlan)
    for body, status in (
        ({"participant_ids": []}, 422),
        ({}, 422),
        ({"participant_ids": "x"}, 422),
        ({"participant_ids": ["x"]}, 404),
    ):
        assert call.post(f"/events/{event.id}/signups", json=body).status_code == status


def test_stan_signs_up_nobody_but_himself_and_cancels_for_nobody(program):
    event, nurlan = factories.event(), factories.employee()
    stan, other = program(factories.employee("Стан")), program(factories.coordinator("zhezkazgan"))
    for who in (stan, other):
        answer = who.post(f"/events/{event.id}/signups", json={"participant_ids": [nurlan.id]})
        assert answer.status_code in (403, 404)
    place = factories.place(event, nurlan)
    for who in (stan, other):
        assert who.post(f"/signups/{place.signup_id}/cancellation").status_code == 404
    assert place.status == "confirmed"


def test_a_party_of_thousands_is_refused_before_the_database_is_asked(program):
    nurlan, event = factories.employee(), factories.event()
    for wanted in (
        {"participant_ids": [nurlan.id] * 201},
        {"participant_ids": [nurlan.id], "sizes": {str(number): "M" for number in range(201)}},
    ):
        answer = program(nurlan).post(f"/events/{event.id}/signups", json=wanted)
        assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert event.seats_taken == 0
