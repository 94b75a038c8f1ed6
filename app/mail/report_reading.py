"""What a mail server's report says (RFC 3464, RFC 5965, or in words of its own): which letter, and what became of it.

Pure, and never raises: anybody may send us anything. Who believes a report must still ask whether its letter exists.
"""

import base64
import logging
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr
from typing import Any

from flufl.bounce import all_failures

from app.mail.verp import mail_id_in

log = logging.getLogger(__name__)
logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)  # it says each detector's name, and logs what we catch

LONGEST = 2 * 1024 * 1024
MOST_PARTS = 100
WORDS_KEPT = 500

_OURS = re.compile(r"<([23456789bcdfghjkmnpqrstvwxz]{16})@[^<>\s]{1,255}>", re.IGNORECASE)
_ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_NOBODY = re.compile(
    r"(user|recipient|address|mailbox|account)\b.{0,60}\b(unknown|not found|does ?n.t exist|does not exist|disabled|"
    r"inactive|invalid|rejected as unknown)|(no such|unknown|invalid|non-?existent) (local )?(user|recipient|mailbox|"
    r"address|account)|не существует|не найден|жоқ",
    re.IGNORECASE,
)
# Of what is usually about us, the few codes that speak of the address: disabled, changed hands, not accepting mail.
_ADDRESS_IS_DEAD = {
    (1, 0), (1, 1), (1, 2), (1, 3), (1, 6), (1, 10), (2, 1), (4, 4), (4, 310), (7, 13), (7, 17), (7, 18),
}  # fmt: skip
_ABOUT_SENDER = {(1, 7), (1, 8), (1, 9)}
_ENCODED = ("base64", "quoted-printable")
_STATUS = ("message/delivery-status", "message/global-delivery-status")
_ARRIVED_BY = ("To", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To")


@dataclass(frozen=True)
class Report:
    """`kind`: bounced, soft, refused, delayed, complaint, or none where there is nothing to do; then `words` say why.

    `address` is what the report calls the reader, in the form that it chose: good to read, not to act on.
    """

    kind: str = "none"
    mail_id: str | None = None
    address: str = ""
    status: str = ""
    words: str = ""


def read_report(raw: bytes) -> Report:
    """What one message in the mailbox of bounces says."""
    if len(raw) > LONGEST:
        return Report(words="longer than 2 MB")
    try:
        return _read(message_from_bytes(raw))
    except Exception as error:  # strangers write these, and the parser promises less than it seems to
        log.warning("a report of the mail server can't be read: %s", type(error).__name__)
        return Report(words=f"can't be read: {type(error).__name__}")


def _read(message: Message) -> Report:
    mail_id = _letter_of(message)
    for part in _parts(message):
        if part.get_content_type() == "message/feedback-report":
            return _complaint(part, mail_id)
        if part.get_content_type() in _STATUS:
            return _delivery(part, mail_id)
    if _is_automatic(message):
        return Report(mail_id=mail_id, words="an automatic answer")
    return _in_own_words(message, mail_id)


def _parts(message: Message) -> Iterator[Message]:
    for number, part in enumerate(message.walk()):
        if number == MOST_PARTS:
            return
        yield part


def _letter_of(message: Message) -> str | None:
    """By the address that the report was sent to, else by the letter that it returns, else by what it quotes."""
    for name in _ARRIVED_BY:
        for value in message.get_all(name, []):
            if found := mail_id_in(str(value)):
                return found
    for part in _parts(message):
        if part is not message:
            for name in ("Return-Path", "Message-ID"):
                value = str(part.get(name, ""))
                if found := mail_id_in(value) or _first(_OURS, value):
                    return found
    text = _text(message)
    return mail_id_in(text) or _first(re.compile(rf"message-id:\s*{_OURS.pattern}", re.IGNORECASE), text)


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    found = pattern.search(text)
    return found[1].lower() if found else None


def _delivery(part: Message, mail_id: str | None) -> Report:
    """RFC 3464: a block for the message, then one for each reader; ours have one reader."""
    found = [report for block in _blocks(part) if (report := _of_reader(block, mail_id))]
    order = ("bounced", "soft", "refused", "delayed", "none")
    return min(found, key=lambda report: order.index(report.kind), default=Report(words="names no reader"))


def _blocks(part: Message) -> list[Message]:
    payload = part.get_payload()
    encoding = str(part.get("Content-Transfer-Encoding", "")).strip().lower()
    if isinstance(payload, list) and part.get_content_type() != _STATUS[1] and encoding not in _ENCODED:
        return [block for block in payload if isinstance(block, Message)][:MOST_PARTS]
    text = _written(payload, encoding)
    return [message_from_bytes(block.encode()) for block in re.split(r"\r?\n\r?\n", text) if block.strip()][:MOST_PARTS]


def _written(payload: object, encoding: str) -> str:
    """The blocks as text, where the parser took them for a letter or left them encoded."""
    blocks: list[Any] = payload if isinstance(payload, list) else [payload]
    inner = (block.get_payload() if encoding and isinstance(block, Message) else block for block in blocks)
    raw = "\n\n".join(str(one).strip() for one in inner).encode()
    if encoding == "base64":
        raw = base64.b64decode(raw, validate=False)
    elif encoding == "quoted-printable":
        raw = quopri.decodestring(raw)
    return raw.decode("utf-8", "replace")


def _of_reader(block: Message, mail_id: str | None) -> Report | None:
    action = str(block.get("Action", "")).strip().lower().split(" ")[0]
    address = _address(block.get("Original-Recipient") or block.get("Final-Recipient"))
    if not action or not (block.get("Final-Recipient") or block.get("Original-Recipient")):
        return None
    words = _tidy(str(block.get("Diagnostic-Code", "")))
    status, kind = _judged(str(block.get("Status", "")), words)
    kind = {"failed": kind, "delayed": "delayed"}.get(action, "none")
    return Report(kind, mail_id, address, status, words or action)


def _judged(status: str, words: str) -> tuple[str, str]:
    """The enhanced code and what it means; where the code says nothing, the server's words may hold a better one."""
    code = _ENHANCED.search(status)
    if code is None or (code[2], code[3]) == ("0", "0"):
        code = _ENHANCED.search(words) or code
    if code is None:
        return "", "bounced" if _NOBODY.search(words) else "soft"
    family, detail = int(code[2]), (int(code[2]), int(code[3]))
    return code[0], _meaning(int(code[1]), family, detail, words)


def _meaning(certainty: int, family: int, detail: tuple[int, int], words: str) -> str:
    if certainty != 5:
        return "soft"
    if detail in _ADDRESS_IS_DEAD:
        return "bounced"
    if detail in _ABOUT_SENDER or family in (5, 6):
        return "refused"
    if family in (0, 1, 4, 7) and _NOBODY.search(words):  # Yandex says 5.7.1 No such user
        return "bounced"
    return "refused" if family == 7 else "soft"


def _complaint(part: Message, mail_id: str | None) -> Report:
    """RFC 5965 (ARF)."""
    (fields, *_) = _blocks(part) or [part]
    what = str(fields.get("Feedback-Type", "")).strip().lower()
    address = _address(fields.get("Original-Rcpt-To") or fields.get("Removal-Recipient"))
    kind = "none" if what in ("", "not-spam", "auth-failure", "dmarc") else "complaint"
    return Report(kind, mail_id, address, "", _tidy(what))


def _is_automatic(message: Message) -> bool:
    """Somebody is on holiday; asked of what is no report, because reports call themselves automatic too."""
    answered = str(message.get("Auto-Submitted", "")).strip().lower().startswith("auto-replied")
    marks = ("X-Autoreply", "X-Autorespond", "X-Autoresponse", "Vacation")
    spare = str(message.get("Precedence", "")).strip().lower() == "auto_reply"
    is_system = "mailer-daemon" in str(message.get("From", "")).lower()
    return spare or any(name in message for name in marks) or (answered and not is_system)


def _in_own_words(message: Message, mail_id: str | None) -> Report:
    """What is no RFC 3464: Mailman's detectors find the failed address; the text says whose fault it was."""
    try:
        later, never = all_failures(message)
    except Exception:  # its detectors expect letters longer than some are
        later = never = frozenset()
    if not (later or never):
        return Report(mail_id=mail_id, words="no report that we can read")
    address = min(never or later)
    text = _text(message)
    status, kind = _judged("", text)
    if not status:
        kind = "bounced" if never else "soft"
    return Report(kind if never else "soft", mail_id, _plain(address), status, _tidy(text[:2000]))


def _address(field: object) -> str:
    """ "rfc822;dina@example.kz" or "utf-8; ..." as an address."""
    text = _tidy(str(field or ""))
    return (parseaddr(text.partition(";")[2] or text)[1] or text).strip("<> ")[:254]


def _plain(address: bytes | str) -> str:
    return (address.decode("utf-8", "replace") if isinstance(address, bytes) else address)[:254]


def _text(message: Message) -> str:
    """The readable parts, one after the other, with the headers that were returned as text."""
    kinds = ("text/plain", "text/html", "text/rfc822-headers")
    return "\n".join(_decoded(part) for part in _parts(message) if part.get_content_type() in kinds)[:200_000]


def _decoded(part: Message) -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    try:
        return content.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:
        return content.decode("utf-8", "replace")


def _tidy(text: str) -> str:
    """One line for a page: encoded words read, no control characters, not too long."""
    if "=?" in text:
        text = str(make_header(decode_header(text)))
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:WORDS_KEPT]
