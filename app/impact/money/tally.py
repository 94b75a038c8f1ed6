"""Plan, orders and payments of a programme added up, as a whole, by event and by category. Pure; whole tenge.

Only entries that count are handed in. What is left is the plan less orders less payments; it may be below zero.
A programme's own plan is its frame: where one is set it is the plan, and what the lines of the budget spread over
events and categories is measured on it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """One sum that counts."""

    event_id: str | None
    stage: str
    category: str
    amount_tenge: int


@dataclass(frozen=True)
class Line:
    """Sums under one heading: an event's id (None: the programme as a whole), a category, or everything ("")."""

    key: str | None
    planned_tenge: int
    committed_tenge: int
    actual_tenge: int

    @property
    def left_tenge(self) -> int:
        """What may still be ordered or spent; below zero where more than planned is gone."""
        return self.planned_tenge - self.committed_tenge - self.actual_tenge

    @property
    def has_plan(self) -> bool:
        """Without a plan nothing can be left of it."""
        return self.planned_tenge > 0


@dataclass(frozen=True)
class Budget:
    """A programme's money. `frame_tenge` is what was agreed for all of it (None: nothing), `spread_tenge` what the
    lines of the budget come to."""

    whole: Line
    events: Sequence[Line]
    categories: Sequence[Line]
    frame_tenge: int | None
    spread_tenge: int

    @property
    def unspread_tenge(self) -> int:
        """Of the frame, what no line of the budget names yet; below zero where the lines come to more."""
        return 0 if self.frame_tenge is None else self.frame_tenge - self.spread_tenge


def budget(entries: Iterable[Entry], *, frame_tenge: int | None, order: Sequence[str | None] = ()) -> Budget:
    """Adds up. Events stand in this order (others behind), the programme as a whole first, the dearest category first.

    `frame_tenge` is the programme's own plan, None where nobody set one.
    """
    rows = list(entries)
    whole = _line("", rows)
    planned = whole.planned_tenge if frame_tenge is None else frame_tenge
    events = [_line(key, (one for one in rows if one.event_id == key)) for key in {one.event_id for one in rows}]
    categories = [_line(key, (one for one in rows if one.category == key)) for key in {one.category for one in rows}]
    places: dict[str | None, int] = {key: number for number, key in enumerate(order, start=1)} | {None: 0}
    return Budget(
        whole=Line("", planned, whole.committed_tenge, whole.actual_tenge),
        events=sorted(events, key=lambda line: (places.get(line.key, len(places)), line.key or "")),
        categories=sorted(categories, key=lambda line: (-max(line.planned_tenge, _gone(line)), line.key or "")),
        frame_tenge=frame_tenge,
        spread_tenge=whole.planned_tenge,
    )


def _gone(line: Line) -> int:
    return line.committed_tenge + line.actual_tenge


def _line(key: str | None, rows: Iterable[Entry]) -> Line:
    sums = {"planned": 0, "committed": 0, "actual": 0}
    for row in rows:
        sums[row.stage] += row.amount_tenge
    return Line(key, sums["planned"], sums["committed"], sums["actual"])
