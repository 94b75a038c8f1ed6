"""Tickets where there is no network and on paper, and the shared computer at the gate, in a real browser.

Nurlan's phone on the coast shows his ticket and forgets it when he logs out; seven tickets make two sheets; at the gate
he signs in by his fingers, and half a minute later nothing of him is left.
"""

import re
import sqlite3

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, Route, expect

from tests.browser.conftest import Site, assert_accessible

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PASSWORD = "torangy-demo"
PIN = "482915"
SHEET_PAGE = re.compile(rb"/Type\s*/Page[^s]")
SEVEN = """SELECT p.event_id, group_concat(p.id) FROM (SELECT * FROM places WHERE status = 'confirmed') p
JOIN events e ON e.id = p.event_id JOIN sites s ON s.id = e.site_id WHERE s.city = 'balkhash' AND e.status = 'published'
GROUP BY p.event_id HAVING count(*) >= 7 LIMIT 1"""
OWN = """SELECT p.ticket, n.personnel_number, p.signup_id FROM places p JOIN people n ON n.id = p.person_id
JOIN events e ON e.id = p.event_id WHERE n.email = 'nurlan@torangy.example' AND p.status = 'confirmed'
AND e.starts_at > datetime('now') LIMIT 1"""


def found(site: Site, query: str) -> tuple[str, ...]:
    """One row of the site's database."""
    with sqlite3.connect(site.folder / "torangy.sqlite3") as rows:
        return tuple(rows.execute(query).fetchone())


def log_in(page: Page, site: Site, name: str) -> None:
    page.goto(f"{site.url}/login")
    page.locator("#login").fill(f"{name}@torangy.example")
    page.locator("#password").fill(PASSWORD)
    page.locator("main .btn-primary").click()
    page.wait_for_url(lambda url: "/login" not in url)


def kept_pages(page: Page) -> list[str]:
    """Paths of the pages that the worker keeps; a browser that does not say so within ten seconds fails the test."""
    asked = "caches.open('torangy-pages-1').then((kept) => kept.keys())"
    late = "new Promise((_, no) => setTimeout(() => no(new Error('caches do not answer')), 10000))"
    paths = ".then((all) => all.map((one) => new URL(one.url).pathname))"
    return page.evaluate(f"Promise.race([{asked}, {late}]){paths}")


def wait_for_kept(page: Page, count: int) -> None:
    """Until the worker, which works beside the page, keeps so many."""
    for _ in range(300):
        if len(kept_pages(page)) == count:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"the worker keeps {kept_pages(page)}, not {count} pages")


# As a promise: asked again and again it would be evaluated in the page, whose policy forbids that.
CONTROLLED = """() => new Promise((done) => navigator.serviceWorker.controller ? done()
    : navigator.serviceWorker.addEventListener("controllerchange", () => done(), { once: true }))"""


def test_a_page_that_was_on_its_way_when_the_worker_began_is_kept_too(phone: BrowserContext, demo_site: Site):
    page, other = phone.new_page(), phone.new_page()
    log_in(page, demo_site, "nurlan")
    page.goto("about:blank")
    other.goto(f"{demo_site.url}/healthz")
    other.evaluate(
        "navigator.serviceWorker.getRegistrations().then((all) => Promise.all(all.map((r) => r.unregister())))"
    )

    def begin_meanwhile(route: Route) -> None:
        other.goto(demo_site.url)
        other.evaluate(CONTROLLED)
        route.continue_()

    page.route("**/app.js*", begin_meanwhile, times=1)
    page.goto(f"{demo_site.url}/my")
    wait_for_kept(page, 1)


def test_a_ticket_opens_without_a_network_and_is_forgotten_on_log_out(phone: BrowserContext, demo_site: Site):
    ticket, _, _ = found(demo_site, OWN)
    page = phone.new_page()
    log_in(page, demo_site, "nurlan")
    page.goto(f"{demo_site.url}/my")
    assert_accessible(page)
    wait_for_kept(page, 1)
    page.goto(f"{demo_site.url}/tickets/{ticket}")
    assert_accessible(page)
    wait_for_kept(page, 2)
    phone.set_offline(True)
    for address, shown in ((f"/tickets/{ticket}", ".code"), ("/my", ".ticket-code")):
        page.goto(demo_site.url + address)
        expect(page.locator(shown).first).to_be_visible()
        assert page.evaluate("getComputedStyle(document.querySelector('.qr')).display") == "block", "dressed, too"
    phone.set_offline(False)
    page.goto(f"{demo_site.url}/my")
    page.locator("footer form button").click()
    page.wait_for_url(lambda url: not url.endswith("/my"))
    wait_for_kept(page, 0)
    phone.set_offline(True)
    with pytest.raises(Error):
        page.goto(f"{demo_site.url}/my")


