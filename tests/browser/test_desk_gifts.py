"""Two tables of gifts without signal: sizes with what is left, another size, undo, counting; then what both gave away
comes up. The server runs in this process; phones are Chromium with folders of their own."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from threading import Barrier
from time import sleep
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from app import clock
from app.accounts.actor import SYSTEM
from app.api import desk_exchange
from app.db import db, transaction
from app.desk.log.conflict_models import DeskConflict
from app.desk.log.giving import EventFacts
from app.desk.log.taking import Answer, take
from app.events.models import Event
from app.gifts.models import GiftItem, HandOut
from app.gifts.operations import choose_gifts, choose_kit, create_item, enter_stock
from app.gifts.queries import on_hand
from app.signups.models import Place
from tests.browser.conftest import assert_accessible
from tests.browser.desk_day import Day, Phone
from tests.browser.desk_day import day as day
from tests.browser.desk_day import server as server

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


CHILD_S = "детский"
HELD_BACK = 2.5  # s, more than a phone waits


@pytest.fixture
def shirt(day: Day) -> str:
    """One M and two L lie in the store; everybody wears M. Vests for children and adults are lent."""
    item = create_item(name={"kk": "Футболка"}, sizes=["M", "L"], now=clock.now(), actor=SYSTEM)
    choose_gifts(db.session.get_one(Event, day.event_id), [item.id], now=clock.now(), actor=SYSTEM)
    vest = create_item(name={"kk": "Жилет"}, sizes=["child", "adult"], now=clock.now(), actor=SYSTEM)
    choose_kit(db.session.get_one(Event, day.event_id), [vest.id], now=clock.now(), actor=SYSTEM)
    for size, pieces in (("M", 1), ("L", 2)):
        enter_stock(
            item,
            store="balkhash",
            kind="receipt",
            size=size,
            quantity=pieces,
            entry_id=str(uuid4()),
            now=clock.now(),
            actor=SYSTEM,
        )
    with transaction() as session:
        session.query(Place).update({"tshirt_size": "M"})
    return item.id


@pytest.fixture
def other(day: Day, chromium: Browser, tmp_path: Path) -> Iterator[Day]:
    """The phone of the second table."""
    phone = Phone(tmp_path / "other", chromium, day.phone.url)
    yield Day(day.event_id, day.tickets, phone)
    phone.stop()


def test_two_tables_give_the_last_piece_and_it_comes_up_with_what_is_missing(day: Day, other: Day, shirt: str) -> None:
    for one, ticket in ((day, day.tickets[0]), (other, day.tickets[1])):
        one.phone.start()
        one.take_along()
        one.phone.offline(True)
        one.let_in(ticket)
        go(one.page, "gifts")
        show(one.page, ticket)
        give = one.page.locator("[data-key=give][data-size=M]")
        expect(give).to_have_attribute("data-left", "1")
        give.click()
        expect(one.page.locator(f".gift-had[data-item='{shirt}'][data-size=M]")).to_be_visible()
    first, second = day.page, other.page
    change(first, "L")
    expect(first.locator(".gift-had[data-size=L]")).to_be_visible()
    first.locator("[data-key=undo]").click()
    expect(first.locator(".gift-had[data-size=M]")).to_be_visible()
    show(first, day.tickets[2])
    expect(first.locator("[data-verdict=stop]")).to_be_visible()
    assert first.locator("[data-key=give]").count() == 0
    assert_accessible(first)
    go(second, "stock")
    expect(second.locator(".stock-line[data-size=child] .stock-size")).to_have_text(CHILD_S)
    second.locator("#table").fill("2")
    second.locator("#table").press("Tab")
    counts(second, "stock_open", "5")
    counts(second, "stock_close", "x")
    expect(second.locator("[aria-invalid=true]")).to_be_visible()
    counts(second, "stock_close", "4")
    expect(second.locator(".stock-off:visible")).to_have_attribute("data-off", "-1")
    assert_accessible(second)
    for one, unsent in ((day, 4), (other, 4)):
        one.is_unsent(unsent)
        one.phone.offline(False)
        one.is_unsent(0)
    db.session.rollback()
    assert on_hand(shirt) == {("M", "balkhash"): -1, ("L", "balkhash"): 2}
    assert set(db.session.scalars(select(HandOut.size).where(HandOut.undone_at.is_(None)))) == {"M"}
    row = DeskConflict
    assert set(db.session.scalars(select(row.kind).where(row.gone_at.is_(None)))) == {"stock-below-zero", "shortage"}


def test_with_signal_the_last_piece_is_given_once_and_without_an_answer_it_is_a_fact(
    day: Day, other: Day, shirt: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = db.session.get_one(GiftItem, shirt)
    away: dict[str, Any] = {"store": "balkhash", "kind": "loss", "size": "L", "quantity": 1}
    enter_stock(item, entry_id=str(uuid4()), now=clock.now(), actor=SYSTEM, **away)
    tables = [(day, day.tickets[0], day.tickets[2]), (other, day.tickets[1], day.tickets[3])]
    for one, *tickets in tables:
        one.phone.start()
        one.take_along()
        for ticket in tickets:
            one.let_in(ticket)
        one.is_unsent(0)
        go(one.page, "gifts")
        show(one.page, tickets[0])
    kept = {id(one): mine(one.page) for one, *_ in tables}
    with monkeypatch.context() as together:
        together.setattr(desk_exchange, "take", both_at_once())
        for one, *_ in tables:
            one.page.evaluate("() => { window.buzzed = []; navigator.vibrate = (how) => window.buzzed.push(how); }")
            one.page.locator("[data-key=give][data-size=M]").click()
            one.page.evaluate("dispatchEvent(new Event('online'))")  # the exchange leaves alone what is being asked
        settled = [one.page.locator(".gift-had, #gift-refused:visible") for one, *_ in tables]
        for found in settled:
            found.wait_for()
    [loser] = [one for one, *_ in tables if one.page.locator("#gift-refused").is_visible()]
    expect(loser.page.locator(".gift-had")).to_have_count(0)
    assert "Футболка" in loser.page.locator("#gift-refused").inner_text()
    assert loser.page.evaluate("window.buzzed") == [400]
    assert_accessible(loser.page)
    for one, *_ in tables:
        one.is_unsent(0)
        assert mine(one.page) - kept[id(one)] == (0 if one is loser else 1)  # what was refused is on no disk
    assert balance(shirt) == (0, 1, [])

    with monkeypatch.context() as slow:
        answered: list[str] = []
        slow.setattr(desk_exchange, "take", answers_late(answered))
        for one, _, ticket in tables:
            show(one.page, ticket)
            one.page.locator("[data-key=give][data-size=L]").click()
        for one, *_ in tables:
            expect(one.page.locator("#gift-person")).to_have_attribute("aria-busy", "true")
        for one, *_ in tables:
            expect(one.page.locator(".gift-had[data-size=L]")).to_be_visible()
            one.is_unsent(0)
        while len(answered) < 2:
            day.page.wait_for_timeout(100)
    assert balance(shirt) == (0, -1, ["stock-below-zero"])
    place_id = db.session.scalars(select(Place.id).where(Place.ticket == day.tickets[0])).one()
    day.page.evaluate("(hash) => { location.hash = hash; }", f"kit?key=p:{place_id}")
    day.page.locator("[data-lend$='|child']").click()  # of vests there are none
    expect(day.page.locator("#kit-refused")).to_contain_text(CHILD_S)
    expect(day.page.locator("[data-back]")).to_have_count(0)


def mine(page: Page) -> int:
    """How many operations this phone holds as its own."""
    asked = """() => new Promise((done) => {
      indexedDB.open("torangy-desk").onsuccess = ({ target }) => {
        const counted = target.result.transaction("mine").objectStore("mine").count();
        counted.onsuccess = () => { target.result.close(); done(counted.result); };
      };
    })"""
    return int(page.evaluate(asked))


def both_at_once() -> Callable[..., Answer]:
    """Neither is answered before the other has asked, and both a little later than phones exchange what they have."""
    barrier = Barrier(2)

    def asked(event: EventFacts, operations: list[Any], **more: Any) -> Answer:
        if operations:
            barrier.wait(1)
            sleep(0.6)
        return take(event, operations, **more)

    return asked


def answers_late(answered: list[str]) -> Callable[..., Answer]:
    """The first is held back before it is looked at, the second one's answer afterwards: longer than phones wait."""
    turns = count()

    def asked(event: EventFacts, operations: list[Any], **more: Any) -> Answer:
        turn = next(turns) if operations else None
        sleep(HELD_BACK if turn == 0 else 0)
        answer = take(event, operations, **more)
        sleep(HELD_BACK if turn == 1 else 0)
        answered.extend(one["id"] for one in operations)
        return answer

    return asked


def balance(item_id: str) -> tuple[int, int, list[str]]:
    """What lies there of M and of L, and what contradicts."""
    db.session.rollback()
    left, row = on_hand(item_id), DeskConflict
    kinds = db.session.scalars(select(row.kind).where(row.gone_at.is_(None))).all()
    return left["M", "balkhash"], left["L", "balkhash"], list(kinds)


def go(page: Page, screen: str) -> None:
    page.evaluate("(screen) => { location.hash = screen; }", screen)
    page.locator(f"body[data-screen={screen}]").wait_for()


def show(page: Page, ticket: str) -> None:
    page.locator("#code").fill(ticket)
    page.keyboard.press("Enter")
    page.locator("#gift-person h2").wait_for()


def change(page: Page, size: str) -> None:
    page.locator(".gift-had summary").click()
    page.locator(f"[data-key=exchange][data-size={size}]").click()


def counts(page: Page, kind: str, number: str) -> None:
    field = page.locator(f"input[data-kind={kind}][data-size=M]")
    field.fill(number)
    field.press("Tab")
