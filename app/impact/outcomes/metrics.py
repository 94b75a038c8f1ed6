"""What is counted: the metrics that come with the house, the coordinators' own, and their units. Plain values, pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class MetricFacts:
    """One metric: the unit in which it is added up, and what its figures must be like.

    `sums` is false where a total says nothing (a grade, a share in percent). `unlikely_above`, in the base unit, is
    where somebody is asked whether it is a slip. `texts` is the name {kk, ru, en} of a coordinator's own metric; what
    the others are called stands in words.py.
    """

    key: str
    unit: str
    unlikely_above: Decimal | None = None
    sums: bool = True
    by_volume: bool = False
    by_species: bool = False
    texts: Mapping[str, str] | None = None
    is_retired: bool = False

    @property
    def is_own(self) -> bool:
        """Whether a coordinator added it."""
        return self.texts is not None

    @property
    def is_whole(self) -> bool:
        """Whether there is no half of one."""
        return self.unit in COUNTED_WHOLE

    @property
    def units(self) -> dict[str, Decimal]:
        """{unit in which it may be written: base units in one of it}; for cubic metres the density says it."""
        found = dict(FAMILIES.get(self.unit, {self.unit: Decimal(1)}))
        return found | ({CUBIC_METRE: Decimal(1)} if self.by_volume else {})


CUBIC_METRE = "m3"
COUNTED_WHOLE = ("plants", "fish", "people", "gifts", "pieces")
# Units that are one another's multiples, by the one in which they are added up.
FAMILIES = {
    "t": {"t": Decimal(1), "kg": Decimal("0.001")},
    "km": {"km": Decimal(1), "m": Decimal("0.001")},
}
# What a coordinator's own metric may be counted in.
OWN_UNITS = (
    "pieces", "people", "plants", "gifts", "hours", "t", "km", "m2", "ha", "litres", "kwh", "points", "percent",
)  # fmt: skip
PEOPLE = ("participants", "children")
# Metrics of which one entry per event counts, the last: how many of the plants live is counted again each year.
RECOUNTED = ("trees_alive",)
# Each kilometre once: what a stretch brings twice belongs under "walked".
UNIQUE = ("coast_cleaned",)
SURVIVAL = ("trees_planted", "trees_alive")

BUILT_IN = (
    MetricFacts("waste_removed", "t", Decimal(1_000), by_volume=True),
    MetricFacts("coast_cleaned", "km", Decimal(100)),
    MetricFacts("coast_walked", "km", Decimal(1_000)),
    MetricFacts("trees_planted", "plants", Decimal(100_000)),
    MetricFacts("trees_alive", "plants", Decimal(100_000)),
    MetricFacts("fish_released", "fish", Decimal(10_000_000), by_species=True),
    MetricFacts("participants", "people", Decimal(10_000)),
    MetricFacts("children", "people", Decimal(2_000)),
    MetricFacts("hours", "hours", Decimal(50_000)),
    MetricFacts("gifts", "gifts", Decimal(20_000)),
)
# {key: unit} of what comes with the house.
METRICS = {metric.key: metric.unit for metric in BUILT_IN}
BY_KEY = {metric.key: metric for metric in BUILT_IN}


def base_factor(metric: str, unit: str, density: Decimal | None) -> Decimal:
    """How many base units of the metric one of this unit is; of a cubic metre its density (tonnes)."""
    if unit == CUBIC_METRE and density is not None:
        return density
    facts = BY_KEY.get(metric)
    if facts is not None:
        return facts.units[unit]
    return next((family[unit] for family in FAMILIES.values() if unit in family), Decimal(1))
