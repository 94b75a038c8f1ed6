"""The report as plain values, and how it is added up. Pure.

Only what was reported (outcomes, expenses) is added; what was counted here stands beside it and is never mixed in.
Nothing is split: money of a programme with events in two cities isn't shared out between them, and a figure known
for 2022 and 2023 together isn't shared out between the years. A filter that would need that leaves it out and names it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from app.impact.outcomes.metrics import METRICS, PEOPLE
from app.impact.reports.facts import (
    Attended,
    CostRow,
    EventFacts,
    Figure,
    Impact,
    Metric,
    Money,
    NotSplit,
    PeopleRow,
    PlanRow,
    ProgrammeFacts,
)

IN, PARTLY, OUT = "in", "partly", "out"


@dataclass(frozen=True)
class Asked:
    """The filter: one year, one city, one kind of event, or None for all of them."""

    year: int | None = None
    city: str | None = None
    kind: str | None = None

    @property
    def is_all(self) -> bool:
        """Whether nothing is left out."""
        return self.year is None and self.city is None and self.kind is None

    def years(self, first: int, last: int) -> str:
        """Whether a span of years lies in the year asked for."""
        if self.year is None or first == last == self.year:
            return IN
        return PARTLY if first <= self.year <= last else OUT

    def event(self, event: EventFacts) -> str:
        """Whether an event lies in the filter."""
        if (self.city is not None and event.city != self.city) or (self.kind is not None and event.kind != self.kind):
            return OUT
        return self.years(event.first_year, event.last_year)

    def money(self, money: Money, programme: ProgrammeFacts) -> str:
        """Whether a sum lies in the filter; a date of payment says more than the years of what was paid for."""
        place: ProgrammeFacts | EventFacts = money.event or programme
        years = (money.year, money.year) if money.year else (place.first_year, place.last_year)
        within = worse(self.cities_of(money.event, programme), self.kinds_of(money.event, programme))
        return worse(within, self.years(*years))

    def plan(self, programme: ProgrammeFacts) -> str:
        """Whether a programme's plan lies in the filter."""
        within = worse(self.cities_of(None, programme), self.kinds_of(None, programme))
        return worse(within, self.years(programme.first_year, programme.last_year))

    def cities_of(self, event: EventFacts | None, programme: ProgrammeFacts) -> str:
        """Whether the city asked for is all of it, a part or none."""
        cities = {event.city} if event else programme.cities
        if self.city is None or cities == {self.city}:
            return IN
        return PARTLY if self.city in cities else OUT

    def kinds_of(self, event: EventFacts | None, programme: ProgrammeFacts) -> str:
        """Whether the kind asked for is all of it, a part or none."""
        kinds = {event.kind} if event else programme.kinds
        if self.kind is None or kinds == {self.kind}:
            return IN
        return PARTLY if self.kind in kinds else OUT


def report(
    programmes: Sequence[ProgrammeFacts],
    figures: Iterable[Figure],
    money: Iterable[Money],
    attended: Iterable[Attended],
    *,
    asked: Asked,
    units: Mapping[str, str] = METRICS,
) -> Impact:
    """The report of everything given that lies in the filter; `units` are those of the metrics that can be added up."""
    by_id = {programme.id: programme for programme in programmes}
    said = [one for one in figures if one.event.programme_id in by_id and one.metric in units]
    paid = [one for one in money if one.programme_id in by_id]
    counted = figures_in(asked, said)
    spent = [one for one in paid if asked.is_all or asked.money(one, by_id[one.programme_id]) == IN]
    here = [one for one in attended if one.event.programme_id in by_id and asked.event(one.event) == IN]
    plans = _plans(programmes, spent, asked)
    not_split = _not_split(programmes, said, paid, asked)
    return Impact(
        metrics=_metrics(counted, spent, units, cut={row.programme.id for row in not_split if row.cost_tenge}),
        cost_tenge=_sum(spent, "actual"),
        committed_tenge=_sum(spent, "committed"),
        planned_tenge=sum(row.planned_tenge for row in plans),
        kg_per_participant=_kg_per_participant(counted),
        rows=_rows(programmes, counted, spent, units),
        plans=plans,
        not_split=not_split,
        first_year=min((one.event.first_year for one in counted), default=None),
        last_year=max((one.event.last_year for one in counted), default=None),
        cities=sorted({one.event.city for one in counted}),
        **_counted(here),
        **_costs([one for one in spent if one.stage == "actual"], by_id),
    )


def _counted(here: Sequence[Attended]) -> dict[str, Any]:
    """What was counted here; never added to what was reported."""
    return {
        "signed_up": sum(one.signed_up for one in here),
        "confirmed": sum(one.confirmed for one in here),
        "present": sum(one.present for one in here),
        "minutes": sum(one.minutes for one in here),
    }


