"""Gifts over several tables: nothing below zero on-line, facts and conflicts off-line, ledgers that follow the log."""

from concurrent.futures import ThreadPoolExecutor
from random import Random
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from app.accounts.actor import SYSTEM, Actor, Scope
from app.attendance.days import DayClosed
from app.attendance.log_models import DeskOperation
from app.attendance.operation import Operation
from app.attendance.operations import mark_present
from app.db import db, transaction
from app.desk.day.late import accept_late
from app.desk.log.conflict_models import DeskConflict
from app.desk.log.giving import EventFacts, Giver, facts_of
from app.desk.log.merging import merge
from app.desk.log.solving import solve_conflict
from app.desk.log.taking import Answer, take
from app.events.models import Event
from app.gifts.entitlement import Due
from app.gifts.errors import AlreadyLent, NotDue, NotHere, NothingToTakeBack, NotLentHere, OutOfStock, SameSize
from app.gifts.kit_lending import lent_kit
from app.gifts.models import GiftItem, HandOut, StockEntry
from app.gifts.operations import (
    choose_gifts,
    choose_kit,
    create_item,
    enter_stock,
    exchange_gift,
    hand_out,
    lend,
    take_back,
    take_kit_back,
)
from app.gifts.queries import on_hand
from app.gifts.tables import tables_of
from app.signups.models import Place
from tests import factories
from tests.gifts.histories import gift_day

AT = factories.SATURDAY
ROUNDS = 6
AIGUL = Actor(scopes=(Scope("coordinator", city="balkhash"),))
EVERYTHING = Giver(SYSTEM, frozenset({"mark", "give", "lead", "manage", "safety"}))


@pytest.fixture
def event(app: Flask) -> Event:
    return factories.event()


@pytest.fixture
def shirt(event: Event) -> GiftItem:
    item = create_item(name={"kk": "Футболка", "en": "T-shirt"}, sizes=["S", "M", "L"], now=AT, actor=SYSTEM)
    choose_gifts(event, [item.id], now=AT, actor=SYSTEM)
    return item


@pytest.fixture
def nurlan(event: Event) -> Place:
    return here(factories.place(event, factories.employee(tshirt_size="M")))


def here(place: Place) -> Place:
    mark_present(place, entry_id=str(uuid4()), at=AT, now=AT, actor=SYSTEM)
    return place


def stocked(item: GiftItem, size: str = "M", pieces: int = 1) -> None:
    store: dict[str, Any] = {"store": "balkhash", "kind": "receipt", "quantity": pieces}
    enter_stock(item, size=size, entry_id=str(uuid4()), now=AT, actor=SYSTEM, **store)


def give(place: Place, item: GiftItem, size: str = "M", **more: Any) -> HandOut:
    return hand_out(place, item, size=size, entry_id=str(uuid4()), at=AT, now=AT, actor=SYSTEM, **more)


def said(kind: str, place: Place | None = None, id_: str = "", **fields: Any) -> dict[str, Any]:
    subject = {"subject": {"place_id": place.id}} if place else {}
    return {"id": id_ or str(uuid4()), "kind": kind, "at": AT.isoformat(), **subject, **fields}


def sent(event: Event, *operations: dict[str, Any]) -> Answer:
    answer = take(facts_of(event), operations, sent_at=None, giver=EVERYTHING, now=AT)
    db.session.rollback()
    return answer


def open_conflicts() -> dict[str, list[str]]:
    row = DeskConflict
    query = select(row.kind, row.operations).where(row.gone_at.is_(None), row.solved_at.is_(None))
    return {row.kind: row.operations for row in db.session.execute(query)}


def test_the_last_piece_is_given_once_on_line(event: Event, shirt: GiftItem, nurlan: Place) -> None:
    other = here(factories.place(event, factories.employee("Омаров", "Тимур", tshirt_size="M")))
    stocked(shirt)
    give(nurlan, shirt)
    with pytest.raises(OutOfStock, match="Футболка M"):
        give(other, shirt)
    assert on_hand(shirt.id) == {("M", "balkhash"): 0}


