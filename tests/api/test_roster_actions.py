"""The roster for programs: narrower, with actions that are tried first, swaps and notes."""

from sqlalchemy import select

from app.db import db
from app.desk.roster.models import PlaceLabel, PlaceNote
from app.rosters.models import Bus
from app.signups.models import Place
from tests import factories


def test_the_roster_is_narrowed_by_bus_and_label(program):
    event = factories.event()
    bus = factories.saved(Bus(event_id=event.id, name="1", seats=40))
    place = factories.place(event, factories.employee("Абай"), bus_id=bus.id)
    factories.place(event, factories.employee("Болат"))
    factories.saved(PlaceLabel(place_id=place.id, event_id=event.id, label="speaks", created_at=factories.LONG_AGO))
    aigul = program(factories.coordinator())
    for tail in (f"bus={bus.id}", "label=speaks"):
        (line,) = aigul.get(f"/events/{event.id}/roster?{tail}").json["items"]
        assert (line["id"], line["bus"], line["labels"]) == (place.id, "1", ["speaks"])
    assert len(aigul.get(f"/events/{event.id}/roster?bus=none").json["items"]) == 1


def test_an_action_is_tried_then_done(program):
    event = factories.event()
    place = factories.place(event, factories.employee("Абай", "Тимур"))
    aigul, address = program(factories.coordinator()), f"/events/{event.id}/roster/actions"
    said = {"action": "label", "place_ids": [place.id], "label": "speaks"}
    tried = aigul.post(address, json=said | {"is_trial": True})
    assert (tried.status_code, tried.json["done"]) == (201, ["Абай Тимур"])
    assert not db.session.scalars(select(PlaceLabel)).all()
    assert aigul.post(address, json=said).json["left_out"] == []
    assert aigul.post(address, json=said).json["left_out"][0]["type"] == "there-already"
    assert program(factories.coordinator("zhezkazgan")).post(address, json=said).status_code == 403
    assert aigul.post(address, json=said | {"action": "fly"}).status_code == 422


def test_a_swap_and_a_note(program):
    event = factories.event()
    seated = factories.place(event, factories.employee("Абай"))
    waiting = factories.place(event, factories.employee("Болат"), status="waiting")
    aigul, stranger = program(factories.coordinator()), program(factories.coordinator("zhezkazgan"))
    said = {"seated_id": seated.signup_id, "waiting_id": waiting.signup_id}
    assert stranger.post(f"/events/{event.id}/roster/swaps", json=said).status_code == 403
    assert aigul.post(f"/events/{event.id}/roster/swaps", json=said).status_code == 201
    assert db.session.get_one(Place, waiting.id).is_confirmed
    assert aigul.post(f"/events/{event.id}/roster/swaps", json=said).json["type"].endswith("cannot-swap")
    assert stranger.post(f"/places/{waiting.id}/notes", json={"text": "x"}).status_code == 404
    assert aigul.post(f"/places/{waiting.id}/notes", json={"text": "brings a tent"}).status_code == 201
    assert [note.text for note in db.session.scalars(select(PlaceNote))] == ["brings a tent"]
