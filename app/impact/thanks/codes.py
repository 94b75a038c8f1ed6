"""The code on a certificate: made at random, read as people type it. Pure."""

import re
import secrets

from app.db import TICKET_LETTERS

LETTERS = 12  # of 28: nobody finds one by trying

_BETWEEN = re.compile(r"[\s\-–—.]+")
_CODE = re.compile(f"[{TICKET_LETTERS}]{{{LETTERS}}}")


def new_code() -> str:
    """Twelve letters and digits, none of which is read as another."""
    return "".join(secrets.choice(TICKET_LETTERS) for _ in range(LETTERS))


def printed(code: str) -> str:
    """In three fours, as it stands on paper."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


def read_code(typed: str) -> str | None:
    """The code that somebody typed, with or without gaps, in small letters too; None for what can't be one."""
    plain = _BETWEEN.sub("", typed).upper()
    return plain if _CODE.fullmatch(plain) else None
