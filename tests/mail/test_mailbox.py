"""The mailbox of the demo: catches over SMTP in a process of its own, shows letters that can do nothing."""

import os
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.mail.letters import Address, Letter, message
from app.mail.mailbox import FILE
from config import Settings
from tests.mail.sink import SINK_PORTS

ROOT = Path(__file__).resolve().parents[2]
MAILBOX = """
import sys
from pathlib import Path
from app.mail.mailbox import run
from tests.conftest import test_settings
run(test_settings(Path(sys.argv[1]), MAIL_PORT=sys.argv[2]))
"""
LETTER = Letter(
    message_id="1@torangy.example",
    sender=Address("Torangy", "torangy@torangy.example"),
    reply_to=Address("", "torangy@torangy.example"),
    recipient=Address("Нұрлан", "nurlan@torangy.example"),
    subject="Тіркелдіңіз: Дина",
    text="Билет: https://torangy.example/my\n",
    html="<html><head></head><body><script>alert(1)</script>Сәлем</body></html>".encode(),
    date=datetime(2030, 5, 1, 6, tzinfo=UTC),
    calendar=b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
)

pytestmark = pytest.mark.slow


@pytest.fixture
def demo(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """The app as a demo on this machine, its mailbox empty."""
    settings = replace(app.config["TORANGY"], demo=True, embedded_mailbox=True)
    monkeypatch.setitem(app.config, "TORANGY", settings)
    yield settings
    (settings.instance / FILE).unlink(missing_ok=True)


@pytest.fixture
def caught(demo: Settings) -> Iterator[None]:
    """One letter, caught by a mailbox process that ends cleanly."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    SINK_PORTS.add(port)
    command = [sys.executable, "-c", MAILBOX, str(demo.instance), str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
    try:
        with connected(port) as line:
            line.sendmail("torangy@torangy.example", ["nurlan@torangy.example"], message(LETTER))
        process.terminate()
        assert process.wait(timeout=10) == 0
        yield
    finally:
        process.kill()
        process.wait()


def connected(port: int) -> smtplib.SMTP:
    deadline = time.monotonic() + 15
    while True:
        try:
            return smtplib.SMTP("127.0.0.1", port, timeout=5)
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def test_a_caught_letter_is_listed_and_read(client: FlaskClient, caught: None) -> None:
    page = client.get("/mailbox").text
    assert "Тіркелдіңіз: Дина" in page and "nurlan@torangy.example" in page
    assert "Дина" not in client.get("/mailbox?to=stan").text
    letter = client.get("/mailbox/1")
    assert "https://torangy.example/my" in letter.text
    assert "<script>alert" not in letter.text and "sandbox=" in letter.text
    ics = client.get("/mailbox/1/attachments/0")
    assert ics.data == LETTER.calendar
    assert ics.headers["Content-Disposition"] == "attachment; filename=event.ics"


def test_its_html_can_do_nothing(client: FlaskClient, caught: None) -> None:
    frame = client.get("/mailbox/1/html")
    policy = frame.headers["Content-Security-Policy"]
    assert "sandbox allow-popups" in policy and "default-src 'none'" in policy
    assert "allow-scripts" not in policy and "allow-same-origin" not in policy
    assert "Сәлем" in frame.text and '<base target="_blank">' in frame.text


def test_what_was_never_caught_is_not_found(client: FlaskClient, caught: None) -> None:
    for path in ("/mailbox/2", "/mailbox/2/html", "/mailbox/1/attachments/7"):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "changes", [{"demo": False}, {"embedded_mailbox": False}, {"base_url": "https://events.torangy.example"}]
)
def test_the_mailbox_exists_only_in_a_demo_on_this_machine(
    app: Flask, client: FlaskClient, demo: Settings, monkeypatch: pytest.MonkeyPatch, changes: dict[str, object]
) -> None:
    assert client.get("/mailbox").status_code == 200
    assert client.get("/mailbox", environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 404
    monkeypatch.setitem(app.config, "TORANGY", replace(demo, **changes))  # type: ignore[arg-type]
    for path in ("/mailbox", "/mailbox/1", "/mailbox/1/html", "/mailbox/1/attachments/0"):
        assert client.get(path).status_code == 404
