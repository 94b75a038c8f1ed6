"""A bus of children there and home without signal, on two phones: counted, confirmed by another, handed over."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select
from werkzeug.serving import make_server

from app import clock
from app.access.passwords import password_hash
from app.access.pins import pin_check_of
from app.accounts.models import Account
from app.audit.models import AuditEntry
from app.db import db, transaction
from app.desk.log.conflict_models import DeskConflict
from app.desk.phone import shell_routes
from app.desk.trip.codes import code_of
from app.desk.trip.models import HandOver, LegDeparture
from app.people.models import Person
from app.rosters.models import Bus
from app.signups.models import Place
from bench.server import free_port
from tests import factories
from tests.browser.conftest import assert_accessible

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
PIN, SECOND_PIN, PASSWORD = "482915", "730264", "a few words to log in"
SLIP = "111999"
# A camera before which lies whatever `window.seen` says; how real ones are read is tried in test_desk_door.py.
CAMERA = """
navigator.mediaDevices.getUserMedia = async () => {
  const paper = document.createElement("canvas");
  setInterval(() => paper.getContext("2d").fillRect(0, 0, 9, 9), 100);
  return paper.captureStream(10);
};
window.BarcodeDetector = class {
  static async getSupportedFormats() { return ["qr_code"]; }
  async detect() { return window.seen ? [{ rawValue: window.seen }] : []; }
};"""
HAS_PACK = """async (id) => {
  const base = await new Promise((yes) => (indexedDB.open("torangy-desk").onsuccess = (e) => yes(e.target.result)));
  const get = base.transaction("state").objectStore("state").get(`${id} pack`);
  const found = await new Promise((yes) => (get.onsuccess = () => yes(Boolean(get.result))));
  base.close();
  return found;
}"""


@dataclass
class Phone:
    """One person's; `page` shows the desk."""

    url: str
    event_id: str
    context: BrowserContext
    page: Page

    def take_along(self, email: str, pin: str) -> None:
        """With signal, until the emergency pack is there too."""
        self.page.goto(f"{self.url}/login")
        self.page.locator("#login").fill(email)
        self.page.locator("#password").fill(PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda url: "/login" not in url)
        self.page.goto(f"{self.url}/events/{self.event_id}/desk")
        self.page.locator("#opening #pin").fill(pin)
        self.page.keyboard.press("Enter")
        self.page.locator("body[data-screen=door][data-kept=yes]").wait_for()
        for _ in range(50):
            if self.page.evaluate(HAS_PACK, self.event_id):
                return
            self.page.wait_for_timeout(100)
        raise AssertionError("the pack never came")

    def show(self, screen: str) -> None:
        """One of the screens, past what is shown now."""
        self.page.evaluate("(hash) => (location.hash = hash)", screen)
        expect(self.page.locator("body")).to_have_attribute("data-screen", screen.partition("?")[0])

    def unsent(self, number: int) -> None:
        """So many lie on the phone."""
        expect(self.page.locator("body")).to_have_attribute("data-unsent", str(number), timeout=20_000)

    def leave(self, heads: str, why: str = "") -> None:
        """The list is closed."""
        self.page.locator("#heads").fill(heads)
        if why:
            self.page.locator("#why").select_option(why)
        self.page.locator("[data-key=leave]").click()


@dataclass
class Day:
    """The bus, its children, and two phones."""

    bus: str
    children: dict[str, tuple[str, str]]  # {name: (place, ticket)}
    guardian: str
    aigul: Phone
    saule: Phone


def check_apart_from_slip(pin: str) -> tuple[int, str]:
    """A phone tells a wrong PIN by ten bits alone: one in a thousand looks right to it."""
    check, salt = pin_check_of(pin)
    return (check, salt) if pin_check_of(SLIP, salt)[0] != check else check_apart_from_slip(pin)


