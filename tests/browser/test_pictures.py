"""An afternoon of pictures: many from a phone with their progress, described, looked at by another, in the album; and
one who is on them and doesn't want to be."""

import io
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, expect
from sqlalchemy import select

from app import clock
from app.db import db
from app.files import open_store
from app.impact.pictures.models import Picture
from tests import factories
from tests.browser.conftest import assert_accessible
from tests.browser.desk_day import PASSWORD, Server, server, with_password
from tests.impact.pictures.making import ALT, photo

__all__ = ["server"]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


def shore(number: int) -> FilePayload:
    """What a phone's camera leaves: large, with its place."""
    painted = Image.new("RGB", (1500, 1000), (170, 205, 225))
    pen = ImageDraw.Draw(painted)
    pen.rectangle((0, 600, 1500, 1000), fill=(205, 190, 150))
    for one in range(number + 2):
        pen.ellipse((150 + one * 250, 500, 230 + one * 250, 580), fill=(190, 120, 90))
        pen.rectangle((160 + one * 250, 580, 220 + one * 250, 750), fill=(30, 90, 75))
    exif, kept = Image.Exif(), io.BytesIO()
    exif.get_ifd(0x8825).update({1: "N", 2: (46.0, 50.0, 24.0), 3: "E", 4: (74.0, 59.0, 0.0)})
    painted.save(kept, "JPEG", exif=exif)
    return {"name": f"IMG_{number}.jpg", "mimeType": "image/jpeg", "buffer": kept.getvalue()}


def logged_in(chromium: Browser, url: str, login: str, viewport: Any, locale: str) -> Page:
    """A browser of this person."""
    context: BrowserContext = chromium.new_context(viewport=viewport, locale=locale)
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto(f"{url}/login")
    page.locator("#login").fill(login)
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/login" not in address)
    return page