def figures_in(asked: Asked, figures: Iterable[Figure]) -> list[Figure]:
    """The figures that lie wholly in the filter."""
    return [figure for figure in figures if asked.is_all or asked.event(figure.event) == IN]


def total(name: str, figures: Iterable[Figure], money: Iterable[Money], units: Mapping[str, str] = METRICS) -> Metric:
    """The sum of one metric and what one unit of it cost."""
    own = [figure for figure in figures if figure.metric == name]
    if not own:
        return Metric(name, Decimal(0), units[name], cost_tenge=_sum(money, "actual"))
    value = sum((figure.quantity for figure in own), Decimal(0))
    cost = _sum(money, "actual")
    by_city: dict[str, Decimal] = {}
    by_year: dict[int, Decimal] = {}
    for figure in own:
        by_city[figure.event.city] = by_city.get(figure.event.city, Decimal(0)) + figure.quantity
        if figure.event.first_year == figure.event.last_year:
            by_year[figure.event.first_year] = by_year.get(figure.event.first_year, Decimal(0)) + figure.quantity
    return Metric(
        name=name,
        value=value,
        unit=units[name],
        by_contractor=sum((figure.quantity for figure in own if figure.by_contractor), Decimal(0)),
        cost_tenge=cost,
        cost_per_unit=Decimal(cost) / value if value and cost else None,
        by_city=dict(sorted(by_city.items(), key=lambda pair: -pair[1])),
        first_year=min((figure.event.first_year for figure in own), default=None),
        last_year=max((figure.event.last_year for figure in own), default=None),
        by_year=dict(sorted(by_year.items())),
        entries=sum(figure.entries for figure in own),
    )