def test_two_tables_without_signal_give_the_last_piece_and_it_comes_up(
    event: Event, shirt: GiftItem, nurlan: Place
) -> None:
    other = here(factories.place(event, factories.employee("Омаров", "Тимур", tshirt_size="M")))
    stocked(shirt)
    ids = sorted(str(uuid4()) for _ in range(2))  # at the same moment, the larger id counts as the later one
    first = said("hand_out", nurlan, ids[0], item_id=shirt.id, size="M", table="1")
    second = said("hand_out", other, ids[1], item_id=shirt.id, size="M", table="2")
    assert sent(event, first).conflicts == []
    answer = sent(event, second)
    assert answer.applied == [second["id"]] and on_hand(shirt.id) == {("M", "balkhash"): -1}
    assert [row.kind for row in answer.conflicts] == ["stock-below-zero"]
    assert sent(event, first, second).known == [first["id"], second["id"]]
    assert on_hand(shirt.id) == {("M", "balkhash"): -1}
    found = db.session.scalars(select(DeskConflict)).one()
    solve_conflict(event, found, keep="both", reason="one more was in the box", now=AT, actor=AIGUL)
    db.session.rollback()
    assert open_conflicts() == {} and on_hand(shirt.id) == {("M", "balkhash"): -1}


@pytest.mark.full
def test_two_phones_that_hand_over_at_the_same_moment_hide_no_shortage(app: Flask, shirt: GiftItem) -> None:
    event = factories.event()
    facts = facts_of(event)
    places = [here(factories.place(event, factories.employee(tshirt_size="M"))) for _ in range(2 * ROUNDS)]
    batches = [said("hand_out", place, item_id=shirt.id, size="M", table=str(n % 2)) for n, place in enumerate(places)]
    db.session.rollback()
    for number, pair in enumerate(zip(batches[::2], batches[1::2], strict=True), start=1):
        stocked(shirt)
        start = Barrier(2)

        def hand_over(one: dict[str, Any], start: Barrier = start) -> list[str]:
            with app.app_context():
                start.wait()
                return take(facts, [one], sent_at=None, giver=EVERYTHING, now=AT).applied

        with ThreadPoolExecutor(2) as pool:
            assert list(pool.map(hand_over, pair)) == [[one["id"]] for one in pair]
        db.session.rollback()
        assert on_hand(shirt.id) == {("M", "balkhash"): -number}
        assert len(open_conflicts()["stock-below-zero"]) == number


def test_a_gift_that_is_only_going_to_be_given_is_refused_when_none_are_left(
    event: Event, shirt: GiftItem, nurlan: Place
) -> None:
    other = here(factories.place(event, factories.employee("Омаров", "Тимур", tshirt_size="M")))
    stocked(shirt)
    asked = [said("hand_out", place, item_id=shirt.id, size="M", live=True) for place in (nurlan, other)]
    answer = sent(event, *asked)
    assert answer.applied == [asked[0]["id"]]
    assert [(one.id, one.why) for one in answer.refused] == [(asked[1]["id"], "out-of-stock")]
    assert sent(event, asked[0]).known == [asked[0]["id"]] and on_hand(shirt.id) == {("M", "balkhash"): 0}


def test_two_phones_give_one_person_the_same_gift_and_one_tap_brings_a_piece_back(
    event: Event, shirt: GiftItem, nurlan: Place
) -> None:
    stocked(shirt, pieces=5)
    ids = sorted(str(uuid4()) for _ in range(2))
    sent(event, said("hand_out", nurlan, ids[1], item_id=shirt.id, size="M"))
    sent(event, said("hand_out", nurlan, ids[0], item_id=shirt.id, size="M"))
    assert open_conflicts() == {"given-twice": ids} and on_hand(shirt.id) == {("M", "balkhash"): 3}
    standing = db.session.scalars(select(HandOut.id).where(HandOut.undone_at.is_(None))).all()
    assert standing == [ids[0]]
    found = db.session.scalars(select(DeskConflict)).one()
    solve_conflict(event, found, keep=ids[1], reason="asked", now=AT, actor=AIGUL)
    db.session.rollback()
    standing = db.session.scalars(select(HandOut.id).where(HandOut.undone_at.is_(None))).all()
    assert standing == [ids[1]] and on_hand(shirt.id) == {("M", "balkhash"): 4} and open_conflicts() == {}


