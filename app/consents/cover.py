"""What consents an event asks for, and whether what was said covers a child. Pure: plain values in, an answer out."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

OPTIONAL = ("photo",)
# What an answer is given for; the rest of `bound_to` is kept as evidence.
BINDING = ("site_id", "starts_on", "ends_on", "transport", "hazard_class")


class Asks(Protocol):
    """An event, as far as it matters here."""

    transport: Any
    asks_medical: Any


@dataclass(frozen=True)
class Said:
    """One answer: of whom (a guardian, or the institution that represents the child), to what, and whether it holds.

    It holds while it was neither taken back nor outlived by a change of the plan.
    """

    kind: str
    who: str
    is_yes: bool
    holds: bool = True


def kinds_for(event: Asks) -> tuple[str, ...]:
    """Everything that a guardian is asked, what is optional last."""
    return (*required_kinds(event), *OPTIONAL)


def required_kinds(event: Asks) -> tuple[str, ...]:
    """Without a yes to each of these a child doesn't go."""
    kinds = ["participation"]
    if event.transport == "bus":
        kinds.append("transport")
    if event.asks_medical:
        kinds.append("medical")
    return tuple(kinds)


def is_covered(rows: Iterable[Said], guardians: Collection[str], kinds: Iterable[str]) -> bool:
    """Whether every one of these kinds is agreed to, and no guardian of today stands against it."""
    return not missing(rows, guardians, kinds)


def missing(rows: Iterable[Said], guardians: Collection[str], kinds: Iterable[str]) -> tuple[str, ...]:
    """The kinds that nobody agreed to, or that a guardian of today is against: one no outweighs every yes."""
    standing = [row for row in rows if row.holds and row.who in guardians]
    agreed = {row.kind for row in standing if row.is_yes}
    refused = {row.kind for row in standing if not row.is_yes}
    return tuple(kind for kind in kinds if kind not in agreed or kind in refused)


def objectors(rows: Iterable[Said], guardians: Collection[str], kinds: Collection[str]) -> list[str]:
    """The guardians of today who are against one of these kinds, each once."""
    against = (row.who for row in rows if row.holds and not row.is_yes and row.kind in kinds)
    return [who for who in dict.fromkeys(against) if who in guardians]


def has_moved(given: Mapping[str, Any], planned: Mapping[str, Any]) -> bool:
    """Whether the plan is another one than that for which the answer was given. What wasn't noted didn't move."""
    return any(name in given and given[name] != planned[name] for name in BINDING)
