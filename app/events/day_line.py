"""The picture of a day: what happens when, as shares of a line of hours. Pure; the page draws it as it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

LANES = ("stop", "lunch", "leg")
LUNCH_TAKES = timedelta(minutes=45)
MOST_TICKS = 6
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Span:
    """Something with a beginning and perhaps an end; `mark` is what is written at it (the number of a stop)."""

    kind: str
    starts_at: datetime
    ends_at: datetime | None = None
    mark: str = ""


@dataclass(frozen=True)
class Bar:
    """A span on the line, in percent of its length; nothing wide is a point."""

    mark: str
    left: float
    width: float

    @property
    def middle(self) -> float:
        """Where its mark is written."""
        return round(self.left + self.width / 2, 2)


@dataclass(frozen=True)
class DayLine:
    """The line: hours along it, and lane by lane what lies on it; `ways` lead from one stop to the next."""

    ticks: Sequence[tuple[float, datetime]]
    lanes: Sequence[tuple[str, Sequence[Bar]]]
    ways: Sequence[Bar]


def day_line(spans: Iterable[Span], *, timezone: str) -> DayLine | None:
    """The picture of these spans; None where there is nothing to draw. Its ends are full hours of the place."""
    found = sorted(spans, key=lambda span: (span.starts_at, span.ends_at or span.starts_at))
    if not found:
        return None
    first = _full_hour(found[0].starts_at, timezone)
    last = max(max(span.starts_at, span.ends_at or span.starts_at) for span in found)
    hours = max(1, -(-(last - first) // HOUR))
    length = hours * HOUR
    lanes = [(kind, [_bar(span, first, length) for span in found if span.kind == kind]) for kind in LANES]
    ways = [way for way in map(_way, pairwise(dict(lanes)["stop"])) if way.width > 0]
    step = next(step for step in (1, 2, 3, 4, 6, 12, 24, hours) if hours / step <= MOST_TICKS or step == hours)
    ticks = [(round(100 * hour / hours, 2), first + hour * HOUR) for hour in range(0, hours + 1, step)]
    return DayLine(ticks, [(kind, bars) for kind, bars in lanes if bars], ways)


def _bar(span: Span, first: datetime, length: timedelta) -> Bar:
    ends_at = max(span.starts_at, span.ends_at or span.starts_at)
    left, right = (100 * ((at - first) / length) for at in (span.starts_at, ends_at))
    return Bar(span.mark, round(left, 2), round(right - left, 2))


def _way(pair: tuple[Bar, Bar]) -> Bar:
    before, after = pair
    leaves = before.left + before.width
    return Bar("", round(leaves, 2), round(after.left - leaves, 2))


def _full_hour(at: datetime, timezone: str) -> datetime:
    return at.astimezone(ZoneInfo(timezone)).replace(minute=0, second=0, microsecond=0).astimezone(at.tzinfo)
