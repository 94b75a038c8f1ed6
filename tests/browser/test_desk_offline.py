"""The desk on a phone: taken along with signal, used without, killed, locked, revoked, renewed, full. Nothing is lost.

The server runs in this process, so that a test can end a session or bring a new version; the phone is a Chromium with a
folder of its own, which a new start finds again.
"""

import logging
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect
from sqlalchemy import select, update
from werkzeug.serving import make_server

from app import clock
from app.access.passwords import password_hash
from app.accounts.models import Account, Session
from app.api import desk_exchange
from app.attendance.log_models import DeskOperation
from app.db import db, transaction
from app.desk.phone import shell_routes
from app.desk.phone.devices import revoke_device
from app.desk.phone.models import DeskDevice
from app.desk.phone.phones import account_of
from app.errors import NotAllowed
from app.events.models import Event
from bench.server import free_port
from tests import factories
from tests.browser.conftest import CHROMIUM, FLAGS, assert_accessible

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    # A browser that is killed leaves files half read on the server's side of this process.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
PIN, PASSWORD = "482915", "a few words to log in"
# What a browser says when it has no room left. (Its own quota, when it is set, is believed only half a minute later.)
FULL = """() => {
  const add = IDBObjectStore.prototype.add;
  IDBObjectStore.prototype.add = function (...row) {
    if (this.name === "outbox") throw new DOMException("full", "QuotaExceededError");
    return add.apply(this, row);
  };
}"""
FIVE_MINUTES = 5 * 60 * 1000 + 1000


@dataclass
class Phone:
    """A browser with its own folder; `start` opens it anew, as after a flat battery."""

    folder: Path
    browser: Browser
    url: str
    context: BrowserContext | None = None
    page: Page | None = None

    def start(self, *, offline: bool = False, before: Callable[[Page], None] | None = None) -> Page:
        """The app, or the site, in one page."""
        self.context = self.browser.browser_type.launch_persistent_context(
            str(self.folder),
            executable_path=CHROMIUM,
            args=FLAGS,
            viewport={"width": 390, "height": 844},
            locale="ru-RU",
        )
        self.context.set_default_timeout(10_000)
        self.context.set_offline(offline)
        self.page = self.context.new_page()
        if before:
            before(self.page)
        return self.page

    def second(self) -> Page:
        """The same page in another tab."""
        assert self.context and self.page
        found = self.context.new_page()
        found.goto(self.page.url)
        return found

    def sync_behind(self) -> None:
        """The page is gone, the signal comes back, and the browser wakes the worker."""
        assert self.context and self.page
        worker = self.context.new_cdp_session(self.page)
        found: list[str] = []
        worker.on(
            "ServiceWorker.workerRegistrationUpdated",
            lambda told: found.extend(
                one["registrationId"] for one in told["registrations"] if one["scopeURL"].endswith("/desk")
            ),
        )
        worker.send("ServiceWorker.enable")
        self.page.wait_for_timeout(300)
        self.page.goto("about:blank")
        self.offline(False)
        event = {"origin": self.url, "registrationId": found[0], "tag": "torangy-desk", "lastChance": False}
        worker.send("ServiceWorker.dispatchSyncEvent", event)

    def kill(self) -> None:
        """The battery is out: no page is asked."""
        told = subprocess.run(["ps", "-eo", "pid,args"], capture_output=True, text=True, check=True).stdout
        for line in told.splitlines()[1:]:
            if str(self.folder) in line and "--type=" not in line:
                os.kill(int(line.split()[0]), signal.SIGKILL)
        self.stop()

    def stop(self) -> None:
        """Whatever is left of it."""
        if self.context:
            with suppress(Error):  # it was killed
                self.context.close()
        self.context = None

    def offline(self, is_offline: bool) -> None:
        """Flight mode."""
        assert self.context
        self.context.set_offline(is_offline)


