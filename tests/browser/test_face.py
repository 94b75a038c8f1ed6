"""The public page in a real browser: its policy forbids nothing of it, axe finds nothing, frames are where they may."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Site, assert_accessible

pytestmark = pytest.mark.browser


@contextmanager
def company_site(framed: str) -> Iterator[str]:
    """Another site, with this in a frame; its address."""
    body = f'<!doctype html><title>Company</title><iframe src="{framed}" title="Torangy"></iframe>'.encode()

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = HTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def test_anybody_reads_the_story_and_no_strange_site_frames_it(demo_site: Site, chromium: Browser) -> None:
    for width, language in ((390, "kk"), (1280, "ru")):
        context = chromium.new_context(viewport={"width": width, "height": 900})
        page, said = context.new_page(), []
        page.on("console", lambda message, said=said: said.append(message.text))
        page.goto(f"{demo_site.url}/impact?lang={language}")
        assert page.locator("html").get_attribute("lang") == language
        assert page.locator('script[type="application/ld+json"]').count() == 1
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert_accessible(page)
        assert said == [], "the policy found nothing to forbid, the data block neither"
        context.close()
    page = chromium.new_page()
    page.goto(f"{demo_site.url}/impact?lang=en")
    assert page.get_by_role("heading", name="Clean Coast 2023").count() >= 1
    page.get_by_text("One programme, city or year").click()
    with page.expect_navigation():
        page.locator("#f-programme").select_option("landscaping")
    assert "programme=landscaping" in page.url
    assert "12\u00a0850" in page.locator("dl.stats").inner_text()
    page.locator('.langs button[value="ru"]').click()
    page.wait_for_url("**/impact?programme=landscaping")
    assert page.locator("html").get_attribute("lang") == "ru", "the language chosen wins over that of the address"
    page.goto(f"{demo_site.url}/impact/embed?lang=kk")
    assert_accessible(page)
    page.close()


def test_a_strange_site_sees_neither_page_nor_figures_in_its_frame(demo_site: Site, chromium: Browser) -> None:
    for path in ("/impact/embed", "/impact", "/"):
        with company_site(demo_site.url + path) as address:
            page, said = chromium.new_page(), []
            page.on("console", lambda message, said=said: said.append(message.text))
            page.goto(address)
            assert any("frame-ancestors" in text for text in said), path
            page.close()
