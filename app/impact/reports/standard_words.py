"""The standards' rows in the reader's language: for the page, the PDF and the spreadsheet alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext

from app.impact.reports.compiling import Compiled
from app.impact.reports.standards import COVERAGE_NAMES, Indicator, Row, company_sheet, gri_413
from app.web.numbers import number


@dataclass(frozen=True)
class SpokenRow:
    """A row of GRI 413-1; `coverage` is the word that tells without colour."""

    number: str
    asked: str
    state: str
    coverage: str
    answer: str
    missing: str


@dataclass(frozen=True)
class SpokenIndicator:
    """A line of the company's sheet."""

    name: str
    value: Decimal | None
    figure: str
    unit: str
    calculation: str
    of: str


def spoken_gri(found: Compiled) -> list[SpokenRow]:
    """413-1, row by row."""
    wanted = found.wanted
    is_narrowed = bool(wanted.address)
    rows = gri_413(found.impact, cities_known=list(found.spoken.cities), is_narrowed=is_narrowed)
    return [_row(row, found) for row in rows]


def spoken_sheet(found: Compiled) -> list[SpokenIndicator]:
    """The company's sheet, line by line."""
    return [_indicator(one, found) for one in company_sheet(found.impact)]


def _row(row: Row, found: Compiled) -> SpokenRow:
    coverage = gettext(COVERAGE_NAMES[row.coverage])
    missing = gettext(row.missing) if row.missing else ""
    return SpokenRow(
        row.number, gettext(row.asked), row.coverage, coverage, _said(row.answer, row.values, found), missing
    )


def _indicator(one: Indicator, found: Compiled) -> SpokenIndicator:
    decimals = 2 if one.value is not None and abs(one.value) < 100 else 1
    figure = number(one.value, found.spoken.language, decimals) if one.value is not None else "—"
    unit = one.unit if one.unit == "₸" else found.spoken.unit(one.unit)
    return SpokenIndicator(
        _name(one, found), one.value, figure, unit, _said(one.calculation, one.values, found), one.of
    )


def _name(one: Indicator, found: Compiled) -> str:
    if one.name.startswith("price:"):
        return gettext("Costs per unit: %(what)s", what=found.spoken.metric(one.of))
    own = {
        "spent": gettext("Spent"),
        "kg_per_participant": gettext("Waste per person"),
        "volunteer_hours": gettext("Hours of volunteers"),
        "attendance": gettext("Came, of confirmed seats"),
    }
    return own[one.name] if one.name in own else found.spoken.metric(one.name)


def _said(text: str, values: object, found: Compiled) -> str:
    if not text:
        return ""
    assert isinstance(values, dict)
    read = {key: found.spoken.number(value) for key, value in values.items()}
    return gettext(text, **read) if read else gettext(text)


def not_covered(rows: Sequence[SpokenRow]) -> list[SpokenRow]:
    """What the standard asks and nothing here answers."""
    return [row for row in rows if row.state == "none"]
