"""Which results of a survey may be shown so that nobody is found in them. Pure: no database.

An event is shown as a whole from five answers on, or not at all, and every sum is over shown events alone. So two
sums, by whatever filters, differ by nothing or by five answers and more: no subtraction reveals anybody.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

LEAST = 5


@dataclass(frozen=True)
class Tally:
    """The answers of one event: how many, and how often each step of the scale and each choice was taken."""

    event_id: str
    scale: dict[int, int]
    choices: dict[str, int]

    @property
    def answers(self) -> int:
        """How many answered."""
        return sum(self.scale.values())

    @property
    def is_shown(self) -> bool:
        """Whether enough answered for nobody to be found."""
        return self.answers >= LEAST

    @property
    def mean(self) -> Decimal:
        """The middle of the scale's steps, to one decimal; 0 without answers."""
        total = sum(step * times for step, times in self.scale.items())
        whole = Decimal(total) / self.answers if self.answers else Decimal(0)
        return whole.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def shown(tallies: Iterable[Tally]) -> list[Tally]:
    """Those that may be shown, in their order."""
    return [tally for tally in tallies if tally.is_shown]


def summed(tallies: Iterable[Tally], keep: Callable[[Tally], bool] = lambda _: True) -> Tally:
    """What may be shown of these, added up; those that a filter doesn't keep are left out as wholes."""
    scale: Counter[int] = Counter()
    choices: Counter[str] = Counter()
    for tally in shown(tallies):
        if keep(tally):
            scale.update(tally.scale)
            choices.update(tally.choices)
    return Tally("", dict(scale), dict(choices))
