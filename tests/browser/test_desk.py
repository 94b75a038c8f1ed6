"""The coordinator's desk in a real browser: every page of it and of mail under axe, and one day's work by the keyboard.

Aigul reads Kazakh on a phone of 390 pixels and Russian on a screen of 1280; one login and one context for each.
"""

import json
import sqlite3
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from app.mail.unsubscribing import token_of
from tests.browser.conftest import Site, assert_accessible

pytestmark = [pytest.mark.browser, pytest.mark.slow]
FAR = 90
WORDS = {
    "kk": {"publish": "Жариялау", "place": "Барлығын орналастыру", "move": "Ауыстыру"},
    "ru": {"publish": "Опубликовать", "place": "Распределить всех", "move": "Перевести"},
}
PLAIN = ("/events/new", "/events/new?start=other", "/planning/calendar", "/planning/season", "/me/delegation")
MAIL = (
    "/mail", "/mail/letters", "/mail/letters/reminders/digest", "/suppressions", "/people/{person}/mails",
    "/mails/{mail}", "/mails/{mail}/letter", "/me/letters", "/me/calendar", "/mail/unsubscriptions/{reader}",
    "/mail/preferences/{reader}", "/cant-come/{leaver}",
)  # fmt: skip
ELSEWHERE = ("/overview", "/search?q=%D0%9A%D0%B8%D0%BC", "/people/{person}/history", "/people/{person}/skills")
OF_EVENT = (
    "", "/clone", "/series", "/checklist", "/questions", "/trip", "/stops", "/hosts", "/lunch", "/shifts",
    "/sections", "/needs", "/duties", "/tasks", "/groups", "/groups/{group}", "/groups/lists", "/buses",
    "/buses/{bus}", "/buses/lists", "/departure", "/departure/weather", "/change?to=move", "/change?to=postpone",
    "/change?to=cancel", "/roster", "/roster?status=waiting", "/roster/{place}", "/roster/{place}/swap", "/prints",
    "/history", "/helpers", "/mails", "/letters", "/letters/reminders/reminder", "/reminders", "/messages",
    "/messages/new", "/unreached", "/legs", "/conflicts", "/desk/devices", "/safety", "/incidents", "/day", "/hours",
    "/desk/typing",
)  # fmt: skip


class Desk:
    """Aigul, logged in once, in one language."""

    def __init__(self, page: Page, site: Site, language: str) -> None:
        self.page, self.site, self.language = page, site, language
        self.width = int((page.viewport_size or {"width": 0})["width"])
        page.goto(f"{site.url}/login")
        page.locator("#login").fill("aigul@torangy.example")
        page.locator("#password").fill("torangy-demo")
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "/login" not in url)
        self.read_in(language)

    def read_in(self, language: str) -> None:
        """Presses the language in the masthead, unless it is that one already."""
        if self.page.locator("html").get_attribute("lang") != language:
            self.page.goto(self.site.url)
            self.page.locator(f"form.langs button[value={language}]").click()
            expect(self.page.locator("html")).to_have_attribute("lang", language)

    def open(self, path: str) -> None:
        """Opens a page that must be there, and looks at it."""
        answer = self.page.goto(self.site.url + path)
        assert answer and answer.status == 200, f"{path}: {answer and answer.status}"
        self.look()

    def look(self) -> None:
        """axe finds nothing, nothing is wider than the screen, the language is hers."""
        assert_accessible(self.page)
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= self.width, f"{self.page.url} is {wide} pixels wide"
        assert self.page.locator("html").get_attribute("lang") == self.language

    def tab_to(self, selector: str) -> None:
        """Tab after Tab until the focus is there."""
        for _ in range(FAR):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
                return
        raise AssertionError(f"{selector} is not reached by Tab on {self.page.url}")


@pytest.fixture(params=[("kk", 390), ("ru", 1280)], ids=["kk-390", "ru-1280"])
def desk(request: pytest.FixtureRequest, chromium: Browser, demo_site: Site) -> Iterator[Desk]:
    """Aigul at her desk; her language is Kazakh again afterwards."""
    language, width = request.param
    context = chromium.new_context(viewport={"width": width, "height": 844}, locale=language)
    context.set_default_timeout(10_000)
    found = Desk(context.new_page(), demo_site, language)
    yield found
    found.read_in("kk")
    context.close()


