"""Parties and brigades by program; the same rules as on the pages."""

import pytest

from app.db import db
from app.people.models import BrigadeMember
from app.signups.models import Place, SignUp
from tests import factories

pytestmark = pytest.mark.usefixtures("app")


def test_a_brigade_is_founded_filled_and_signed_up(program):
    nurlan, serik = factories.employee(), factories.employee("Әбенов", "Серік")
    call = program(nurlan)
    brigade = call.post("/brigades", json={"name": "Жөндеу цехы"})
    assert (brigade.status_code, brigade.json["leader_id"], brigade.json["member_ids"]) == (201, nurlan.id, [])
    path, body = f"/brigades/{brigade.json['id']}/members", {"surname": "Abenov"}
    body["personnel_number"] = serik.personnel_number
    first, again = (call.post(path, json=body, headers={"Idempotency-Key": "1"}) for _ in range(2))
    assert (first.status_code, first.json, again.json) == (201, first.json, first.json)
    assert first.json["member_ids"] == [serik.id]
    assert db.session.query(BrigadeMember).count() == 1
    assert [one["id"] for one in call.get("/brigades").json["items"]] == [brigade.json["id"]]
    signup = call.post(f"/events/{factories.event().id}/signups", json={"participant_ids": [serik.id]})
    assert signup.status_code == 201
    assert db.session.query(SignUp).one().leader_id == nurlan.id


def test_misses_are_counted_with_and_without_a_key(program):
    nurlan = factories.employee()
    call, brigade = program(nurlan), factories.brigade(nurlan)
    path, wrong = f"/brigades/{brigade.id}/members", {"personnel_number": "1", "surname": "Ким"}
    answers = [call.post(path, json=wrong, headers={"Idempotency-Key": f"{number}"}) for number in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert answers[0].json["type"] == "no-such-colleague"


def test_a_party_grows_changes_order_and_gives_a_place_on(program):
    nurlan, serik, roman = (factories.employee(name, "Ер") for name in ("Аб", "Бв", "Вг"))
    factories.brigade(nurlan, serik, roman)
    event, call = factories.event(), program(nurlan)
    signup = call.post(f"/events/{event.id}/signups", json={"participant_ids": [nurlan.id]}).json
    path = f"/signups/{signup['id']}"
    grown = call.post(f"{path}/people", json={"participant_ids": [serik.id]})
    assert (grown.status_code, [one["person_id"] for one in grown.json["places"]]) == (201, [nurlan.id, serik.id])
    turned = call("PATCH", path, json={"order": [serik.id, nurlan.id]})
    assert (turned.status_code, [one["person_id"] for one in turned.json["places"]]) == (200, [serik.id, nurlan.id])
    place_id = turned.json["places"][0]["id"]
    given = call.post(f"/places/{place_id}/replacement", json={"person_id": roman.id})
    assert given.status_code == 201
    assert {one["person_id"] for one in given.json["places"]} == {roman.id, nurlan.id}
    roman_place = next(one["id"] for one in given.json["places"] if one["person_id"] == roman.id)
    assert call.post(f"/places/{roman_place}/cancellation").status_code == 201
    assert len(call.get(path).json["places"]) == 1
    wrong = call("PATCH", path, json={"order": [roman.id]})
    assert (wrong.status_code, wrong.json["type"]) == (409, "wrong-order")


def test_a_colleague_reads_their_own_ticket_alone(program):
    nurlan, serik = factories.employee(), factories.employee("Әбенов", "Серік")
    factories.brigade(nurlan, serik)
    event = factories.event()
    people = {"participant_ids": [nurlan.id, serik.id]}
    signup = program(nurlan).post(f"/events/{event.id}/signups", json=people).json
    seen = program(serik).get(f"/signups/{signup['id']}")
    assert [one["person_id"] for one in seen.json["places"]] == [serik.id]
    assert (seen.json["others"], seen.json["leader_id"]) == (1, nurlan.id)


def test_stan_finds_nothing(program, stranger):
    nurlan, stan = factories.employee(), factories.employee("Стан", "Стэн")
    place = factories.place(factories.event(), nurlan)
    brigade = factories.brigade(nurlan)
    call, path = program(stan), f"/signups/{place.signup_id}"
    assert call.get(path).status_code == 404
    assert call("PATCH", path, json={"order": [nurlan.id]}).status_code == 404
    assert call.post(f"{path}/people", json={"participant_ids": [stan.id]}).status_code == 404
    assert call.post(f"/places/{place.id}/replacement", json={"person_id": stan.id}).status_code == 404
    assert call.post(f"/places/{place.id}/cancellation").status_code == 404
    number = {"personnel_number": stan.personnel_number, "surname": "Стан"}
    assert call.post(f"/brigades/{brigade.id}/members", json=number).status_code == 404
    assert call.post("/brigades", json={"name": "Б", "leader_id": nurlan.id}).status_code == 403
    assert call.get("/brigades").json["items"] == []
    assert stranger.get(path).status_code == 401
    assert db.session.query(Place).one().status == "confirmed"
