"""The mailbox of the demo: an SMTP server on the loopback that keeps what it gets, to be read in the browser.

Nothing leaves this machine. Whoever can open the page can read every letter, so it exists only for demo programmes
whose address is this machine alone.
"""

import asyncio
import base64
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP

from app import clock
from config import LOOPBACK, Settings

FILE = "mailbox.sqlite3"
LAST_NUMBER = 2**62  # what a SQLite file can hold, and more than anybody writes
TABLE = (
    "CREATE TABLE IF NOT EXISTS letters (id INTEGER PRIMARY KEY, received_at TEXT NOT NULL, sender TEXT NOT NULL,"
    " recipient TEXT NOT NULL, subject TEXT NOT NULL, raw BLOB NOT NULL)"
)
_OWN_BASE = b'<base target="_blank">'


@dataclass(frozen=True)
class Caught:
    """A letter in the list."""

    id: int
    received_at: datetime
    recipient: str
    subject: str


def is_open(settings: Settings, visitor: str | None) -> bool:
    """Whether the mailbox may be read: a demo, on this machine alone, by somebody who sits at it."""
    return settings.embedded_mailbox and settings.demo and settings.is_loopback and visitor in LOOPBACK


def run(settings: Settings) -> None:
    """Catches mail on the loopback until SIGTERM or SIGINT."""
    asyncio.run(_serve(settings))


def letters(settings: Settings, *, before: int | None = None, recipient: str = "", limit: int = 50) -> list[Caught]:
    """The newest first; `before` is the id where the last page ended."""
    query = (
        "SELECT id, received_at, recipient, subject FROM letters"
        " WHERE id < ? AND recipient LIKE ? ORDER BY id DESC LIMIT ?"
    )
    with _opened(settings.instance) as store:
        rows = store.execute(query, (min(before or LAST_NUMBER, LAST_NUMBER), f"%{recipient}%", limit)).fetchall()
    return [Caught(number, datetime.fromisoformat(at), to, subject) for number, at, to, subject in rows]


def letter(settings: Settings, number: int) -> EmailMessage | None:
    """One letter, parsed; None if there is none."""
    if number > LAST_NUMBER:
        return None
    with _opened(settings.instance) as store:
        row = store.execute("SELECT raw FROM letters WHERE id = ?", (number,)).fetchone()
    return _parsed(row[0]) if row else None


def text_of(message: EmailMessage) -> str:
    """The plain words of a letter."""
    part = message.get_body(("plain",))
    return str(part.get_content()) if part else ""


def html_of(message: EmailMessage) -> bytes | None:
    """The HTML of a letter with its pictures, its links told to open elsewhere than in the frame that shows it."""
    part = message.get_body(("html",))
    if part is None:
        return None
    page = str(part.get_content()).encode()
    for picture in (one for one in message.walk() if one["Content-ID"] and one.get_content_type() == "image/png"):
        address = b"data:image/png;base64," + base64.b64encode(_content(picture))
        page = page.replace(b"cid:" + str(picture["Content-ID"]).strip("<> ").encode(), address)
    head, mark, rest = page.partition(b"<head>")
    return head + mark + _OWN_BASE + rest if mark else _OWN_BASE + page


def attachments_of(message: EmailMessage) -> list[tuple[str, str, bytes]]:
    """Names, types and contents of what hangs on a letter."""
    return [
        (part.get_filename() or "file", part.get_content_type(), _content(part)) for part in message.iter_attachments()
    ]


class _Catcher:
    """What aiosmtpd calls with each letter."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        raw = envelope.original_content
        subject = str(_parsed(raw)["Subject"] or "")
        row = (clock.now().isoformat(), envelope.mail_from or "", ", ".join(envelope.rcpt_tos), subject, raw)
        with _opened(self.folder) as store:
            store.execute(
                "INSERT INTO letters (received_at, sender, recipient, subject, raw) VALUES (?, ?, ?, ?, ?)", row
            )
        return "250 OK"


async def _serve(settings: Settings) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    catcher = _Catcher(settings.instance)
    server = await loop.create_server(
        lambda: SMTP(catcher, hostname="torangy", loop=loop, enable_SMTPUTF8=True), "127.0.0.1", settings.mail_port
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(stopping.set))
    await stopping.wait()
    server.close()
    await server.wait_closed()


@contextmanager
def _opened(folder: Path) -> Iterator[sqlite3.Connection]:
    store = sqlite3.connect(folder / FILE, timeout=10)
    try:
        store.execute("PRAGMA journal_mode=WAL")
        store.execute("PRAGMA synchronous=OFF")
        store.execute(TABLE)
        with store:
            yield store
    finally:
        store.close()


def _content(part: Any) -> bytes:
    return part.get_payload(decode=True) or b""


def _parsed(raw: bytes) -> EmailMessage:
    message = message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)
    return message
