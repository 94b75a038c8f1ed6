"""What a report consists of, in the reader's language: totals, and charts with the numbers behind each.

Page, PDF and spreadsheet are made from this, so that none of them says anything else than the others.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import gettext

from app.db import Texts
from app.impact.money.words import CATEGORY_NAMES
from app.impact.outcomes.metrics import MetricFacts
from app.impact.outcomes.words import METRIC_NAMES, UNIT_NAMES
from app.impact.reports.charts import Bar, Piece, Series, Step, bar_chart, coast_plan, funnel, line_chart
from app.impact.reports.coast_queries import Coast
from app.impact.reports.facts import CostRow, Impact, Metric
from app.impact.reports.invited_queries import Invited
from app.impact.reports.report import rounded_price
from app.web.numbers import number, tenge
from app.web.words import in_language

Link = Callable[..., str]  # (of, **narrower) -> the address of the entries that a total is made of
MOST_BARS = 20


@dataclass(frozen=True)
class Total:
    """One figure of the report: its number and unit, what of it contractors did, and where its entries stand.

    `price` is what one unit cost, None where that can't be said. `counted` was counted here, not reported.
    """

    key: str
    name: str
    value: Decimal
    text: str
    unit: str
    url: str
    entries: int | None = None
    by_contractor: Decimal = Decimal(0)
    price: int | float | None = None
    counted: bool = False


@dataclass(frozen=True)
class Chart:
    """A chart: how it is drawn ("bars", "lines", "funnel", "coast"), and its numbers as a sheet has them."""

    key: str
    title: str
    shape: str
    drawn: Any
    heads: Sequence[str]
    rows: Sequence[Sequence[object]]
    unit: str = ""
    note: str = ""


@dataclass(frozen=True)
class Spoken:
    """Names in the reader's language."""

    language: str
    cities: Mapping[str, Texts]
    metrics: Mapping[str, MetricFacts]

    def city(self, slug: str | None) -> str:
        """A city's name; none where money is known for several together."""
        return in_language(self.cities[slug], self.language) if slug else gettext("Not known by city")

    def metric(self, key: str) -> str:
        """What was counted."""
        own = self.metrics[key].texts if key in self.metrics else None
        return in_language(dict(own), self.language) if own else gettext(METRIC_NAMES[key])

    def unit(self, key: str) -> str:
        """A unit after a number."""
        return gettext(UNIT_NAMES[key]) if key in UNIT_NAMES else key

    def category(self, key: str) -> str:
        """What money was for; a word of the coordinators' own stays as it is."""
        return gettext(CATEGORY_NAMES[key]) if key in CATEGORY_NAMES else key

    def number(self, value: int | float | Decimal) -> str:
        """As it is read."""
        return number(value, self.language)


def totals(found: Impact, spoken: Spoken, link: Link) -> list[Total]:
    """Every figure that is not zero: results, money, and apart from them what was counted here."""
    said = [_result(metric, spoken, link) for metric in found.metrics.values() if metric.value]
    paid = (
        ("spent", gettext("Spent"), found.cost_tenge),
        ("committed", gettext("Ordered, not paid yet"), found.committed_tenge),
        ("planned", gettext("Planned"), found.planned_tenge),
    )
    said += [Total(key, name, Decimal(sum_), spoken.number(sum_), "₸", link(key)) for key, name, sum_ in paid if sum_]
    return said + counted(found, spoken, link)


def counted(found: Impact, spoken: Spoken, link: Link) -> list[Total]:
    """What was counted here, at events at which somebody was marked present."""
    people = spoken.unit("people")
    rows = (
        ("signed_up", gettext("Sign-ups, cancelled ones too"), Decimal(found.signed_up), people),
        ("confirmed", gettext("Seats confirmed"), Decimal(found.confirmed), people),
        ("present", gettext("People who came"), Decimal(found.present), people),
        ("minutes", gettext("Hours of volunteers"), Decimal(found.minutes) / 60, spoken.unit("hours")),
    )
    return [
        Total(key, name, value, number(value, spoken.language, 1), unit, link(key), counted=True)
        for key, name, value, unit in rows
        if value
    ]


