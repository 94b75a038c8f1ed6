"""The queue by program: the same rule, reasons and answers as on the pages."""

import pytest

from app import clock
from app.db import db
from tests import factories
from tests.signups.parties import NOON, asked, offered, party

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture(autouse=True)
def _noon(app, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON)


def test_nurlan_reads_his_position_the_rule_and_why(program):
    event, nurlan = factories.event(capacity=1), factories.employee()
    party(event, factories.employee("Отырған"), status="confirmed")
    party(event, factories.employee("Бірінші"))
    mine = party(event, nurlan)
    answer = program(nurlan).get(f"/signups/{mine.id}/queue").json
    assert (answer["status"], answer["position"], answer["held"]) == ("waiting", 2, "no-seat")
    assert answer["rule"] == {
        "promotion": "late-offer", "offer_hours": 2, "pass_limit": 3, "approval": "none",
        "offered_from": "2030-05-17T09:00:00+05:00", "quiet_from": "22:00", "quiet_until": "08:00",
    }  # fmt: skip
    assert [(move["kind"], move["position_after"]) for move in answer["moves"]] == [("joined", 2)]


def test_aigul_reads_the_line_in_pages(program):
    event, aigul = factories.event(capacity=1), factories.coordinator()
    party(event, factories.employee("Отырған"), status="confirmed")
    rows = [party(event, factories.employee(f"Кезек{number}")) for number in range(3)]
    first = program(aigul).get(f"/events/{event.id}/queue?limit=2").json
    second = program(aigul).get(f"/events/{event.id}/queue?limit=2&cursor={first['next']}").json
    found = [(one["signup_id"], one["position"], one["held"]) for one in first["items"] + second["items"]]
    assert found == [(row.id, number, "no-seat") for number, row in enumerate(rows, start=1)]
    assert second["next"] is None


def test_an_offer_is_answered_once(program):
    nurlan, event = factories.employee(), factories.event()
    offer = offered(event, nurlan)
    taken = program(nurlan).post(f"/offers/{offer.id}/acceptance")
    assert (taken.status_code, taken.json["status"]) == (201, "confirmed")
    again = program(nurlan).post(f"/offers/{offer.id}/refusal")
    assert (again.status_code, again.json["type"]) == (409, "offer-gone")
    assert event.seats_taken == 1


@pytest.mark.full
def test_the_same_acceptance_sent_twice_is_one(program):
    nurlan = factories.employee()
    offer, call = offered(factories.event(), nurlan), program(nurlan)
    first, again = (call.post(f"/offers/{offer.id}/acceptance", headers={"Idempotency-Key": "1"}) for _ in range(2))
    assert (first.json, again.status_code) == (again.json, 201)


def test_declining_says_who_got_the_seat(program):
    nurlan, event = factories.employee(), factories.event(capacity=1, promotion="at-once")
    offer, waiting = offered(event, nurlan), party(event, factories.employee("Омар"))
    answer = program(nurlan).post(f"/offers/{offer.id}/refusal")
    assert (answer.status_code, answer.json) == (201, {"promoted": [waiting.id]})


def test_aigul_approves_one_party_and_refuses_another_with_a_note(program):
    event, aigul = factories.event(approval="coordinator"), factories.coordinator()
    yes, no = asked(event, factories.employee()), asked(event, factories.employee("Омар"))
    call = program(aigul)
    assert call.post(f"/approvals/{yes.id}/approval").json["status"] == "confirmed"
    assert call.post(f"/approvals/{no.id}/refusal", json={"note": "x" * 501}).status_code == 422
    assert call.post(f"/approvals/{no.id}/refusal", json={"note": "Next time."}).json == {"promoted": []}
    refused = call.post(f"/approvals/{yes.id}/refusal", json={})
    assert (refused.status_code, refused.json["type"]) == (409, "approval-gone")
    db.session.expire_all()
    assert (yes.answer, no.answer, no.note) == ("approved", "refused", "Next time.")


def test_a_manager_who_approves_gets_nobodys_ticket(program):
    """A ticket opens the gate to whoever holds it, and a child's is its guardians' alone."""
    nurlan, boss = factories.employee(), factories.employee("Бастық")
    dina = factories.child(nurlan)
    approval = asked(factories.event(audience="families"), nurlan, dina, manager=boss)
    answer = program(boss).post(f"/approvals/{approval.id}/approval")
    assert (answer.status_code, answer.json["status"]) == (201, "confirmed")
    assert answer.json["places"] == []


def test_a_father_who_accepts_for_a_party_reads_his_own_familys_tickets(program):
    nurlan, serik = factories.employee(), factories.employee("Серік")
    dina = factories.child(serik)
    offer = offered(factories.event(audience="families"), nurlan, dina)
    answer = program(serik).post(f"/offers/{offer.id}/acceptance")
    assert answer.status_code == 201
    assert [place["person_id"] for place in answer.json["places"]] == [dina.id]


def test_stan_reads_and_answers_nothing(program):
    event, nurlan = factories.event(), factories.employee()
    offer, approval = offered(event, nurlan), asked(event, factories.employee("Омар"))
    call = program(factories.employee("Стан"))
    assert call.get(f"/signups/{offer.signup_id}/queue").status_code == 404
    assert call.get(f"/events/{event.id}/queue").status_code == 403
    for path in (f"/offers/{offer.id}/acceptance", f"/offers/{offer.id}/refusal"):
        assert call.post(path).status_code == 404
    assert call.post(f"/approvals/{approval.id}/approval").status_code == 404
    assert program(nurlan).post(f"/approvals/{approval.id}/refusal", json={}).status_code == 404