def test_a_gift_before_the_arrival_comes_up_until_somebody_lets_them_in(event: Event, shirt: GiftItem) -> None:
    stocked(shirt)
    dina = factories.place(event, factories.employee("Омарова", "Дина", tshirt_size="M"))
    sent(event, said("hand_out", dina, item_id=shirt.id, size="M"))
    assert set(open_conflicts()) == {"given-to-absent"}
    sent(event, said("check_in", dina))
    assert open_conflicts() == {}


def test_another_size_on_a_page_and_on_a_phone_is_one_chain(event: Event, shirt: GiftItem, nurlan: Place) -> None:
    for size in ("S", "M", "L"):
        stocked(shirt, size)
    given, entry_id = give(nurlan, shirt), str(uuid4())
    for _ in range(2):
        changed = exchange_gift(nurlan, shirt, size="L", entry_id=entry_id, at=AT, now=AT, actor=SYSTEM)
    assert (changed.id, changed.size) == (given.id, "L")
    assert on_hand(shirt.id) == {("S", "balkhash"): 1, ("M", "balkhash"): 1, ("L", "balkhash"): 0}
    sent(event, said("exchange", nurlan, names=entry_id, size="S"))
    assert db.session.get_one(HandOut, given.id).size == "S"
    assert on_hand(shirt.id) == {("S", "balkhash"): 0, ("M", "balkhash"): 1, ("L", "balkhash"): 1}
    with pytest.raises(SameSize):
        exchange_gift(nurlan, shirt, size="s", entry_id=str(uuid4()), at=AT, now=AT, actor=SYSTEM)
    take_back(db.session.get_one(HandOut, given.id), now=AT, actor=SYSTEM)
    assert on_hand(shirt.id) == {("S", "balkhash"): 1, ("M", "balkhash"): 1, ("L", "balkhash"): 1}
    with pytest.raises(NothingToTakeBack):
        exchange_gift(nurlan, shirt, size="L", entry_id=str(uuid4()), at=AT, now=AT, actor=SYSTEM)


def test_an_exchange_for_what_is_not_there_is_refused(shirt: GiftItem, nurlan: Place) -> None:
    stocked(shirt)
    give(nurlan, shirt)
    with pytest.raises(OutOfStock):
        exchange_gift(nurlan, shirt, size="L", entry_id=str(uuid4()), at=AT, now=AT, actor=SYSTEM)
    assert on_hand(shirt.id) == {("M", "balkhash"): 0}


def test_somebody_else_may_collect_and_who_it_was_stays(shirt: GiftItem, nurlan: Place) -> None:
    stocked(shirt)
    assert give(nurlan, shirt, collected_by=" Сейітқали  Гүлнар ").collected_by == "Сейітқали Гүлнар"


def test_children_get_what_is_meant_for_children(event: Event, shirt: GiftItem, nurlan: Place) -> None:
    book = create_item(name={"kk": "Кітап"}, now=AT, actor=SYSTEM)
    rules = {book.id: Due("children", 7, 14)}
    choose_gifts(event, [shirt.id, book.id], rules=rules, now=AT, actor=SYSTEM)
    stocked(book, "", 5)
    with pytest.raises(NotDue):
        give(nurlan, book, "")
    sent(event, said("hand_out", nurlan, item_id=book.id))
    assert on_hand(book.id) == {("", "balkhash"): 4}