@dataclass
class Day:
    """The event of this test: its id, the tickets of those who come, and Aigul's phone."""

    event_id: str
    tickets: list[str]
    phone: Phone

    @property
    def page(self) -> Page:
        """What the phone shows."""
        assert self.phone.page
        return self.phone.page

    def log_in(self) -> None:
        """With signal."""
        self.page.goto(f"{self.phone.url}/login")
        self.type_password()

    def type_password(self) -> None:
        """On the page to log in; afterwards one is where one wanted to go."""
        self.page.locator("#login").fill("aigul@torangy.example")
        self.page.locator("#password").fill(PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda url: "/login" not in url)

    def open(self) -> None:
        """The desk's page."""
        self.page.goto(f"{self.phone.url}/events/{self.event_id}/desk")

    def take_along(self) -> None:
        """The first opening, until all of it is on the phone."""
        self.log_in()
        self.open()
        self.page.locator("#opening #pin").fill(PIN)
        self.page.keyboard.press("Enter")
        self.page.locator("body[data-screen=door][data-kept=yes]").wait_for()

    def unlock(self, pin: str = PIN) -> None:
        """Six digits; the last one opens it."""
        self.page.locator("#lock #pin").fill(pin)

    def type(self, ticket: str) -> None:
        """A code by hand; the answer to the one before is put away."""
        following = self.page.locator("[data-key=next]")
        if following.is_visible():
            following.click()
        self.page.locator("#code").fill(ticket)
        self.page.keyboard.press("Enter")

    def let_in(self, ticket: str) -> None:
        """Answered in green."""
        self.type(ticket)
        expect(self.page.locator("#result")).to_have_attribute("data-verdict", "go")

    def is_unsent(self, number: int) -> None:
        """So many lie on the phone."""
        expect(self.page.locator("body")).to_have_attribute("data-unsent", str(number), timeout=15_000)


@pytest.fixture
def day(app: Flask, chromium: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Day]:
    """Aigul's event with four people, a server, and her phone."""
    aigul = factories.coordinator("balkhash", language="ru")
    with transaction() as session:
        session.merge(aigul).email = "aigul@torangy.example"
        account = session.query(Account).filter_by(person_id=aigul.id).one()
        account.password_hash, account.pin_hash = password_hash(PASSWORD), password_hash(PIN)
    event = factories.event(starts_at=clock.now())
    places = [
        factories.place(event, factories.employee("Сейітқали", name)) for name in ("Асан", "Үсен", "Нұрлан", "Гүлнар")
    ]
    monkeypatch.setattr(shell_routes, "version", lambda: "this version")
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    port = free_port()
    server = make_server("localhost", port, app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    phone = Phone(tmp_path / "phone", chromium, f"http://localhost:{port}")
    yield Day(event.id, [place.ticket for place in places], phone)
    phone.stop()
    server.shutdown()
    thread.join(5)


def kinds() -> list[str]:
    """What the server has."""
    db.session.rollback()
    return list(db.session.scalars(select(DeskOperation.kind).order_by(DeskOperation.number)))


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


def test_a_full_phone_says_so_and_logging_out_keeps_the_unsent(day: Day, monkeypatch: pytest.MonkeyPatch):
    day.phone.start()
    day.take_along()
    with monkeypatch.context() as busy:
        busy.setattr(desk_exchange, "take_sealed", refuses)
        day.let_in(day.tickets[0])
        day.page.evaluate(FULL)
        day.type(day.tickets[1])
        expect(day.page.locator("body")).to_have_attribute("data-screen", "full")
        expect(day.page.locator("#result")).to_have_attribute("data-verdict", "stop")
        assert rows(day.page)["outbox"] == 1
        with day.page.expect_download() as saved:
            day.page.locator("[data-key=export]").click()
        assert saved.value.suggested_filename == f"torangy-{day.event_id}-1.json"

        day.page.goto(day.phone.url)
        day.page.locator("form[action='/logout'] button").click()
        expect(day.page.locator("a[href='/login']").first).to_be_visible()
        assert rows(day.page) == {"state": 0, "feed": 0, "mine": 0, "outbox": 1}
    day.open()
    expect(day.page.locator("a[href*='/login?next=']")).to_be_visible()
    wait_for(day, ["check_in"])


def refuses(*_: Any, **__: Any) -> None:
    """The server can't just now."""
    raise NotAllowed


def rows(page: Page) -> dict[str, int]:
    """How much lies in the phone's database."""
    found: dict[str, Any] = page.evaluate(
        """() => new Promise((resolve) => {
          indexedDB.open("torangy-desk").onsuccess = async (event) => {
            const base = event.target.result, found = {};
            for (const name of ["state", "feed", "mine", "outbox"]) {
              found[name] = await new Promise((yes) => {
                base.transaction(name).objectStore(name).count().onsuccess = (one) => yes(one.target.result);
              });
            }
            base.close();
            resolve(found);
          };
        })"""
    )
    return found


def wait_for(day: Day, wanted: list[str]) -> None:
    """Until the server has it."""
    for _ in range(100):
        if kinds() == wanted:
            return
        day.page.wait_for_timeout(100)
    raise AssertionError(f"{kinds()} instead of {wanted}")
