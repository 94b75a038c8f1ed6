"""A real Chromium on a real server with its worker, mailbox and database: nothing is replaced."""

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from bench.server import ROOT, free_port

AXE = (Path(__file__).parent / "axe.min.js").read_text()
CHROMIUM = next((path for name in ("chromium", "chromium-browser") if (path := shutil.which(name))), None)
RUN_AXE = "axe.run(document, {resultTypes: ['violations']}).then((found) => found.violations)"
PATIENCE = 180  # seconds
# evaluate() has no time limit of its own: whatever waits for a promise races against this.
TOO_LATE = "new Promise((_, no) => setTimeout(() => no(new Error('axe has not answered in 60 seconds')), 60000))"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


@dataclass(frozen=True)
class Site:
    """A running Torangy: its address and its folder."""

    url: str
    folder: Path


@contextmanager
def running_demo(folder: Path) -> Iterator[Site]:
    """Torangy as `python3 run.py` starts it: demo data, web, worker, mailbox."""
    port = free_port()
    environ = {**os.environ, "TORANGY_INSTANCE": str(folder), "PORT": str(port), "TORANGY_DEMO": "1"}
    for name in ("MAIL_SERVER", "DATABASE_URL", "BASE_URL", "CI"):
        environ.pop(name, None)
    process = subprocess.Popen([sys.executable, "run.py"], cwd=ROOT, env=environ, start_new_session=True)
    url = f"http://localhost:{port}"
    try:
        _wait_for(url, process)
        yield Site(url, folder)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


@pytest.fixture(scope="session")
def demo_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One demo for all tests."""
    with running_demo(tmp_path_factory.mktemp("demo")) as site:
        yield site


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    with sync_playwright() as playwright:
        browser = launched(playwright)
        yield browser
        browser.close()


@pytest.fixture
def phone(chromium: Browser) -> Iterator[BrowserContext]:
    """A phone of 390 pixels that reads Kazakh."""
    context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="kk-KZ")
    context.set_default_timeout(10_000)
    yield context
    context.close()


def assert_accessible(page: Page) -> None:
    """axe finds nothing on this page."""
    page.evaluate(AXE)
    found = page.evaluate(f"Promise.race([{RUN_AXE}, {TOO_LATE}])")
    lines = [f"{v['id']}: {v['help']}: {[node['html'][:160] for node in v['nodes']][:3]}" for v in found]
    assert not lines, f"{page.url}\n" + "\n".join(lines)


def launched(playwright: Playwright) -> Browser:
    """Debian's Chromium, headless."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)


def _wait_for(url: str, process: "subprocess.Popen[bytes]") -> None:
    """Three of them fill their demo at once where tests run side by side, on two cores that others use too."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"run.py stopped with {process.returncode}")
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the site does not answer")
