"""The mailbox where reports of undelivered letters arrive: IMAP or a maildir, told by MAIL_BOUNCE_SOURCE.

imaps://user:password@mail.example.kz/INBOX or maildir:/var/mail/bounces. Whatever was looked at is marked as seen and
stays; what nobody could read is flagged too, for a person to look at.
"""

import imaplib
import logging
import re
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from app.mail.report_reading import LONGEST
from app.mail.reports import take_report, understood

log = logging.getLogger(__name__)

SECONDS_TO_ANSWER = 15
AT_ONCE = 200
PORTS = {"imap": 143, "imaps": 993}

Take = Callable[[bytes], bool]


class NoMailbox(Exception):
    """The mailbox can't be opened or does not answer; the text says why, without its password."""


def read_mailbox(source: str, *, now: datetime) -> bool:
    """Takes up to 200 new reports and says whether there may be more; raises NoMailbox.

    Each is acted upon before it is marked: a reader that dies in between takes it again, which changes nothing.
    """

    def take(raw: bytes) -> bool:
        outcome = take_report(raw, now=now)
        log.info("report of a mail server: %s", outcome)
        return understood(outcome)

    if source.startswith("maildir:"):
        return _read_maildir(maildir_of(source), take)
    with open_imap(source) as line:
        return _read_imap(line, take)


def maildir_of(source: str) -> Path:
    """The folder that maildir:/var/mail/bounces names."""
    return Path(source.removeprefix("maildir:").removeprefix("//"))


@contextmanager
def open_imap(source: str) -> Iterator[imaplib.IMAP4]:
    """Connects, logs in and opens the folder; whatever goes wrong, then or later, is NoMailbox."""
    try:
        line = _logged_in(source)
    except (imaplib.IMAP4.error, OSError, ValueError) as error:
        raise NoMailbox(f"{_shown(source)}: {_in_words(error)}") from error
    try:
        yield line
    except (imaplib.IMAP4.error, OSError) as error:
        raise NoMailbox(f"{_shown(source)}: {_in_words(error)}") from error
    finally:
        _leave(line)


def _logged_in(source: str) -> imaplib.IMAP4:
    parts = urlsplit(source)
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    tls = ssl.create_default_context()
    if parts.scheme == "imaps":
        line: imaplib.IMAP4 = imaplib.IMAP4_SSL(host, port, ssl_context=tls, timeout=SECONDS_TO_ANSWER)
    else:
        line = imaplib.IMAP4(host, port, timeout=SECONDS_TO_ANSWER)
    try:
        if "STARTTLS" in line.capabilities and not isinstance(line, imaplib.IMAP4_SSL):
            line.starttls(tls)
        line.login(unquote(parts.username or ""), unquote(parts.password or ""))
        folder = unquote(parts.path.strip("/")) or "INBOX"
        _must(line.select('"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'))
    except BaseException:
        _hang_up(line)
        raise
    return line


def _read_imap(line: imaplib.IMAP4, take: Take) -> bool:
    (found,) = _must(line.uid("SEARCH", "UNSEEN"))
    numbers = (found or b"").split()
    for number in numbers[:AT_ONCE]:
        uid = number.decode("ascii")
        is_clear = _size(line, uid) <= LONGEST and take(_content(line, uid))
        _must(line.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)" if is_clear else r"(\Seen \Flagged)"))
    return len(numbers) > AT_ONCE


def _size(line: imaplib.IMAP4, uid: str) -> int:
    """What the server says it is long, so that nothing huge is fetched."""
    (answer, *_) = _must(line.uid("FETCH", uid, "(RFC822.SIZE)"))
    found = re.search(rb"RFC822\.SIZE (\d+)", answer or b"")
    return int(found[1]) if found else 0


def _content(line: imaplib.IMAP4, uid: str) -> bytes:
    for part in _must(line.uid("FETCH", uid, "(BODY.PEEK[])")):
        if isinstance(part, tuple):
            return bytes(part[1])
    return b""


def _read_maildir(folder: Path, take: Take) -> bool:
    """What is new, and what another reader moved without looking at it; a flag is a letter at the end of the name."""
    try:
        waiting = sorted((folder / "new").iterdir()) + sorted(_unseen(folder / "cur"))
        for path in waiting[:AT_ONCE]:
            is_clear = path.stat().st_size <= LONGEST and take(path.read_bytes())
            base, _, flags = path.name.partition(":2,")
            seen = "".join(sorted(set(flags) | set("S" if is_clear else "FS")))
            path.rename(folder / "cur" / f"{base}:2,{seen}")
    except OSError as error:
        raise NoMailbox(f"maildir {folder}: {_in_words(error)}") from error
    return len(waiting) > AT_ONCE


def _unseen(folder: Path) -> Iterator[Path]:
    return (path for path in folder.iterdir() if "S" not in path.name.partition(":2,")[2])


def _must(answer: tuple[str, list[Any]]) -> list[Any]:
    kind, data = answer
    if kind != "OK":
        raise imaplib.IMAP4.error(_text(data))
    return data


def _leave(line: imaplib.IMAP4) -> None:
    try:
        line.logout()
    except (imaplib.IMAP4.error, OSError):
        _hang_up(line)


def _hang_up(line: imaplib.IMAP4) -> None:
    with suppress(OSError):  # the socket may be gone already, and why is known
        line.shutdown()


def _text(data: list[Any]) -> str:
    return " ".join(part.decode("utf-8", "replace") if isinstance(part, bytes) else str(part) for part in data)


def _shown(source: str) -> str:
    parts = urlsplit(source)
    return f"{parts.scheme}://{parts.hostname or ''}"


def _in_words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".rstrip(": ")[:300]
