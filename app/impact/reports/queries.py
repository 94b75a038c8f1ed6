"""Reads for the report: the plain values that it is made from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.db import db
from app.errors import NotFound
from app.events.models import KINDS, Event, Programme, Site
from app.impact.outcomes.metrics import BY_KEY, MetricFacts
from app.impact.outcomes.models import OwnMetric
from app.impact.reports.facts import Impact, ProgrammeFacts
from app.impact.reports.report import Asked, report, rounded_price
from app.impact.reports.sums import Sums, sums
from app.impact.reports.years import Bounds, year_bounds
from app.people.models import City


@dataclass(frozen=True)
class Gathered:
    """What a report is made from: each programme of it, all sums, and the units of the metrics that can be added up.

    Beside it what there is to choose from: every programme, every metric, and between which years events lie.
    """

    programmes: Sequence[ProgrammeFacts]
    sums: Sums
    units: Mapping[str, str]
    choices: Sequence[ProgrammeFacts]
    metrics: Mapping[str, MetricFacts]
    bounds: Bounds

    @property
    def years(self) -> list[int]:
        """The years that a reader can choose, newest first."""
        spans = (range(one.first_year, one.last_year + 1) for one in self.choices)
        return sorted({year for span in spans for year in span}, reverse=True)

    def report(self, asked: Asked) -> Impact:
        """The report of what lies in the filter."""
        return report(self.programmes, *self.sums, asked=asked, units=self.units)


def impact(
    programme: str | None = None,
    year: int | None = None,
    city: str | None = None,
    kind: str | None = None,
    *,
    door: bool = False,
) -> Impact:
    """The report, perhaps of one programme (by its slug), year, city or kind; raises NotFound for an unknown one.

    Names no events: events_with_people() does. Who signed up and came is counted with the `door` alone; hours are
    always.
    """
    check_known(city=city, kind=kind)
    return gather(programme, door=door).report(Asked(year, city, kind))


def gather(programme: str | None = None, *, door: bool = False) -> Gathered:
    """Everything that counts, perhaps of one programme (by its slug); raises NotFound for an unknown one.

    Who signed up and came is counted with the `door` alone, and what sums were for: that takes as long as the rest.
    """
    choices, metrics, bounds = _programmes(), metrics_known(), year_bounds()
    chosen = [one for one in choices if programme is None or one.slug == programme]
    if programme is not None and not chosen:
        raise NotFound
    only = chosen[0].id if programme is not None else None
    units = {key: one.unit for key, one in metrics.items() if one.sums}
    return Gathered(chosen, sums(bounds, list(metrics), only, door=door), units, choices, metrics, bounds)


def metrics_known() -> dict[str, MetricFacts]:
    """Every metric by its key: those of the house, then the coordinators' own, retired ones too."""
    own = db.session.execute(
        select(OwnMetric.key, OwnMetric.unit, OwnMetric.sums, OwnMetric.texts).order_by(OwnMetric.key)
    )
    return BY_KEY | {key: MetricFacts(key, unit, sums=adds, texts=texts) for key, unit, adds, texts in own}


def check_known(*, city: str | None = None, kind: str | None = None) -> None:
    """Raises NotFound for a city or a kind of event that nobody knows."""
    if city is not None and db.session.get(City, city) is None:
        raise NotFound
    if kind is not None and kind not in KINDS:
        raise NotFound


def impact_json(
    programme: str | None = None, year: int | None = None, city: str | None = None, kind: str | None = None
) -> dict[str, Any]:
    """The report for programs; raises NotFound as impact()."""
    found = impact(programme, year, city, kind, door=True)
    return {
        "metrics": {
            name: {
                "value": _plain(metric.value),
                "unit": metric.unit,
                "by_contractor": _plain(metric.by_contractor),
                "cost_per_unit_tenge": None if metric.cost_per_unit is None else rounded_price(metric.cost_per_unit),
            }
            for name, metric in found.metrics.items()
        },
        "cost_tenge": found.cost_tenge,
        "committed_tenge": found.committed_tenge,
        "planned_tenge": found.planned_tenge,
        "counted_here": {
            "confirmed": found.confirmed,
            "present": found.present,
            "volunteer_hours": round(found.minutes / 60, 1),
        },
        "not_split": [
            {"programme": one.programme.slug, "why": one.why, "cost_tenge": one.cost_tenge, "figures": one.figures}
            for one in found.not_split
        ],
    }


def years_reported() -> list[int]:
    """The years that a reader can choose, newest first."""
    spans = db.session.execute(
        select(Programme.first_year, Programme.last_year).where(Programme.deactivated_at.is_(None))
    )
    return sorted({year for first, last in spans for year in range(first, last + 1)}, reverse=True)


def programmes_reported() -> Sequence[Programme]:
    """The programmes that a reader can choose."""
    query = select(Programme).where(Programme.deactivated_at.is_(None))
    return db.session.scalars(query.order_by(Programme.first_year, Programme.slug)).all()


def _programmes() -> list[ProgrammeFacts]:
    sites = select(Event.programme_id, Site.city, Event.kind).join(Site, Site.id == Event.site_id).distinct().subquery()
    names = (Programme.id, Programme.slug, Programme.name, Programme.first_year, Programme.last_year)
    query = select(*names, Programme.planned_tenge, sites.c.city, sites.c.kind)
    query = query.outerjoin(sites, sites.c.programme_id == Programme.id).where(Programme.deactivated_at.is_(None))
    rows: dict[str, tuple[Any, set[str], set[str]]] = {}
    for row in db.session.execute(query.order_by(Programme.first_year, Programme.slug)):
        _, cities, kinds = rows.setdefault(row.id, (row, set(), set()))
        if row.city:
            cities.add(row.city)
            kinds.add(row.kind)
    return [
        ProgrammeFacts(
            row.id,
            row.slug,
            row.name,
            row.first_year,
            row.last_year,
            row.planned_tenge,
            frozenset(cities),
            frozenset(kinds),
        )
        for row, cities, kinds in rows.values()
    ]


def _plain(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)
