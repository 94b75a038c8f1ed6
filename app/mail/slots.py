"""Gaps in a letter: what stands for a reader's own words while everything that many letters share is rendered.

A template may do with a slot what comes to the same whatever it is filled with: print it (escaped in HTML, as it is in
text), join it, ask whether there is something. Anything else (comparing, cutting, changing) raises NotShared, and the
value becomes part of what is shared. Printed, a slot is a mark of private-use letters; nobody's words may hold those.
Pure.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any, NoReturn

from markupsafe import Markup, escape

OPEN, CLOSE = "\ue000", "\ue001"
MARKS = re.compile("[\ue000\ue001]")
_MARK = re.compile(f"{OPEN}([0-9]+)([a-z]){CLOSE}")
# What is done with a value where its mark stands: p as it is; c without spaces; s, x the same with single spaces, as in
# a subject and in HTML's title. Each is escaped in HTML: h, d, q, y.
FILLINGS: dict[str, Callable[[str], str]] = {
    "p": lambda value: value,
    "c": lambda value: value.replace(" ", ""),
    "s": lambda value: " ".join(value.split()),
    "x": lambda value: " ".join(value.replace(" ", "").split()),
    "h": lambda value: str(escape(value)),
    "d": lambda value: str(escape(value.replace(" ", ""))),
    "q": lambda value: str(escape(" ".join(value.split()))),
    "y": lambda value: str(escape(" ".join(value.replace(" ", "").split()))),
}
_SQUEEZED = dict(zip("pchd", "sxqy", strict=True))
_ESCAPED = dict(zip("pcsx", "hdqy", strict=True))
# Filters that give the same for a mark as for what fills it.
_HARMLESS = {"e", "escape", "trim", "join", "default", "d", "map", "length", "count", "list"}
_HARMLESS_TESTS = {"defined", "undefined", "none", "true", "false", "boolean", "number"}

Piece = str | tuple[int, str]


class NotShared(Exception):
    """The template wants to know what the slot of this number holds."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class Slot:
    """Stands for a value that is not empty and neither begins nor ends with a space."""

    __slots__ = ("_compact", "number")

    def __init__(self, number: int, *, compact: bool = False) -> None:
        self.number = number
        self._compact = compact

    def __str__(self) -> str:
        return f"{OPEN}{self.number}{'c' if self._compact else 'p'}{CLOSE}"

    def __html__(self) -> str:
        return f"{OPEN}{self.number}{'d' if self._compact else 'h'}{CLOSE}"

    def __bool__(self) -> bool:
        return True

    def without_spaces(self) -> "Slot":
        """As `replace(" ", "")` of a text."""
        return Slot(self.number, compact=True)

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("__"):
            raise AttributeError(name)
        self.refuse()

    def refuse(self, *_: Any, **__: Any) -> NoReturn:
        """What can't be said for all readers at once."""
        raise NotShared(self.number)

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = refuse
    __hash__ = __len__ = __iter__ = __contains__ = __getitem__ = refuse
    __add__ = __radd__ = __mul__ = __rmul__ = __mod__ = __rmod__ = __format__ = refuse
    __int__ = __float__ = __index__ = __repr__ = refuse


def careful_filters(filters: Mapping[str, Callable[..., Any]]) -> dict[str, Callable[..., Any]]:
    """The same filters, none of which takes a slot or its mark for a text; two know what to do with it."""
    careful = {name: call if name in _HARMLESS else _refusing(call) for name, call in filters.items()}
    careful["replace"] = _replacing(careful["replace"])
    careful["striptags"] = _stripping(filters["striptags"])
    return careful


def careful_tests(tests: Mapping[str, Callable[..., Any]]) -> dict[str, Callable[..., Any]]:
    """The same tests; those that look at a text look at no slot."""
    return {name: call if name in _HARMLESS_TESTS else _refusing(call) for name, call in tests.items()}


def squeezed(text: str) -> str:
    """A text with marks in one line with single spaces: what fills them will be too."""
    return _MARK.sub(lambda mark: f"{OPEN}{mark[1]}{_SQUEEZED.get(mark[2], mark[2])}{CLOSE}", " ".join(text.split()))


def escaped(html: str) -> str:
    """HTML whose marks are all filled with what is escaped: a mark that came into it as a text was going to be."""
    return _MARK.sub(lambda mark: f"{OPEN}{mark[1]}{_ESCAPED.get(mark[2], mark[2])}{CLOSE}", html)


def cut(text: str) -> list[Piece]:
    """A text with marks as its pieces: what stands, and (slot, how it is filled) between."""
    found = _MARK.split(text)
    pieces: list[Piece] = []
    for standing, number, how in zip(found[::3], [*found[1::3], ""], [*found[2::3], ""], strict=True):
        pieces += [standing] if standing else []
        pieces += [(int(number), how)] if number else []
    return pieces


def filled(pieces: Iterable[Piece], values: list[str]) -> str:
    """The text that these values make."""
    return "".join([one if isinstance(one, str) else FILLINGS[one[1]](values[one[0]]) for one in pieces])


def _refusing(call: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(call)
    def careful(*args: Any, **options: Any) -> Any:
        for value in (*args, *options.values()):
            _refuse_marked(value)
        return call(*args, **options)

    return careful


def _refuse_marked(value: Any) -> None:
    if isinstance(value, Slot):
        value.refuse()
    if isinstance(value, str) and OPEN in value and (mark := _MARK.search(value)):
        raise NotShared(int(mark[1]))


def _replacing(replace: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(replace)
    def careful(*args: Any, **options: Any) -> Any:
        if len(args) == 4 and isinstance(args[1], Slot) and args[2:] == (" ", ""):
            return args[1].without_spaces()
        return replace(*args, **options)

    return careful


def _stripping(strip: Callable[[Any], str]) -> Callable[[Any], str]:
    @wraps(strip)
    def careful(value: Any) -> str:
        if not isinstance(value, Markup):  # tags in what a reader is called would be taken for tags
            _refuse_marked(value)
        return squeezed(strip(value))

    return careful
