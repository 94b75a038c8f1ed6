"""Building a message (RFC 5322, MIME) from what was rendered. Pure.

Everything goes as 7-bit lines: names and subjects as encoded words, bodies as base64. Nothing that a
person typed can begin a new header. Written out here and not by the email package, which takes six times as long to
fold and look over what is already legal: that decided how many letters a second leave.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, formataddr
from functools import lru_cache

import idna

BYTES_PER_WORD = 42  # an encoded word has at most 75 characters: 12 of frame, 56 of base64
LONGEST_NAME = 150  # letters; keeps the line below 998
LONGEST_LINE = 76
LONGEST_DOMAIN, LONGEST_LABEL = 253, 63
_FORBIDDEN = re.compile(r"[\s<>,;:\x00-\x1f\x7f]")
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
    html: bytes
    date: datetime
    calendar: bytes | None = None
    calendar_method: str = "REQUEST"
    unsubscribe_url: str | None = None
    pictures: tuple[tuple[str, bytes], ...] = ()


def message(letter: Letter) -> bytes:
    """The letter as bytes for DATA; raises BadAddress."""
    boundary = f"_{re.sub('[^0-9A-Za-z]', '', letter.message_id)[:40]}_"
    html = _part(letter.html, 'text/html; charset="utf-8"')
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
    """The address in ASCII, its domain in punycode (IDNA 2008) if need be; raises BadAddress, which says why."""
    local, at, domain = address.strip().rpartition("@")
    if not (local and at and domain) or _FORBIDDEN.search(local + domain):
        raise BadAddress(f"{address!r} is no address that mail can be sent to")
    if not local.isascii():
        raise BadAddress(f"{address!r} has letters before the @ that few mail servers take: write it in Latin letters")
    return f"{local}@{_ascii_domain(domain)}"


@lru_cache(maxsize=1024)
def _ascii_domain(domain: str) -> str:
    if domain.isascii():
        found = domain
    else:
        try:
            found = idna.encode(domain, uts46=True).decode("ascii")
        except idna.IDNAError as error:
            raise BadAddress(f"{domain!r} is no domain that can exist: {error}") from error
    labels = found.rstrip(".").split(".")
    if len(found) > LONGEST_DOMAIN or not all(0 < len(label) <= LONGEST_LABEL for label in labels):
        raise BadAddress(f"{domain!r} is no domain that can exist: a part of it is empty or too long")
    return found


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
    return head.encode("ascii") + b"\r\n" + _in_lines(content)


def _in_lines(content: bytes) -> bytes:
    """Base64 in lines of 76; the library's own encodes line by line."""
    whole = binascii.b2a_base64(content, newline=False)
    return b"\r\n".join([whole[at : at + 76] for at in range(0, len(whole), 76)]) + b"\r\n"


def _picture(content_id: str, png: bytes) -> bytes:
    head = f"image/png\r\nContent-ID: <{content_id}>\r\nContent-Disposition: inline"
    return _part(png, head)


def _written(who: Address) -> str:
    name, address = _CONTROL.sub(" ", who.name).strip(), plain_address(who.address)
    if not name or _is_plain(name):
        return formataddr((name, address))
    # One word, even if longer than the law's 75: widespread readers put a space between two words within a name.
    return f"=?utf-8?b?{base64.b64encode(name[:LONGEST_NAME].encode()).decode('ascii')}?= <{address}>"


def _is_plain(text: str) -> bool:
    """Whether it can stand as it is: what looks like an encoded word would be read as one."""
    return text.isascii() and "=?" not in text


@lru_cache(maxsize=256)
def _encoded(text: str) -> str:
    """The text as it may stand in a header: ASCII as it is, else encoded words that never part a letter."""
    text = _CONTROL.sub(" ", text).strip()
    if _is_plain(text) and (lines := _folded(text)):
        return lines
    words, word = [], b""
    for letter in text:
        encoded = letter.encode()
        if len(word) + len(encoded) > BYTES_PER_WORD:
            words.append(word)
            word = b""
        word += encoded
    words.append(word)
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(part).decode('ascii')}?=" for part in words)


def _folded(text: str) -> str | None:
    """Plain text in lines, parted at spaces, as "Subject: " has it; None where no space stands where one is needed."""
    room = LONGEST_LINE - len("Subject: ")
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if len(longer) <= room:
            lines[-1] = longer
        elif not word or len(word) > room or not lines[-1]:
            return None
        else:
            lines.append(word)
    return "\r\n ".join(lines) if len(lines) == 1 or "  " not in text else None
