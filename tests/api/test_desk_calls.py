"""What the desk's pages do, by program: helpers, figures, shifts and sections, staff, views, notes of health."""

from datetime import timedelta

import pytest

from app import clock
from app.audit.models import AuditEntry
from app.db import db, transaction
from app.desk.roster.models import RosterView
from app.events.models import Event
from app.rosters.duty_models import Duty
from app.rosters.models import Group
from app.signups.models import Place
from tests import factories

pytestmark = pytest.mark.usefixtures("app")


def planned(aigul, event: Event) -> tuple[str, str, str]:
    """(shift, section, need): a morning for one, a section, a driver of the whole day."""
    base = f"/events/{event.id}"
    morning = {"name": {"kk": "Таң"}, "starts_at": "2030-05-18T09:00:00+05:00", "ends_at": "2030-05-18T11:00:00+05:00"}
    (shift,) = aigul("PUT", f"{base}/shifts", json={"items": [morning | {"capacity": 1}]}).json["items"]
    (section,) = aigul("PUT", f"{base}/sections", json={"items": [{"name": {"kk": "1"}}]}).json["items"]
    (need,) = aigul("PUT", f"{base}/needs", json={"items": [{"role": "driver"}]}).json["items"]
    return shift["id"], section["id"], need["id"]


def test_helpers_are_named_listed_and_let_go(program):
    event, aigul, nurlan = factories.event(), program(factories.coordinator()), factories.employee()
    factories.account(nurlan)
    base = f"/events/{event.id}/helpers"
    named = aigul.post(base, json={"helper": nurlan.email})
    assert (named.status_code, named.json["from_on"]) == (201, "2030-05-18")
    (line,) = aigul.get(base).json["items"]
    assert (line["person_id"], line["id"]) == (nurlan.id, named.json["id"])
    refused = aigul.post(base, json={"helper": "nobody@torangy.example"})
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["helper"])
    zhan = program(factories.coordinator("zhezkazgan"))
    assert zhan.post(base, json={"helper": nurlan.email}).status_code == 403
    assert zhan.post(f"{base}/{line['id']}/ending").status_code == 403
    assert aigul.post(f"{base}/{line['id']}/ending").status_code == 204
    assert aigul.get(base).json["items"] == []
    assert aigul.post(f"{base}/{line['id']}/ending").status_code == 404


def test_figures_without_names(program):
    event, nurlan = factories.event(audience="families"), factories.employee()
    factories.place(event, nurlan)
    factories.place(event, factories.child(nurlan), status="waiting")
    aigul = program(factories.coordinator())
    (line,) = aigul.get("/overview").json["items"]
    figures = (line["event_id"], line["seated"], line["children"], line["waiting"], line["came"], line["capacity"])
    assert figures == (event.id, 1, 0, 1, 0, 40)
    assert nurlan.surname not in aigul.get("/overview").text
    assert program(factories.coordinator("zhezkazgan")).get("/overview").json["items"] == []
    assert program(nurlan).get("/overview").status_code == 403


def test_a_family_chooses_its_shift(program):
    event, nurlan, aigul = factories.event(), factories.employee(), program(factories.coordinator())
    place, other = factories.place(event, nurlan), factories.place(event, factories.employee("Б", "Б"))
    shift, _section, _need = planned(aigul, event)
    own = program(nurlan)
    chosen = own.post(f"/places/{place.id}/shift", json={"shift_id": shift})
    assert (chosen.status_code, chosen.json["shift_id"]) == (201, shift)
    assert own.post(f"/places/{other.id}/shift", json={"shift_id": shift}).status_code == 404
    full = program(other.person).post(f"/places/{other.id}/shift", json={"shift_id": shift})
    assert (full.status_code, full.json["type"]) == (409, "shift-full")
    assert own.post(f"/places/{place.id}/shift", json={"shift_id": None}).json["shift_id"] is None


