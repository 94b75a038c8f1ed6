"""Building a message (RFC 5322, MIME) from what was rendered. Pure.

Everything goes as 7-bit lines: names and subjects as encoded words, bodies as base64. Nothing that a
person typed can begin a new header. Written out here and not by the email package, which takes six times as long to
fold and look over what is already legal: that decided how many letters a second leave.
"""

import base64
import re
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, formataddr

BYTES_PER_WORD = 42  # an encoded word has at most 75 characters: 12 of frame, 56 of base64
LONGEST_NAME = 150  # letters; keeps the line below 998
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")
_SENDER = re.compile(r'\s*"?(?P<name>[^"<]*?)"?\s*<(?P<address>[^<>\s]+)>\s*')


class BadAddress(ValueError):
    """This can't be written as an address."""


@dataclass(frozen=True)
class Address:
    """A name (perhaps none) and an address."""

    name: str
    address: str


@dataclass(frozen=True)
class Letter:
    """All that one message says."""

    message_id: str
    sender: Address
    reply_to: Address
    recipient: Address
    subject: str
    text: str
    html: str
    date: datetime
    calendar: bytes | None = None
    calendar_method: str = "REQUEST"
    unsubscribe_url: str | None = None
    pictures: tuple[tuple[str, bytes], ...] = ()


def message(letter: Letter) -> bytes:
    """The letter as bytes for DATA; raises BadAddress."""
    boundary = f"_{re.sub('[^0-9A-Za-z]', '', letter.message_id)[:40]}_"
    html = _part(letter.html.encode(), 'text/html; charset="utf-8"')
    if letter.pictures:
        html = _several("related", f"r{boundary}", [html, *(_picture(*each) for each in letter.pictures)])
    body = [_part(letter.text.encode(), 'text/plain; charset="utf-8"'), html]
    if letter.calendar is not None:
        body.append(_part(letter.calendar, f'text/calendar; charset="utf-8"; method={letter.calendar_method}'))
    whole = _several("alternative", f"a{boundary}", body)
    if letter.calendar is not None:
        whole = _several("mixed", f"m{boundary}", [whole, _part(letter.calendar, "application/ics", "event.ics")])
    head = "".join(f"{name}: {value}\r\n" for name, value in _headers(letter))
    return head.encode("ascii") + b"MIME-Version: 1.0\r\n" + whole


def sender_from(setting: str) -> Address:
    """ "Torangy, events <torangy@example.kz>" in its two parts; the name may hold commas."""
    match = _SENDER.fullmatch(setting)
    return Address(match["name"].strip(), match["address"]) if match else Address("", setting.strip())


def plain_address(address: str) -> str:
    """The address in ASCII, its domain in punycode if need be; raises BadAddress."""
    local, at, domain = address.strip().rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise BadAddress(f"{address!r} has no domain that can exist") from error
    if not (local and at and domain) or not local.isascii() or re.search(r"[\s<>,;:\x00-\x1f\x7f]", local + domain):
        raise BadAddress(f"{address!r} is no address that mail can be sent to")
    return f"{local}@{ascii_domain}"


def _headers(letter: Letter) -> list[tuple[str, str]]:
    headers = [
        ("From", _written(letter.sender)),
        ("To", _written(letter.recipient)),
        ("Reply-To", _written(letter.reply_to)),
        ("Subject", _encoded(letter.subject)),
        ("Date", format_datetime(letter.date)),
        ("Message-ID", f"<{letter.message_id}>"),
        ("Auto-Submitted", "auto-generated"),
    ]
    if letter.unsubscribe_url:
        headers.append(("List-Unsubscribe", f"<{_CONTROL.sub('', letter.unsubscribe_url)}>"))
        headers.append(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    return headers


def _several(kind: str, boundary: str, parts: list[bytes]) -> bytes:
    """Parts within one; base64 holds no underscore, so the boundary can't occur in them."""
    dashes = f"--{boundary}"
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'
    inner = b"".join(f"{dashes}\r\n".encode() + part + b"\r\n" for part in parts)
    return head.encode() + inner + f"{dashes}--\r\n".encode()


def _part(content: bytes, content_type: str, file_name: str | None = None) -> bytes:
    head = f"Content-Type: {content_type}\r\nContent-Transfer-Encoding: base64\r\n"
    if file_name:
        head += f'Content-Disposition: attachment; filename="{file_name}"\r\n'
    return head.encode("ascii") + b"\r\n" + base64.encodebytes(content).replace(b"\n", b"\r\n")


def _picture(content_id: str, png: bytes) -> bytes:
    head = f"image/png\r\nContent-ID: <{content_id}>\r\nContent-Disposition: inline"
    return _part(png, head)


def _written(who: Address) -> str:
    name, address = _CONTROL.sub(" ", who.name).strip(), plain_address(who.address)
    if not name or name.isascii():
        return formataddr((name, address))
    # One word, even if longer than the law's 75: widespread readers put a space between two words within a name.
    return f"=?utf-8?b?{base64.b64encode(name[:LONGEST_NAME].encode()).decode('ascii')}?= <{address}>"


def _encoded(text: str) -> str:
    """The text as it may stand in a header: ASCII as it is, else encoded words that never part a letter."""
    text = _CONTROL.sub(" ", text).strip()
    if text.isascii():
        return text
    words, word = [], b""
    for letter in text:
        encoded = letter.encode()
        if len(word) + len(encoded) > BYTES_PER_WORD:
            words.append(word)
            word = b""
        word += encoded
    words.append(word)
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(part).decode('ascii')}?=" for part in words)
