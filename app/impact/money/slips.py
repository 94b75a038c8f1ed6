"""Whether a sum looks like a slip of a thousand, measured on what stands beside it. Pure.

A sum is doubted when it would fit better a thousand times smaller or larger: nearer (as a ratio) to what such entries
usually come to, or far beyond the plan. Whoever wrote it is asked, and told what it would be in the other unit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median_low

from app.impact.money.sums import unlikely_sum

THOUSAND = 1_000
ENOUGH = 3  # entries before one speaks of what is usual
PLAN_TIMES = 10


@dataclass(frozen=True)
class Beside:
    """What a sum is measured on, in tenge: the plan (0: none is known), all that is known of the programme, and the
    entries like it."""

    plan_tenge: int = 0
    known_tenge: int = 0
    like_it: Sequence[int] = ()


@dataclass(frozen=True)
class Doubt:
    """Why a sum is asked about: `why` is plan, usual or range; `beside_tenge` what it was measured on; `meant_tenge`
    what it would be in the other unit, None where that isn't whole."""

    why: str
    beside_tenge: int
    meant_tenge: int | None


def doubt(amount_tenge: int, beside: Beside) -> Doubt | None:
    """The doubt about this sum, None where it looks right."""
    usual = _usual(beside.like_it)
    if usual and not min(beside.like_it) <= amount_tenge <= max(beside.like_it):
        if fits_divided(amount_tenge, usual):
            return Doubt("usual", usual, _divided(amount_tenge))
        if fits_divided(usual, amount_tenge):
            return Doubt("usual", usual, amount_tenge * THOUSAND)
    if beside.plan_tenge and amount_tenge > beside.plan_tenge * PLAN_TIMES:
        return Doubt("plan", beside.plan_tenge, _divided(amount_tenge))
    if unlikely_sum(amount_tenge, known_tenge=beside.known_tenge):
        small = amount_tenge < THOUSAND
        return Doubt("range", 0, amount_tenge * THOUSAND if small else _divided(amount_tenge))
    return None


def fits_divided(amount: int, other: int) -> bool:
    """Whether a thousandth of `amount` is nearer to `other` than `amount` is: past the middle between them."""
    return amount * amount > THOUSAND * other * other


def _usual(like_it: Sequence[int]) -> int | None:
    return median_low(like_it) if len(like_it) >= ENOUGH else None


def _divided(amount: int) -> int | None:
    whole, rest = divmod(amount, THOUSAND)
    return None if rest or not whole else whole
