"""Groups and buses by program: the same solver, refusals and reasons as on the pages."""

import pytest

from tests import factories
from tests.rosters.days import family_day


@pytest.fixture
def day(app):
    return family_day()


def test_a_program_makes_groups_places_everybody_and_reads_why(day, program):
    aigul = program(day.person)
    made = aigul.post(f"/events/{day.event.id}/groups", json={"count": 2, "capacity": 3})
    assert made.status_code == 201 and len(made.json["ids"]) == 2
    placed = aigul.post(f"/events/{day.event.id}/arrangement", json={"what": "groups"}).json
    assert sum(one["people"] for one in placed["items"]) == 6
    assert len(placed["unplaced"]) == 1
    assert [one["reason"] for one in placed["unmet"]] == ["no-places"]
    assert placed["unmet"][0]["place_ids"] == placed["unplaced"] and placed["unmet"][0]["text"]
    assert aigul.get(f"/events/{day.event.id}/groups").json == placed


def test_a_program_moves_people_into_a_bus_and_out_again(day, program):
    aigul = program(day.person)
    bus = {"capacity": 45, "name": "Ақ", "driver": "Ермек", "plate": "123 ABC 09"}
    (bus_id,) = aigul.post(f"/events/{day.event.id}/buses", json=bus).json["ids"]
    going = {"place_ids": [day.nurlan.id, day.dina.id], "bus_id": bus_id}
    assert aigul.post(f"/events/{day.event.id}/moves", json=going).json == {"moved": 2}
    (read,) = aigul.get(f"/events/{day.event.id}/buses").json["items"]
    assert (read["people"], read["driver"], read["plate"]) == (2, "Ермек", "123 ABC 09")
    assert read["ratio"] == {"children": 1, "escorts": 1, "adults": 1, "needed": 1, "state": "green"}
    out = {"place_ids": [day.nurlan.id, day.dina.id], "bus_id": None}
    assert aigul.post(f"/events/{day.event.id}/moves", json=out).json == {"moved": 2}


def test_refusals_have_their_types(day, program):
    aigul = program(day.person)
    nothing = aigul.post(f"/events/{day.event.id}/arrangement", json={"what": "buses"})
    assert (nothing.status_code, nothing.json["type"]) == (409, "nothing-to-fill")
    (bus_id,) = aigul.post(f"/events/{day.event.id}/buses", json={"capacity": 1}).json["ids"]
    going = {"place_ids": day.everybody, "bus_id": bus_id}
    full = aigul.post(f"/events/{day.event.id}/moves", json=going)
    assert (full.status_code, full.json["type"]) == (409, "no-room-there")
    both = aigul.post(f"/events/{day.event.id}/moves", json=going | {"group_id": None})
    assert (both.status_code, list(both.json["errors"])) == (422, ["group_id"])


def test_strangers_and_another_city_are_refused(day, program):
    zhan, stan = factories.coordinator("zhezkazgan"), factories.employee("Стан", "Стэн")
    for who in (zhan, stan):
        assert program(who).get(f"/events/{day.event.id}/groups").status_code == 403
        assert program(who).post(f"/events/{day.event.id}/arrangement", json={}).status_code == 403
