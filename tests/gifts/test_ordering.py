"""What is missing for the events ahead: the page, the transfer in one tap, the order as a file, and who may see it."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook

from app.accounts.actor import SYSTEM
from app.attendance.operations import mark_present
from app.db import db
from app.errors import Invalid
from app.events.models import Event
from app.gifts.models import GiftItem, HandOut
from app.gifts.operations import choose_gifts, choose_kit, create_item, enter_stock, lend, set_order_date
from app.gifts.queries import hand_outs_of_event, on_hand
from app.people.models import Person
from app.signups.models import Place
from tests import factories

AT = factories.SATURDAY
BEFORE = AT - timedelta(days=20)
LogIn = Callable[[Person], FlaskClient]


@pytest.fixture
def event(app: Flask) -> Event:
    factories.city("zhezkazgan")
    return factories.event()


@pytest.fixture
def shirt(event: Event) -> GiftItem:
    item = create_item(name={"kk": "Футболка", "en": "T-shirt"}, sizes=["S", "M", "L"], now=BEFORE, actor=SYSTEM)
    choose_gifts(event, [item.id], now=BEFORE, actor=SYSTEM)
    return item


def received(item: GiftItem, size: str, pieces: int, store: str = "balkhash") -> None:
    where: dict[str, Any] = {"store": store, "kind": "receipt", "quantity": pieces}
    enter_stock(item, size=size, entry_id=str(uuid4()), now=BEFORE, actor=SYSTEM, **where)


def wears(event: Event, size: str) -> Place:
    return factories.place(event, factories.employee("Ибраев", "Тимур", tshirt_size=size))


def cells(client: FlaskClient, city: str = "") -> list[list[object]]:
    answer = client.get("/gifts/orders.xlsx", query_string={"city": city} if city else {})
    assert answer.status_code == 200
    return list(CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python())[1:]


def test_the_order_says_what_is_missing_size_by_size_and_follows_each_entry(
    event: Event, shirt: GiftItem, log_in: LogIn
) -> None:
    for size in ("M", "M", "M", "L", ""):
        wears(event, size)
    received(shirt, "M", 1)
    received(shirt, "M", 1, "zhezkazgan")
    aigul = log_in(factories.coordinator(language="en"))
    assert [line[2:] for line in cells(aigul, "balkhash")] == [
        ["M", 3, 1, 2, 1, 1, 0, "given"],
        ["L", 1, 0, 1, 0, 1, 0, "given"],
        ["size unknown", 1, "", 0, 0, 0, 0, "given"],
    ]
    received(shirt, "M", 1)
    assert cells(aigul, "balkhash")[0][2:-1] == ["M", 3, 2, 1, 1, 0, 0]
    wears(event, "M")
    assert cells(aigul)[0][2:-1] == ["M", 4, 2, 2, 1, 1, 0]


def test_after_the_order_date_only_another_city_can_send(event: Event, shirt: GiftItem, log_in: LogIn) -> None:
    for _ in range(3):
        wears(event, "M")
    received(shirt, "M", 1, "zhezkazgan")
    set_order_date(event, AT - timedelta(days=1), now=BEFORE, actor=SYSTEM)
    aigul = log_in(factories.coordinator(language="en"))
    assert cells(aigul)[0][5:-1] == [3, 1, 2, 0]
    set_order_date(event, factories.LONG_AGO, now=BEFORE, actor=SYSTEM)
    assert cells(aigul)[0][5:-1] == [3, 1, 0, 2]
    with pytest.raises(Invalid):
        set_order_date(event, event.starts_at + timedelta(minutes=1), now=BEFORE, actor=SYSTEM)


def test_what_is_lent_stands_on_the_order_too_and_comes_back_between_two_days(event: Event, log_in: LogIn) -> None:
    vest = create_item(name={"kk": "Жилет"}, sizes=["M", "L"], slug="vest", now=BEFORE, actor=SYSTEM)
    nurlan = factories.place(event, factories.employee(tshirt_size="M"))
    for size in ("M", "L", "L"):
        wears(event, size)
    other = factories.event(starts_at=event.starts_at + timedelta(days=7))
    wears(other, "L")
    for one in (event, other):
        choose_kit(one, [vest.id], now=BEFORE, actor=SYSTEM)
    received(vest, "M", 1)
    received(vest, "L", 1, "zhezkazgan")
    aigul = log_in(factories.coordinator(language="en"))
    assert [line[2:] for line in cells(aigul, "balkhash")] == [
        ["M", 2, 1, 1, 0, 1, 0, "lent"],
        ["L", 2, 0, 2, 1, 1, 0, "lent"],
    ]
    mark_present(nurlan, entry_id=str(uuid4()), at=AT, now=AT, actor=SYSTEM)
    lend(nurlan, vest, entry_id=str(uuid4()), at=AT, now=AT, actor=SYSTEM)
    assert cells(aigul, "balkhash")[0][2:5] == ["M", 2, 1]  # who has it needs no other
    set_order_date(event, factories.LONG_AGO, now=BEFORE, actor=SYSTEM)
    assert [line[5:-1] for line in cells(aigul, "balkhash")] == [[1, 0, 0, 1], [2, 1, 0, 1]]
    page = aigul.get("/gifts/orders").text
    assert "To lend" in page and "To give" not in page and page.count("too late to order") == 1


@pytest.mark.full
def test_what_is_given_away_cannot_be_lent(event: Event, shirt: GiftItem, log_in: LogIn) -> None:
    choose_kit(event, [shirt.id], now=BEFORE, actor=SYSTEM)
    wears(event, "M")
    received(shirt, "M", 1)
    aigul = log_in(factories.coordinator(language="en"))
    lines = [line[2:6] + line[-1:] for line in cells(aigul, "balkhash")]
    assert lines == [["M", 1, 1, 0, "given"], ["M", 1, 0, 1, "lent"]]


def test_one_tap_sends_pieces_from_the_city_that_has_them_to_spare(
    event: Event, shirt: GiftItem, log_in: LogIn
) -> None:
    for _ in range(2):
        wears(event, "M")
    received(shirt, "M", 5, "zhezkazgan")
    admin = log_in(factories.admin())
    page = admin.get("/gifts/orders").text
    assert 'name="from" value="zhezkazgan"' in page and 'name="quantity" value="2"' in page
    tap = {"item": shirt.id, "size": "M", "from": "zhezkazgan", "to": "balkhash", "quantity": "2"}
    tap["entry_id"] = str(uuid4())
    for _ in range(2):
        assert admin.post("/gifts/transfers", data=tap).status_code == 303
    db.session.rollback()
    assert on_hand(shirt.id) == {("M", "balkhash"): 2, ("M", "zhezkazgan"): 3}
    assert 'name="from"' not in admin.get("/gifts/orders").text
    again = tap | {"entry_id": str(uuid4()), "quantity": "4"}
    assert admin.post("/gifts/transfers", data=again).status_code == 409


def test_nobody_takes_from_a_store_that_they_do_not_keep(event: Event, shirt: GiftItem, log_in: LogIn) -> None:
    wears(event, "M")
    received(shirt, "M", 5, "zhezkazgan")
    aigul = log_in(factories.coordinator("balkhash", language="en"))
    page = aigul.get("/gifts/orders").text
    assert 'name="from"' not in page and "has 5 to spare" in page
    tap = {"item": shirt.id, "size": "M", "from": "zhezkazgan", "to": "balkhash", "quantity": "1"}
    assert aigul.post("/gifts/transfers", data=tap | {"entry_id": str(uuid4())}).status_code == 403
    assert aigul.get("/gifts/orders.xlsx?city=zhezkazgan").status_code == 403
    assert aigul.get("/gifts/orders?city=atlantis").status_code == 404
    stan = log_in(factories.employee("Стан", "Стэн"))
    for address in ("/gifts/orders", "/gifts/orders.xlsx"):
        assert stan.get(address).status_code == 403
    assert on_hand(shirt.id) == {("M", "zhezkazgan"): 5}


@pytest.mark.full
def test_the_page_of_the_event_says_who_gets_what_and_what_is_lent(
    event: Event, shirt: GiftItem, log_in: LogIn
) -> None:
    place = wears(event, "M")
    dina = factories.place(event, factories.child(factories.employee("Сейітқали", "Ерлан"), age=9, tshirt_size="S"))
    aigul = log_in(factories.coordinator(language="en"))
    address = f"/events/{event.id}/gifts"
    said = {"items": [shirt.id], f"whom-{shirt.id}": "children", f"min-{shirt.id}": "7", f"max-{shirt.id}": "12"}
    assert aigul.post(address, data=said).status_code == 303
    needed = [line[2:4] for line in cells(aigul)]
    assert needed == [["S", 1]]
    assert aigul.post(address, data=said | {f"min-{shirt.id}": "13"}).status_code == 422
    assert aigul.post(address, data=said | {f"min-{shirt.id}": "x"}).status_code == 422
    assert aigul.post(f"/events/{event.id}/kit", data={"items": [shirt.id]}).status_code == 303
    assert aigul.post(f"{address}/order-date", data={"day": "01.05.2030"}).status_code == 303
    assert aigul.post(f"{address}/order-date", data={"day": "32.05.2030"}).status_code == 422
    page = aigul.get(address).text
    assert "01.05.2030" in page and 'value="children" selected' in page
    roster = aigul.get(f"/events/{event.id}/roster").text
    assert f'id="g-{dina.id}"' in roster and f'id="g-{place.id}"' in roster
    dana = log_in(factories.coordinator("zhezkazgan"))
    for address in (f"/events/{event.id}/kit", f"/events/{event.id}/gifts/order-date"):
        assert dana.post(address).status_code in (403, 404)


@pytest.mark.full
def test_on_a_person_s_page_gifts_are_given_exchanged_and_kit_lent(
    event: Event, shirt: GiftItem, log_in: LogIn
) -> None:
    helmet = create_item(name={"kk": "Дулыға", "en": "Helmet"}, now=BEFORE, actor=SYSTEM)
    for size in ("M", "L"):
        received(shirt, size, 1)
    received(helmet, "", 1)
    place = wears(event, "M")
    mark_present(place, entry_id=str(uuid4()), at=AT, now=AT, actor=SYSTEM)
    aigul, page = log_in(factories.coordinator(language="en")), f"/events/{event.id}/roster/{place.id}"
    aigul.post(f"/events/{event.id}/kit", data={"items": [helmet.id]})
    give = {"item": shirt.id, "size": "M", "collected_by": "Ибраева Ғалия", "entry_id": str(uuid4())}
    assert aigul.post(f"/places/{place.id}/hand-outs", data=give).status_code == 303
    given = hand_outs_of_event(event.id)[place.person_id, shirt.id].hand_out_id
    assert db.session.get_one(HandOut, given).collected_by == "Ибраева Ғалия"
    assert f"/hand-outs/{given}/exchange" in aigul.get(page).text
    other = {"size": "L", "entry_id": str(uuid4())}
    assert aigul.post(f"/hand-outs/{given}/exchange", data=other).status_code == 303
    lent = {"item": helmet.id, "entry_id": str(uuid4())}
    assert aigul.post(f"/places/{place.id}/kit", data=lent).status_code == 303
    assert f"/places/{place.id}/kit" in aigul.get(page).text
    assert "Came back" in aigul.get(f"/places/{place.id}/kit").text
    assert "Helmet" in aigul.get(f"/events/{event.id}/gifts").text
    back = f"/places/{place.id}/kit/{lent['entry_id']}/return"
    assert log_in(factories.employee("Стан", "Стэн")).post(back).status_code == 403
    assert log_in(factories.coordinator("zhezkazgan")).post(back).status_code == 404
    assert aigul.post(back, data={"entry_id": str(uuid4()), "damaged": "1"}).status_code == 303
    assert "Came back" not in aigul.get(f"/places/{place.id}/kit").text
    db.session.rollback()
    assert on_hand(shirt.id) == {("M", "balkhash"): 1, ("L", "balkhash"): 0}
    assert on_hand(helmet.id) == {("", "balkhash"): 0}
