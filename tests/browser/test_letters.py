"""Letters as a reader sees them: on a narrow phone, in the dark, with pictures off; their pages for coordinators."""

import json

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.mail.previewing import pictured, rendered
from app.mail.samples import sample_of, templates_of_letters
from tests.browser.conftest import Site, assert_accessible
from tests.browser.test_tickets import found, log_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]
EVENT = """SELECT e.id FROM events e JOIN sites s ON s.id = e.site_id WHERE s.city = 'balkhash'
AND e.status = 'published' LIMIT 1"""
LONG = "Нұрмұхамбетәлісұлтанмұратәбдіқұлұлытоқтамысовичқызының-Әбілқасымов"


def shown(page: Page, app: Flask, template: str, language: str = "kk", *, with_pictures: bool = True) -> None:
    """Puts the sample of a letter onto the page, its reader with a name of 60 letters in one word."""
    sample = json.loads(json.dumps(sample_of(app.jinja_env, template)).replace(json.dumps("Нұрлан"), json.dumps(LONG)))
    html = rendered(app.jinja_env, template, language, sample, base_url="https://torangy.example").html
    page.set_content(pictured(html) if with_pictures else html)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_letter_can_be_read_on_a_narrow_phone(app: Flask, chromium: Browser, scheme: str) -> None:
    context = chromium.new_context(viewport={"width": 320, "height": 640}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    for number, template in enumerate(templates_of_letters(app.jinja_env)):
        shown(page, app, template, ("kk", "ru", "en")[number % 3])
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over <= 0, f"{template} is {over} px too wide at 320 px"
        assert_accessible(page)
    context.close()


def test_the_dark_is_dark_and_the_code_stays_white(app: Flask, chromium: Browser) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844}, color_scheme="dark")
    page = context.new_page()
    shown(page, app, "signups/confirmed")
    colour = "(one, name) => getComputedStyle(one)[name]"
    assert page.locator("body").evaluate(colour, "backgroundColor") == "rgb(19, 22, 20)"
    assert page.locator("h1").evaluate(colour, "color") == "rgb(236, 234, 226)"
    assert page.locator(".t-press a").evaluate(colour, "color") == "rgb(31, 15, 6)"
    assert page.locator("img").first.evaluate(colour, "backgroundColor") == "rgb(255, 255, 255)"
    assert page.locator("img").first.evaluate("one => one.naturalWidth") > 168
    context.close()


def test_with_pictures_off_the_code_stands_there_in_letters(app: Flask, chromium: Browser) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    shown(page, app, "signups/confirmed", with_pictures=False)
    assert page.locator("img").first.evaluate("one => one.naturalWidth") == 0
    assert page.get_by_role("img", name="QR 7KQ2 M4XD").count() == 1
    assert page.get_by_role("link", name="7KQ2 M4XD").is_visible()
    expect(page.get_by_role("link", name="+7 708 654 18 86")).to_have_attribute("href", "tel:+77086541886")
    context.close()


def test_a_coordinator_looks_at_a_letter_and_gives_it_her_words(phone: BrowserContext, demo_site: Site) -> None:
    page = phone.new_page()
    log_in(page, demo_site, "aigul")
    page.goto(f"{demo_site.url}/mail/letters/signups/confirmed")
    letter = page.frame_locator("iframe")
    expect(letter.locator("h1")).to_be_visible()
    assert letter.locator("img").first.evaluate("one => one.naturalWidth") > 168
    assert_accessible(page)
    (event_id,) = found(demo_site, EVENT)
    page.goto(f"{demo_site.url}/events/{event_id}/letters/signups/confirmed")
    page.locator("#subject_kk").fill("Күтеміз: {title}")
    page.locator("#words_kk").fill("Сәлем! {who}")
    page.locator("main form .btn-primary").click()
    expect(page.locator("#words_kk-e")).to_contain_text("{who}")
    assert_accessible(page)
    page.locator("#words_kk").fill("Сәлем! {day} кездесеміз.")
    page.locator("main form .btn-primary").click()
    expect(page.locator("pre").first).to_contain_text("кездесеміз.")
    assert_accessible(page)
    with phone.expect_page() as opened:
        page.locator("form .btn-quiet[formtarget]").first.click()
    expect(opened.value.locator("body")).to_contain_text("кездесеміз.")
    page.locator("main form .btn-primary").click()
    page.wait_for_url("**/letters")
    assert page.locator("main li .soft").count() == 1
