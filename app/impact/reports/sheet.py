"""The report as a workbook: the totals first, then for each chart a sheet with the numbers behind it."""

from collections.abc import Iterator, Sequence

from flask_babel import gettext

from app.errors import N_
from app.impact.outcomes.words import METHOD_NAMES, SPECIES_NAMES
from app.impact.reports.compiling import Compiled
from app.impact.reports.contents import Spoken
from app.impact.reports.entries import Entries, Entry
from app.impact.reports.standard_words import SpokenIndicator, SpokenRow
from app.web.tables import Part
from app.web.words import in_language

LONGEST_NAME = 31  # of a sheet
HEADS = (
    N_("What"),
    N_("How much"),
    N_("Unit"),
    N_("By contractors"),
    N_("Per unit, ₸"),
    N_("Entries"),
    N_("Where it comes from"),
)


def report_sheets(found: Compiled) -> list[Part]:
    """At least one. Sheets are numbered: names of charts are longer than Excel allows, and may begin alike."""
    rows = [
        (
            total.name,
            total.value,
            total.unit,
            total.by_contractor or None,
            total.price,
            total.entries,
            gettext("Counted here") if total.counted else gettext("Reported"),
        )
        for total in found.totals
    ]
    first = Part(found.heading, [gettext(head) for head in HEADS], rows)
    left_out = [
        Part(_name(1, gettext("Left out")), [gettext("Left out of these figures")], [(one,) for one in found.left_out])
    ]
    more = [
        Part(_name(number, chart.title), chart.heads, chart.rows)
        for number, chart in enumerate(found.charts, start=2 if found.left_out else 1)
    ]
    return [first, *(left_out if found.left_out else []), *more]


def entries_sheet(found: Entries, name: str, unit: str, spoken: Spoken) -> Part:
    """All entries of a total, and the sum below them."""
    heads = (gettext("Programme"), gettext("Event"), gettext("Day"), f"{name}, {unit}", gettext("Ground"))
    return Part(name, heads, [*_rows(found, spoken), (gettext("Sum"), None, None, found.total, None)])


def standard_sheets(gri: Sequence[SpokenRow], indicators: Sequence[SpokenIndicator]) -> tuple[Part, Part]:
    """GRI 413-1 and the company's sheet."""
    heads = (gettext("Number"), gettext("Asked"), gettext("Covered"), gettext("Answer"), gettext("Not covered"))
    rows = [(row.number, row.asked, row.coverage, row.answer, row.missing) for row in gri]
    company = (gettext("What"), gettext("How much"), gettext("Unit"), gettext("How it is calculated"))
    lines = [(one.name, one.value, one.unit, one.calculation) for one in indicators]
    return Part("GRI 413-1", heads, rows), Part(gettext("Company sheet"), company, lines)


def ground(entry: Entry, spoken: Spoken) -> str:
    """How it was found out, or what the money was for; how what was written became the total's unit."""
    parts = [gettext(METHOD_NAMES[entry.method])] if entry.method else []
    if entry.written is not None and (entry.density is not None or entry.written != entry.amount):
        text = f"{spoken.number(entry.written)} {spoken.unit(entry.unit)}"
        if entry.density is not None:
            text = gettext("%(volume)s at %(density)s t/m³", volume=text, density=spoken.number(entry.density))
        parts.append(text)
    parts += [spoken.category(entry.category)] if entry.category else []
    parts += [gettext("by a contractor")] if entry.by_contractor else []
    parts += [gettext(SPECIES_NAMES[entry.species])] if entry.species in SPECIES_NAMES else []
    parts += [entry.detail] if entry.detail else []
    return ", ".join(parts)


def _rows(found: Entries, spoken: Spoken) -> Iterator[tuple[object, ...]]:
    for entry in found.rows:
        event = in_language(entry.event, spoken.language) if entry.event else gettext("The whole programme")
        day = entry.on or entry.starts_at
        yield (in_language(entry.programme, spoken.language), event, day, entry.amount, ground(entry, spoken))


def _name(number: int, title: str) -> str:
    return f"{number} {title}"[:LONGEST_NAME]
