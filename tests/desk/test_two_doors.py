"""Two helpers with the same ticket at the same moment: one lets the person in. The same with a gift."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.accounts.actor import SYSTEM
from app.attendance.models import AttendanceEntry
from app.db import db
from app.desk.roster.queries import roster_counts
from app.gifts.models import GiftItem, HandOut
from app.gifts.operations import choose_gifts, create_item, enter_stock
from app.gifts.queries import on_hand
from app.people.models import Person
from tests import factories

AT = datetime(2030, 5, 18, 4, 0, tzinfo=UTC)
PAIRS, LAST = 20, 5


@pytest.fixture
def doors(log_in: Callable[[Person], FlaskClient]) -> list[FlaskClient]:
    return [log_in(factories.coordinator()), log_in(factories.coordinator())]


def at_once(app: Flask, doors: list[FlaskClient], *addresses: str, **data: str) -> list[int]:
    """Both doors post at the same moment, to one address or each to its own, each with an id of its own."""
    start = Barrier(len(doors))

    def post(door: FlaskClient, address: str) -> int:
        with app.app_context():
            start.wait()
            return door.post(address, data=data | {"entry_id": str(uuid4())}).status_code

    with ThreadPoolExecutor(len(doors)) as pool:
        return sorted(pool.map(post, doors, addresses if len(addresses) > 1 else addresses * len(doors)))


@pytest.mark.full
def test_of_two_doors_with_one_ticket_exactly_one_lets_in(app: Flask, doors: list[FlaskClient]) -> None:
    event = factories.event()
    event_id = event.id
    tickets = [factories.place(event, factories.employee()).ticket for _ in range(PAIRS)]
    answers = [at_once(app, doors, f"/events/{event_id}/attendance", ticket=ticket) for ticket in tickets]
    assert answers == [[303, 409]] * PAIRS
    assert roster_counts(event_id).arrived == PAIRS
    assert db.session.scalar(select(func.count()).select_from(AttendanceEntry)) == PAIRS


@pytest.mark.full
def test_of_two_desks_with_one_gift_exactly_one_gives_it(app: Flask, doors: list[FlaskClient]) -> None:
    event = factories.event()
    cap = create_item(name={"kk": "Кепка"}, now=AT, actor=SYSTEM)
    choose_gifts(event, [cap.id], now=AT, actor=SYSTEM)
    received(cap, PAIRS)
    cap_id, places = cap.id, [factories.place(event, factories.employee()) for _ in range(PAIRS)]
    for place_id in [place.id for place in places]:
        assert doors[0].post(f"/places/{place_id}/attendance", data={"entry_id": str(uuid4())}).status_code == 303
        assert at_once(app, doors, f"/places/{place_id}/hand-outs", item=cap_id) == [303, 409]
    db.session.rollback()  # what this test read before is an older picture
    assert on_hand(cap_id) == {("", "balkhash"): 0}
    assert db.session.scalar(select(func.count()).select_from(HandOut)) == PAIRS


@pytest.mark.full
def test_of_two_desks_with_one_piece_left_exactly_one_gives_it(app: Flask, doors: list[FlaskClient]) -> None:
    event = factories.event()
    shirt = create_item(name={"kk": "Футболка"}, sizes=["M"], now=AT, actor=SYSTEM)
    choose_gifts(event, [shirt.id], now=AT, actor=SYSTEM)
    shirt_id, places = (
        shirt.id,
        [factories.place(event, factories.employee(tshirt_size="M")).id for _ in range(2 * LAST)],
    )
    for place_id in places:
        assert doors[0].post(f"/places/{place_id}/attendance", data={"entry_id": str(uuid4())}).status_code == 303
    for pair in zip(places[::2], places[1::2], strict=True):
        received(shirt, 1, size="M")
        addresses = [f"/places/{place_id}/hand-outs" for place_id in pair]
        assert at_once(app, doors, *addresses, item=shirt_id, size="M") == [303, 409]
    db.session.rollback()
    assert on_hand(shirt_id) == {("M", "balkhash"): 0}
    assert db.session.scalar(select(func.count()).select_from(HandOut)) == LAST


def received(item: GiftItem, pieces: int, *, size: str = "") -> None:
    where: dict[str, Any] = {"store": "balkhash", "kind": "receipt", "quantity": pieces}
    enter_stock(item, size=size, entry_id=str(uuid4()), now=AT, actor=SYSTEM, **where)
