"""Giving gifts: to those who came, once, in a size that exists and is there; the stock moves along."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from app.accounts.actor import SYSTEM
from app.attendance.entry_ids import EntryIdTaken
from app.attendance.operations import mark_present
from app.db import db, transaction
from app.events.models import Event
from app.gifts.errors import AlreadyGiven, NotGivenHere, NotHere, SizeMissing, UnknownSize, WasHandedOut
from app.gifts.models import GiftItem, HandOut
from app.gifts.operations import choose_gifts, create_item, enter_stock, hand_out, take_back
from app.gifts.queries import hand_outs_of_event, need_by_size, on_hand, stock_lines
from app.signups.models import Place
from tests import factories

AT = datetime(2030, 5, 18, 5, 0, tzinfo=UTC)


@pytest.fixture
def event(app: Flask) -> Event:
    return factories.event()


@pytest.fixture
def shirt(event: Event) -> GiftItem:
    item = create_item(name={"kk": "Футболка", "en": "T-shirt"}, sizes=["S", "M", "L"], now=AT, actor=SYSTEM)
    choose_gifts(event, [item.id], now=AT, actor=SYSTEM)
    for size in item.sizes:
        stocked(item, size)
    return item


@pytest.fixture
def nurlan(event: Event) -> Place:
    place = factories.place(event, factories.employee(tshirt_size="L"))
    mark_present(place, entry_id=str(uuid4()), at=AT, now=AT, actor=SYSTEM)
    return place


def stocked(item: GiftItem, size: str = "", pieces: int = 3) -> None:
    where: dict[str, Any] = {"store": "balkhash", "kind": "receipt", "quantity": pieces}
    enter_stock(item, size=size, entry_id=str(uuid4()), now=AT, actor=SYSTEM, **where)


def left(item: GiftItem) -> dict[str, int]:
    """Pieces in Balkhash by size, of which three came."""
    return {size: pieces for (size, _), pieces in on_hand(item.id).items() if pieces != 3}


def give(place: Place, item: GiftItem, size: str | None = None, entry_id: str | None = None) -> HandOut:
    return hand_out(place, item, size=size, entry_id=entry_id or str(uuid4()), at=AT, now=AT, actor=SYSTEM)


def test_a_gift_goes_to_somebody_who_came_in_the_size_they_wear(nurlan: Place, shirt: GiftItem) -> None:
    given = give(nurlan, shirt)
    assert given.size == "L"
    assert left(shirt) == {"L": 2}
    assert hand_outs_of_event(nurlan.event_id) == {(nurlan.person_id, shirt.id): (given.id, "L", AT)}


def test_the_size_of_the_sign_up_wins_over_the_person_s_own(event: Event, shirt: GiftItem) -> None:
    place = factories.place(event, factories.employee(tshirt_size="L"), tshirt_size="S")
    mark_present(place, entry_id=str(uuid4()), at=AT, now=AT, actor=SYSTEM)
    assert give(place, shirt).size == "S"


def test_the_same_gift_sent_again_is_given_once(nurlan: Place, shirt: GiftItem) -> None:
    entry_id = str(uuid4())
    assert give(nurlan, shirt, entry_id=entry_id).id == give(nurlan, shirt, entry_id=entry_id).id
    assert left(shirt) == {"L": 2}


def test_nobody_gets_the_same_gift_twice(nurlan: Place, shirt: GiftItem) -> None:
    give(nurlan, shirt)
    with pytest.raises(AlreadyGiven) as refusal:
        give(nurlan, shirt, "S")
    assert refusal.value.params["time"] == "10:00"
    assert left(shirt) == {"L": 2}


def test_the_database_itself_refuses_a_second_gift(nurlan: Place, shirt: GiftItem) -> None:
    given = give(nurlan, shirt)
    copy = {"event_id": given.event_id, "person_id": given.person_id, "item_id": given.item_id}
    with pytest.raises(IntegrityError), transaction() as session:
        session.add(HandOut(id=str(uuid4()), at=AT, recorded_at=AT, **copy))


def test_somebody_absent_gets_nothing(event: Event, shirt: GiftItem) -> None:
    dina = factories.place(event, factories.child(factories.employee(), tshirt_size="S"))
    with pytest.raises(NotHere, match="Сейітқали Дина"):
        give(dina, shirt)
    assert left(shirt) == {}


def test_what_the_event_does_not_give_is_refused(nurlan: Place) -> None:
    cap = create_item(name={"kk": "Кепка"}, now=AT, actor=SYSTEM)
    with pytest.raises(NotGivenHere):
        give(nurlan, cap)


def test_a_size_must_exist_and_be_known(event: Event, nurlan: Place, shirt: GiftItem) -> None:
    with pytest.raises(UnknownSize):
        give(nurlan, shirt, "XXL")
    timur = factories.place(event, factories.employee("Ибраев", "Тимур", tshirt_size="146"))
    mark_present(timur, entry_id=str(uuid4()), at=AT, now=AT, actor=SYSTEM)
    with pytest.raises(SizeMissing):
        give(timur, shirt)
    assert give(timur, shirt, "s").size == "S"


def test_an_id_of_another_gift_is_refused(event: Event, nurlan: Place, shirt: GiftItem) -> None:
    given = give(nurlan, shirt)
    cap = create_item(name={"kk": "Кепка"}, now=AT, actor=SYSTEM)
    choose_gifts(event, [shirt.id, cap.id], now=AT, actor=SYSTEM)
    with pytest.raises(EntryIdTaken):
        give(nurlan, cap, entry_id=given.id)


def test_a_gift_taken_back_returns_to_the_store_and_may_be_given_again(nurlan: Place, shirt: GiftItem) -> None:
    given = give(nurlan, shirt)
    for _ in range(2):
        take_back(given, now=AT, actor=SYSTEM)
    assert left(shirt) == {}
    assert give(nurlan, shirt, "M").size == "M"


def test_who_has_a_gift_needs_none_any_more(event: Event, nurlan: Place, shirt: GiftItem) -> None:
    give(nurlan, shirt)
    large = next(line for line in stock_lines(["balkhash"], now=AT) if line.size == "L")
    assert (large.on_hand, large.needed) == (2, 0)
    large = next(line for line in need_by_size(event) if line.size == "L")
    assert (large.needed, large.given) == (1, 1)


def test_an_item_that_somebody_got_stays_on_the_list(event: Event, nurlan: Place, shirt: GiftItem) -> None:
    give(nurlan, shirt)
    with pytest.raises(WasHandedOut):
        choose_gifts(event, [], now=AT, actor=SYSTEM)
    db.session.expire_all()