def looked_at(page: Page, name: str, *, by_axe: bool = True) -> None:
    """axe finds nothing, nothing hangs over the edge; TORANGY_SHOTS keeps what was seen."""
    if by_axe:
        assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name
    if folder := os.environ.get("TORANGY_SHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def send(page: Page) -> None:
    """Three photographs, a PDF that is called one, and one that is too large."""
    pdf: FilePayload = {"name": "akt.jpg", "mimeType": "image/jpeg", "buffer": b"%PDF-1.7\n%%EOF"}
    huge: FilePayload = {"name": "film.jpg", "mimeType": "image/jpeg", "buffer": b"\0" * 2_000_001}
    looked_at(page, "pictures-empty-kk", by_axe=False)
    page.evaluate("document.querySelector('[data-pictures]').dataset.most = 2_000_000")  # 20 MB take their time
    page.locator("#pictures").set_input_files([*map(shore, range(3)), pdf, huge])
    page.locator("[data-pictures] button.btn-big").click()
    lines = page.locator("[data-list] li")
    expect(lines).to_have_count(5)
    expect(page.locator("[data-list] li[data-tone=ok]")).to_have_count(3, timeout=30_000)
    expect(page.locator("[data-list] li[data-tone=stop]")).to_have_count(2, timeout=30_000)
    expect(lines.nth(4).locator(".why")).to_contain_text("20")
    looked_at(page, "pictures-sent-kk")
    page.locator("[data-next]").click()
    expect(page.locator(".photo-grid li")).to_have_count(3)


def describe(page: Page) -> None:
    """All three at once: who is on them, after the list was read."""
    for box in page.locator(".photo-grid input[name=picture]").all():
        box.check()
    page.locator("details summary").last.click()
    page.locator("input[name=shows][value=agreed]").check()
    for code, text in ALT.items():
        page.locator(f"#alt-{code}").fill(text)
    page.locator("details button").click()
    expect(page.locator(".wrong")).to_be_visible()
    page.locator("#read_refusals").check()
    looked_at(page, "pictures-describing-kk")
    page.locator("details button").click()
    expect(page.locator(".flash").first).to_be_visible()


def publish(page: Page) -> None:
    """The second person: one large, then all."""
    looked_at(page, "pictures-to-look-at-ru", by_axe=False)
    page.locator(".photo-grid a").first.click()
    expect(page.locator(".one-picture img")).to_be_visible()
    looked_at(page, "picture-one-ru")
    page.locator("form[action$=publication] button").click()
    for box in page.locator(".photo-grid input[name=picture]").all():
        box.check()
    page.locator("button[formaction$=publication]").click()
    expect(page.locator(".photo-grid .chip-ok")).to_have_count(3)
    page.wait_for_load_state()
    looked_at(page, "pictures-published-ru", by_axe=False)


def test_an_afternoon_of_pictures(app: Flask, server: Server, chromium: Browser):
    with_password(factories.coordinator("balkhash", language="kk"), "aigul@torangy.example")
    marat = factories.employee("Оспанов", "Марат", language="ru")
    factories.account(marat, "coordinator", city="balkhash")
    with_password(marat, "marat@torangy.example")
    nurlan = factories.employee(language="ru")
    factories.account(nurlan)
    with_password(nurlan, "nurlan@torangy.example")
    event = factories.event(starts_at=clock.now() - timedelta(days=2), audience="families")
    dina = factories.child(nurlan)
    for person in (nurlan, dina):
        factories.place(event, person)
    factories.consent(event, factories.child(nurlan, "Ерке"), nurlan, "photo")

    address = f"{server.url}/events/{event.id}/pictures"
    aigul = logged_in(chromium, server.url, "aigul@torangy.example", PHONE, "kk-KZ")
    aigul.goto(address)
    expect(aigul.locator(".hidden-people")).to_contain_text("Дина")
    send(aigul)
    describe(aigul)
    second = logged_in(chromium, server.url, "marat@torangy.example", DESK, "ru-RU")
    second.goto(address)
    publish(second)
    db.session.remove()
    assert all(picture.is_published for picture in db.session.scalars(select(Picture)))
    kept = open_store(app.config["TORANGY"]).read(db.session.scalars(select(Picture.large_key)).first() or "")
    assert not Image.open(io.BytesIO(kept)).getexif()

    album = f"{server.url}/events/{event.id}/album"
    visitor = chromium.new_context(viewport=PHONE, locale="kk-KZ").new_page()
    visitor.goto(album)
    expect(visitor.locator(".photos img")).to_have_count(3)
    expect(visitor.locator(".photos img").first).to_have_attribute("alt", ALT["kk"])
    looked_at(visitor, "album-kk")
    own = logged_in(chromium, server.url, "nurlan@torangy.example", PHONE, "ru-RU")
    own.goto(f"{server.url}/my/pictures")
    looked_at(own, "mine-ru")
    own.locator("main form button").first.click()
    expect(own.locator(".flash")).to_be_visible()
    visitor.reload()
    expect(visitor.locator(".photos img")).to_have_count(0)
    second.goto(address)
    looked_at(second, "pictures-objected-ru")
    second.locator(".photo-grid a").first.click()
    expect(second.locator(".one-picture img")).to_be_visible()
    looked_at(second, "picture-objected-ru", by_axe=False)
    for page in (aigul, second, visitor, own):
        page.context.close()


def test_without_scripts_the_form_sends_them_all(server: Server, chromium: Browser):
    with_password(factories.coordinator("balkhash", language="ru"), "aigul@torangy.example")
    event = factories.event(starts_at=clock.now() - timedelta(days=2))
    context = chromium.new_context(viewport=PHONE, locale="ru-RU", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{server.url}/login")
    page.locator("#login").fill("aigul@torangy.example")
    page.locator("#password").fill(PASSWORD)
    page.locator("#password").press("Enter")
    page.goto(f"{server.url}/events/{event.id}/pictures")
    files: list[FilePayload] = [
        {"name": f"{n}.jpg", "mimeType": "image/jpeg", "buffer": photo(colour=(n, n, n))} for n in (40, 160)
    ]
    page.locator("#pictures").set_input_files(files)
    page.locator("[data-pictures] button.btn-big").click()
    expect(page.locator(".photo-grid li")).to_have_count(2)
    context.close()
