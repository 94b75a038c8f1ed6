"""Takes the guides' pictures anew from the demo: `.venv/bin/python docs/pictures.py`.

Chromium is there after `python3 run.py test`. The coordinators' guide speaks English, the employees' three languages.
"""

import io
import sqlite3
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from PIL import Image

sys.path.insert(0, str(Path(__file__).parent.parent))

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import Site, launched, running_demo

FOLDER = Path(__file__).parent / "pictures"
DESK = {
    "calendar": "/planning/calendar?month={month}",
    "trip": "/events/{smelter_balkhash}/trip",
    "duties": "/events/{coast_balkhash}/duties",
    "groups": "/events/{coast_balkhash}/groups",
    "departure": "/events/{smelter_balkhash}/departure",
    "change": "/events/{coast_balkhash}/change?to=move&day={other_day}&starts_at=10:00&ends_at=14:00&site_id={site}",
    "roster": "/events/{coast_balkhash}/roster",
    "history": "/events/{coast_balkhash}/history",
}
FAMILY = {"sign-up": "/events/{smelter_balkhash}", "mine": "/my"}
BELOW = {"change": "section.notice", "groups": "#whom, .board-card"}  # what the picture is about, if not the top
COLOURS = 128


def main() -> None:
    """Eight of the desk in English, two of a phone in each of three languages."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, running_demo(Path(folder)) as site, sync_playwright() as playwright:
        browser, ids = launched(playwright), events_of(site)
        take(browser, site, "aigul", "en", (1280, 800), {name: path.format(**ids) for name, path in DESK.items()})
        for language in ("kk", "ru", "en"):
            paths = {f"{name}-{language}": path.format(**ids) for name, path in FAMILY.items()}
            take(browser, site, "nurlan", language, (390, 780), paths)


def events_of(site: Site) -> dict[str, str]:
    """The ids of the demo's events by the words after `sample-`, and what the coast's day is moved to."""
    with sqlite3.connect(site.folder / "torangy.sqlite3") as rows:
        found = rows.execute("SELECT slug, id, site_id, starts_at FROM events WHERE slug LIKE 'sample-%'").fetchall()
    ids = {slug.removeprefix("sample-").replace("-", "_"): event_id for slug, event_id, *_ in found}
    place, begins = next(
        (row[2], date.fromisoformat(row[3][:10])) for row in found if row[0] == "sample-coast-balkhash"
    )
    return {**ids, "site": place, "month": f"{begins:%Y-%m}", "other_day": f"{begins + timedelta(days=7):%d.%m.%Y}"}


def take(browser: Browser, site: Site, who: str, language: str, size: tuple[int, int], paths: dict[str, str]) -> None:
    """Logs in, reads in that language, keeps one picture of each page."""
    page = browser.new_context(viewport={"width": size[0], "height": size[1]}).new_page()
    log_in(page, site, who, language)
    for name, path in paths.items():
        page.goto(site.url + path)
        if name in BELOW:
            page.locator(BELOW[name]).first.evaluate("part => part.scrollIntoView()")
        keep(name, page.screenshot())
    page.context.close()


def log_in(page: Page, site: Site, who: str, language: str) -> None:
    """As a person does it, and the language by its button."""
    page.goto(f"{site.url}/login")
    page.locator("#login").fill(f"{who}@torangy.example")
    page.locator("#password").fill("torangy-demo")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)
    button = page.locator(f"form.langs button[value={language}]")
    if page.locator("html").get_attribute("lang") != language:
        button.click()


def keep(name: str, png: bytes) -> None:
    """Calm pages need few colours: a third of the bytes, and nobody sees a difference."""
    picture: Any = Image.open(io.BytesIO(png)).convert("RGB")
    picture.quantize(COLOURS).save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
