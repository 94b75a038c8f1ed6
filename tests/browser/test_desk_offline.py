"""The desk on a phone: taken along with signal, used without, killed, locked, revoked, renewed. Nothing is lost.

The server runs in this process, so that a test can end a session or bring a new version; a whole day is in
test_long_day.py, a phone without room in test_full_phone.py.
"""

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select, update

from app import clock
from app.accounts.models import Session
from app.api import desk_exchange
from app.db import db, transaction
from app.desk.phone import shell_routes
from app.desk.phone.devices import revoke_device
from app.desk.phone.models import DeskDevice
from app.desk.phone.phones import account_of
from app.events.models import Event
from tests.browser.conftest import assert_accessible
from tests.browser.desk_day import PIN, Day, day, kinds, refuses, rows, server, wait_for

__all__ = ["day", "server"]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    # A browser that is killed leaves files half read on the server's side of this process.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
FIVE_MINUTES = 5 * 60 * 1000 + 1000


def device() -> DeskDevice:
    db.session.rollback()
    return db.session.scalars(select(DeskDevice).where(DeskDevice.revoked_at.is_(None))).one()


def test_the_day_without_signal_after_reload_and_after_a_flat_battery(day: Day, monkeypatch: pytest.MonkeyPatch):
    day.phone.start()
    day.log_in()
    day.open()
    day.page.locator("#opening #pin").wait_for()
    assert_accessible(day.page)
    day.page.locator("#opening #pin").fill(PIN)
    day.page.keyboard.press("Enter")
    day.page.locator("body[data-screen=door][data-kept=yes]").wait_for()
    with monkeypatch.context() as nobody:  # a browser that starts may be quicker than its flight mode
        nobody.setattr(desk_exchange, "take_sealed", refuses)
        day.phone.offline(True)
        day.let_in(day.tickets[0])
        day.is_unsent(1)
        day.page.reload()
        day.page.locator("#lock").wait_for()
        assert_accessible(day.page)
        day.unlock("111222")
        expect(day.page.locator("#pin-wrong")).not_to_be_empty()
        day.unlock()
        other = day.phone.second()
        other.locator("#lock #pin").fill(PIN)
        expect(other.locator("#arrived")).to_have_text("1 / 4")
        day.let_in(day.tickets[1])
        expect(other.locator("#arrived")).to_have_text("2 / 4")  # two tabs are one desk
        day.phone.kill()

        day.phone.start(offline=True)
        day.open()
        day.unlock()
        day.is_unsent(2)
        day.let_in(day.tickets[2])
        expect(day.page.locator("#arrived")).to_have_text("3 / 4")
        day.page.goto(day.page.url.partition("#")[0] + "#settings")
        expect(day.page.locator("#held [data-count]")).to_have_attribute("data-count", "4")
        assert_accessible(day.page)
        assert kinds() == []
    day.phone.sync_behind()
    wait_for(day, ["check_in"] * 3)
    day.open()
    day.unlock()
    day.is_unsent(0)


def test_it_locks_after_five_minutes_and_wipes_after_ten_wrong_pins_or_the_event_but_not_the_unsent(day: Day):
    day.phone.start(before=lambda page: page.clock.install())
    day.take_along()
    day.phone.offline(True)
    day.let_in(day.tickets[0])
    day.page.clock.run_for(FIVE_MINUTES)
    expect(day.page.locator("#lock")).to_be_visible()
    expect(day.page.locator("main")).not_to_contain_text("Сейітқали")
    for number in range(10):
        if number == 5:  # the clock is put back, and nobody waits before the lock for a day
            day.page.clock.set_system_time(clock.now() - timedelta(days=1))
        else:
            day.page.clock.run_for(1_400_000)
        day.unlock(f"11122{number}")
        expect(day.page.locator("#pin-wrong, body[data-screen=wiped] h1").first).not_to_be_empty()
        if number < 9:
            expect(day.page.locator("#lock")).not_to_have_attribute("aria-busy", "true")
    expect(day.page.locator("body")).to_have_attribute("data-screen", "wiped")
    assert rows(day.page) == {"state": 0, "feed": 0, "mine": 0, "outbox": 1}
    day.phone.offline(False)
    day.page.reload()
    day.page.locator("#opening #pin").fill(PIN)
    wait_for(day, ["check_in"])
    day.page.keyboard.press("Enter")
    expect(day.page.locator("#arrived")).to_have_text("1 / 4")
    day.phone.offline(True)  # with signal the server's clock counts
    day.page.clock.fast_forward(11 * 24 * 3600 * 1000)
    expect(day.page.locator("body")).to_have_attribute("data-screen", "wiped")
    assert rows(day.page) == {"state": 0, "feed": 0, "mine": 0, "outbox": 0}


def test_an_ended_session_a_new_version_and_a_revoked_phone_lose_nothing(day: Day, monkeypatch: pytest.MonkeyPatch):
    day.phone.start()
    day.take_along()
    with transaction() as session:
        session.execute(update(Session).values(expires_at=clock.now()))
    day.let_in(day.tickets[0])
    wait_for(day, ["check_in"])

    with monkeypatch.context() as busy:
        busy.setattr(desk_exchange, "take_sealed", refuses)
        day.let_in(day.tickets[1])
        busy.setattr(shell_routes, "version", lambda: "the next version")
        day.page.reload()
        day.page.locator("#update").click()
        expect(day.page.locator("meta[name=desk-version]")).to_have_attribute("content", "the next version")
        day.unlock()
        day.is_unsent(1)
    wait_for(day, ["check_in"] * 2)

    # A key that nobody knows any more, as after a restored backup: log in, and the same phone goes on.
    with transaction() as session:
        session.execute(update(DeskDevice).values(token_hash="lost", drop_hash="lost too"))
    day.let_in(day.tickets[2])
    day.page.locator("#last-exchange a").click()
    day.page.locator("a[href*='/login?next=']").click()
    day.type_password()
    day.page.locator("#opening #pin").fill(PIN)
    day.page.keyboard.press("Enter")
    wait_for(day, ["check_in"] * 3)

    day.phone.offline(True)
    day.let_in(day.tickets[3])
    day.is_unsent(1)
    one = device()
    revoke_device(
        db.session.get_one(Event, day.event_id), one.id, now=clock.now(), actor=account_of(one, now=clock.now())
    )
    day.phone.offline(False)
    expect(day.page.locator("body")).to_have_attribute("data-screen", "wiped", timeout=15_000)
    wait_for(day, ["check_in"] * 4)
    assert_accessible(day.page)
    assert rows(day.page) == {"state": 0, "feed": 0, "mine": 0, "outbox": 0}


def test_logging_out_keeps_the_unsent_and_they_can_be_saved_as_a_file(day: Day, monkeypatch: pytest.MonkeyPatch):
    day.phone.start()
    day.take_along()
    with monkeypatch.context() as busy:
        busy.setattr(desk_exchange, "take_sealed", refuses)
        day.let_in(day.tickets[0])
        day.page.goto(day.phone.url)
        day.page.locator("form[action='/logout'] button").click()
        expect(day.page.locator("a[href='/login']").first).to_be_visible()
        assert rows(day.page) == {"state": 0, "feed": 0, "mine": 0, "outbox": 1}
        day.open()
        with day.page.expect_download() as saved:
            day.page.locator("[data-key=export]").click()
        assert saved.value.suggested_filename == f"torangy-{day.event_id}-1.json"
    expect(day.page.locator("a[href*='/login?next=']")).to_be_visible()
    wait_for(day, ["check_in"])
