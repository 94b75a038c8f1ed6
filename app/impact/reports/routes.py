"""Pages of the report: totals and charts by a filter in the address, a spreadsheet, and each total's entries."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext

from app import clock
from app.accounts.actor import COORDINATOR, MANAGEMENT
from app.errors import NotFound, require
from app.events.models import KINDS
from app.impact.reports.asking import Wanted, wanted
from app.impact.reports.compiling import compiled
from app.impact.reports.contents import Spoken, total_name
from app.impact.reports.entries import Entries, entries
from app.impact.reports.paper import printed_report
from app.impact.reports.people_queries import events_with_people
from app.impact.reports.policy import can_open_entries
from app.impact.reports.queries import check_known, gather, metrics_known
from app.impact.reports.sheet import entries_sheet, ground, report_sheets, standard_sheets
from app.impact.reports.standard_words import spoken_gri, spoken_sheet
from app.people.queries import cities
from app.web.access import open_to_all, with_role
from app.web.actor import current_actor
from app.web.dates import HOME_ZONE, local
from app.web.forms import language
from app.web.tables import xlsx_answer

bp = Blueprint("impact", __name__)
ALL_AT_ONCE = 100_000


@bp.get("/impact/report")
@open_to_all
def index() -> str:
    """Totals and charts; whoever coordinates or manages opens each total and asks by department."""
    asked, opens = _wanted(), can_open_entries(current_actor())
    return render_template(
        "impact/reports/index.html",
        report=compiled(asked, opens=opens),
        opens=opens,
        kinds=KINDS,
    )


@bp.get("/impact.xlsx")
@open_to_all
def workbook() -> Response:
    """The totals, and the numbers behind each chart on a sheet of its own."""
    found = compiled(_wanted(), opens=can_open_entries(current_actor()))
    first, *more = report_sheets(found)
    return xlsx_answer(first.name, first.headings, first.rows, more=more)


@bp.get("/impact/report.pdf")
@with_role(COORDINATOR, MANAGEMENT)
def paper() -> Response:
    """The same report on paper."""
    found = compiled(_wanted(), opens=True)
    answer = printed_report(found, footer=_taken_by(), gri=spoken_gri(found)).answer(found.heading)
    answer.headers["Content-Disposition"] = answer.headers["Content-Disposition"].replace("attachment", "inline", 1)
    return answer


@bp.get("/impact/report/standards")
@with_role(COORDINATOR, MANAGEMENT)
def standards() -> str:
    """GRI 413-1 and the company's sheet, with the calculation of each figure and what is not covered."""
    found = compiled(replace(_wanted(), department=None), opens=True)
    return render_template(
        "impact/reports/standards.html",
        report=found,
        gri=spoken_gri(found),
        indicators=spoken_sheet(found),
        kinds=KINDS,
    )


@bp.get("/impact/report/standards.xlsx")
@with_role(COORDINATOR, MANAGEMENT)
def standards_workbook() -> Response:
    """The same as a spreadsheet."""
    found = compiled(_wanted(), opens=True)
    first, second = standard_sheets(spoken_gri(found), spoken_sheet(found))
    return xlsx_answer(first.name, first.headings, first.rows, more=[second])


@bp.get("/impact/report/people")
@with_role(COORDINATOR, MANAGEMENT)
def people() -> str:
    """Event by event, the latest of them: people as they were reported, and beside it as they were counted here."""
    wanted_here = replace(_wanted(), department=None)
    found = compiled(wanted_here, opens=True, beside=False)
    rows = events_with_people(wanted_here.asked, programme=wanted_here.programme)
    return render_template("impact/reports/people.html", report=found, rows=rows, kinds=KINDS)


@bp.get("/impact/report/entries")
@with_role(COORDINATOR, MANAGEMENT)
def entries_of() -> str:
    """What one total is made of, entry by entry; all rows together add up to it exactly."""
    asked, spoken = _wanted(), _spoken()
    found = _entries(asked, page=_page())
    name, unit = total_name(found.of, spoken)
    here: dict[str, Any] = {**asked.address, "of": found.of} | _category()
    return render_template(
        "impact/reports/entries.html",
        found=found,
        name=name,
        unit=unit,
        spoken=spoken,
        ground=ground,
        report_url=url_for("impact.index", **asked.address),
        sheet_url=url_for("impact.entries_sheet_of", **here),
        older=url_for("impact.entries_of", **here, page=found.page - 1) if found.page > 1 else None,
        newer=url_for("impact.entries_of", **here, page=found.page + 1) if found.page < found.last_page else None,
    )


@bp.get("/impact/report/entries.xlsx")
@with_role(COORDINATOR, MANAGEMENT)
def entries_sheet_of() -> Response:
    """The same as a spreadsheet, all of them."""
    asked, spoken = _wanted(), _spoken()
    found = _entries(asked, page=1, per_page=ALL_AT_ONCE)
    part = entries_sheet(found, *total_name(found.of, spoken), spoken)
    return xlsx_answer(part.name, part.headings, part.rows)


def _wanted() -> Wanted:
    found = wanted(request.args)
    if found.department is not None:
        require(can_open_entries(current_actor()))
    return found


def _taken_by() -> str:
    moment = local(clock.now(), HOME_ZONE).strftime("%d.%m.%Y %H:%M")
    return gettext("Taken by %(name)s on %(moment)s.", name=current_actor().name, moment=moment)


def _entries(asked: Wanted, **how: Any) -> Entries:
    """Raises NotFound for a total that nobody knows, and by department: a small one would show who stayed at home."""
    if asked.department is not None:
        raise NotFound
    narrowed = asked.asked
    check_known(city=narrowed.city, kind=narrowed.kind)
    gathered = gather(asked.programme, door=False)
    return entries(gathered, request.args.get("of", ""), narrowed, only=request.args.get("category") or None, **how)


def _category() -> dict[str, str]:
    return {"category": request.args["category"]} if request.args.get("category") else {}


def _page() -> int:
    written = request.args.get("page") or "1"
    if not (written.isascii() and written.isdecimal() and len(written) < 6 and int(written)):
        raise NotFound
    return int(written)


def _spoken() -> Spoken:
    return Spoken(language(), {city.slug: city.name for city in cities()}, metrics_known())
