"""A follow-up from the first word to the last: written down on a phone by the keyboard alone, answered without a login
by the link of the letter, seen on the board, printed; and one's own year."""

import json
import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Site, assert_accessible
from tests.browser.test_tickets import found, log_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LETTER = "SELECT context FROM mails WHERE template = 'impact/follow_up_given' ORDER BY created_at DESC LIMIT 1"
TEXT = "Жағалауға екі қоқыс жәшігін қою"


def seen(page: Page) -> None:
    """Nothing hangs over the edge, and axe finds nothing."""
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert over <= 0, f"{page.url} is {over} px too wide"
    assert_accessible(page)


def test_from_the_first_word_to_the_protocol(demo_site: Site, chromium: Browser) -> None:
    phone = chromium.new_context(viewport={"width": 390, "height": 844})
    page = phone.new_page()
    log_in(page, demo_site, "aigul")
    page.goto(f"{demo_site.url}/follow-ups/new")
    page.locator("#text-kk").focus()
    page.keyboard.type(TEXT)
    page.locator("#city").select_option("balkhash")
    page.locator("#owner").fill("Қала әкімдігі")
    page.locator("#owner_email").fill("akimat@balkhash.example")
    page.locator("#due_on").fill("01.12.2030")
    seen(page)
    page.locator("#due_on").press("Enter")
    page.wait_for_url(re.compile(r"/follow-ups/[a-z0-9]{16}$"))
    expect(page.locator("h1")).to_have_text(TEXT)
    seen(page)
    _answered(demo_site, chromium)
    page.goto(f"{demo_site.url}/follow-ups?state=done")
    expect(page.get_by_role("link", name=TEXT)).to_be_visible()
    seen(page)
    page.get_by_role("link", name=TEXT).click()
    expect(page.locator(".entries")).to_contain_text("Қойылды")
    phone.close()


def _answered(site: Site, chromium: Browser) -> None:
    """The owner has no login: only what the letter holds."""
    stranger = chromium.new_context(viewport={"width": 390, "height": 844})
    page = stranger.new_page()
    page.goto(site.url + json.loads(found(site, LETTER)[0])["url"])
    expect(page.locator("h1")).to_have_text(TEXT)
    seen(page)
    page.locator("main form .btn-primary").click()
    expect(page.locator(".errors")).to_be_visible()
    page.locator("input[name=state][value=done]").check()
    page.locator("#note").fill("Қойылды")
    page.locator("main form .btn-primary").click()
    expect(page.locator("main form[enctype]")).to_have_count(0)
    stranger.close()


def test_the_board_the_protocol_and_ones_year_are_read_wide_and_narrow(demo_site: Site, chromium: Browser) -> None:
    visit = found(demo_site, "SELECT id FROM events WHERE slug = 'working-visit'")[0]
    wide = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = wide.new_page()
    log_in(page, demo_site, "admin")
    for path in ("/follow-ups", f"/events/{visit}/protocol", "/my/year", "/engagement/departments"):
        for width in (1280, 320):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(demo_site.url + path)
            seen(page)
    page.goto(f"{demo_site.url}/follow-ups?event={visit}")
    expect(page.locator(".follow-ups li")).to_have_count(4)
    with page.expect_download() as paper:
        page.evaluate("(url) => { location.href = url }", f"/events/{visit}/protocol.pdf")
    assert paper.value.path().read_bytes().startswith(b"%PDF-")
    wide.close()
