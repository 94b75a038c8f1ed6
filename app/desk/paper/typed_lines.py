"""What somebody types who copies a ticked list: 17, 17-23, a17, l17, e17, u. Pure.

The keys mean the same on a Russian and a Kazakh keyboard, whose letters stand on the same places: nobody switches the
keyboard for one letter.
"""

import re
from typing import NamedTuple

from app.errors import N_, DomainError

LETTERS = {"": "check_in", "a": "absent", "l": "check_out", "e": "excused", "u": "undo"}
# The same key on a Russian keyboard, and what looks like the letter.
SAME = str.maketrans({"ф": "a", "а": "a", "д": "l", "у": "e", "е": "e", "г": "u", "–": "-", "—": "-"})
# The row of digits on a Kazakh keyboard; elsewhere a comma is a slip, so it counts only where no digit stands.
DIGITS = str.maketrans('"әіңғ,.үұқө', "1234567890-")
LINE = re.compile(r"([aleu]?)\s*(?:(\d{1,4})(?:\s*-\s*(\d{1,4}))?)?")
MOST = 400


class Unreadable(DomainError):
    """Not one of the few things that can be typed."""

    type = "line-unreadable"
    title = N_("This can't be read")
    message = N_("This can't be read. Type 17, 17-23, a17, l17, e17 or u.")
    status = 422


class NoSuchLine(DomainError):
    """The sheet ends before."""

    type = "no-such-line"
    message = N_("This list has no line %(number)s.")
    status = 422


class TypedLine(NamedTuple):
    """What is said of the lines from `first` to `last`; an undo names none."""

    kind: str
    first: int = 0
    last: int = 0


def read_line(text: str, *, longest: int) -> TypedLine:
    """What was typed, of a list with so many lines. Raises Unreadable, NoSuchLine."""
    typed = text.strip().lower()
    if not any(letter in "0123456789" for letter in typed):
        typed = typed.translate(DIGITS)
    found = LINE.fullmatch(typed.translate(SAME))
    if found is None or (found[1] == "u") == bool(found[2]):
        raise Unreadable
    if found[1] == "u":
        return TypedLine("undo")
    first = int(found[2])
    last = int(found[3] or first)
    first, last = min(first, last), max(first, last)
    if not first >= 1 or last - first >= MOST:
        raise Unreadable
    if last > longest:
        raise NoSuchLine(number=last)
    return TypedLine(LETTERS[found[1]], first, last)
