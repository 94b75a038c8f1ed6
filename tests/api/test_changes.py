"""Changes of events and their departure, for programs."""

from datetime import timedelta

import pytest

from app import clock
from app.db import db
from tests import factories

NOW = factories.SATURDAY - timedelta(hours=2)
TO = {"to": "move", "starts_at": "2030-05-25T09:00:00+05:00", "ends_at": "2030-05-25T13:00:00+05:00"}


@pytest.fixture
def clock_stands(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


def test_a_move_is_looked_at_made_once_and_taken_back(program, clock_stands):
    event, nurlan = factories.event(), factories.employee()
    factories.place(event, nurlan)
    aigul = program(factories.coordinator())
    look = aigul.get(f"/events/{event.id}/changes/preview", query_string=TO)
    assert (look.status_code, look.json["letters"], look.json["calendar_sequence"]) == (200, 1, 1)
    for _ in range(2):
        made = aigul.post(f"/events/{event.id}/changes", json=TO, headers={"Idempotency-Key": "storm"})
        assert (made.status_code, made.json["letters"]) == (201, 1)
    assert event.starts_at == factories.SATURDAY + timedelta(days=7)
    path = f"/events/{event.id}/changes/{made.json['id']}/undo"
    assert aigul.post(path).json["undone_at"]
    db.session.expire_all()
    assert event.starts_at == factories.SATURDAY
    again = aigul.post(path)
    assert (again.status_code, again.json["type"]) == (409, "already-undone")


def test_what_is_missing_is_named_and_others_change_nothing(program):
    event = factories.event()
    aigul, zhan = program(factories.coordinator()), program(factories.coordinator("zhezkazgan"))
    refused = aigul.post(f"/events/{event.id}/changes", json={"to": "move"})
    assert refused.status_code == 422 and set(refused.json["errors"]) == {"starts_at", "ends_at"}
    assert zhan.post(f"/events/{event.id}/changes", json={"to": "cancel"}).status_code == 403
    other = factories.event()
    change = aigul.post(f"/events/{event.id}/changes", json={"to": "cancel"}).json["id"]
    assert aigul.post(f"/events/{other.id}/changes/{change}/undo").status_code == 404


def test_the_board_names_what_is_red_and_lets_it_go_when_taken_on(program, clock_stands):
    event = factories.event(site=factories.site(hazard_class="raised"))
    factories.place(event, factories.employee())
    aigul, sayat = program(factories.coordinator()), factories.employee("Сақ", "Саят")
    factories.account(sayat, "safety_officer", city="balkhash")
    safety = program(sayat)
    board = safety.get(f"/events/{event.id}/departure").json
    red = {line["line"] for line in board["lines"] if line["state"] == "red"}
    assert red == {"briefings", "first_aid"} and not board["may_leave"]
    refused = aigul.post(f"/events/{event.id}/departure")
    assert (refused.status_code, refused.json["type"]) == (409, "not-ready-to-leave")
    assert safety.post(f"/events/{event.id}/briefings", json={"text": "Helmets"}).status_code == 201
    body = {"line": "first_aid", "reason": "A medic meets us there"}
    assert safety.post(f"/events/{event.id}/overrides", json=body).json["may_leave"]
    assert safety.post(f"/events/{event.id}/overrides", json={**body, "line": "seats"}).status_code == 403
    assert safety.post(f"/events/{event.id}/departure").status_code == 403
    left = aigul.post(f"/events/{event.id}/departure")
    assert left.status_code == 201 and left.json["departed_at"] and left.json["overrides"][0]["by"]


def test_the_weather_is_limited_by_the_safety_officer_alone(program, clock_stands):
    event, aigul = factories.event(), program(factories.coordinator())
    sayat = factories.employee("Сақ", "Саят")
    factories.account(sayat, "safety_officer", city="balkhash")
    assert aigul.post(f"/events/{event.id}/weather-limit", json={"wind_max": 9}).status_code == 403
    assert program(sayat).post(f"/events/{event.id}/weather-limit", json={"wind_max": 9}).status_code == 201
    board = aigul.post(f"/events/{event.id}/weather", json={"wind": 10}).json
    assert next(line["state"] for line in board["lines"] if line["line"] == "weather") == "red"
    assert aigul.post(f"/events/{event.id}/weather", json={"wind": 100}).status_code == 422
