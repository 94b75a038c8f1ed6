"""The report as plain values, and how it is added up. Pure.

Only what was reported (outcomes, expenses) is added; what was counted here stands beside it and is never mixed in.
Nothing is split: money of a programme with events in two cities isn't shared out between them, and a figure known
for 2022 and 2023 together isn't shared out between the years. A filter that would need that leaves it out and names it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from app.impact.facts import (
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
from app.impact.models import METRICS

IN, PARTLY, OUT = "in", "partly", "out"


@dataclass(frozen=True)
class Asked:
    """The filter: one year, one city, or None for all of them."""

    year: int | None = None
    city: str | None = None

    def years(self, first: int, last: int) -> str:
        """Whether a span of years lies in the year asked for."""
        if self.year is None or first == last == self.year:
            return IN
        return PARTLY if first <= self.year <= last else OUT

    def event(self, event: EventFacts) -> str:
        """Whether an event lies in the filter."""
        if self.city is not None and event.city != self.city:
            return OUT
        return self.years(event.first_year, event.last_year)

    def money(self, money: Money, programme: ProgrammeFacts) -> str:
        """Whether a sum lies in the filter; a date of payment says more than the years of what was paid for."""
        place: ProgrammeFacts | EventFacts = money.event or programme
        years = (money.year, money.year) if money.year else (place.first_year, place.last_year)
        return _worse(self.cities_of(money.event, programme), self.years(*years))

    def plan(self, programme: ProgrammeFacts) -> str:
        """Whether a programme's plan lies in the filter."""
        return _worse(self.cities_of(None, programme), self.years(programme.first_year, programme.last_year))

    def cities_of(self, event: EventFacts | None, programme: ProgrammeFacts) -> str:
        """Whether the city asked for is all of it, a part or none."""
        cities = {event.city} if event else programme.cities
        if self.city is None or cities == {self.city}:
            return IN
        return PARTLY if self.city in cities else OUT


def report(
    programmes: Sequence[ProgrammeFacts],
    figures: Iterable[Figure],
    money: Iterable[Money],
    attended: Iterable[Attended],
    *,
    asked: Asked,
) -> Impact:
    """The report of everything given that lies in the filter."""
    by_id = {programme.id: programme for programme in programmes}
    said = [one for one in figures if one.event.programme_id in by_id]
    paid = [one for one in money if one.programme_id in by_id]
    counted = figures_in(asked, said)
    spent = [one for one in paid if asked.money(one, by_id[one.programme_id]) == IN]
    here = [one for one in attended if one.event.programme_id in by_id and asked.event(one.event) == IN]
    plans = _plans(programmes, spent, asked)
    not_split = _not_split(programmes, said, paid, asked)
    return Impact(
        metrics=_metrics(counted, spent, cut={row.programme.id for row in not_split if row.cost_tenge}),
        cost_tenge=_sum(spent, "actual"),
        committed_tenge=_sum(spent, "committed"),
        planned_tenge=sum(row.planned_tenge for row in plans),
        kg_per_participant=_kg_per_participant(counted),
        confirmed=sum(one.confirmed for one in here),
        present=sum(one.present for one in here),
        minutes=sum(one.minutes for one in here),
        rows=_rows(programmes, counted, spent),
        plans=plans,
        people=_people(counted, here),
        not_split=not_split,
        first_year=min((one.event.first_year for one in counted), default=None),
        last_year=max((one.event.last_year for one in counted), default=None),
        cities=sorted({one.event.city for one in counted}),
    )


def figures_in(asked: Asked, figures: Iterable[Figure]) -> list[Figure]:
    """The figures that lie wholly in the filter."""
    return [figure for figure in figures if asked.event(figure.event) == IN]


