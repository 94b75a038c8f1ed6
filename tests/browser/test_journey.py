"""One event from plan to report, on a phone of 390 pixels, in Kazakh: what a person who has never seen it does.

Aigul plans a cleanup with families, Nurlan signs himself and Dina up, gets the letter, is let in by his ticket, gets
a T-shirt, and the tonnes appear in the report. axe looks at every page on the way.
"""

import re
from datetime import date, timedelta
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Site, assert_accessible

pytestmark = [pytest.mark.browser, pytest.mark.slow]
HR = Path(__file__).resolve().parents[2] / "app" / "demo" / "data" / "hr"
PASSWORD = "torangy-demo"
TITLE = "Жағалауды бірге тазалаймыз"
DAY = date.today() + timedelta(days=40)


class Journey:
    """A person with a phone."""

    def __init__(self, context: BrowserContext, site: Site) -> None:
        self.page: Page = context.new_page()
        self.site = site
        self.steps = count(1)

    def open(self, path: str) -> None:
        """Opens a page and lets axe look at it."""
        self.page.goto(self.site.url + path)
        self.look()

    def look(self) -> None:
        """axe finds nothing, nothing is wider than the phone, the page is in Kazakh."""
        assert_accessible(self.page)
        width = self.page.evaluate("document.documentElement.scrollWidth")
        assert width <= 390, f"{self.page.url} is {width} pixels wide"
        assert self.page.locator("html").get_attribute("lang") == "kk"

    def press(self, name: str) -> None:
        """Presses the button or link of this name, below the masthead."""
        main = self.page.locator("main")
        button = main.get_by_role("button", name=name, exact=True).or_(main.get_by_role("link", name=name, exact=True))
        button.locator("visible=true").first.click()
        self.page.wait_for_load_state()
        self.look()

    def save(self) -> None:
        """Presses the one copper button of the page."""
        self.page.locator("main .btn-primary").locator("visible=true").last.click()
        self.page.wait_for_load_state()
        self.look()

    def log_in(self, login: str) -> None:
        """Logs in with the demo's password."""
        self.open("/login")
        self.page.locator("#login").fill(login)
        self.page.locator("#password").fill(PASSWORD)
        self.press("Кіру")
        assert "/login" not in self.page.url


def test_one_event_from_plan_to_report(phone: BrowserContext, chromium: Browser, demo_site: Site):
    aigul = Journey(phone, demo_site)
    aigul.open("/")
    aigul.log_in("aigul@torangy.example")
    event = plan(aigul)
    give_a_tshirt(aigul, event)

    own_phone = chromium.new_context(viewport={"width": 390, "height": 844}, locale="kk-KZ")
    nurlan = Journey(own_phone, demo_site)
    ticket = sign_up(nurlan, event)
    read_the_letter(nurlan)

    mark_present(aigul, event, ticket)
    record_the_outcome(aigul, event)
    report = nurlan.page
    nurlan.open("/impact")
    expect(report.locator("main")).to_contain_text("123")
    own_phone.close()


def plan(aigul: Journey) -> str:
    """Three minutes of planning: title, day, families, seats; then publish. Returns the event's address."""
    page = aigul.page
    aigul.open("/events/new?start=other")
    page.locator("#title-kk").fill(TITLE)
    page.locator("#programme_id").select_option(index=1)
    place = page.locator("#site_id option", has_text="Балқаш қаласының жағалауы")
    page.locator("#site_id").select_option(value=place.first.get_attribute("value"))
    page.locator("#day").fill(DAY.strftime("%d.%m.%Y"))
    page.locator("#audience").select_option(value="families")
    page.locator("#capacity").fill("20")
    aigul.save()
    expect(page.locator("h1")).to_contain_text(TITLE)
    aigul.press("Жариялау")
    return page.url.removeprefix(aigul.site.url).split("?")[0].split("#")[0]


def give_a_tshirt(aigul: Journey, event: str) -> None:
    """The event gives a T-shirt to everybody who comes."""
    aigul.open(f"{event}/gifts")
    gifts = aigul.page.locator("[id^=items-]")  # what is only lent stands beside it
    gifts.and_(aigul.page.get_by_role("checkbox", name=re.compile("футболка", re.IGNORECASE))).check()
    aigul.save()


