"""Shifts, sections, needs and duties by program."""

import pytest

from tests import factories

pytestmark = pytest.mark.usefixtures("app")


@pytest.mark.full
def test_a_day_is_planned_covered_and_read_back(program):
    event, aigul, nurlan = factories.event(), program(factories.coordinator()), factories.employee()
    place, own, base = factories.place(event, nurlan), program(nurlan), f"/events/{event.id}"
    morning = {"name": {"kk": "Таң"}, "starts_at": "2030-05-18T09:00:00+05:00", "ends_at": "2030-05-18T11:00:00+05:00"}
    (shift,) = aigul("PUT", f"{base}/shifts", json={"items": [morning]}).json["items"]
    assert (shift["starts_at"], shift["people"]) == (morning["starts_at"], 0)
    (section,) = aigul("PUT", f"{base}/sections", json={"items": [{"name": {"kk": "1"}, "length_m": 400}]}).json[
        "items"
    ]
    needs = [
        {"role": "water", "shift_id": shift["id"], "section_id": section["id"]},
        {"role": "driver", "skill": "driver"},
    ]
    water, driver = aigul("PUT", f"{base}/needs", json={"items": needs}).json["items"]
    assert (water["state"], driver["missing"]) == ("short", 1)
    duty = own.post(f"/needs/{water['id']}/duties", json={"place_id": place.id})
    assert (duty.status_code, duty.json["how"]) == (201, "chosen")
    assert aigul.post(f"/needs/{driver['id']}/duties", json={"place_id": place.id}).json["type"] == "skill-missing"
    assert aigul("PUT", f"/people/{nurlan.id}/skills", json={"skill": "driver"}).status_code == 200
    assert aigul.post(f"/needs/{driver['id']}/duties", json={"place_id": place.id}).json["type"] == "on-duty"
    assert [one["state"] for one in aigul.get(f"{base}/needs").json["items"]] == ["covered", "short"]
    assert own.get(f"{base}/needs").status_code == 403 and own.get(f"{base}/shifts").status_code == 200
    assert own.get(f"{base}/sections").json["items"][0]["length_m"] == 400
    refused = aigul("PUT", f"{base}/needs", json={"items": []})
    assert refused.json["type"] == "in-use"
    assert own.post(f"/duties/{duty.json['id']}/removal").status_code == 204
    assert aigul("PUT", f"{base}/needs", json={"items": []}).json["items"] == []
    stan = program(factories.employee("Стан", "Стэн"))
    assert stan.post(f"/needs/{water['id']}/duties", json={"place_id": place.id}).status_code == 404
