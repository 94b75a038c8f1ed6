"""How many of a department took part. Pure. No department is shown in which a figure would point at a person, and
nothing is said of all departments together from which such a one could be worked out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from app.impact.reports.charts import WIDEST, Bar, BarChart, bar_chart
from app.people.names import sort_key

LEAST = 5


@dataclass(frozen=True)
class Department:
    """A department of one city: how many work there today, and how many of them took part in the year."""

    city: str
    name: str
    headcount: int
    took_part: int

    @property
    def percent(self) -> int:
        """In whole per cent, rounded down: nobody is promised who isn't there."""
        return self.took_part * 100 // self.headcount


@dataclass(frozen=True)
class Rates:
    """The departments that may be shown, by the alphabet; `hidden` is how many are too small."""

    departments: tuple[Department, ...]
    hidden: int

    @property
    def headcount(self) -> int:
        """Of those shown alone."""
        return sum(one.headcount for one in self.departments)

    @property
    def took_part(self) -> int:
        """Of those shown alone."""
        return sum(one.took_part for one in self.departments)


def share_chart(bars: Sequence[Bar]) -> BarChart:
    """Bars of per cent, drawn against the hundred: the fullest department is not made to look as if all had come."""
    chart = bar_chart(bars)
    return replace(
        chart, bars=tuple(replace(one, width=f"{float(one.bar.amount) * WIDEST / 100:g}%") for one in chart.bars)
    )


def rates(found: Iterable[Department]) -> Rates:
    """What may be shown: departments of five people at least, in the order of the alphabet and of no ranking."""
    rows = list(found)
    shown = sorted((one for one in rows if one.headcount >= LEAST), key=lambda one: (sort_key(one.name, ""), one.city))
    return Rates(tuple(shown), len(rows) - len(shown))
