"""Money on a phone of 390 pixels, in Kazakh: a slip that is asked about, an invoice, a correction, a file, the plan of
a half-year. axe looks at every page on the way."""

import io

import pytest
import xlsxwriter
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.conftest import Site, assert_accessible

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PDF = b"%PDF-1.7\n1 0 obj\nendobj\ntrailer\n%%EOF\n"


class Books:
    """Aigul's phone, logged in."""

    def __init__(self, context: BrowserContext, site: Site) -> None:
        self.page: Page = context.new_page()
        self.site = site
        self.page.goto(f"{site.url}/login")
        self.page.locator("#login").fill("aigul@torangy.example")
        self.page.locator("#password").fill("torangy-demo")
        self.page.locator("main .btn-primary").click()
        self.page.wait_for_url(lambda url: "/login" not in url)

    def open(self, path: str) -> None:
        """Opens a page and looks at it."""
        self.page.goto(self.site.url + path)
        self.look()

    def look(self) -> None:
        """axe finds nothing, and nothing is wider than the phone."""
        assert_accessible(self.page)
        width = self.page.evaluate("document.documentElement.scrollWidth")
        assert width <= 390, f"{self.page.url} is {width} pixels wide"

    def press(self, button: Locator) -> None:
        """Presses it and looks at the page that follows."""
        button.first.click()
        self.page.wait_for_load_state()
        self.look()


def sheet(programme: str) -> bytes:
    """Two lines, one of an unknown category."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ("Бағдарлама", "Күйі", "Сома", "Не үшін"))
        page.write_row(1, 0, (programme, "Жоспар", 420, "Көлік"))
        page.write_row(2, 0, (programme, "Жоспар", 420, "Шарап"))
    return file.getvalue()


def test_money_from_a_slip_to_the_plan_of_the_half_year(phone: BrowserContext, demo_site: Site) -> None:
    books = Books(phone, demo_site)
    page = books.page
    books.open("/money")
    programme = page.locator("tbody th a").first
    name = programme.inner_text()
    books.press(programme)
    books.press(page.locator(".actions a[href$='/expenses']"))

    page.locator("#amount_tenge").fill("300")
    page.locator("input[name=unit][value=tenge]").check()
    expect(page.locator("#full-sum")).to_contain_text("300")
    page.locator("#category").select_option("transport")
    books.press(page.locator("form.panel .btn-primary"))
    expect(page.locator("button[name=meant]")).to_have_attribute("value", "300000")
    books.press(page.locator("button[name=meant]"))
    expect(page.locator("main")).to_contain_text("300\u00a0000")

    books.press(page.locator("table a[href*='/expenses/']").filter(has_text="Көлік"))
    entry = page.url
    page.locator("input[type=file]").set_input_files({"name": "шот.pdf", "mimeType": "text/plain", "buffer": PDF})
    books.press(page.locator("form[action$='/documents'] button"))
    expect(page.locator("a[href*='/expense-documents/']")).to_have_count(1)
    books.press(page.locator("a[href$='/correction']"))
    page.locator("#amount_tenge").fill("310000")
    books.press(page.locator("form.panel .btn-primary"))
    assert page.url != entry, "a correction is a new entry"
    expect(page.locator("a[href*='/expense-documents/']")).to_have_count(1)

    books.open("/money/files")
    page.locator("#file").set_input_files({"name": "жоспар.xlsx", "mimeType": "", "buffer": sheet(name)})
    page.locator("input[name=unit][value=thousand]").check()
    books.press(page.locator("form.panel .btn-primary"))
    expect(page.locator("tbody tr")).to_have_count(2)
    expect(page.locator("tbody")).to_contain_text("420\u00a0000")
    expect(page.locator("main .btn-primary")).to_have_count(0)

    books.open("/plan?half=2023-2")
    expect(page.locator("main table").first).to_be_visible()
