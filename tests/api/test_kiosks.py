"""Kiosks and tickets for programs: a coordinator enrols computers of their city, each reads their own ticket."""

import pytest

from app import clock
from app.access.kiosks import enrol
from app.access.models import Kiosk
from app.accounts.actor import Actor
from app.db import db
from tests import factories

pytestmark = pytest.mark.usefixtures("app")
GATE = {"name": "Gate 2", "city": "balkhash"}


def test_a_coordinator_adds_a_kiosk_once_and_ends_it(program):
    aigul = program(factories.coordinator())
    first, again = (aigul.post("/kiosks", json=GATE, headers={"Idempotency-Key": "1"}) for _ in range(2))
    assert first.status_code == 201 and first.json == again.json and db.session.query(Kiosk).count() == 1
    assert first.json["enrolled"] is False and first.json["url"].endswith("/kiosk/enrolment")
    enrol(first.json["code"], address="", now=clock.now(), actor=Actor())
    (listed,) = aigul.get("/kiosks").json["items"]
    assert listed["enrolled"] is True and "code" not in listed
    ended = aigul.post(f"/kiosks/{listed['id']}/revocation")
    assert ended.status_code == 201 and ended.json["revoked_at"]


def test_others_cities_and_employees_get_no_kiosk(program, stranger):
    aigul, zhan = program(factories.coordinator()), program(factories.coordinator("zhezkazgan"))
    kiosk = aigul.post("/kiosks", json=GATE).json
    assert zhan.get("/kiosks").json["items"] == []
    assert zhan.post("/kiosks", json=GATE).status_code == 403
    assert zhan.post(f"/kiosks/{kiosk['id']}/revocation").status_code == 404
    assert program(factories.employee()).get("/kiosks").status_code == 403
    assert stranger.get("/kiosks").status_code == 401
    assert aigul.post("/kiosks", json={"name": " ", "city": "atlantis"}).json["errors"].keys() == {"name"}
    assert aigul.post("/kiosks", json=GATE | {"city": "atlantis"}).json["errors"].keys() == {"city"}


def test_a_ticket_is_read_by_its_person_and_the_guardians(program):
    nurlan, event = factories.employee(), factories.event(audience="families")
    place = factories.place(event, factories.child(nurlan))
    answer = program(nurlan).get(f"/places/{place.id}/ticket")
    assert answer.status_code == 200
    assert (answer.json["ticket"], answer.json["given_name"]) == (place.ticket, "Дина")
    assert answer.json["url"].endswith(f"/tickets/{place.ticket}")
    assert program(factories.employee("Стан")).get(f"/places/{place.id}/ticket").status_code == 404


def test_without_a_seat_there_is_no_ticket(program):
    nurlan = factories.employee()
    place = factories.place(factories.event(), nurlan, status="waiting")
    assert program(nurlan).get(f"/places/{place.id}/ticket").status_code == 404
