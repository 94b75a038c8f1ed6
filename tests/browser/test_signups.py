"""Signing up in a real browser: a brigade by the keyboard alone, an offer by the letter's link, and axe on what is new.

On a phone of 390 pixels. Nobody touches a mouse in the first journey, and nobody logs in during the second.
"""

import json
import re
import sqlite3

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from tests.browser.conftest import Site, assert_accessible

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PASSWORD = "torangy-demo"
PHONE: ViewportSize = {"width": 390, "height": 844}
FAR = 60
OFFER = re.compile(r"/offers/[\w.-]+")
NURLANS = """SELECT s.id FROM signups s JOIN events e ON e.id = s.event_id JOIN people n ON n.id = s.leader_id
WHERE e.slug = ? AND n.email = 'nurlan@torangy.example'"""
OWING = """SELECT p.id FROM places p JOIN events e ON e.id = p.event_id
WHERE e.slug = 'sample-family-day' AND p.consent_due_at IS NOT NULL"""
LETTER = "SELECT context FROM mails WHERE template = ? AND recipient = ?"


def found(site: Site, query: str, *values: str) -> str:
    """One value of the site's database."""
    with sqlite3.connect(site.folder / "torangy.sqlite3") as rows:
        return str(rows.execute(query, values).fetchone()[0])


def event(site: Site, slug: str) -> str:
    """The address of a sample event."""
    return "/events/" + found(site, "SELECT id FROM events WHERE slug = ?", f"sample-{slug}")


def link(site: Site, template: str, recipient: str) -> str:
    """Where the button of a letter leads."""
    return str(json.loads(found(site, LETTER, f"signups/{template}", f"{recipient}@torangy.example"))["url"])


def log_in(page: Page, site: Site, name: str) -> None:
    page.goto(f"{site.url}/login")
    page.locator("#login").fill(f"{name}@torangy.example")
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)


def tab_to(page: Page, selector: str) -> None:
    """Tab after Tab until the focus is there, seen on the screen; nothing on the way holds it."""
    for _ in range(FAR):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            assert page.evaluate("document.activeElement.checkVisibility()")
            return
    raise AssertionError(f"{selector} is not reached by Tab")


def test_a_brigade_is_signed_up_by_the_keyboard_alone(phone: BrowserContext, demo_site: Site):
    page = phone.new_page()
    log_in(page, demo_site, "nurlan")
    page.goto(demo_site.url + event(demo_site, "coast-balkhash"))
    tab_to(page, "[data-all] input")
    page.keyboard.press("Space")
    expect(page.locator(".crew [name=people]:checked")).to_have_count(4)
    assert_accessible(page)
    tab_to(page, "button[type=submit]")
    page.keyboard.press("Enter")
    expect(page.locator("main .wrong").first).to_be_visible()
    page.keyboard.press("Tab")
    tab_to(page, "button[type=submit]")
    page.keyboard.press("Enter")  # refused twice, and still nothing typed is lost
    expect(page.locator("main .wrong").first).to_be_visible()
    expect(page.locator("[name=people]:checked")).to_have_count(5)
    assert_accessible(page)
    tab_to(page, ".of-party select")
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    tab_to(page, "button[type=submit]")
    page.keyboard.press("Enter")
    expect(page.locator(".flash-ok, main .flash").first).to_be_visible()
    expect(page.locator("main")).to_contain_text("Таза жағалау")
    assert_accessible(page)
    signup = found(demo_site, NURLANS, "sample-coast-balkhash")
    page.goto(f"{demo_site.url}/signups/{signup}/party")
    expect(page.locator("#people > li")).to_have_count(5)


def test_an_offer_is_accepted_by_the_letters_link_without_a_login(phone: BrowserContext, demo_site: Site):
    page = phone.new_page()
    address = offer_in_the_mailbox(page, demo_site)
    for _ in range(2):  # a scanner of mails opens the link too, and takes nothing
        page.goto(demo_site.url + address)
        expect(page.locator("main .btn-primary")).to_have_count(1)
    assert_accessible(page)
    page.locator("main .btn-primary").click()
    expect(page.locator(".ticket-code")).to_have_count(2)
    assert_accessible(page)
    page.goto(demo_site.url + address)
    expect(page.locator("main form")).to_have_count(0)
    log_in(page, demo_site, "nurlan")
    page.goto(demo_site.url + event(demo_site, "museum"))
    expect(page.locator("main .chip-ok")).to_have_count(2)


def offer_in_the_mailbox(page: Page, site: Site) -> str:
    """The worker sent it, the demo's mailbox caught it: the address that Nurlan reads there."""
    letter = page.get_by_role("link", name=re.compile("мерзімі.*Мұражайдағы"))
    for _ in range(40):
        page.goto(f"{site.url}/mailbox?to=nurlan")
        if letter.count():
            break
        page.wait_for_timeout(250)
    letter.first.click()
    seen = OFFER.search(page.locator("main pre").inner_text())
    assert seen, page.url
    return seen.group()


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_what_is_new_is_accessible_and_fits_a_phone(language: str, chromium: Browser, demo_site: Site):
    for name, addresses in pages(demo_site).items():
        context = chromium.new_context(viewport=PHONE, locale=f"{language}-KZ", service_workers="block")
        page = context.new_page()
        if name:
            log_in(page, demo_site, name)
        page.goto(f"{demo_site.url}/help")
        page.locator(f"form.langs button[value={language}]").click()
        for address in addresses:
            page.goto(demo_site.url + address)
            assert_accessible(page)
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= PHONE["width"], f"{page.url} is {width} pixels wide"
            assert page.locator("main .btn-primary").locator("visible=true").count() <= 1, page.url
            assert page.locator("html").get_attribute("lang") == language or not name
        context.close()


def pages(site: Site) -> dict[str, list[str]]:
    """{login: the pages that they open}; nobody's come first."""
    coast, family, school = (event(site, slug) for slug in ("coast-balkhash", "family-day", "school"))
    party = "/signups/" + found(site, NURLANS, "sample-family-day")
    waiting = "/signups/" + found(site, NURLANS, "sample-grove")
    owing, invitation = "/places/" + found(site, OWING), link(site, "institution_invitation", "school")
    invited = f"{school}/invitations/" + found(site, "SELECT id FROM invitations")
    return {
        "": [link(site, "consent_asked", "nurlan"), link(site, "approval_asked", "aigul"), *contact(invitation)],
        "nurlan": [family, "/my", f"{party}/party", f"{waiting}/queue", "/approvals", "/brigade"],
        "aigul": [
            *(coast + end for end in ("", "/answers", "/questions/new", "/signup")),
            *(family + end for end in ("/questions", "/consents", "/edit")),
            *(f"{event(site, 'grove')}/queue", f"{owing}/consent/paper", invited, "/people/rotations"),
        ],
    }


def contact(invitation: str) -> list[str]:
    """What the school's contact opens."""
    return [invitation + end for end in ("", "/pupils/new", "/consents")]
