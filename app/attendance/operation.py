"""One thing that somebody said on the day, as a plain value, and which of them count. Pure.

Everything that stands is a function of the set of operations: in which order they came, how often, and what the clock
of the phone said changes nothing but the times that are shown.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

KINDS = (
    "check_in",
    "check_out",
    "absent",
    "excused",
    "hand_out",
    "exchange",
    "return",
    "kit_out",
    "kit_back",
    "stock_open",
    "stock_close",
    "board",
    "alight",
    "headcount",
    "departure",
    "confirm",
    "hand_over",
    "walk_in",
    "incident",
    "briefing",
    "briefing_signature",
    "pack_opened",
    "undo",
    "solve",
    "accept",
)
UNDO, SOLVE, ACCEPT = "undo", "solve", "accept"
DECISIONS = (UNDO, SOLVE, ACCEPT)  # what is said of other operations alone
NEVER_LATE = ("incident", "pack_opened")  # told whenever; nothing that stands depends on it
BOTH = "both"  # what a coordinator keeps who lets all sides stand
NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Operation:
    """`key` is what it is about, `names` the operation that it takes back, answers or confirms, `after` what stood on
    the phone when it was said. `at` is the phone's clock, `corrected_at` what ours makes of it.
    """

    id: str
    kind: str
    key: str
    at: datetime
    corrected_at: datetime
    body: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    names: str | None = None
    after: frozenset[str] = frozenset()
    device: str = ""
    account_id: str | None = None
    verified_by: str | None = None
    is_late: bool = False  # came after the day was closed: counts once a coordinator accepts it


@dataclass(frozen=True, slots=True)
class Conflict:
    """What contradicts: the ids of the operations that say so, and how bad it is (low or high).

    `word` is kind, key and part in one: it stays the same when another side comes.
    """

    word: str
    kind: str
    key: str
    sides: tuple[str, ...]
    severity: str


@dataclass(frozen=True, slots=True)
class Said:
    """All that was said about one key: what counts, by id; everything; what names something that nobody knows yet;
    and for each word of a conflict the sides that a coordinator has looked at. What a coordinator
    accepted is late no more here.
    """

    key: str
    counts: tuple[Operation, ...]
    known: Mapping[str, Operation]
    pending: tuple[str, ...]
    solved: Mapping[str, frozenset[str]]
    undone_by: Mapping[str, str]

    def of(self, *kinds: str) -> list[Operation]:
        """What counts of these kinds, by id."""
        return [one for one in self.counts if one.kind in kinds]

    def conflict(self, kind: str, sides: Iterable[str], severity: str, part: str = "") -> tuple[Conflict, ...]:
        """This contradiction, or nothing where a coordinator has looked at all of its sides."""
        word, found = f"{kind}|{self.key}|{part}", frozenset(sides)
        if found <= self.solved.get(word, frozenset()):
            return ()
        return (Conflict(word, kind, self.key, tuple(sorted(found)), severity),)


def said_of(key: str, operations: Iterable[Operation]) -> Said:
    """Takes out what was undone, what a coordinator decided against, and what came late and nobody accepted.

    An undo doesn't name an undo or an acceptance, so there are no circles; the undo of a solution brings its conflict
    back.
    """
    known = _accepted({one.id: one for one in operations})
    ordered = [known[id_] for id_ in sorted(known)]
    undone_by = _taken_back(one for one in ordered if one.kind == UNDO and not one.is_late)
    solutions = [one for one in ordered if one.kind == SOLVE and not one.is_late and one.id not in undone_by]
    solved: dict[str, frozenset[str]] = {}
    for one in solutions:
        word, sides = str(one.body.get("word", "")), frozenset(map(str, one.body.get("sides", ())))
        solved[word] = solved.get(word, frozenset()) | sides
        keep = one.body.get("keep")
        if keep != BOTH:
            for side in sides - {keep}:
                undone_by.setdefault(side, one.id)
    counts = tuple(one for one in ordered if one.kind not in DECISIONS and one.id not in undone_by and not one.is_late)
    pending = tuple(one.id for one in ordered if one.names and one.names not in known)
    return Said(key, counts, known, pending, solved, undone_by)


def by_key(operations: Iterable[Operation]) -> dict[str, list[Operation]]:
    """{key: its operations}. What names an operation belongs to that one's key, whatever subject came with it."""
    every = {one.id: one for one in operations}
    found: dict[str, list[Operation]] = {}
    for one in every.values():
        target = every.get(one.names) if one.names else None
        key = target.key if target and one.kind in DECISIONS else one.key
        found.setdefault(key, []).append(one)
    return found


def canonical(equals: Sequence[Operation]) -> Operation | None:
    """Of several that say the same the one that speaks for them: that with the smallest id, on every device."""
    return min(equals, key=lambda one: one.id, default=None)


def _accepted(known: dict[str, Operation]) -> dict[str, Operation]:
    """The same, with what a coordinator accepted as if it had come in time."""
    for id_ in {one.names for one in known.values() if one.kind == ACCEPT and one.names in known}:
        known[str(id_)] = replace(known[str(id_)], is_late=False)
    return known


def _taken_back(undos: Iterable[Operation]) -> dict[str, str]:
    """{id: the undo that took it back}; of several undos the one with the smallest id is named."""
    found: dict[str, str] = {}
    for one in undos:
        if one.names:
            found.setdefault(one.names, one.id)
    return found
