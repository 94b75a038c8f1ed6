"""What came of a day, on a phone: planned, written down with its proof, put right, told to whoever had the report."""

import io
import os
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import Site
from tests.browser.test_journey import Journey

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SHOTS = os.environ.get("TORANGY_SHOTS")


def shoot(someone: Journey, name: str) -> None:
    """Keeps what is seen, where somebody asks for it."""
    if SHOTS:
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        someone.page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def photo() -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (640, 480), "teal").save(kept, "JPEG")
    return kept.getvalue()


def test_aigul_tells_what_came_of_a_day_and_puts_a_slip_right(phone: BrowserContext, demo_site: Site):
    aigul = Journey(phone, demo_site)
    page = aigul.page
    aigul.log_in("aigul@torangy.example")
    aigul.open("/impact/metrics")
    shoot(aigul, "metrics")
    aigul.open("/impact/changes")
    page.locator("#name").fill("Директорлар кеңесі")
    aigul.save()
    aigul.open("/events/past")
    page.locator("main a[href^='/events/']").first.click()
    event = re.sub(r"^https?://[^/]+", "", page.url)
    aigul.open(f"{event}/outcomes/plan")
    page.locator("main a[href$='metric=waste_removed']").click()
    page.locator("#quantity").fill("50")
    aigul.save()
    aigul.open(f"{event}/outcomes/new")
    shoot(aigul, "choice")
    page.locator("main a[href$='metric=waste_removed']").click()
    page.locator("#quantity").fill("100 м³ + 3 т")
    page.locator("[name=unit][value=m3]").check()
    aigul.save()
    expect(page.locator("#quantity-e")).to_be_visible()
    shoot(aigul, "mixed")
    page.locator("#quantity").fill("100 м³")
    page.locator("#density").fill("0,25")
    page.locator("#said_by").fill("Сәкен, полигон")
    page.locator("#files").set_input_files({"name": "slip.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    page.locator("main .btn-primary").last.click()
    page.wait_for_load_state()
    shoot(aigul, "of-event")
    aigul.look()
    expect(page.locator("main")).to_contain_text("50")
    shoot(aigul, "of-event")
    page.locator("main a[href$='/correction']").last.click()
    page.locator("#density").fill("0,2")
    page.locator("#reason").fill("Таразы белгілі болды")
    shoot(aigul, "correction")
    aigul.save()
    page.locator("main li p a[href^='/outcomes/']").last.click()
    aigul.look()
    expect(page.locator("main")).to_contain_text("Таразы белгілі болды")
    expect(page.locator("main a[href^='/outcomes/proofs/']")).to_have_count(1)
    shoot(aigul, "entry")
    aigul.open("/impact/changes")
    expect(page.locator("main")).to_contain_text("20")
    shoot(aigul, "changes")
    page.set_viewport_size({"width": 1280, "height": 800})
    for name, path in (
        ("changes", "/impact/changes"),
        ("of-event", f"{event}/outcomes"),
        ("metrics", "/impact/metrics"),
    ):
        page.goto(demo_site.url + path)
        shoot(aigul, f"{name}-wide")