@pytest.fixture
def day(app: Flask, chromium: Browser, monkeypatch: pytest.MonkeyPatch) -> Iterator[Day]:
    """Three children in one bus; Aigul reads Russian, Saule Kazakh."""
    people = [
        factories.coordinator("balkhash", language="ru"),
        factories.employee("Серікова", "Сәуле", language="kk"),
    ]
    factories.account(people[1], "coordinator", city="balkhash")
    for person, name, pin in zip(people, ("aigul", "saule"), (PIN, SECOND_PIN), strict=True):
        with transaction() as session:
            session.get_one(Person, person.id).email = f"{name}@torangy.example"
            account = session.query(Account).filter_by(person_id=person.id).one()
            account.password_hash, account.pin_hash = password_hash(PASSWORD), password_hash(pin)
            account.pin_check, account.pin_check_salt = check_apart_from_slip(pin)
    event = factories.event(starts_at=clock.now())
    bus = factories.saved(Bus(event_id=event.id, name="Автобус 1", seats=40))
    nurlan = factories.employee(phone="+77011234567")
    places = {
        name: factories.place(event, factories.child(nurlan, name, age=age), bus_id=bus.id)
        for name, age in (("Дина", 13), ("Арман", 10), ("Алия", 9))
    }
    with transaction() as session:
        session.get_one(Place, places["Арман"].id).medical_note = "Жаңғаққа аллергия"
    monkeypatch.setattr(shell_routes, "version", lambda: "this version")
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    port = free_port()
    server = make_server("localhost", port, app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    contexts = [chromium.new_context(viewport={"width": 390, "height": 844}, locale="ru-RU") for _ in people]
    phones = []
    for context in contexts:
        context.set_default_timeout(15_000)
        context.add_init_script(CAMERA)
        phones.append(Phone(f"http://localhost:{port}", event.id, context, context.new_page()))
    yield Day(bus.id, {name: (one.id, one.ticket) for name, one in places.items()}, nurlan.id, *phones)
    for context in contexts:
        context.close()
    server.shutdown()
    thread.join(5)


def departures() -> list[LegDeparture]:
    db.session.rollback()
    return list(db.session.scalars(select(LegDeparture).order_by(LegDeparture.departed_at)))


def conflicts() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(DeskConflict.kind).where(DeskConflict.gone_at.is_(None))))


def test_a_bus_of_children_goes_there_and_home_without_signal(day: Day):
    aigul, saule = day.aigul, day.saule
    aigul.take_along("aigul@torangy.example", PIN)
    aigul.context.set_offline(True)
    there_without_signal(day)
    saule.take_along("saule@torangy.example", SECOND_PIN)
    aigul.context.set_offline(False)
    aigul.unsent(0)
    assert conflicts() == [] and [row.confirmed_at is not None for row in departures()] == [True]
    home_without_one(day)
    handed_over(day)
    pack_opened(day)
    assert_accessible(saule.page)


def there_without_signal(day: Day) -> None:
    """Tapped, typed, read by the camera; heads and names agree; the second person types their own PIN on that phone."""
    aigul, page = day.aigul, day.aigul.page
    aigul.show("legs")
    expect(page.locator(f"[data-bus='{day.bus}']")).to_contain_text("0")
    assert_accessible(page)
    page.locator(f"[data-bus='{day.bus}']").click()
    page.locator(f"[data-place='{day.children['Дина'][0]}']").click()
    page.locator("#code").fill(day.children["Арман"][1].lower())
    page.keyboard.press("Enter")
    expect(page.locator("#aboard")).to_have_attribute("data-aboard", "2")
    aigul.leave("2")
    expect(page.locator("#why-not")).to_contain_text("Алия")
    page.locator("[data-key=camera]").click()
    page.evaluate("(ticket) => (window.seen = ticket)", day.children["Алия"][1])
    expect(page.locator("#aboard")).to_have_attribute("data-aboard", "3")
    page.evaluate("() => (window.seen = null)")
    aigul.leave("2")
    expect(page.locator("#why-not")).to_contain_text("2")
    aigul.leave("3")
    page.locator("#second-pin").fill(SLIP)
    page.locator("#second-person [data-key=confirm]").click()
    expect(page.locator("#why-not")).not_to_be_empty()
    assert_accessible(page)
    page.locator("#second-pin").fill(SECOND_PIN)
    page.locator("#second-person [data-key=confirm]").click()
    expect(page.locator("#confirmed")).to_be_visible()
    aigul.unsent(6)
    assert departures() == []


