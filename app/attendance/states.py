"""From entries to a state: expected, present, left, absent or excused. Pure; the entries' order doesn't matter."""

from collections.abc import Iterable
from typing import Protocol

STATES = ("expected", "present", "left", "excused", "absent")


class Mark(Protocol):
    """An entry, as far as it matters here."""

    @property
    def kind(self) -> str:
        """check_in, check_out, absent, excused or undo."""

    @property
    def undone_by_id(self) -> str | None:
        """What took it back."""


def state_of(entries: Iterable[Mark]) -> str:
    """What the standing entries of one place say. Who was seen at the door was there, whatever else was noted."""
    return state_of_kinds(entry.kind for entry in entries if entry.undone_by_id is None)


def state_of_kinds(standing: Iterable[str]) -> str:
    """The same from the kinds of the entries that stand."""
    kinds = set(standing)
    if "check_in" in kinds:
        return "left" if "check_out" in kinds else "present"
    return next((kind for kind in ("excused", "absent") if kind in kinds), "expected")