def test_a_stranger_with_the_address_keeps_the_ticket_too(phone: BrowserContext, demo_site: Site):
    ticket, _, _ = found(demo_site, OWN)
    page = phone.new_page()
    page.goto(f"{demo_site.url}/tickets/{ticket}")
    wait_for_kept(page, 1)
    assert kept_pages(page) == [f"/tickets/{ticket}"]
    phone.set_offline(True)
    page.reload()
    expect(page.locator(".code")).to_have_text(f"{ticket[:4]} {ticket[4:]}")


def test_seven_tickets_make_two_sheets_and_none_is_parted(chromium: Browser, demo_site: Site):
    event, places = found(demo_site, SEVEN)
    page = chromium.new_page(locale="kk-KZ")
    log_in(page, demo_site, "aigul")
    chosen = "&".join(f"place={place}" for place in places.split(",")[:7])
    page.goto(f"{demo_site.url}/events/{event}/tickets?{chosen}")
    assert_accessible(page)
    expect(page.locator(".slip")).to_have_count(7)
    pdf = page.pdf(format="A4", prefer_css_page_size=True)
    assert len(SHEET_PAGE.findall(pdf)) == 2
    page.emulate_media(media="print")
    inside = "all => all.every((slip) => slip.scrollHeight <= slip.clientHeight + 1)"
    assert page.locator(".slip").evaluate_all(inside), "something is cut off"
    page.close()


def test_at_the_gate_one_comes_by_fingers_and_leaves_nothing(chromium: Browser, demo_site: Site):
    ticket, number, signup = found(demo_site, OWN)
    set_pin(chromium, demo_site)
    gate = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="kk-KZ")
    page = gate.new_page()
    page.goto(f"{demo_site.url}/kiosk")
    assert_accessible(page)
    page.goto(f"{demo_site.url}/kiosk/enrolment?code={new_code(chromium, demo_site)}")
    page.locator("main .btn-primary").click()
    come(page, number)
    assert_accessible(page)
    page.goto(f"{demo_site.url}/kiosk/mine")
    assert_accessible(page)
    assert f"{ticket[:4]} {ticket[4:]}" in page.content()
    page.goto(f"{demo_site.url}/kiosk/signups/{signup}/tickets")
    assert SHEET_PAGE.findall(page.pdf(format="A4", prefer_css_page_size=True))
    assert page.evaluate("caches.keys()") == [] and not page.evaluate("navigator.serviceWorker.controller")
    page.locator("[data-end] button").click()
    page.wait_for_url("**/kiosk")
    page.go_back()
    expect(page.locator("[data-door]")).to_be_visible()
    assert ticket[:4] not in page.content()
    come(page, number)
    page.wait_for_url("**/kiosk", timeout=35_000)
    page.goto(f"{demo_site.url}/kiosk/mine")
    assert page.url.endswith("/kiosk")
    gate.close()


def come(page: Page, number: str) -> None:
    """Number and PIN by the keys on the screen."""
    expect(page.locator("[data-keypad]")).to_be_visible()
    assert_accessible(page)
    for key in [*number, "next", *PIN]:
        page.locator(f"[data-key='{key}']").click()
    page.locator("main .btn-primary").click()
    page.wait_for_url("**/kiosk/events")


def set_pin(chromium: Browser, site: Site) -> None:
    """Nurlan's own phone."""
    phone = chromium.new_context(viewport={"width": 390, "height": 844}, locale="kk-KZ")
    page = phone.new_page()
    log_in(page, site, "nurlan")
    page.goto(f"{site.url}/me")
    page.locator("#pin-pin").fill(PIN)
    page.locator("#pin-present").fill(PASSWORD)
    page.locator("#pin button").click()
    expect(page.locator("main .flash")).to_be_visible()
    assert_accessible(page)
    phone.close()


def new_code(chromium: Browser, site: Site) -> str:
    """Aigul's own computer."""
    desk = chromium.new_context(locale="kk-KZ")
    page = desk.new_page()
    log_in(page, site, "aigul")
    page.goto(f"{site.url}/kiosks")
    assert_accessible(page)
    page.locator("#name").fill("2-қақпа")
    page.locator("#city").select_option("balkhash")
    page.locator("main .btn-primary").click()
    assert_accessible(page)
    code = page.locator(".code").inner_text().replace(" ", "")
    desk.close()
    return code
