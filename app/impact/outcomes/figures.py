"""How much of what: a figure read in its unit, and the doubts that somebody has to settle. Pure.

What is refused is a figure that can't be: below zero, in a unit that doesn't measure this, in two units at once, half
a fish. What is only doubted may be saved by whoever says that it is right.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from app.impact.errors import NegativeFigure, NotANumber, NotWhole, TooManyDecimals
from app.impact.numbers import Written, is_ambiguous, read_number
from app.impact.outcomes.errors import MixedUnits, NoUnit, UnitsDiffer, UnknownUnit, WrongDensity
from app.impact.outcomes.metrics import CUBIC_METRE, MetricFacts, base_factor

# Tonnes in a cubic metre of what lies on a shore, loose in bags, where nobody weighed one.
USUAL_DENSITY = Decimal("0.2")
LEAST_DENSITY, MOST_DENSITY = Decimal("0.01"), Decimal(3)

# Units as people write them behind a number, without full stops.
WRITTEN_UNITS = {
    "t": ("t", "т", "тн", "тонна", "тонны", "тонн", "ton", "tons", "tonne", "tonnes"),
    "kg": ("kg", "кг", "кило", "килограмм", "килограмма", "килограммов"),
    "m3": ("m3", "m³", "м3", "м³", "куб", "кубов", "куба", "кубм", "текшем"),
    "km": ("km", "км", "километр", "километра", "километров"),
    "m": ("m", "м", "метр", "метра", "метров"),
    "plants": ("plants", "саженцев", "деревьев", "көшет", "ағаш"),
    "fish": ("fish", "рыб", "балық"),
    "people": ("people", "человек", "чел", "адам"),
    "hours": ("h", "hours", "ч", "час", "часа", "часов", "сағ", "сағат"),
    "pieces": ("pcs", "pieces", "шт", "штук", "дана"),
}
_UNIT_OF = {word: unit for unit, words in WRITTEN_UNITS.items() for word in words}
_FIGURE_AND_UNIT = re.compile(r"([+−-]?\d[\d\s\u00a0\u2009\u202f.,'’]*)\s*([^\W\d_][^\W\d_.]*[³3]?(?:\.\s?м|\.)?)")


@dataclass(frozen=True)
class Reading:
    """What was written, understood: the figure in its unit, and in the metric's base unit."""

    quantity: Decimal
    unit: str
    density: Decimal | None
    base_quantity: Decimal
    is_doubtful: bool


def read_figure(written: Written, *, metric: MetricFacts, unit: str, density: Written = "") -> Reading:
    """A figure of this metric; cubic metres become tonnes by `density` (the usual one where nothing is written).

    Raises a WrongFigure, UnknownUnit, NoUnit or WrongDensity.
    """
    number, said_unit = _apart(written)
    unit = _unit(written, metric=metric, chosen=unit, said=said_unit)
    value = _value(number, whole=unit not in (CUBIC_METRE,) and metric.is_whole)
    heaviness = _density(density) if unit == CUBIC_METRE else None
    base = value * base_factor(metric.key, unit, heaviness)
    too_much = metric.unlikely_above is not None and base > metric.unlikely_above
    return Reading(value, unit, heaviness, base, too_much or is_ambiguous(number))


def _apart(written: Written) -> tuple[Written, str]:
    """The number and the unit behind it ("" where there is none); raises MixedUnits for two of them."""
    if not isinstance(written, str):
        return written, ""
    found = [(number, _known(word)) for number, word in _FIGURE_AND_UNIT.findall(written)]
    known = [(number, unit) for number, unit in found if unit]
    if len(known) > 1:
        raise MixedUnits
    if known and len(found) == 1 and _FIGURE_AND_UNIT.fullmatch(written.strip()):
        return known[0][0].strip(), known[0][1]
    return written, ""


def _known(word: str) -> str:
    return _UNIT_OF.get(re.sub(r"[\s.]", "", word).lower(), "")


def _unit(written: Written, *, metric: MetricFacts, chosen: str, said: str) -> str:
    if said and chosen and said != chosen:
        raise UnitsDiffer(text=str(written)[:40])
    unit = chosen or said or (metric.unit if len(metric.units) == 1 else "")
    if not unit:
        raise NoUnit(text=str(written)[:40])
    if unit not in metric.units:
        raise UnknownUnit(units=", ".join(metric.units))
    return unit


def _value(number: Written, *, whole: bool) -> Decimal:
    value = read_number(number)
    if value < 0:
        raise NegativeFigure
    if whole and value != value.to_integral_value():
        raise NotWhole
    if value * 1000 != (value * 1000).to_integral_value():
        raise TooManyDecimals
    return value


def _density(written: Written) -> Decimal:
    text = written if not isinstance(written, str) else written.strip()
    if text == "":
        return USUAL_DENSITY
    try:
        value = read_number(text)
    except NotANumber as error:
        raise WrongDensity from error
    if not LEAST_DENSITY <= value <= MOST_DENSITY or value * 1000 != (value * 1000).to_integral_value():
        raise WrongDensity
    return value
