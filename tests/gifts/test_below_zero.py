"""On-line nothing goes below zero: asked (`live`) or told, the same operation; what comes in ends a shortage."""

from itertools import permutations
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.actor import SYSTEM
from app.attendance.log_models import DeskOperation
from app.db import db
from app.desk.log.conflict_models import DeskConflict
from app.desk.log.solving import solve_conflict
from app.events.models import Event
from app.gifts.models import GiftItem
from app.gifts.operations import create_item, enter_stock
from app.gifts.queries import on_hand
from app.signups.models import Place
from tests import factories
from tests.gifts.test_tables import AIGUL, AT, _forget, give, here, open_conflicts, said, sent, stocked
from tests.gifts.test_tables import event as event
from tests.gifts.test_tables import nurlan as nurlan
from tests.gifts.test_tables import shirt as shirt


@pytest.fixture
def timur(event: Event) -> Place:
    return here(factories.place(event, factories.employee("Омаров", "Тимур", tshirt_size="M")))


def live(one: dict[str, Any]) -> dict[str, Any]:
    return one | {"live": True}


def handed(place: Place, item: GiftItem, size: str = "M") -> dict[str, Any]:
    return said("hand_out", place, item_id=item.id, size=size)


def entered(item: GiftItem, kind: str, quantity: int, **more: Any) -> None:
    where: dict[str, Any] = {"size": "M", "store": "balkhash", "entry_id": str(uuid4()), "now": AT, "actor": SYSTEM}
    enter_stock(item, kind=kind, quantity=quantity, **where | more)


def logged() -> list[tuple[Any, ...]]:
    row = DeskOperation
    kept = select(row.id, row.kind, row.key, row.body).where(row.kind == "hand_out").order_by(row.id)
    return [tuple(one) for one in db.session.execute(kept)]


def test_what_was_refused_as_asked_for_is_a_fact_once_it_is_told(
    event: Event, shirt: GiftItem, nurlan: Place, timur: Place
) -> None:
    stocked(shirt)
    first, second = handed(nurlan, shirt), handed(timur, shirt)
    assert sent(event, live(first)).applied == [first["id"]]
    assert [one.why for one in sent(event, live(second)).refused] == ["out-of-stock"]
    assert on_hand(shirt.id) == {("M", "balkhash"): 0} and open_conflicts() == {}
    assert sent(event, first).known == [first["id"]]
    assert sent(event, second).applied == [second["id"]]
    assert set(open_conflicts()) == {"stock-below-zero"}
    assert sent(event, live(second)).known == [second["id"]] and on_hand(shirt.id) == {("M", "balkhash"): -1}


@pytest.mark.full
def test_asked_or_told_first_the_result_is_the_same(
    app: Flask, event: Event, shirt: GiftItem, nurlan: Place, timur: Place
) -> None:
    facts = handed(nurlan, shirt), handed(timur, shirt)
    results = []
    for order in permutations([*facts, *map(live, facts)]):
        _forget()
        stocked(shirt)
        for one in order:
            sent(event, one)
        results.append((logged(), on_hand(shirt.id), {kind: len(ids) for kind, ids in open_conflicts().items()}))
    assert all(result == results[0] for result in results)
    assert results[0][1] == {("M", "balkhash"): -1} and results[0][2]["stock-below-zero"] == 1
    assert not any("live" in body for *_, body in results[0][0])


def test_facts_of_a_batch_take_theirs_before_what_is_only_asked_for(
    event: Event, shirt: GiftItem, nurlan: Place, timur: Place
) -> None:
    stocked(shirt)
    asked, told = live(handed(nurlan, shirt)), handed(timur, shirt)
    answer = sent(event, asked, told)
    assert (answer.applied, [one.id for one in answer.refused]) == ([told["id"]], [asked["id"]])
    assert on_hand(shirt.id) == {("M", "balkhash"): 0}


def test_another_size_and_kit_are_refused_as_well_when_none_are_left(
    event: Event, shirt: GiftItem, nurlan: Place, timur: Place
) -> None:
    helmet = create_item(name={"kk": "Дулыға"}, slug="helmet", now=AT, actor=SYSTEM)
    stocked(shirt)
    stocked(helmet, "")
    given = give(nurlan, shirt)
    larger = live(said("exchange", nurlan, names=given.id, size="L"))
    answer = sent(event, larger, live(said("kit_out", nurlan, item_id=helmet.id)))
    assert [one.why for one in answer.refused] == ["out-of-stock"] and len(answer.applied) == 1
    refused = sent(event, live(said("kit_out", timur, item_id=helmet.id))).refused
    assert [one.why for one in refused] == ["out-of-stock"] and on_hand(helmet.id) == {("", "balkhash"): 0}
    stocked(shirt, "L")
    assert sent(event, larger).applied == [larger["id"]]
    nobodys = live(said("exchange", nurlan, names=str(uuid4()), size="S"))
    assert sent(event, nobodys).applied == [nobodys["id"]]  # what it is about nobody knows yet: it waits


def test_what_came_in_ends_the_shortage_that_phones_left(
    event: Event, shirt: GiftItem, nurlan: Place, timur: Place
) -> None:
    factories.city("zhezkazgan")
    ids = [handed(nurlan, shirt), handed(timur, shirt)]
    sent(event, *ids)
    assert len(open_conflicts()["stock-below-zero"]) == 2
    entered(shirt, "correction", 1)
    db.session.rollback()
    assert len(open_conflicts()["stock-below-zero"]) == 1
    entered(shirt, "receipt", 1, size="L")
    entered(shirt, "receipt", 1, store="zhezkazgan")
    db.session.rollback()
    assert len(open_conflicts()["stock-below-zero"]) == 1
    entered(shirt, "transfer", 1, store="zhezkazgan", to_store="balkhash")
    db.session.rollback()
    assert open_conflicts() == {} and on_hand(shirt.id)["M", "balkhash"] == 0


def test_what_a_coordinator_explained_stays_explained_when_more_comes_in(
    event: Event, shirt: GiftItem, nurlan: Place
) -> None:
    sent(event, handed(nurlan, shirt))
    [found] = db.session.scalars(select(DeskConflict)).all()
    solve_conflict(event, found, keep="both", reason="one more was in the box", now=AT, actor=AIGUL)
    entered(shirt, "receipt", 3)
    db.session.rollback()
    [row] = db.session.scalars(select(DeskConflict)).all()
    assert row.solved_at is not None and row.reason == "one more was in the box"
