"""The plan of a half-year on one page: planned against done, what slipped, what was dropped and why."""

from collections.abc import Iterator
from datetime import date

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.actor import COORDINATOR, MANAGEMENT
from app.errors import N_, NotFound, require
from app.events.periods import MIDNIGHT, local_day, moment
from app.events.queries import visible_event
from app.impact.planning import words
from app.impact.planning.comparing import Row
from app.impact.planning.forms import ReasonForm
from app.impact.planning.halves import Half
from app.impact.planning.operations import agree_plan, give_reason
from app.impact.planning.policy import can_agree, can_give_reason
from app.impact.planning.queries import HalfPlan, Money, half_plan
from app.impact.queries import cities_of, programme_shown
from app.impact.reports.queries import programmes_reported
from app.people.queries import cities
from app.web.access import with_role
from app.web.actor import current_actor
from app.web.dates import HALVES, HOME_ZONE, when
from app.web.forms import language
from app.web.tables import xlsx_answer
from app.web.words import in_language

bp = Blueprint("plans", __name__)
HEADINGS = (
    N_("Programme"),
    N_("Event"),
    N_("City"),
    N_("When"),
    N_("Planned for"),
    N_("What became of it"),
    N_("Why"),
    N_("Planned, ₸"),
    N_("Spent, ₸"),
)


@bp.get("/plan")
@with_role(COORDINATOR, MANAGEMENT)
def index() -> str:
    """The next half-year, unless another is asked for."""
    return _page(ReasonForm(formdata=None))


@bp.get("/plan.xlsx")
@with_role(COORDINATOR, MANAGEMENT)
def workbook() -> Response:
    """The same as a spreadsheet, an event in a row."""
    found = _asked_plan()
    name = f"{gettext('Plan')} {half_name(found.half)}"
    return xlsx_answer(name, [gettext(heading) for heading in HEADINGS], _sheet_rows(found))


@bp.post("/programmes/<programme_id>/plans")
@with_role(COORDINATOR)
def agree(programme_id: str) -> ResponseReturnValue:
    """The plan of this half-year counts from now on as agreed."""
    actor, half = current_actor(), _half(request.form.get("half"))
    programme = programme_shown(programme_id)
    require(can_agree(actor, programme, cities=cities_of(programme)))
    agree_plan(programme, half, now=clock.now(), actor=actor)
    flash(gettext("The plan is agreed. What changes from now on is shown against it."), "ok")
    return redirect(url_for("plans.index", half=half.name), 303)


@bp.post("/events/<event_id>/plan-reasons")
@with_role(COORDINATOR)
def reason(event_id: str) -> ResponseReturnValue:
    """Why an event slipped or was dropped."""
    actor, half = current_actor(), _half(request.form.get("half"))
    event = visible_event(actor, event_id)
    require(can_give_reason(actor, event))
    form = ReasonForm()
    if form.validate_on_submit():
        rows = half_plan(actor, half, today=_today()).comparison.rows
        row = next((one for one in rows if one.event.id == event_id), None)
        if form.attempt(give_reason, event, form.text.data or "", row=row, now=clock.now(), actor=actor):
            flash(gettext("The reason is kept."), "ok")
            return redirect(url_for("plans.index", half=half.name) + f"#{event_id}", 303)
    return _page(form, half=half, wrong=event_id), form.status


def half_name(half: Half) -> str:
    """First half of 2031, in the reader's language."""
    return HALVES[language()][half.number - 1].format(y=half.year)


def _page(form: ReasonForm, *, half: Half | None = None, wrong: str | None = None) -> str:
    found, actor = _asked_plan(half), current_actor()
    own = [one for one in found.programmes if can_agree(actor, one, cities=_cities_here(found, one.id))]
    return render_template(
        "impact/planning/index.html",
        plan=found,
        form=form,
        wrong=wrong,
        asked=_asked(),
        halves=[(one.name, half_name(one)) for one in (found.half.previous, found.half, found.half.next)],
        is_past=found.half.last_day < _today(),
        programmes=programmes_reported(),
        cities={city.slug: city.name for city in cities()},
        may_agree={one.id for one in own},
        may_reason={id_ for id_, event in found.events.items() if can_give_reason(actor, event)},
        no_money=Money(),
        was_when=_was,
        words=words,
    )


def _cities_here(found: HalfPlan, programme_id: str) -> set[str]:
    return {event.site.city for event in found.events.values() if event.programme_id == programme_id}


def _asked() -> dict[str, str | None]:
    return {name: request.args.get(name) or None for name in ("programme", "city")}


def _asked_plan(half: Half | None = None) -> HalfPlan:
    asked = _asked()
    half = half or _half(request.args.get("half"))
    return half_plan(current_actor(), half, today=_today(), programme=asked["programme"], city=asked["city"])


def _half(name: str | None) -> Half:
    """What the address names; the next half-year where it names none."""
    if not name:
        return Half.of(_today()).next
    half = Half.named(name)
    if half is None:
        raise NotFound
    return half


def _today() -> date:
    return local_day(clock.now(), HOME_ZONE)


def _was(row: Row) -> str:
    """For when it was planned, as exactly as that was known."""
    if row.was is None:
        return ""
    start = moment(row.was.first_day, MIDNIGHT, HOME_ZONE)
    return when(start, None, "day" if row.was.precision == "minute" else row.was.precision, HOME_ZONE, language())


def _sheet_rows(found: HalfPlan) -> Iterator[tuple[object, ...]]:
    names, spoken = {one.id: in_language(one.name, language()) for one in found.programmes}, language()
    where = {city.slug: in_language(city.name, spoken) for city in cities()}
    for row in found.comparison.rows:
        event, money = found.events[row.event.id], found.money.get(row.event.id, Money())
        said = found.reasons.get(event.id)
        why = said.text if said else in_language(event.cancel_reason, spoken)
        now = when(event.starts_at, event.ends_at, event.date_precision, event.timezone, spoken)
        fate = gettext(words.FATE_NAMES[row.fate])
        sums = (money.planned_tenge or None, money.actual_tenge or None)
        name, title = names[event.programme_id], in_language(event.title, spoken)
        yield (name, title, where[event.site.city], now, _was(row), fate, why, *sums)
