"""Ticket codes as people type them: with spaces, in small letters, on a Russian keyboard, or as a link. Pure."""

from datetime import datetime, timedelta

from app.db import TICKET_LETTERS

LENGTH = 8
# Late buses come back after the planned end; the day after, a ticket opens nothing.
COUNTS_AFTER_END = timedelta(hours=12)
# Cyrillic letters that look like those of a ticket: the code is read from paper, and the keyboard stayed Russian.
_LOOK_ALIKES = str.maketrans("ВСНКМРТХЗ", "BCHKMPTX3")


def ticket_code(typed: str) -> str:
    """The code as it is stored; what can't be one comes back cleaned all the same, and will not be found."""
    last_part = typed.strip().rstrip("/").rsplit("/", 1)[-1]
    letters = last_part.upper().translate(_LOOK_ALIKES)
    return "".join(letter for letter in letters if letter.isalnum())[:40]


def is_ticket_code(code: str) -> bool:
    """Whether it has the shape of one."""
    return len(code) == LENGTH and all(letter in TICKET_LETTERS for letter in code)


def ticket_counts(ends_at: datetime, at: datetime) -> bool:
    """Whether the ticket of an event that ends then still lets somebody in at this moment."""
    return at <= ends_at + COUNTS_AFTER_END