def rounded_price(price: Decimal) -> int | float:
    """What one unit costs, in whole tenge; below a hundred with tiyn, because there they tell."""
    if price < 100:
        return float(price.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))
    return int(price.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def worse(one: str, other: str) -> str:
    """What is only partly in the filter for one reason isn't in it; what is out for one, is out."""
    return max(one, other, key=(IN, PARTLY, OUT).index)


def _sum(money: Iterable[Money], stage: str) -> int:
    return sum(one.amount_tenge for one in money if one.stage == stage)


def _money_of(name: str, figures: Sequence[Figure], money: Iterable[Money]) -> list[Money]:
    """What a metric cost: the money of its events, and that of whole programmes in which it was achieved."""
    events = {figure.event.id for figure in figures if figure.metric == name}
    programmes = {figure.event.programme_id for figure in figures if figure.metric == name}
    return [one for one in money if (one.event.id in events if one.event else one.programme_id in programmes)]


def _metrics(
    figures: Sequence[Figure], money: Sequence[Money], units: Mapping[str, str], *, cut: set[str]
) -> dict[str, Metric]:
    """Every metric's total; without a price where the filter left out a part of the cost (programmes in `cut`)."""
    metrics = {name: total(name, figures, _money_of(name, figures, money), units) for name in units}
    half = {figure.metric for figure in figures if figure.event.programme_id in cut}
    return {name: replace(one, cost_per_unit=None) if name in half else one for name, one in metrics.items()}


def _plans(programmes: Sequence[ProgrammeFacts], money: Sequence[Money], asked: Asked) -> list[PlanRow]:
    """The programme's own plan; where it has none, the planned expenses."""
    plans = []
    for programme in programmes:
        if programme.planned_tenge is not None:
            planned = programme.planned_tenge if asked.plan(programme) == IN else 0
        else:
            planned = _sum((one for one in money if one.programme_id == programme.id), "planned")
        if planned:
            plans.append(PlanRow(programme, planned, is_own=programme.planned_tenge is not None))
    return sorted(plans, key=lambda plan: -plan.planned_tenge)


def _costs(money: Sequence[Money], programmes: Mapping[str, ProgrammeFacts]) -> dict[str, Any]:
    """What was spent by year, by category and by city; what isn't known to a year or a city stands under none."""
    by_year: dict[int, int] = {}
    by_category: dict[str, int] = {}
    by_city: dict[str | None, int] = {}
    for one in money:
        year, city = year_of_money(one, programmes[one.programme_id]), one.event.city if one.event else None
        if year is not None:
            by_year[year] = by_year.get(year, 0) + one.amount_tenge
        by_category[one.category] = by_category.get(one.category, 0) + one.amount_tenge
        by_city[city] = by_city.get(city, 0) + one.amount_tenge
    return {
        "cost_by_year": dict(sorted(by_year.items())),
        "cost_by_category": dict(sorted(by_category.items(), key=lambda pair: -pair[1])),
        "cost_by_city": dict(sorted(by_city.items(), key=lambda pair: -pair[1])),
    }


def year_of_money(money: Money, programme: ProgrammeFacts) -> int | None:
    """The one year of a sum: that of its payment, else its event's or programme's; None where those are several."""
    place: ProgrammeFacts | EventFacts = money.event or programme
    return money.year or (place.first_year if place.first_year == place.last_year else None)


def _rows(
    programmes: Sequence[ProgrammeFacts], figures: Sequence[Figure], money: Sequence[Money], units: Mapping[str, str]
) -> list[CostRow]:
    """Dearest first. In parts by city where all the money of a programme names its event."""
    rows = []
    paid, said = defaultdict(list), defaultdict(list)
    for one in money:
        if one.stage == "actual":
            paid[one.programme_id].append(one)
    for figure in figures:
        said[figure.event.programme_id].append(figure)
    for programme in programmes:
        own, achieved = paid[programme.id], said[programme.id]
        cities = sorted({one.event.city for one in own if one.event} | {figure.event.city for figure in achieved})
        parts: tuple[CostRow, ...] = ()
        if own and len(cities) > 1 and all(one.event for one in own):
            parts = tuple(sorted((_row(programme, city, achieved, own, units) for city in cities), key=_dearest))
        if own or achieved:
            rows.append(replace(_row(programme, None, achieved, own, units), parts=parts))
    return sorted(rows, key=_dearest)


def _dearest(row: CostRow) -> int:
    return -row.cost_tenge


def _row(
    programme: ProgrammeFacts, city: str | None, figures: list[Figure], money: list[Money], units: Mapping[str, str]
) -> CostRow:
    here = [figure for figure in figures if city is None or figure.event.city == city]
    paid = [one for one in money if city is None or (one.event and one.event.city == city)]
    achieved = {figure.metric for figure in here}
    first = next((name for name in units if name in achieved), None)
    return CostRow(programme, city, _sum(paid, "actual"), total(first, here, paid, units) if first else None)


def people_rows(figures: Sequence[Figure], attended: Sequence[Attended]) -> list[PeopleRow]:
    """Event by event what was reported of people and what was counted here, side by side; oldest first."""
    events = {figure.event.id: figure.event for figure in figures if figure.metric in PEOPLE}
    events |= {one.event.id: one.event for one in attended if one.confirmed or one.present}
    here = {one.event.id: one for one in attended}
    rows = []
    for event in events.values():
        own = [figure for figure in figures if figure.event.id == event.id]
        said = {name: [f.quantity for f in own if f.metric == name] for name in ("participants", "children")}
        rows.append(
            PeopleRow(
                event=event,
                participants=sum(said["participants"], Decimal(0)) if said["participants"] else None,
                children=sum(said["children"], Decimal(0)) if said["children"] else None,
                detail=", ".join(f.detail for f in own if f.metric in said and f.detail),
                confirmed=here[event.id].confirmed if event.id in here else None,
                present=here[event.id].present if event.id in here else None,
            )
        )
    return sorted(rows, key=lambda row: (row.event.first_year, row.event.last_year, -(row.participants or 0)))


def _kg_per_participant(figures: Sequence[Figure]) -> Decimal | None:
    """Waste by the people reported at the same events."""
    cleaned = {figure.event.id for figure in figures if figure.metric == "waste_removed"}
    manned = {figure.event.id for figure in figures if figure.metric == "participants"} & cleaned
    people = sum(f.quantity for f in figures if f.metric == "participants" and f.event.id in manned)
    waste = sum(f.quantity for f in figures if f.metric == "waste_removed" and f.event.id in manned)
    return Decimal(waste) * 1000 / people if people else None


def _not_split(
    programmes: Sequence[ProgrammeFacts], figures: Sequence[Figure], money: Sequence[Money], asked: Asked
) -> list[NotSplit]:
    left_out: list[NotSplit] = []
    for programme in programmes if not asked.is_all else ():
        sums = [m for m in money if m.programme_id == programme.id and asked.money(m, programme) == PARTLY]
        said = [f for f in figures if f.event.programme_id == programme.id and asked.event(f.event) == PARTLY]
        planned = programme.planned_tenge if asked.plan(programme) == PARTLY else 0
        if sums or said or planned:
            why = "year" if said else _why(programme, asked)
            entries = sum(one.entries for one in said)
            left_out.append(NotSplit(programme, why, _sum(sums, "actual"), planned or 0, entries))
    return left_out


def _why(programme: ProgrammeFacts, asked: Asked) -> str:
    if asked.cities_of(None, programme) == PARTLY:
        return "city"
    return "kind" if asked.kinds_of(None, programme) == PARTLY else "year"
