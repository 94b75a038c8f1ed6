"""One event's results held against its plan: volunteers' and contractors' work apart, what lives of what was planted.
Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from app.impact.outcomes.metrics import SURVIVAL, MetricFacts

NONE = Decimal(0)


@dataclass(frozen=True)
class Said:
    """A figure that counts, or a plan, in the metric's base unit."""

    metric: str
    base_quantity: Decimal
    by_contractor: bool = False
    species: str = ""
    after_the_event: bool = False


@dataclass(frozen=True)
class SheetRow:
    """One metric of one event: None where nothing is said."""

    metric: MetricFacts
    planned: Decimal | None
    by_volunteers: Decimal | None
    by_contractors: Decimal | None
    planned_late: bool = False

    @property
    def actual(self) -> Decimal | None:
        """Both together."""
        if self.by_volunteers is None and self.by_contractors is None:
            return None
        return (self.by_volunteers or NONE) + (self.by_contractors or NONE)

    @property
    def share(self) -> int | None:
        """Of the plan, in whole per cent."""
        return int(self.actual * 100 / self.planned) if self.actual is not None and self.planned else None


@dataclass(frozen=True)
class Survival:
    """Plants planted and alive at the last recount."""

    planted: Decimal
    alive: Decimal

    @property
    def percent(self) -> int:
        """How many of a hundred live, rounded down: none is promised that isn't there."""
        return int(self.alive * 100 / self.planted)


def sheet(metrics: Mapping[str, MetricFacts], figures: Iterable[Said], plans: Iterable[Said]) -> list[SheetRow]:
    """A row for each metric that is planned or reported, in the order of `metrics`."""
    figures, planned = list(figures), {plan.metric: plan for plan in plans}
    rows = []
    for key, facts in metrics.items():
        own = [figure for figure in figures if figure.metric == key]
        plan = planned.get(key)
        if not own and plan is None:
            continue
        by = {who: _of([f.base_quantity for f in own if f.by_contractor is who], facts) for who in (False, True)}
        rows.append(
            SheetRow(
                metric=facts,
                planned=plan.base_quantity if plan else None,
                by_volunteers=by[False],
                by_contractors=by[True],
                planned_late=bool(plan and plan.after_the_event),
            )
        )
    return rows


def _of(quantities: list[Decimal], facts: MetricFacts) -> Decimal | None:
    """Added up; of a grade, which has no total, the last one."""
    if not quantities:
        return None
    return sum(quantities, NONE) if facts.sums else quantities[-1]


def survival(figures: Iterable[Said]) -> Survival | None:
    """Of the plants of these figures; None where none were planted or nobody counted again."""
    figures = list(figures)
    planted, alive = (sum((f.base_quantity for f in figures if f.metric == name), NONE) for name in SURVIVAL)
    counted = any(figure.metric == SURVIVAL[1] for figure in figures)
    return Survival(planted, alive) if planted and counted else None


def by_species(figures: Iterable[Said]) -> dict[str, Decimal]:
    """{species: how many}, most first; "" where nobody said which."""
    totals: dict[str, Decimal] = {}
    for figure in figures:
        if figure.metric == "fish_released":
            totals[figure.species] = totals.get(figure.species, NONE) + figure.base_quantity
    return dict(sorted(totals.items(), key=lambda pair: -pair[1]))
