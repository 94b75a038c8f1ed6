"""Phones and the day that they work on: a Chromium with a folder of its own, which a new start finds again, and the
server in this process, so that a test can end a session, bring a new version, or take the signal away."""

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
from sqlalchemy import select
from werkzeug.serving import make_server

from app import clock
from app.access.passwords import password_hash
from app.accounts.models import Account
from app.attendance.log_models import DeskOperation
from app.db import db, transaction
from app.desk.phone import shell_routes
from app.errors import NotAllowed
from app.people.models import Person
from bench.server import free_port
from tests import factories
from tests.browser.conftest import CHROMIUM, FLAGS

PIN, PASSWORD = "482915", "a few words to log in"


class Server:
    """The app on a port of this machine; `go` takes the signal from all phones, `come` brings it back."""

    def __init__(self, app: Flask) -> None:
        logging.getLogger("werkzeug").setLevel(logging.WARNING)
        self._app, self._port = app, free_port()
        self.url = f"http://localhost:{self._port}"
        self.come()

    def come(self) -> None:
        """There is signal."""
        self._server = make_server("localhost", self._port, self._app, threaded=True)
        self._thread = Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def go(self) -> None:
        """There is none, not even for what a browser does behind its pages."""
        self._server.shutdown()
        self._thread.join(5)


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
    """The event of this test: its id, the tickets of those who come, and one person's phone: Aigul's, unless told."""

    event_id: str
    tickets: list[str]
    phone: Phone
    login: str = "aigul@torangy.example"

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
        self.page.locator("#login").fill(self.login)
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
        self.choose_pin()

    def choose_pin(self) -> None:
        """On the page that takes the event along; afterwards the entrance is open."""
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
        expect(self.page.locator("body")).to_have_attribute("data-unsent", str(number), timeout=30_000)


@pytest.fixture
def server(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """With signal, until a test says otherwise; the app's version stands still meanwhile."""
    monkeypatch.setattr(shell_routes, "version", lambda: "this version")
    found = Server(app)
    yield found
    found.go()


@pytest.fixture
def day(server: Server, chromium: Browser, tmp_path: Path) -> Iterator[Day]:
    """Aigul's event with four people, and her phone."""
    with_password(factories.coordinator("balkhash", language="ru"), "aigul@torangy.example")
    event = factories.event(starts_at=clock.now())
    places = [
        factories.place(event, factories.employee("Сейітқали", name)) for name in ("Асан", "Үсен", "Нұрлан", "Гүлнар")
    ]
    phone = Phone(tmp_path / "phone", chromium, server.url)
    yield Day(event.id, [place.ticket for place in places], phone)
    phone.stop()


def with_password(person: Person, email: str) -> str:
    """They log in with this address, PASSWORD and PIN; the account's id."""
    with transaction() as session:
        session.merge(person).email = email
        account = session.query(Account).filter_by(person_id=person.id).one()
        account.password_hash, account.pin_hash = password_hash(PASSWORD), password_hash(PIN)
    return account.id


def kinds() -> list[str]:
    """What the server has."""
    db.session.rollback()
    return list(db.session.scalars(select(DeskOperation.kind).order_by(DeskOperation.number)))


def wait_for(day: Day, wanted: list[str]) -> None:
    """Until the server has it."""
    for _ in range(100):
        if kinds() == wanted:
            return
        day.page.wait_for_timeout(100)
    raise AssertionError(f"{kinds()} instead of {wanted}")


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