def test_people_are_put_into_shifts_and_sections_all_or_nobody(program):
    event, aigul = factories.event(), program(factories.coordinator())
    places = [factories.place(event, factories.employee(f"Ә{n}", "Б")).id for n in range(2)]
    shift, section, _need = planned(aigul, event)
    address = f"/events/{event.id}/placings"
    full = aigul.post(address, json={"place_ids": places, "shift_id": shift, "section_id": section})
    assert full.json["type"] == "shift-full"
    db.session.expire_all()
    assert {db.session.get_one(Place, place).section_id for place in places} == {None}
    key = {"headers": {"Idempotency-Key": "k1"}}
    sent = {"place_ids": places, "section_id": section}
    (first, second) = (aigul.post(address, json=sent, **key) for _ in range(2))
    assert first.status_code == second.status_code == 201 and second.headers["Idempotent-Replayed"]
    assert {one["section_id"] for one in first.json["items"]} == {section}
    acts = db.session.query(AuditEntry).filter_by(verb="place_in_section").count()
    assert acts == len(places)
    elsewhere = factories.place(factories.event(), factories.employee()).id
    assert aigul.post(address, json={"place_ids": [elsewhere], "shift_id": None}).status_code == 404
    zhan = program(factories.coordinator("zhezkazgan"))
    assert zhan.post(address, json=sent).status_code == 403


def test_a_driver_without_a_seat(program):
    event, bolat, aigul = factories.event(), factories.employee(), program(factories.coordinator())
    _shift, _section, need = planned(aigul, event)
    duty = aigul.post(f"/needs/{need}/duties", json={"person_id": bolat.id})
    assert (duty.status_code, duty.json["person_id"], duty.json["place_id"]) == (201, bolat.id, None)
    (line,) = aigul.get(f"/events/{event.id}/needs").json["items"]
    assert (line["state"], line["duties"][0]["name"]) == ("covered", bolat.short_name)
    for said in ({}, {"person_id": bolat.id, "place_id": "x"}):
        assert "place_id" in aigul.post(f"/needs/{need}/duties", json=said).json["errors"]
    own = program(bolat)
    assert own.post(f"/needs/{need}/duties", json={"person_id": bolat.id}).status_code == 403
    assert own.post(f"/duties/{duty.json['id']}/removal").status_code == 204
    assert db.session.query(Duty).count() == 0


def test_views_are_saved_listed_and_removed(program):
    event, aigul = factories.event(), program(factories.coordinator())
    base = f"/events/{event.id}/roster/views"
    sent = {"name": "Waiting", "filters": {"status": "waiting"}, "sort": "age", "shared": True}
    saved = aigul.post(base, json=sent)
    assert (saved.status_code, saved.json["query"]) == (201, {"status": "waiting", "sort": "age"})
    assert [one["name"] for one in aigul.get(base).json["items"]] == ["Waiting"]
    assert aigul.post(base, json=sent | {"name": " "}).status_code == 422
    keeper = factories.employee()
    factories.account(keeper, "gift_keeper", city="balkhash")
    gives = program(keeper)
    assert gives.get(base).json["items"] == [] and gives.post(base, json=sent).status_code == 403
    assert gives.post(f"/roster-views/{saved.json['id']}/removal").status_code == 404
    other = factories.coordinator()
    assert [one["own"] for one in program(other).get(base).json["items"]] == [False]
    assert aigul.post(f"/roster-views/{saved.json['id']}/removal").status_code == 204
    assert db.session.query(RosterView).count() == 0


def test_a_note_of_health_is_read_by_who_leads_and_each_reading_is_written_down(program):
    tomorrow = clock.now() + timedelta(hours=20)
    event, nurlan = factories.event(starts_at=tomorrow), factories.employee()
    place, other = factories.place(event, nurlan), factories.place(event, factories.employee("Б", "Б"))
    leader = factories.employee("Жетекші", "Жан")
    group = factories.saved(Group(event_id=event.id, name="1", leader_id=leader.id))
    with transaction():
        place.medical_note, other.medical_note, place.group_id = "Nuts", "Bees", group.id
    leads, base = program(leader), f"/events/{event.id}"
    (line,) = leads.get(f"{base}/health").json["items"]
    assert line["place_id"] == place.id and "Nuts" not in leads.get(f"{base}/health").text
    for _ in range(2):
        read = leads.post(f"{base}/roster/{place.id}/health", headers={"Idempotency-Key": "k"})
        assert (read.json["here"], read.headers["Cache-Control"]) == ("Nuts", "no-store")
    assert db.session.query(AuditEntry).filter_by(verb="view_medical", person_id=nurlan.id).count() == 2
    assert leads.post(f"{base}/roster/{other.id}/health").status_code == 404
    assert program(factories.employee("Стан", "Стэн")).get(f"{base}/health").status_code == 404
    assert len(program(factories.coordinator()).get(f"{base}/health").json["items"]) == 2