def test_kit_goes_out_once_at_a_time_and_comes_back(event: Event, shirt: GiftItem, nurlan: Place) -> None:
    helmet = create_item(name={"kk": "Дулыға", "en": "Helmet"}, slug="helmet", now=AT, actor=SYSTEM)
    stocked(helmet, "", 2)
    how = {"at": AT, "now": AT, "actor": SYSTEM}
    with pytest.raises(NotLentHere):
        lend(nurlan, helmet, entry_id=str(uuid4()), **how)
    choose_kit(event, [helmet.id], now=AT, actor=SYSTEM)
    entry_id = str(uuid4())
    for _ in range(2):
        lend(nurlan, helmet, piece="17", entry_id=entry_id, **how)
    with pytest.raises(AlreadyLent):
        lend(nurlan, helmet, entry_id=str(uuid4()), **how)
    dina = factories.place(event, factories.employee("Омарова", "Дина"))
    with pytest.raises(NotHere):
        lend(dina, helmet, entry_id=str(uuid4()), **how)
    [out] = lent_kit(event.id)
    assert (out.name, out.item["en"], out.piece, out.operation_id) == ("Сейітқали Нұрлан", "Helmet", "17", entry_id)
    assert on_hand(helmet.id) == {("", "balkhash"): 1}
    take_kit_back(nurlan, entry_id, entry_id=str(uuid4()), **how)
    assert lent_kit(event.id) == [] and on_hand(helmet.id) == {("", "balkhash"): 2}
    with pytest.raises(NothingToTakeBack):
        take_kit_back(nurlan, entry_id, entry_id=str(uuid4()), **how)


def test_a_table_is_counted_and_what_is_missing_there_comes_up_until_it_fits(
    event: Event, shirt: GiftItem, nurlan: Place
) -> None:
    stocked(shirt, pieces=10)
    table = {"table": "1", "item_id": shirt.id, "size": "M"}
    sent(event, said("stock_open", subject=table, counted=10))
    given = said("hand_out", nurlan, item_id=shirt.id, size="M", table="1")
    sent(event, given)
    sent(event, said("stock_close", subject=table, counted=8))
    assert set(open_conflicts()) == {"shortage"}
    [line] = tables_of(event.id)
    assert (line.stock.opened, line.given, line.left, line.stock.closed, line.off) == (10, 1, 9, 8, -1)
    other = here(factories.place(event, factories.employee("Омаров", "Тимур")))
    sent(event, said("hand_out", other, item_id=shirt.id, size="M", table="1"))
    assert open_conflicts() == {} and tables_of(event.id)[0].off == 0
    sent(event, said("undo", nurlan, operation_id=given["id"]))
    assert set(open_conflicts()) == {"shortage"} and tables_of(event.id)[0].off == -1


def test_somebody_without_a_place_gets_a_piece_of_the_store_too(event: Event, shirt: GiftItem) -> None:
    stocked(shirt)
    came = said("walk_in", subject={"walk_in": {"surname": "Оспан"}})
    given = said("hand_out", subject={"walk_in_id": came["id"]}, item_id=shirt.id, size="M")
    assert sent(event, given, came).refused == []
    assert on_hand(shirt.id) == {("M", "balkhash"): 0} and open_conflicts() == {}
    assert db.session.scalars(select(HandOut)).all() == []


