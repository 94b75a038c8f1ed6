"""Planned against done: what took place as planned, what slipped, what was dropped, what was added. Pure.

What was planned is the plan that was agreed; where none was, the first day that the event was published for. Only a
day known to the minute or the day can slip within its month; something planned "in May" has slipped once it is June.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.impact.planning.halves import Half

KNOWN_TO_THE_DAY = ("minute", "day")
TAKES_PLACE = ("published", "closed", "running")


@dataclass(frozen=True)
class Now:
    """An event as it stands: `first_day` and `last_day` at its own place, `planned_tenge` the lines of its budget."""

    id: str
    status: str
    first_day: date
    last_day: date
    precision: str
    planned_tenge: int = 0


@dataclass(frozen=True)
class Planned:
    """An event as it was planned."""

    event_id: str
    first_day: date
    precision: str
    planned_tenge: int = 0


@dataclass(frozen=True)
class Row:
    """One event of the comparison. `fate` is done, ahead, slipped, late, dropped or added; `was` what was planned."""

    event: Now
    fate: str
    was: Planned | None = None


@dataclass(frozen=True)
class Comparison:
    """All events that were planned for a half-year or lie in it now."""

    rows: Sequence[Row]

    def of(self, *fates: str) -> list[Row]:
        """Those with one of these fates."""
        return [row for row in self.rows if row.fate in fates]

    @property
    def planned(self) -> int:
        """How many events were planned for the half-year."""
        return sum(row.was is not None for row in self.rows)

    @property
    def planned_tenge(self) -> int:
        """What the events were planned to cost when they were planned."""
        return sum(row.was.planned_tenge for row in self.rows if row.was)


def compare(half: Half, planned: Mapping[str, Planned], events: Iterable[Now], *, today: date) -> Comparison:
    """What became of each event that was planned for `half`, and what came to it since; in the order of days."""
    rows = []
    for event in events:
        was = planned.get(event.id)
        if was is not None and not half.holds(was.first_day):
            was = None
        if was is None and not half.holds(event.first_day):
            continue
        rows.append(Row(event, fate(event, was, today=today), was))
    return Comparison(sorted(rows, key=lambda row: ((row.was or row.event).first_day, row.event.id)))


def fate(event: Now, was: Planned | None, *, today: date) -> str:
    """What became of one event: dropped before everything else, then slipped, then whether it is over."""
    if event.status == "cancelled":
        return "dropped"
    if event.status == "postponed":
        return "slipped"
    if was is not None and has_slipped(was, event):
        return "slipped"
    if event.status == "completed" or (event.status in TAKES_PLACE and event.last_day < today):
        return "done"
    if event.status == "draft" and event.last_day < today:
        return "late"
    return "ahead" if was is not None else "added"


def has_slipped(was: Planned, event: Now) -> bool:
    """Whether it is later than planned, as exactly as both days are known; earlier is no slip."""
    rough = max(_roughness(was.precision), _roughness(event.precision))
    return _rounded(event.first_day, rough) > _rounded(was.first_day, rough)


def _roughness(precision: str) -> int:
    return 0 if precision in KNOWN_TO_THE_DAY else ("month", "half-year", "year").index(precision) + 1


def _rounded(day: date, rough: int) -> tuple[int, ...]:
    half = Half.of(day)
    return ((day.year, day.month, day.day), (day.year, day.month), (half.year, half.number), (day.year,))[rough]
