"""The trip by program: stops put whole, hosts named and invited, lunch ordered once."""

import pytest

from tests import factories

pytestmark = pytest.mark.usefixtures("app")
NINE, TEN, NOON = (f"2030-05-18T{hour}:00:00+05:00" for hour in ("09", "10", "12"))


def test_stops_are_put_whole_and_read_back(program):
    event, aigul = factories.event(), program(factories.coordinator())
    path = f"/events/{event.id}/stops"
    plant = {"title": {"en": "Plant"}, "arrives_at": NINE, "departs_at": TEN, "topics": [{"en": "Copper\nand gold"}]}
    answer = aigul(
        "PUT", path, json={"items": [plant, {"title": {"en": "Grove"}, "arrives_at": "2030-05-18T20:00:00Z"}]}
    )
    assert answer.status_code == 200 and answer.json["outside"] == [2]
    first, second = answer.json["items"]
    assert (first["arrives_at"], first["topics"]) == (NINE, [{"en": "Copper and gold"}])
    swapped = [second | {"arrives_at": None}, first]
    again = aigul("PUT", path, json={"items": swapped})
    assert [one["id"] for one in again.json["items"]] == [second["id"], first["id"]]
    nurlan = program(factories.employee())
    assert nurlan.get(path).json["items"] == again.json["items"]
    assert nurlan("PUT", path, json={"items": []}).status_code == 403
    wrong = aigul("PUT", path, json={"items": [plant | {"departs_at": "2030-05-18T08:00:00+05:00"}]})
    assert wrong.status_code == 422 and "1" in wrong.json["errors"]["stops"]


def test_a_host_is_named_invited_once_and_taken_out(program):
    event, aigul = factories.event(), program(factories.coordinator())
    typed = {"name": "Сәуле", "kind": "guide", "email": "Saule@Museum.example", "phone": "8 701 123 45 67"}
    host = aigul.post(f"/events/{event.id}/hosts", json=typed).json
    assert (host["state"], host["email"], host["phone"]) == ("new", "saule@museum.example", "+77011234567")
    for _ in range(2):
        sent = aigul.post(f"/hosts/{host['id']}/invitation", headers={"Idempotency-Key": "one"})
        assert (sent.status_code, sent.json["state"]) == (201, "invited")
    assert aigul.post(f"/events/{event.id}/hosts", json=typed).json["type"] == "host-there"
    changed = aigul("PUT", f"/hosts/{host['id']}", json=typed | {"name": "Сәуле А."})
    assert (changed.json["name"], changed.json["state"]) == ("Сәуле А.", "invited")
    assert aigul.post(f"/events/{event.id}/hosts/list").json["type"] == "nobody-confirmed"
    assert program(factories.coordinator("zhezkazgan")).get(f"/events/{event.id}/hosts").status_code == 403
    assert aigul.post(f"/hosts/{host['id']}/removal").status_code == 201
    assert aigul.get(f"/events/{event.id}/hosts").json["items"] == []


def test_lunch_is_planned_counted_and_ordered(program):
    event, aigul = factories.event(lunch=True), program(factories.coordinator())
    factories.place(event, factories.employee(), diet="vegetarian")
    path = f"/events/{event.id}/lunch"
    assert aigul.post(f"{path}/orders").json["type"] == "no-caterer"
    plan = {"caterer_name": "Дастархан", "caterer_email": "cook@cafe.example", "lunch_at": NOON}
    planned = aigul("PUT", path, json=plan)
    assert (planned.status_code, planned.json["counts"], planned.json["lunch_at"]) == (200, {"vegetarian": 1}, NOON)
    assert aigul.post(f"{path}/orders").json["total"] == 1
    assert aigul.post(f"{path}/orders").json["type"] == "nothing-new"
    assert len(aigul.get(path).json["orders"]) == 1
