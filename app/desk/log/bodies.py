"""What the body of an operation may hold, field by field, and what a kind of operation is made of. Pure.

What a body holds besides is left out; what it holds wrongly refuses this operation.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

MARK, GIVE, LEAD, MANAGE, SAFETY = "mark", "give", "lead", "manage", "safety"
PLACE, WALK_IN, NEW, BUS, TABLE, GROUP, OWN = "place", "walk_in", "new", "bus", "table", "group", "own"
PERSON = frozenset({PLACE, WALK_IN})
ANYTHING = frozenset({PLACE, WALK_IN, NEW, BUS, TABLE, GROUP, OWN})
LONGEST_ID, MOST_IDS = 40, 2000

Raw = Mapping[str, Any]
Body = Callable[[Raw], dict[str, Any]]


class Malformed(Exception):
    """A field that can't be read; its name is the argument."""


class Kind(NamedTuple):
    """One kind: any of these powers says it, about one of these subjects."""

    powers: frozenset[str]
    subjects: frozenset[str]
    body: Body
    secret: Body | None = None


def fields(*readers: Callable[[Raw], tuple[str, Any]]) -> Body:
    """A body of these fields; what is empty is left out."""

    def read(raw: Raw) -> dict[str, Any]:
        found = dict(reader(raw) for reader in readers)
        return {name: value for name, value in found.items() if value not in (None, "", [], False)}

    return read


def text(name: str, longest: int = 200, *, needed: bool = False) -> Callable[[Raw], tuple[str, str]]:
    """Words without control characters, cut where they are too long: a fact isn't lost for a long note."""

    def read(raw: Raw) -> tuple[str, str]:
        value = raw.get(name) or ""
        if not isinstance(value, str):
            raise Malformed(name)
        clean = " ".join("".join(letter if letter.isprintable() else " " for letter in value).split())[:longest]
        if needed and not clean:
            raise Malformed(name)
        return name, clean

    return read


def whole(name: str, *, least: int = 0, most: int = 100_000) -> Callable[[Raw], tuple[str, int | None]]:
    """A whole number."""

    def read(raw: Raw) -> tuple[str, int | None]:
        value = raw.get(name)
        if value is not None and (type(value) is not int or not least <= value <= most):
            raise Malformed(name)
        return name, value

    return read


def word(name: str, words: Iterable[str]) -> Callable[[Raw], tuple[str, str | None]]:
    """One of a few words."""
    known = frozenset(words)

    def read(raw: Raw) -> tuple[str, str | None]:
        value = raw.get(name)
        if value is not None and value not in known:
            raise Malformed(name)
        return name, value

    return read


def ids(name: str) -> Callable[[Raw], tuple[str, list[str]]]:
    """A list of ids, each once."""

    def read(raw: Raw) -> tuple[str, list[str]]:
        value = raw.get(name) or []
        if not isinstance(value, list) or len(value) > MOST_IDS:
            raise Malformed(name)
        if not all(isinstance(one, str) and 0 < len(one) <= LONGEST_ID and one.isprintable() for one in value):
            raise Malformed(name)
        return name, list(dict.fromkeys(value))

    return read


def yes_no(name: str) -> Callable[[Raw], tuple[str, bool]]:
    """True or false."""

    def read(raw: Raw) -> tuple[str, bool]:
        value = raw.get(name, False)
        if not isinstance(value, bool):
            raise Malformed(name)
        return name, value

    return read


def day(name: str) -> Callable[[Raw], tuple[str, str]]:
    """A day as 2026-10-03."""

    def read(raw: Raw) -> tuple[str, str]:
        value = raw.get(name) or ""
        try:
            return name, date.fromisoformat(value).isoformat() if value else ""
        except (TypeError, ValueError) as error:
            raise Malformed(name) from error

    return read


def uuid_of(value: object) -> str | None:
    """The UUID as it is stored, None for anything else."""
    try:
        return str(UUID(value)) if isinstance(value, str) and len(value) <= LONGEST_ID else None
    except ValueError:
        return None
