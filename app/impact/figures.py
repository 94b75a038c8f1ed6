"""Reading figures as people write them, and asking back when one looks a thousand times too large. Pure.

Decimal commas and points, spaces of every width between thousands. `43,125` may be 43 tonnes or 43 thousand: it is
read as a decimal, and whoever wrote it is asked.
"""

import re
from decimal import Decimal, InvalidOperation

from app.impact.errors import (
    AmountNotPositive,
    NegativeFigure,
    NoFigure,
    NotANumber,
    NotASum,
    NotWhole,
    PartsOfATenge,
    TooLarge,
    TooManyDecimals,
    UnknownMetric,
    UnknownUnit,
)
from app.impact.models import METRICS

Written = str | int | float | Decimal

# How many base units (METRICS) one of a unit is.
UNITS: dict[str, dict[str, Decimal]] = {
    "waste_removed": {"t": Decimal(1), "kg": Decimal("0.001")},
    "coast_cleaned": {"km": Decimal(1), "m": Decimal("0.001")},
    "trees_planted": {"plants": Decimal(1)},
    "fish_released": {"fish": Decimal(1)},
    "participants": {"people": Decimal(1)},
    "children": {"people": Decimal(1)},
}
COUNTED_WHOLE = ("plants", "fish", "people")
# More than this at one event, in base units, and somebody is asked whether it is a slip.
UNLIKELY_ABOVE = {
    "waste_removed": 1_000,
    "coast_cleaned": 100,
    "trees_planted": 100_000,
    "fish_released": 10_000_000,
    "participants": 10_000,
    "children": 2_000,
}
UNLIKELY_TENGE = (1_000, 1_000_000_000)
UNLIKELY_TIMES = 100
ENOUGH_TO_COMPARE_TENGE = 100_000
TENGE_IN = {"tenge": 1, "thousand": 1_000}
LARGEST = Decimal(10) ** 12

_SPACES = re.compile(r"[\s\u00a0\u2000-\u200b\u202f\u205f\u2060\ufeff'’]+")
_GROUPED = re.compile(r"[+−-]?\d{1,3}(,\d{3})+\.\d+")
_LIKE_THOUSANDS = re.compile(r"[+−-]?[1-9]\d{0,2}[.,]\d{3}")


def read_number(written: Written) -> Decimal:
    """The number that somebody wrote; raises NoFigure, NotANumber or TooLarge."""
    text = _SPACES.sub("", str(written)).replace("−", "-")
    if not text:
        raise NoFigure
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    try:
        value = Decimal(text.replace(",", "."))
    except InvalidOperation as error:
        raise NotANumber(text=str(written)[:40]) from error
    if not value.is_finite() or isinstance(written, bool):
        raise NotANumber(text=str(written)[:40])
    if abs(value) > LARGEST:
        raise TooLarge
    return value


def read_quantity(written: Written, *, metric: str, unit: str) -> Decimal:
    """How much of a metric in this unit; raises the refusal that fits."""
    check_unit(metric, unit)
    value = read_number(written)
    if value < 0:
        raise NegativeFigure
    if unit in COUNTED_WHOLE and value != value.to_integral_value():
        raise NotWhole
    if value * 1000 != (value * 1000).to_integral_value():
        raise TooManyDecimals
    return value


def check_unit(metric: str, unit: str) -> None:
    """Raises UnknownMetric or UnknownUnit."""
    if metric not in METRICS:
        raise UnknownMetric
    if unit not in UNITS[metric]:
        raise UnknownUnit(units=", ".join(UNITS[metric]))


def in_base_unit(quantity: Decimal, *, metric: str, unit: str) -> Decimal:
    """Kilograms become tonnes, metres kilometres."""
    return quantity * UNITS[metric][unit]


def looks_like_a_slip(quantity: Decimal, *, metric: str, unit: str, written: Written = "") -> bool:
    """Whether it is more than one event brings, or was written so that it may mean a thousand times as much."""
    too_much = in_base_unit(quantity, metric=metric, unit=unit) > UNLIKELY_ABOVE[metric]
    return too_much or is_ambiguous(written)


def is_ambiguous(written: Written) -> bool:
    """`43,125`: forty-three and a bit, or forty-three thousand?"""
    return isinstance(written, str) and bool(_LIKE_THOUSANDS.fullmatch(_SPACES.sub("", written)))


def read_tenge(written: Written, *, unit: str = "tenge") -> int:
    """Whole tenge of a sum written in tenge or in thousands (24370,628); raises a WrongAmount."""
    try:
        amount = read_number(written) * TENGE_IN[unit]
    except (NoFigure, KeyError) as error:
        raise AmountNotPositive from error
    except (NotANumber, TooLarge) as error:
        raise NotASum(text=str(written)[:40]) from error
    if amount <= 0:
        raise AmountNotPositive
    if amount != amount.to_integral_value():
        raise PartsOfATenge(figure=grouped(amount))
    return int(amount)


def unlikely_sum(amount_tenge: int, *, known_tenge: int) -> bool:
    """Whether a sum looks like a slip of a thousand: tiny, huge, or a hundred times all that was known so far."""
    least, most = UNLIKELY_TENGE
    beyond = known_tenge >= ENOUGH_TO_COMPARE_TENGE and amount_tenge > known_tenge * UNLIKELY_TIMES
    return beyond or not least <= amount_tenge <= most


def grouped(value: Decimal | int) -> str:
    """2 826 000 with no-break spaces and a decimal comma: how a refusal repeats a figure."""
    whole, _, fraction = f"{Decimal(value):f}".partition(".")
    fraction = fraction.rstrip("0")
    return f"{int(whole):,}".replace(",", "\u00a0") + ("," + fraction if fraction else "")
