"""One report put together as page, PDF and spreadsheet have it: filter, totals, charts, and what was left out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import url_for
from flask_babel import gettext

from app.errors import NotFound
from app.events.words import KINDS
from app.impact.reports.asking import Wanted
from app.impact.reports.coast_queries import coasts
from app.impact.reports.contents import Chart, Link, Spoken, Total, charts, not_split, totals
from app.impact.reports.department_queries import departments, of_department
from app.impact.reports.facts import Impact, ProgrammeFacts
from app.impact.reports.invited_queries import invited
from app.impact.reports.queries import Gathered, check_known, gather
from app.impact.reports.report import report
from app.people.queries import cities
from app.web.forms import language
from app.web.words import in_language


@dataclass(frozen=True)
class Compiled:
    """A report as it is shown. `heading` names what it is of: "Clean Coast 2023 · Balkhash".

    `programmes`, `years` and `departments` are what the reader can choose.
    """

    wanted: Wanted
    impact: Impact
    spoken: Spoken
    totals: Sequence[Total]
    charts: Sequence[Chart]
    left_out: Sequence[str]
    heading: str
    programmes: Sequence[ProgrammeFacts]
    years: Sequence[int]
    departments: Sequence[str]


def compiled(wanted: Wanted, *, opens: bool, beside: bool = True) -> Compiled:
    """The report of what is wanted; raises NotFound. Whoever `opens` totals finds their entries linked, and asks by
    department. A page that shows no chart needs not what they show `beside` the totals.
    """
    asked, names = wanted.asked, {city.slug: city.name for city in cities()}
    check_known(kind=asked.kind)
    if asked.city is not None and asked.city not in names:
        raise NotFound
    gathered = gather(wanted.programme, door=wanted.department is None)
    spoken = Spoken(language(), names, gathered.metrics)
    named = _departments(wanted, opens=opens)
    found = _shown(wanted, gathered)
    link = _links(wanted) if opens and wanted.department is None else _no_link
    return Compiled(
        wanted=wanted,
        impact=found,
        spoken=spoken,
        totals=totals(found, spoken, link),
        charts=charts(found, spoken, link, **_beside(wanted, gathered, opens=opens)) if beside else (),
        left_out=not_split(found, spoken),
        heading=_heading(wanted, spoken, gathered.programmes),
        programmes=gathered.choices,
        years=gathered.years,
        departments=named,
    )


def _departments(wanted: Wanted, *, opens: bool) -> list[str]:
    named = departments() if opens else []
    if wanted.department is not None and wanted.department not in named:
        raise NotFound
    return named


def _beside(wanted: Wanted, gathered: Gathered, *, opens: bool) -> dict[str, Any]:
    """What charts show that no total holds."""
    if wanted.department is not None:
        return {}
    told = (wanted.asked, gathered.programmes, gathered.bounds)
    return {"coasts": coasts(*told), "invited": invited(*told) if opens else None}


def _shown(wanted: Wanted, gathered: Gathered) -> Impact:
    """All figures; by department what is counted here alone, for of the rest nobody knows departments."""
    if wanted.department is None:
        return gathered.report(wanted.asked)
    found = of_department(wanted.department, wanted.asked, gathered.programmes, gathered.bounds)
    return replace(
        report([], [], [], [], asked=wanted.asked),
        signed_up=found.signed_up,
        confirmed=found.confirmed,
        present=found.present,
        minutes=found.minutes,
    )


def _links(wanted: Wanted) -> Link:
    def link(of: str, **narrower: str) -> str:
        return url_for("impact.entries_of", of=of, **(wanted.address | narrower))

    return link


def _no_link(of: str, **narrower: str) -> str:
    """By department nobody's entries are opened: they would show who stayed at home."""
    return ""


def _heading(wanted: Wanted, spoken: Spoken, programmes: Sequence[Any]) -> str:
    parts = [in_language(programmes[0].name, spoken.language)] if wanted.programme else []
    parts += [spoken.city(wanted.city)] if wanted.city else []
    parts += [gettext(KINDS[wanted.kind])] if wanted.kind else []
    parts += [wanted.department] if wanted.department else []
    parts += [wanted.year] if wanted.year else []
    return " · ".join(parts) or gettext("All programmes, all years")
