"""Two tables of gifts without signal: sizes with what is left, another size, undo, counting; then what both gave away
comes up. The server runs in this process; phones are Chromium with folders of their own."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from app import clock
from app.accounts.actor import SYSTEM
from app.db import db, transaction
from app.desk.log.conflict_models import DeskConflict
from app.events.models import Event
from app.gifts.models import HandOut
from app.gifts.operations import choose_gifts, create_item, enter_stock
from app.gifts.queries import on_hand
from app.signups.models import Place
from tests.browser.conftest import assert_accessible
from tests.browser.test_desk_offline import Day, Phone
from tests.browser.test_desk_offline import day as day

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture
def shirt(day: Day) -> str:
    """One M and two L lie in the store; everybody wears M."""
    item = create_item(name={"kk": "Футболка"}, sizes=["M", "L"], now=clock.now(), actor=SYSTEM)
    choose_gifts(db.session.get_one(Event, day.event_id), [item.id], now=clock.now(), actor=SYSTEM)
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
    second.locator("#table").fill("2")
    second.locator("#table").press("Tab")
    count(second, "stock_open", "5")
    count(second, "stock_close", "x")
    expect(second.locator("[aria-invalid=true]")).to_be_visible()
    count(second, "stock_close", "4")
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


def count(page: Page, kind: str, number: str) -> None:
    field = page.locator(f"input[data-kind={kind}][data-size=M]")
    field.fill(number)
    field.press("Tab")