def charts(
    found: Impact, spoken: Spoken, link: Link, *, coasts: Sequence[Coast] = (), invited: Invited | None = None
) -> list[Chart]:
    """All charts that have something to show."""
    drawn = [_costs(found, spoken, link), _by_category(found, spoken, link), _costs_by_year(found)]
    for metric in found.metrics.values():
        drawn += [_by_year(metric, spoken), _by_city(metric, spoken, link)]
    drawn += [_coast(coast, spoken) for coast in coasts]
    drawn += [_invited(invited, spoken)] if invited else []
    drawn.append(_came(found, spoken, link))
    return [chart for chart in drawn if chart is not None]


def total_name(of: str, spoken: Spoken) -> tuple[str, str]:
    """What a total is called, and the unit of its entries."""
    named = {
        "spent": (gettext("Spent"), "₸"),
        "committed": (gettext("Ordered, not paid yet"), "₸"),
        "planned": (gettext("Planned"), "₸"),
        "signed_up": (gettext("Sign-ups, cancelled ones too"), spoken.unit("people")),
        "confirmed": (gettext("Seats confirmed"), spoken.unit("people")),
        "present": (gettext("People who came"), spoken.unit("people")),
        "minutes": (gettext("Minutes of volunteers"), gettext("minutes")),
    }
    return named[of] if of in named else (spoken.metric(of), spoken.unit(spoken.metrics[of].unit))


def not_split(found: Impact, spoken: Spoken) -> list[str]:
    """What the filter left out and why, a sentence each."""
    whys = {
        "city": gettext("known for several cities together, so it is not split."),
        "kind": gettext("known for several kinds of events together, so it is not split."),
        "year": gettext("known for several years together, so it is not split."),
    }
    lines = []
    for one in found.not_split:
        sums = [tenge(sum_) for sum_ in (one.cost_tenge, one.planned_tenge) if sum_]
        name = in_language(one.programme.name, spoken.language)
        lines.append(f"{', '.join([name, *sums])}: {whys[one.why]}")
    return lines


def _result(metric: Metric, spoken: Spoken, link: Link) -> Total:
    return Total(
        key=metric.name,
        name=spoken.metric(metric.name),
        value=metric.value,
        text=spoken.number(metric.value),
        unit=spoken.unit(metric.unit),
        url=link(metric.name),
        entries=metric.entries,
        by_contractor=metric.by_contractor,
        price=None if metric.cost_per_unit is None else rounded_price(metric.cost_per_unit),
    )


def _costs(found: Impact, spoken: Spoken, link: Link) -> Chart | None:
    """What the programmes cost, dearest first, and hatched what is planned."""
    rows = [(_programme(row, spoken), row.cost_tenge, False, link("spent", programme=row.programme.slug))
            for row in found.rows if row.cost_tenge]  # fmt: skip
    rows += [(in_language(row.programme.name, spoken.language), row.planned_tenge, True,
              link("planned", programme=row.programme.slug)) for row in found.plans]  # fmt: skip
    if not rows:
        return None
    words = {False: gettext("spent"), True: gettext("planned")}
    shown = rows if len(rows) <= MOST_BARS else sorted(rows, key=lambda row: -row[1])[:MOST_BARS]
    bars = [Bar(name, sum_, tenge(sum_), is_planned, url) for name, sum_, is_planned, url in shown]
    note = gettext("Solid bar: spent. Hatched: planned.") if found.plans else ""
    if len(rows) > MOST_BARS:
        note = f"{gettext('The twenty largest are drawn; the spreadsheet has all of them.')} {note}".strip()
    heads = (gettext("Programme"), gettext("Stage"), "₸")
    sheet = [(name, words[is_planned], sum_) for name, sum_, is_planned, _ in rows]
    return Chart("costs", gettext("Costs by programme"), "bars", bar_chart(bars), heads, sheet, "₸", note)


def _programme(row: CostRow, spoken: Spoken) -> str:
    return in_language(row.programme.name, spoken.language)


def _by_category(found: Impact, spoken: Spoken, link: Link) -> Chart | None:
    if len(found.cost_by_category) < 2:
        return None
    rows = [(spoken.category(key), sum_, link("spent", category=key)) for key, sum_ in found.cost_by_category.items()]
    bars = [Bar(name, sum_, tenge(sum_), url=url) for name, sum_, url in rows[:MOST_BARS]]
    heads, sheet = (gettext("What for"), "₸"), [row[:2] for row in rows]
    return Chart("categories", gettext("Costs by what they were for"), "bars", bar_chart(bars), heads, sheet, "₸")