def total(name: str, figures: Iterable[Figure], money: Iterable[Money]) -> Metric:
    """The sum of one metric and what one unit of it cost."""
    own = [figure for figure in figures if figure.metric == name]
    value = sum((figure.quantity for figure in own), Decimal(0))
    cost = _sum(money, "actual")
    by_city: dict[str, Decimal] = {}
    for figure in own:
        by_city[figure.event.city] = by_city.get(figure.event.city, Decimal(0)) + figure.quantity
    return Metric(
        name=name,
        value=value,
        unit=METRICS[name],
        by_contractor=sum((figure.quantity for figure in own if figure.by_contractor), Decimal(0)),
        cost_tenge=cost,
        cost_per_unit=Decimal(cost) / value if value and cost else None,
        by_city=dict(sorted(by_city.items(), key=lambda pair: -pair[1])),
        first_year=min((figure.event.first_year for figure in own), default=None),
        last_year=max((figure.event.last_year for figure in own), default=None),
    )


def rounded_price(price: Decimal) -> int | float:
    """What one unit costs, in whole tenge; below a hundred with tiyn, because there they tell."""
    if price < 100:
        return float(price.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))
    return int(price.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _worse(one: str, other: str) -> str:
    return max(one, other, key=(IN, PARTLY, OUT).index)


def _sum(money: Iterable[Money], stage: str) -> int:
    return sum(one.amount_tenge for one in money if one.stage == stage)


def _money_of(name: str, figures: Sequence[Figure], money: Iterable[Money]) -> list[Money]:
    """What a metric cost: the money of its events, and that of whole programmes in which it was achieved."""
    events = {figure.event.id for figure in figures if figure.metric == name}
    programmes = {figure.event.programme_id for figure in figures if figure.metric == name}
    return [one for one in money if (one.event.id in events if one.event else one.programme_id in programmes)]


def _metrics(figures: Sequence[Figure], money: Sequence[Money], *, cut: set[str]) -> dict[str, Metric]:
    """Every metric's total; without a price where the filter left out a part of the cost (programmes in `cut`)."""
    metrics = {name: total(name, figures, _money_of(name, figures, money)) for name in METRICS}
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
            plans.append(PlanRow(programme, planned))
    return sorted(plans, key=lambda plan: -plan.planned_tenge)


def _rows(programmes: Sequence[ProgrammeFacts], figures: Sequence[Figure], money: Sequence[Money]) -> list[CostRow]:
    """Dearest first. In parts by city where all the money of a programme names its event."""
    rows = []
    for programme in programmes:
        own = [one for one in money if one.programme_id == programme.id and one.stage == "actual"]
        achieved = [figure for figure in figures if figure.event.programme_id == programme.id]
        cities = sorted({one.event.city for one in own if one.event} | {figure.event.city for figure in achieved})
        parts: tuple[CostRow, ...] = ()
        if own and len(cities) > 1 and all(one.event for one in own):
            parts = tuple(sorted((_row(programme, city, achieved, own) for city in cities), key=_dearest))
        if own or achieved:
            rows.append(replace(_row(programme, None, achieved, own), parts=parts))
    return sorted(rows, key=_dearest)


def _dearest(row: CostRow) -> int:
    return -row.cost_tenge


def _row(programme: ProgrammeFacts, city: str | None, figures: list[Figure], money: list[Money]) -> CostRow:
    here = [figure for figure in figures if city is None or figure.event.city == city]
    paid = [one for one in money if city is None or (one.event and one.event.city == city)]
    results = [total(name, here, paid) for name in METRICS if any(figure.metric == name for figure in here)]
    return CostRow(programme, city, _sum(paid, "actual"), results[0] if results else None)


def _people(figures: Sequence[Figure], attended: Sequence[Attended]) -> list[PeopleRow]:
    events = {figure.event.id: figure.event for figure in figures if METRICS[figure.metric] == "people"}
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
    left_out = []
    for programme in programmes:
        sums = [m for m in money if m.programme_id == programme.id and asked.money(m, programme) == PARTLY]
        said = [f for f in figures if f.event.programme_id == programme.id and asked.event(f.event) == PARTLY]
        planned = programme.planned_tenge if asked.plan(programme) == PARTLY else 0
        if sums or said or planned:
            by_city = asked.cities_of(None, programme) == PARTLY and not said
            left_out.append(
                NotSplit(programme, "city" if by_city else "year", _sum(sums, "actual"), planned or 0, len(said))
            )
    return left_out
