"""Gifts for programs: a thing, entries in the ledger, what is left; and who may."""

import pytest

from tests import factories

pytestmark = pytest.mark.usefixtures("app")
ITEM = {"name": {"kk": "Футболка", "en": "T-shirt"}, "sizes": ["S", "M", "M", ""]}
CAME = {"item": "t-shirt", "size": "M", "place": "balkhash", "kind": "receipt", "quantity": 5}


def test_a_program_enters_an_item_what_came_and_went_and_reads_what_is_left(program):
    factories.city("zhezkazgan")
    aigul = program(factories.coordinator("balkhash", language="en"))
    made = aigul.post("/gifts/items", json=ITEM)
    assert made.status_code == 201 and made.json["sizes"] == ["S", "M"] and made.json["slug"] == "t-shirt"
    twice = [aigul.post("/gifts/entries", json=CAME, headers={"Idempotency-Key": "truck"}) for _ in range(2)]
    assert [answer.status_code for answer in twice] == [201, 201] and twice[0].json == twice[1].json
    sent = aigul.post("/gifts/entries", json=CAME | {"kind": "transfer", "quantity": 2, "to_place": "zhezkazgan"})
    assert [(entry["place"], entry["quantity"]) for entry in sent.json["items"]] == [
        ("balkhash", -2),
        ("zhezkazgan", 2),
    ]
    left = {
        (line["item"], line["size"], line["place"]): line["on_hand"] for line in aigul.get("/gifts/stock").json["items"]
    }
    assert left == {("t-shirt", "S", "balkhash"): 0, ("t-shirt", "M", "balkhash"): 3}


@pytest.mark.parametrize(
    ("entry", "status"),
    [
        (CAME | {"kind": "loss", "quantity": 1}, 409),
        (CAME | {"item": "nothing"}, 404),
        (CAME | {"place": "zhezkazgan"}, 403),
        (CAME | {"kind": "hand_out"}, 422),
        (CAME | {"size": "XXL"}, 422),
        (CAME | {"quantity": 0}, 422),
        (CAME | {"event_id": "nothing"}, 404),
    ],
)
def test_what_can_not_be_is_refused_and_nothing_is_written(program, entry, status):
    factories.city("zhezkazgan")
    keeper = program(factories.coordinator("balkhash"))
    assert keeper.post("/gifts/items", json=ITEM).status_code == 201
    assert keeper.post("/gifts/entries", json=entry).status_code == status
    assert {line["on_hand"] for line in keeper.get("/gifts/stock").json["items"]} == {0}


def test_a_stranger_and_an_employee_learn_nothing(program, stranger):
    stan = program(factories.employee("Стан", "Стэн"))
    assert [who.get("/gifts/stock").status_code for who in (stranger, stan)] == [401, 403]
    assert stan.post("/gifts/items", json=ITEM).status_code == 403
    assert stan.post("/gifts/entries", json=CAME).status_code == 403