def _costs_by_year(found: Impact) -> Chart | None:
    years = found.cost_by_year
    if len(years) < 2:
        return None
    rest = found.cost_tenge - sum(years.values())
    note = gettext("%(sum)s more are known for several years together.", sum=tenge(rest)) if rest else ""
    rows: list[tuple[object, object]] = [(year, years.get(year)) for year in range(min(years), max(years) + 1)]
    rows += [(gettext("Several years together"), rest)] if rest else []
    drawn = line_chart([Series(gettext("Spent"), years)])
    return Chart("years", gettext("Costs over the years"), "lines", drawn, (gettext("Year"), "₸"), rows, "₸", note)


def _by_year(metric: Metric, spoken: Spoken) -> Chart | None:
    years = metric.by_year
    if len(years) < 2:
        return None
    rest = metric.value - sum(years.values())
    unit, name = spoken.unit(metric.unit), spoken.metric(metric.name)
    note = ""
    if rest:
        note = gettext("%(n)s more are known for several years together.", n=f"{spoken.number(rest)} {unit}")
    rows: list[tuple[object, object]] = [(year, years.get(year)) for year in range(min(years), max(years) + 1)]
    rows += [(gettext("Several years together"), rest)] if rest else []
    title = gettext("%(what)s over the years", what=name)
    drawn = line_chart([Series(name, years)])
    return Chart(f"years-{metric.name}", title, "lines", drawn, (gettext("Year"), unit), rows, unit, note)


def _by_city(metric: Metric, spoken: Spoken, link: Link) -> Chart | None:
    if len(metric.by_city) < 2:
        return None
    unit = spoken.unit(metric.unit)
    bars = [
        Bar(spoken.city(city), value, f"{spoken.number(value)} {unit}", url=link(metric.name, city=city))
        for city, value in metric.by_city.items()
    ]
    rows = [(spoken.city(city), value) for city, value in metric.by_city.items()]
    title = gettext("%(what)s by city", what=spoken.metric(metric.name))
    return Chart(f"cities-{metric.name}", title, "bars", bar_chart(bars), (gettext("City"), unit), rows, unit)


def _coast(coast: Coast, spoken: Spoken) -> Chart:
    pieces = [Piece(in_language(one.name, spoken.language), one.length_m, one.times) for one in coast.pieces]
    drawn = coast_plan(pieces)
    name = in_language(coast.name, spoken.language)
    note = gettext(
        "%(done)s of %(length)s km were cleaned at least once. A section counts with the day that it was part of.",
        done=spoken.number(Decimal(drawn.done_m) / 1000),
        length=spoken.number(Decimal(drawn.length_m) / 1000),
    )
    if coast.elsewhere_km:
        more = gettext("Of %(km)s km more it is not known where.", km=spoken.number(coast.elsewhere_km))
        note = f"{note} {more}"
    heads = (gettext("Section"), gettext("Length, m"), gettext("Times cleaned"))
    rows = [(piece.name, piece.length_m, piece.times) for piece in pieces]
    return Chart(f"coast-{coast.id}", name, "coast", drawn, heads, rows, "", note)


def _invited(invited: Invited, spoken: Spoken) -> Chart | None:
    if not invited.seats:
        return None
    steps = (
        (gettext("Seats promised to institutions"), invited.seats),
        (gettext("Named on their lists"), invited.named),
        (gettext("Seats confirmed"), invited.confirmed),
        (gettext("People who came"), invited.present),
    )
    note = gettext("Only invitations to institutions are counted: an open event invites nobody by name.")
    return _funnel("invited", gettext("From invited to present"), [(*step, "") for step in steps], spoken, note)


def _came(found: Impact, spoken: Spoken, link: Link) -> Chart | None:
    if not found.signed_up:
        return None
    steps = [
        (gettext("Sign-ups, cancelled ones too"), found.signed_up, link("signed_up")),
        (gettext("Seats confirmed"), found.confirmed, link("confirmed")),
        (gettext("People who came"), found.present, link("present")),
    ]
    note = gettext("Counted here, at events at which somebody was marked present. Not added to reported figures.")
    return _funnel("came", gettext("From sign-up to present"), steps, spoken, note)


def _funnel(key: str, title: str, steps: Sequence[tuple[str, int, str]], spoken: Spoken, note: str) -> Chart:
    drawn = funnel([Step(name, count, spoken.number(count), url) for name, count, url in steps])
    heads = (gettext("Step"), gettext("People"), gettext("Of the step before, per cent"))
    rows = [(one.step.label, one.step.count, one.share) for one in drawn.steps]
    return Chart(key, title, "funnel", drawn, heads, rows, "", note)