def home_without_one(day: Day) -> None:
    """Aliya's parents took her; the second person confirms on her own phone, with signal."""
    aigul, page = day.aigul, day.aigul.page
    aigul.show(f"count?leg=back&bus={day.bus}")
    for name in ("Дина", "Арман"):
        page.locator(f"[data-place='{day.children[name][0]}']").click()
    expect(page.locator("#aboard")).to_have_attribute("data-aboard", "2")
    aigul.leave("2")
    expect(page.locator("#why-not")).to_contain_text("Алия")
    aigul.leave("2", "parent")
    aigul.unsent(0)
    day.saule.show(f"count?leg=back&bus={day.bus}")
    day.saule.page.locator("[data-key=confirm]").click(timeout=20_000)
    expect(page.locator("#confirmed")).to_be_visible(timeout=20_000)
    left = departures()[-1]
    assert [one["name"] for one in left.missing] == ["Сейітқали Алия"] and left.confirmed_by_id != left.account_id


def handed_over(day: Day) -> None:
    """Dina to her father, Arman by the code, without signal; nobody else gets them."""
    aigul, page = day.aigul, day.aigul.page
    aigul.context.set_offline(True)
    aigul.show(f"handover?key=p:{day.children['Дина'][0]}")
    page.locator("[data-key=over]").click()
    expect(page.locator("#why-not")).not_to_be_empty()
    page.locator(f"[value='guardian:{day.guardian}']").check()
    assert_accessible(page)
    page.locator("[data-key=over]").click()
    expect(page.locator("#done")).to_contain_text("Сейітқали Нұрлан")
    arman, code = day.children["Арман"][0], code_of(day.children["Арман"][0])
    aigul.show(f"handover?key=p:{arman}")
    page.locator("[value='code:']").check()
    page.locator("#over-receiver").fill("Көршісі Әсем")
    for typed, is_right in ((code_of("another"), False), (f"{code[:3]} {code[3:].lower()}", True)):
        page.locator("#over-code").fill(typed)
        page.locator("[data-key=over]").click()
        expect(page.locator("#done" if is_right else "#why-not")).not_to_be_empty()
    aigul.show("handover")
    expect(page.locator("[data-open]")).to_have_attribute("data-open", "1")
    aigul.context.set_offline(False)
    aigul.unsent(0)
    db.session.rollback()
    rows = db.session.scalars(select(HandOver).where(HandOver.undone_by_id.is_(None))).all()
    assert {row.receiver for row in rows} == {"Сейітқали Нұрлан", "Көршісі Әсем"} and all(row.is_proved for row in rows)
    assert conflicts() == []


def pack_opened(day: Day) -> None:
    """Whom to call, and that somebody looked."""
    aigul, page = day.aigul, day.aigul.page
    aigul.show("pack")
    expect(page.locator("main")).not_to_contain_text("Жаңғаққа")
    page.locator("[data-key=pack]").click()
    expect(page.locator("#pack-people")).to_contain_text("Жаңғаққа аллергия")
    expect(page.locator(f"#pack-people [data-place='{day.children['Дина'][0]}'] a")).to_have_attribute(
        "href", "tel:+77011234567"
    )
    assert_accessible(page)
    aigul.unsent(0)
    db.session.rollback()
    assert db.session.scalar(select(AuditEntry.id).where(AuditEntry.verb == "open_pack"))