def sign_up(nurlan: Journey, event: str) -> str:
    """Looks without a login, logs in, three taps: Dina, her consent, the button. Returns Nurlan's ticket."""
    page = nurlan.page
    nurlan.open(event)
    nurlan.press("Кіріп, тіркелу")
    page.locator("#login").fill("nurlan@torangy.example")
    page.locator("#password").fill(PASSWORD)
    nurlan.press("Кіру")
    expect(page).to_have_url(nurlan.site.url + event)
    page.get_by_role("checkbox", name="Дина").first.check()
    consent = page.get_by_role("checkbox", name=re.compile("Дина.*келісім беремін"))
    expect(consent).not_to_be_checked()
    nurlan.press("Тіркелу")
    expect(page.locator(".is-wrong .wrong")).to_contain_text("Дина")
    consent.check()
    nurlan.press("Тіркелу")
    expect(page.locator(".flash").first).to_contain_text("Тіркелдіңіз")
    article = page.locator("article.ticket").filter(has_text=TITLE)
    article.locator(".tabs a").first.click()
    return article.locator(".ticket-code:visible .code").first.inner_text()


def read_the_letter(nurlan: Journey) -> None:
    """The worker sends it, the demo's mailbox caught it."""
    page = nurlan.page
    letter = page.get_by_role("link", name=re.compile(TITLE))
    for _ in range(40):
        page.goto(f"{nurlan.site.url}/mailbox?to=nurlan")
        if letter.count():
            break
        page.wait_for_timeout(500)
    nurlan.look()
    letter.first.click()
    nurlan.look()
    expect(page.locator("main")).to_contain_text("nurlan@torangy.example")


def mark_present(aigul: Journey, event: str, ticket: str) -> None:
    """By the ticket at the door, then the T-shirt; the second time the same ticket is told so."""
    page = aigul.page
    aigul.open(f"{event}/roster")
    page.locator("#ticket").fill(ticket)
    page.locator("#door button").first.click()
    expect(page.locator("#door .verdict-go")).to_contain_text("Нұрлан")
    aigul.look()
    page.locator("#door form.give select").first.select_option("M")
    page.locator("#door form.give button").first.click()
    expect(page.locator("#door form.give")).to_have_count(0)
    aigul.look()
    page.locator("#ticket").fill(ticket)
    page.locator("#door button").first.click()
    expect(page.locator(".flash-stop, .verdict-no, .wrong").first).to_be_visible()
    aigul.open("/gifts")


def record_the_outcome(aigul: Journey, event: str) -> None:
    """43 tonnes, weighed."""
    page = aigul.page
    aigul.open(f"{event}/outcomes")
    page.locator(f"main a[href='{event}/outcomes/new']").click()
    page.locator("main a[href$='metric=waste_removed']").click()
    aigul.look()
    page.locator("#quantity").fill("43")
    page.locator("[name=unit][value=t]").check()
    page.locator("#method").select_option(value="weighed")
    aigul.save()
    expect(page.locator("main")).to_contain_text("43")


@pytest.mark.parametrize("path", ["/", "/events/past", "/impact", "/login", "/password/forgotten", "/activation"])
def test_pages_for_strangers_are_accessible(path: str, phone: BrowserContext, demo_site: Site):
    Journey(phone, demo_site).open(path)


def test_aigul_tries_a_file_of_people(phone: BrowserContext, demo_site: Site):
    aigul = Journey(phone, demo_site)
    aigul.log_in("aigul@torangy.example")
    aigul.open("/people")
    aigul.open("/people/imports/new")
    page = aigul.page
    page.locator("#file").set_input_files(HR / "employees-balkhash.xlsx")
    page.locator("#kind").select_option(value="employees")
    page.locator("#city").select_option(value="balkhash")
    aigul.save()
    expect(page.locator("main")).to_contain_text("596", timeout=20_000)
    aigul.look()
    for path in ("/planning", "/mail", "/programmes", "/sites", "/me"):
        aigul.open(path)


def test_a_colleague_without_a_mailbox_makes_a_login_by_a_printed_slip(
    phone: BrowserContext, chromium: Browser, demo_site: Site
):
    aigul = Journey(phone, demo_site)
    aigul.log_in("aigul@torangy.example")
    aigul.open("/people?q=100002")
    aigul.page.locator("main table a").first.click()
    aigul.look()
    aigul.page.locator('form[action$="/slip"] button').click()
    aigul.look()
    code = aigul.page.locator("dd.code").first.inner_text()

    own_phone = chromium.new_context(viewport={"width": 390, "height": 844}, locale="kk-KZ")
    gulnar = Journey(own_phone, demo_site)
    gulnar.open("/activation")
    gulnar.page.locator("#number").fill("100002")
    gulnar.page.locator("#code").fill(code.lower())
    for field in ("#password", "#again"):
        gulnar.page.locator(field).fill("жағалаудағы тораңғы")
    gulnar.save()
    gulnar.open("/my")
    expect(gulnar.page.locator("footer")).to_contain_text("Үсенова")
    own_phone.close()
