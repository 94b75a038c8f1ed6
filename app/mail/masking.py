"""What a letter shows to nobody but its reader: links that open a door to whoever holds them. Pure.

A link to a page of ours stays if it names nothing but what everybody may know (an event, a list); all others are taken
to be keys. A link to somebody else's page stays unless it carries something as long as a key.
"""

import re
from html import escape
from urllib.parse import urlsplit

OPEN_PATH = re.compile(
    r"/?|/(?:events|my|me|people|brigade|planning|impact|help|login|mail)(?:/[a-z0-9-]{1,16})*/?|/events\.ics"
)
KEY = re.compile(r"[\w.~-]{24,}")
_LINK = re.compile(r"https?://[^\s<>\"'\])]+", re.IGNORECASE)
_HREF = re.compile(r"(\shref=)([\"'])(.*?)\2", re.IGNORECASE | re.DOTALL)
_FOLD = re.compile(r"\r?\n[ \t]")
# Letters about logging in are keys as a whole.
SECRET_LETTERS = ("access/",)


def is_secret(template: str) -> bool:
    """Whether nobody but the reader may see what this letter says."""
    return template.startswith(SECRET_LETTERS)


def masked_text(text: str, *, own: str, instead: str) -> str:
    """The text with `instead` in place of each link that is a key; `own` is our BASE_URL."""
    return _LINK.sub(lambda found: instead if opens_a_door(found[0], own=own) else found[0], text)


def masked_html(page: str, *, own: str, instead: str) -> str:
    """The page with such links led nowhere, and `instead` where one is written out."""
    led_nowhere = _HREF.sub(lambda found: _harmless(found, own), page)
    return masked_text(led_nowhere, own=own, instead=escape(instead))


def masked_calendar(file: str, *, own: str, instead: str) -> str:
    """The entry's lines, unfolded, without such links."""
    return masked_text(_FOLD.sub("", file), own=own, instead=instead)


def opens_a_door(address: str, *, own: str) -> bool:
    """Whether a whole address could be a key."""
    try:
        parts = urlsplit(address.replace("&amp;", "&"))
    except ValueError:
        return True
    rest = parts.query or parts.fragment
    if parts.netloc.lower() == urlsplit(own).netloc.lower():
        return bool(rest) or not OPEN_PATH.fullmatch(parts.path)
    return parts.netloc.count("@") > 0 or KEY.search(f"{parts.path} {rest}") is not None


def _harmless(found: re.Match[str], own: str) -> str:
    start, quote, address = found.groups()
    stays = address.startswith(("mailto:", "tel:", "#"))
    if not stays and address.lower().startswith(("http://", "https://")):
        stays = not opens_a_door(address, own=own)
    return found[0] if stays else f"{start}{quote}#{quote}"
