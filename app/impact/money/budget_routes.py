"""Pages of the budget: plan, orders, payments and what is left, of all programmes and of one."""

from collections.abc import Iterator, Sequence

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext

from app.accounts.actor import COORDINATOR, MANAGEMENT
from app.errors import N_, NotFound
from app.events.models import Event, Programme
from app.events.policy import can_see_event
from app.impact.money import words
from app.impact.money.queries import budget_of, budgets, events_with_drafts, expenses_of, left_of_plans, total_of
from app.impact.money.tally import Budget, Line
from app.impact.queries import programme_shown
from app.impact.reports.queries import impact, programmes_reported, years_reported
from app.people.queries import cities
from app.web.access import with_role
from app.web.actor import current_actor
from app.web.forms import language
from app.web.tables import Part, xlsx_answer
from app.web.words import in_language

bp = Blueprint("budgets", __name__)
HEADINGS = (N_("Planned, ₸"), N_("Ordered, ₸"), N_("Spent, ₸"), N_("Left, ₸"))


@bp.get("/money")
@with_role(COORDINATOR, MANAGEMENT)
def index() -> str:
    """All programmes, or those of one year: plan, ordered, spent, left."""
    year = request.args.get("year") or None
    if year and not (year.isdecimal() and len(year) == 4):
        raise NotFound
    asked = int(year) if year else None
    chosen = [one for one in programmes_reported() if asked is None or one.first_year <= asked <= one.last_year]
    rows = budgets(chosen)
    lines = [found.whole for _, found in rows]
    return render_template(
        "impact/money/index.html",
        rows=rows,
        total=total_of(lines),
        left_of_plans=left_of_plans(lines),
        year=asked,
        years=years_reported(),
    )


@bp.get("/programmes/<programme_id>/budget")
@with_role(COORDINATOR, MANAGEMENT)
def show(programme_id: str) -> str:
    """One programme's budget by event and by category, and what its results cost."""
    programme = programme_shown(programme_id)
    events, found = _budget(programme)
    return render_template(
        "impact/money/budget.html",
        programme=programme,
        budget=found,
        events={event.id: event for event in events if can_see_event(current_actor(), event)},
        impact=impact(programme.slug),
        cities={city.slug: city.name for city in cities()},
        words=words,
    )


@bp.get("/programmes/<programme_id>/budget.xlsx")
@with_role(COORDINATOR, MANAGEMENT)
def workbook(programme_id: str) -> Response:
    """The same as a spreadsheet: by event, and on a second sheet by category."""
    programme = programme_shown(programme_id)
    events, found = _budget(programme)
    seen = [event for event in events if can_see_event(current_actor(), event)]
    names = {event.id: in_language(event.title, language()) for event in seen}
    sums = [gettext(heading) for heading in HEADINGS]
    what_for = Part(gettext("By what for"), [gettext("What for"), *sums], list(_by_category(found.categories)))
    rows = [(names.get(line.key or "", gettext("The whole programme")), *_sums(line)) for line in found.events]
    rows.append((gettext("Total"), *_sums(found.whole)))
    name = f"{gettext('Budget')} {in_language(programme.name, language())}"
    return xlsx_answer(name, [gettext("Event"), *sums], rows, more=[what_for])


def _budget(programme: Programme) -> tuple[Sequence[Event], Budget]:
    events = events_with_drafts(programme)
    return events, budget_of(programme, expenses_of(programme), order=[event.id for event in events])


def _by_category(lines: Sequence[Line]) -> Iterator[tuple[object, ...]]:
    for line in lines:
        name = words.CATEGORY_NAMES.get(line.key or "")
        yield (gettext(name) if name else line.key, *_sums(line))


def _sums(line: Line) -> tuple[int | None, ...]:
    left = line.left_tenge if line.has_plan else None
    return (line.planned_tenge or None, line.committed_tenge or None, line.actual_tenge or None, left)