def test_on_a_closed_day_nothing_more_is_given_and_what_comes_back_is_taken(
    event: Event, shirt: GiftItem, nurlan: Place
) -> None:
    stocked(shirt, pieces=2)
    given = give(nurlan, shirt)
    other = here(factories.place(event, factories.employee("Омаров", "Тимур")))
    factories.closed_day(event)
    with pytest.raises(DayClosed):
        give(other, shirt)
    late = said("hand_out", other, item_id=shirt.id, size="M")
    assert sent(event, late).applied == [late["id"]] and on_hand(shirt.id) == {("M", "balkhash"): 1}
    take_back(given, now=AT, actor=SYSTEM)
    assert on_hand(shirt.id) == {("M", "balkhash"): 2}
    accept_late(event, [late["id"]], now=AT, actor=AIGUL)
    db.session.rollback()
    assert on_hand(shirt.id) == {("M", "balkhash"): 1}


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"kind": "hand_out", "item_id": "nothing"}, "unknown-subject"),
        ({"kind": "hand_out"}, "malformed"),
        ({"kind": "exchange", "size": "L"}, "malformed"),
        ({"kind": "return", "names": "seven"}, "malformed"),
        ({"kind": "stock_open", "counted": 1}, "malformed"),
    ],
)
def test_what_is_about_nothing_is_refused_alone(nurlan: Place, fields: dict[str, Any], why: str) -> None:
    answer = sent(nurlan.event, said(fields.pop("kind"), nurlan, **fields))
    assert [one.why for one in answer.refused] == [why] and answer.applied == []


@pytest.mark.slow
@given(seed=st.integers(0, 10**9))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_sum_of_the_ledger_is_what_was_received_less_what_is_given_in_any_order(app: Flask, seed: int) -> None:
    random = Random(seed)
    facts, place_ids, item_ids = _world()
    day = gift_day(random, place_ids, item_ids)
    merged = merge(day)
    wanted: dict[tuple[str, str], int] = {}
    for found in merged.of("gifts").values():
        for move in found.moves:
            shelf = move.item_id, move.size
            wanted[shelf] = wanted.get(shelf, 0) + move.quantity
    standing = {had.id for found in merged.of("gifts").values() for had in found.given.values()}
    for _ in range(2):
        _forget()
        for batch in _batches(random, day):
            answer = take(facts, [_raw(one) for one in batch], sent_at=None, giver=EVERYTHING, now=AT)
            assert answer.refused == []
        db.session.rollback()
        query = select(StockEntry.item_id, StockEntry.size, func.sum(StockEntry.quantity))
        rows = db.session.execute(query.group_by(StockEntry.item_id, StockEntry.size))
        assert {(id_, size): int(n) for id_, size, n in rows if n} == {shelf: n for shelf, n in wanted.items() if n}
        assert set(db.session.scalars(select(HandOut.id).where(HandOut.undone_at.is_(None)))) == standing


def _world() -> tuple[EventFacts, list[str], list[str]]:
    event = factories.event()
    items = [create_item(name={"en": name}, sizes=["S", "M", "L"], now=AT, actor=SYSTEM) for name in ("Shirt", "Cap")]
    choose_gifts(event, [item.id for item in items], now=AT, actor=SYSTEM)
    places = [factories.place(event, factories.person(f"Адам{n}", "Ата")) for n in range(2)]
    return facts_of(event), [place.id for place in places], [item.id for item in items]


def _forget() -> None:
    """The day begins again."""
    with transaction() as session:
        for model in (DeskConflict, DeskOperation, StockEntry, HandOut):
            session.execute(delete(model))
        session.execute(db.text("UPDATE attendance_entries SET undone_by_id = id"))
        session.execute(db.text("DELETE FROM attendance_entries"))


def _batches(random: Random, day: list[Operation]) -> list[list[Operation]]:
    left, batches = random.sample(day, len(day)) + random.sample(day, len(day) // 3), []
    while left:
        many = random.randint(1, 6)
        batches.append(left[:many])
        left = left[many:]
    return batches


def _raw(one: Operation) -> dict[str, Any]:
    subject: dict[str, Any] = {"place_id": one.key[2:]}
    if one.key[0] == "t":
        table, item_id, size = one.key[2:].split("|")
        subject = {"table": table, "item_id": item_id, "size": size}
    named = {"operation_id": one.names} if one.names else {}
    return {"id": one.id, "kind": one.kind, "at": one.at.isoformat(), "after": sorted(one.after), "subject": subject,
            **named, **one.body}  # fmt: skip
