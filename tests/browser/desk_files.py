"""The phone's modules in a real Chromium without a server: pure functions need no more than the files."""

import mimetypes
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Route

from bench.server import ROOT

HOST = "http://desk.test"


@contextmanager
def files_page(chromium: Browser) -> Iterator[Page]:
    """A page of that host, where /static/ is what stands in the tree and everything else is empty."""
    context = chromium.new_context()
    context.route("**/*", _answer)
    page = context.new_page()
    page.goto(f"{HOST}/")
    yield page
    context.close()


def _answer(route: Route) -> None:
    path = urlsplit(route.request.url).path
    found = Path(ROOT, path.lstrip("/"))
    if not route.request.url.startswith(HOST) or (path.startswith("/static/") and not found.is_file()):
        route.abort()
    elif path.startswith("/static/"):
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        route.fulfill(body=found.read_bytes(), content_type=kind)
    else:
        route.fulfill(body="<!doctype html><title>desk</title>", content_type="text/html")
