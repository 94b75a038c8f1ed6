"""What a day has and what it lacks: needs and those who took them on, weighed against each other. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SHORT, COVERED, OVER = "short", "covered", "over"


@dataclass(frozen=True)
class Wanted:
    """One need as numbers."""

    id: str
    minimum: int
    maximum: int


@dataclass(frozen=True)
class Covered:
    """How one need stands: "short" below its least, "over" above its most."""

    need_id: str
    taken: int
    missing: int
    room: int
    state: str


def coverage(needs: Sequence[Wanted], taken: Iterable[str]) -> list[Covered]:
    """Each need in its order; `taken` names a need once for each person who took it on."""
    counted = Counter(taken)
    return [_covered(need, counted[need.id]) for need in needs]


def missing_people(rows: Iterable[Covered]) -> int:
    """How many people are lacking on the whole day."""
    return sum(row.missing for row in rows)


def _covered(need: Wanted, taken: int) -> Covered:
    state = SHORT if taken < need.minimum else OVER if taken > need.maximum else COVERED
    return Covered(need.id, taken, max(0, need.minimum - taken), max(0, need.maximum - taken), state)
