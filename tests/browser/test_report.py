"""The report on a phone of 390 pixels, in Kazakh: from the public page to the entries of one figure. axe looks on."""

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import Site
from tests.browser.test_money import Books

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_from_the_public_page_to_the_entries_of_a_figure(phone: BrowserContext, demo_site: Site) -> None:
    reader = Books(phone, demo_site)
    page = reader.page
    reader.open("/impact")
    reader.press(page.locator("main a[href^='/impact/report']"))
    assert page.locator("svg.chart").count() == page.locator("details.figures").count() > 3, "a table beneath each"

    page.locator("#f-city").select_option("balkhash")
    page.wait_for_url("**city=balkhash**")
    reader.look()
    for table in page.locator("details.figures summary").all():
        table.click()
    reader.look()

    figure = page.locator("a[href*='of=waste_removed']").first
    told = figure.inner_text().split("\u00a0")[0]
    reader.press(figure)
    expect(page.locator("tfoot")).to_contain_text(told)
    reader.press(page.locator("tbody th a"))
    assert page.url.endswith("/outcomes")

    page.emulate_media(color_scheme="dark")
    reader.open("/impact/report/standards")
    paper = phone.request.get(f"{demo_site.url}/impact/report.pdf?year=2023")
    assert paper.headers["content-type"] == "application/pdf"