def ids(site: Site, slug: str) -> dict[str, str]:
    """An event of the demo, with one of each of its things."""
    with sqlite3.connect(site.folder / "torangy.sqlite3") as rows:
        event = rows.execute("SELECT id FROM events WHERE slug = ?", (f"sample-{slug}",)).fetchone()[0]
        place, person = rows.execute(
            "SELECT id, person_id FROM places WHERE event_id = ? AND status = 'confirmed'", (event,)
        ).fetchone()
        first = {
            name: (rows.execute(f"SELECT id FROM {table} WHERE event_id = ?", (event,)).fetchone() or [""])[0]
            for name, table in (("group", "groups"), ("bus", "buses"))
        }
    return {"event": event, "place": place, "person": person, **first}


def letters(site: Site) -> dict[str, str]:
    """A letter of the demo, and the links that it and others hold."""
    with sqlite3.connect(site.folder / "torangy.sqlite3") as rows:
        confirmed = "SELECT id, context FROM mails WHERE template = 'signups/confirmed'"
        mail, said = rows.execute(confirmed).fetchone()
        rows.execute(
            "INSERT OR IGNORE INTO mail_suppressions (id, address, reason, kind, since) SELECT 'one-of-them',"
            " lower(email), 'bounced', '', '2026-10-01 00:00:00.000000'"
            " FROM people WHERE city = 'balkhash' AND email LIKE '%.100%'"
        )
    leaver = json.loads(said)["cant_come_url"].rpartition("/")[2]
    reader = token_of("nurlan@torangy.example", secret=(site.folder / "secret_key").read_text().strip())
    return {"mail": mail, "leaver": leaver, "reader": reader}


def test_every_page_of_the_desk_is_accessible(desk: Desk):
    found = ids(desk.site, "coast-balkhash") | letters(desk.site)
    for path in (*PLAIN, *ELSEWHERE, *MAIL, *(f"/events/{{event}}{part}" for part in OF_EVENT)):
        desk.open(path.format(**found))
    expect(desk.page.locator("main")).to_be_visible()


def test_a_day_is_planned_arranged_and_printed(desk: Desk):
    page, words = desk.page, WORDS[desk.language]
    desk.open("/events/new")
    page.locator("main a[href*='start=']").first.click()
    page.locator("#site_id").select_option(index=1)
    page.locator("#capacity").fill("20")
    page.locator("main .btn-primary").locator("visible=true").last.click()
    page.get_by_role("button", name=words["publish"], exact=True).click()
    desk.look()
    expect(page.locator("nav.desk-tabs a")).to_have_count(18)

    event = ids(desk.site, "family-day" if desk.language == "kk" else "museum")["event"]
    desk.open(f"/events/{event}/groups")
    arrange(desk, words)
    move_one(desk, words)
    page.locator("nav.desk-tabs a[href$='/departure']").click()
    desk.look()
    expect(page.locator(".verdict").first).to_be_visible()
    page.locator("nav.desk-tabs a[href$='/prints']").click()
    desk.look()
    expect(page.locator("nav.desk-tabs [aria-current=page]")).to_have_attribute("href", f"/events/{event}/prints")
    expect(page.locator("nav.desk-tabs [aria-current=page]")).to_be_in_viewport(ratio=0.9)
    expect(page.locator("main .rows li").first).to_be_visible()


def arrange(desk: Desk, words: dict[str, str]) -> None:
    """Four groups, and one press that fills them; no mouse."""
    page = desk.page
    desk.tab_to("#count")
    page.keyboard.type("4")
    page.keyboard.press("Tab")
    page.keyboard.type("30")
    page.keyboard.press("Enter")
    expect(page.locator(".board-card")).to_have_count(5)
    desk.tab_to("form[action$='/arrangement'] button")
    expect(page.locator(":focus")).to_have_text(words["place"])
    page.keyboard.press("Enter")
    expect(page.locator("#c-nowhere input[name=place]")).to_have_count(0)
    desk.look()


def move_one(desk: Desk, words: dict[str, str]) -> None:
    """The first of the first group goes to nobody's card, by Space and Enter."""
    page = desk.page
    desk.tab_to(".board-card input[name=place]")
    page.keyboard.press("Space")
    page.locator("#to").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text(words["move"])
    page.keyboard.press("Enter")
    expect(page.locator("#c-nowhere input[name=place]").first).to_be_visible()
    desk.look()
