"""GRI 413-1 and the company's own sheet: what of a standard these figures answer, how, and what they don't. Pure.

GRI 413-1 (2016) asks for the percentage of operations with local community engagement, impact assessments and
development programmes. This system knows programmes in cities: it counts those, shows the sum, and says of everything
else that it isn't known here. Nothing is called covered because it sounds alike.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.errors import N_
from app.impact.reports.facts import Impact

FULL, PART, NONE = "full", "part", "none"
COVERAGE_NAMES = {
    FULL: N_("Answered"),
    PART: N_("Answered in part"),
    NONE: N_("Not known here"),
}


@dataclass(frozen=True)
class Row:
    """One thing that the standard asks for: how far it is answered, by what, and what is missing.

    The texts are message ids with their values; `figure` is a number with a unit, None where there is none.
    """

    number: str
    asked: str
    coverage: str
    answer: str
    values: Mapping[str, object]
    missing: str = ""


@dataclass(frozen=True)
class Indicator:
    """A line of the company's sheet: the figure, and how it comes about. `of` opens the entries."""

    of: str
    name: str
    value: Decimal | None
    unit: str
    calculation: str
    values: Mapping[str, object]


def gri_413(found: Impact, *, cities_known: Sequence[str], is_narrowed: bool) -> list[Row]:
    """413-1 a: the percentage, and the eight kinds of engagement that it names, in the standard's order."""
    return [
        _percentage(len(found.cities), len(cities_known), is_narrowed=is_narrowed),
        _unknown("i", N_("Social impact assessments, gender impact assessments")),
        _monitoring(found),
        _disclosure(),
        _development(found),
        _unknown("v", N_("Stakeholder engagement plans based on stakeholder mapping")),
        _unknown("vi", N_("Broad-based local community consultation committees")),
        _unknown("vii", N_("Works councils, occupational health and safety committees")),
        _unknown("viii", N_("Formal local community grievance processes")),
    ]


def company_sheet(found: Impact) -> list[Indicator]:
    """What the company asks of its programmes: outputs, people, money, and ratios with their calculation."""
    rows = [
        Indicator(metric.name, metric.name, metric.value, metric.unit, _entries(metric.entries), {"n": metric.entries})
        for metric in found.metrics.values()
        if metric.value
    ]
    if found.cost_tenge:
        calculation = N_("Sum of all payments in the filter.")
        rows.append(Indicator("spent", "spent", Decimal(found.cost_tenge), "₸", calculation, {}))
    rows += [_price(name, found) for name, metric in found.metrics.items() if metric.cost_per_unit is not None]
    if found.kg_per_participant:
        calculation = N_(
            "Waste in kilograms by the people reported at the same events. Events without either are left out."
        )
        rows.append(Indicator("", "kg_per_participant", found.kg_per_participant, "kg", calculation, {}))
    if found.minutes:
        calculation = N_("%(n)s minutes of standing entries, by 60. Counted here, not reported.")
        hours = Decimal(found.minutes) / 60
        rows.append(Indicator("minutes", "volunteer_hours", hours, "hours", calculation, {"n": found.minutes}))
    if found.confirmed:
        calculation = N_("%(present)s who came by %(confirmed)s seats confirmed, at events where marks were made.")
        came = {"present": found.present, "confirmed": found.confirmed}
        share = Decimal(100 * found.present) / found.confirmed
        rows.append(Indicator("present", "attendance", share, "percent", calculation, came))
    return rows


def _entries(count: int) -> str:
    return N_("Sum of one entry.") if count == 1 else N_("Sum of %(n)s entries.")


def _price(name: str, found: Impact) -> Indicator:
    metric = found.metrics[name]
    calculation = N_("%(cost)s ₸ spent on the events and programmes with this result, by %(value)s.")
    values = {"cost": metric.cost_tenge, "value": metric.value}
    return Indicator(name, f"price:{name}", metric.cost_per_unit, "₸", calculation, values)


def _percentage(some: int, whole: int, *, is_narrowed: bool) -> Row:
    asked = N_("Percentage of operations with local community engagement, impact assessments, development programmes")
    answer = N_("%(with)s of %(all)s cities known here have results of programmes: %(share)s %%.")
    missing = N_("An operation is taken to be a city. Operations without a programme may be missing from this system.")
    if is_narrowed:
        missing = N_("The filter narrows the figure: clear it for the percentage that the standard asks for.")
    values = {"with": some, "all": whole, "share": round(100 * some / whole) if whole else 0}
    return Row("413-1 a", asked, PART, answer, values, missing)


def _disclosure() -> Row:
    asked = N_("Public disclosure of results of assessments")
    answer = N_("The results of programmes and their costs stand on a public page, with their sources.")
    return Row("iii", asked, PART, answer, {}, N_("Assessments themselves are not kept here."))


def _monitoring(found: Impact) -> Row:
    counted = sum(metric.entries for metric in found.metrics.values() if metric.value)
    asked = N_("Environmental impact assessments and ongoing monitoring")
    answer = N_("%(n)s measured or reported results with method and source are kept event by event.")
    missing = N_("This is monitoring of the programmes' own work, not of the company's impact.")
    return Row("ii", asked, PART if counted else NONE, answer if counted else "", {"n": counted}, missing)


def _development(found: Impact) -> Row:
    asked = N_("Local community development programmes based on local communities' needs")
    answer = N_("%(n)s programmes with results or costs, %(sum)s ₸ spent.")
    missing = N_("Whether they follow from the communities' needs is not written down here.")
    values = {"n": len(found.rows), "sum": found.cost_tenge}
    return Row("iv", asked, PART if found.rows else NONE, answer if found.rows else "", values, missing)


def _unknown(number: str, asked: str) -> Row:
    return Row(number, asked, NONE, "", {}, N_("Nothing of this is kept in this system."))
