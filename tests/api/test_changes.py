"""Changes of events and their departure, for programs."""

from datetime import timedelta

import pytest

from app import clock
from app.db import db
from app.rosters.models import Bus
from tests import factories

NOW = factories.SATURDAY - timedelta(hours=2)
TO = {"to": "move", "starts_at": "2030-05-25T09:00:00+05:00", "ends_at": "2030-05-25T13:00:00+05:00"}


@pytest.fixture
def clock_stands(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.mark.full
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
    seen = aigul.get(f"/events/{event.id}/changes/{made.json['id']}").json
    assert (seen["to"], seen["undoable"], seen["seconds_left"], seen["undone_at"]) == ("move", True, 60, None)
    assert [one["id"] for one in aigul.get(f"/events/{event.id}/changes").json["items"]] == [made.json["id"]]
    path = f"/events/{event.id}/changes/{made.json['id']}/undo"
    undone = aigul.post(path).json
    assert undone["undone_at"] and (undone["undoable"], undone["seconds_left"]) == (False, 0)
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
    assert aigul.get(f"/events/{other.id}/changes/{change}").status_code == 404
    assert {zhan.get(f"/events/{event.id}/changes{tail}").status_code for tail in ("", f"/{change}")} == {403}


def test_a_change_can_be_read_after_its_minute_with_those_who_must_be_called(program, monkeypatch):
    event, aigul = factories.event(), program(factories.coordinator())
    factories.saved(Bus(event_id=event.id, name="1", seats=40, driver_phone="+77011112233"))
    monkeypatch.setattr(clock, "now", lambda: NOW)
    made = aigul.post(f"/events/{event.id}/changes", json=TO).json
    path = f"/events/{event.id}/changes/{made['id']}"
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(seconds=61))
    late = aigul.get(path).json
    assert (late["undoable"], late["seconds_left"]) == (False, 0)
    assert [(one["kind"], one["contact"]) for one in late["to_call"]] == [("bus", "+77011112233")]
    assert aigul.post(f"{path}/undo").json["type"] == "too-late-to-undo"


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
