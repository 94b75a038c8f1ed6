"""Pages of impact: the public report, and behind each total the entries that make it up."""

from collections.abc import Iterator, Mapping, Sequence

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.actor import COORDINATOR
from app.db import Texts
from app.errors import NotFound, require
from app.events.models import Event, Programme
from app.events.queries import visible_event
from app.impact import words
from app.impact.facts import Impact
from app.impact.figures import read_tenge
from app.impact.forms import CorrectionForm, ExpenseForm, OutcomeForm
from app.impact.models import Outcome
from app.impact.operations import (
    correct_outcome,
    record_expense,
    record_outcome,
    withdraw_expense,
    withdraw_outcome,
)
from app.impact.policy import can_record_expense, can_record_outcome, can_see_sources
from app.impact.queries import (
    cities_of,
    counted_here,
    events_of,
    expense_of,
    expenses_of,
    impact,
    outcome_of,
    outcomes_of,
    programme_shown,
    programmes_reported,
    years_reported,
)
from app.impact.report import rounded_price
from app.people.queries import cities
from app.web.access import open_to_all, with_role
from app.web.actor import current_actor
from app.web.forms import language
from app.web.numbers import tenge
from app.web.tables import xlsx_answer
from app.web.words import in_language

bp = Blueprint("impact", __name__)
NO_RESULT = (None, None, None)


@bp.get("/impact")
@open_to_all
def index() -> str:
    """What was done, at what price; filtered by programme, city and year."""
    asked = _asked()
    return render_template(
        "impact/index.html",
        impact=impact(asked["programme"], _year(asked), asked["city"]),
        asked=asked,
        years=years_reported(),
        programmes=programmes_reported(),
        cities={city.slug: city.name for city in cities()},
        words=words,
    )


@bp.get("/impact.xlsx")
@open_to_all
def workbook() -> Response:
    """The same filter as a spreadsheet: a row for each result with its costs."""
    asked = _asked()
    found = impact(asked["programme"], _year(asked), asked["city"])
    headings = ("Programme", "City", "Costs, ₸", "What was counted", "How much", "Unit", "Per unit")
    return xlsx_answer(gettext("Results"), [gettext(heading) for heading in headings], _sheet_rows(found))


@bp.get("/events/<event_id>/outcomes")
@open_to_all
def outcomes(event_id: str) -> str:
    """What was reported for an event, and beside it what was counted here."""
    event = visible_event(current_actor(), event_id)
    return _outcomes_page(event, OutcomeForm(formdata=None))


@bp.post("/events/<event_id>/outcomes")
@with_role(COORDINATOR)
def record(event_id: str) -> ResponseReturnValue:
    """Adds a reported figure."""
    actor = current_actor()
    event = visible_event(actor, event_id)
    require(can_record_outcome(actor, event))
    form = OutcomeForm()
    if form.validate_on_submit() and form.attempt(
        record_outcome, event, metric=form.metric.data, **form.figure(), now=clock.now(), actor=actor
    ):
        flash(gettext("Saved. The report shows it now."), "ok")
        return redirect(url_for("impact.outcomes", event_id=event_id), 303)
    return _outcomes_page(visible_event(actor, event_id), form), form.status


@bp.get("/outcomes/<outcome_id>/correction")
@with_role(COORDINATOR)
def correction(outcome_id: str) -> str:
    """The wrong figure, to be overwritten."""
    outcome, event = _outcome_to_change(outcome_id)
    form = CorrectionForm(formdata=None, obj=outcome)
    form.quantity.data = f"{outcome.quantity.normalize():f}".replace(".", ",")
    return render_template("impact/correction.html", form=form, outcome=outcome, event=event, words=words)


@bp.post("/outcomes/<outcome_id>/correction")
@with_role(COORDINATOR)
def correct(outcome_id: str) -> ResponseReturnValue:
    """Puts a new figure in its place."""
    outcome, event = _outcome_to_change(outcome_id)
    form, event_id, actor = CorrectionForm(), event.id, current_actor()
    if form.validate_on_submit() and form.attempt(
        correct_outcome, outcome, **form.figure(), now=clock.now(), actor=actor
    ):
        flash(gettext("Corrected. The old figure stays to be seen."), "ok")
        return redirect(url_for("impact.outcomes", event_id=event_id), 303)
    page = render_template("impact/correction.html", form=form, outcome=outcome, event=event, words=words)
    return page, form.status


@bp.post("/outcomes/<outcome_id>/withdrawal")
@with_role(COORDINATOR)
def withdraw(outcome_id: str) -> ResponseReturnValue:
    """Takes a figure out of the totals."""
    outcome, event = _outcome_to_change(outcome_id)
    event_id = event.id
    withdraw_outcome(outcome, now=clock.now(), actor=current_actor())
    flash(gettext("Taken out. It counts no longer."), "ok")
    return redirect(url_for("impact.outcomes", event_id=event_id), 303)


@bp.get("/programmes/<programme_id>/expenses")
@open_to_all
def expenses(programme_id: str) -> str:
    """What a programme cost and brought, entry by entry."""
    programme = programme_shown(programme_id)
    events, names = events_of(programme), _city_names()
    form = _expense_form(programme, events, names, formdata=None)
    return _expenses_page(programme, events, form, names)


@bp.post("/programmes/<programme_id>/expenses")
@with_role(COORDINATOR)
def spend(programme_id: str) -> ResponseReturnValue:
    """Adds money to a programme or to one of its events."""
    actor = current_actor()
    programme = programme_shown(programme_id)
    events, names = events_of(programme), _city_names()
    form = _expense_form(programme, events, names)
    event = next((one for one in events if one.id == form.event_id.data), None)
    require(can_record_expense(actor, programme, cities=cities_of(programme), event=event))
    if form.validate_on_submit() and (
        amount := form.attempt(read_tenge, form.amount_tenge.data or "", unit=form.unit.data)
    ):
        how = form.expense() | {"now": clock.now(), "actor": actor}
        if form.attempt(record_expense, programme, event=event, amount_tenge=amount, **how):
            flash(gettext("Saved: %(sum)s.", sum=tenge(amount)), "ok")
            return redirect(url_for("impact.expenses", programme_id=programme_id), 303)
    programme = programme_shown(programme_id)
    return _expenses_page(programme, events_of(programme), form, names), form.status


@bp.get("/programmes/<programme_id>/expenses/sum")
@with_role(COORDINATOR)
def full_sum(programme_id: str) -> str:
    """The sum that is being typed, large and in full tenge."""
    form = ExpenseForm([], formdata=request.args, meta={"csrf": False})
    is_complete = bool(form.amount_tenge.data) and form.unit.data in words.TENGE_UNITS
    amount = form.attempt(read_tenge, form.amount_tenge.data or "", unit=form.unit.data) if is_complete else None
    return render_template("impact/_sum.html", amount=amount, form=form)


@bp.post("/expenses/<expense_id>/withdrawal")
@with_role(COORDINATOR)
def take_back(expense_id: str) -> ResponseReturnValue:
    """Takes a sum out of the totals."""
    actor = current_actor()
    expense = expense_of(expense_id)
    programme = programme_shown(expense.programme_id)
    event = visible_event(actor, expense.event_id) if expense.event_id else None
    require(can_record_expense(actor, programme, cities=cities_of(programme), event=event))
    programme_id = programme.id
    withdraw_expense(expense, now=clock.now(), actor=actor)
    flash(gettext("Taken out. It counts no longer."), "ok")
    return redirect(url_for("impact.expenses", programme_id=programme_id), 303)


def _asked() -> dict[str, str | None]:
    return {name: request.args.get(name) or None for name in ("programme", "city", "year")}


def _year(asked: dict[str, str | None]) -> int | None:
    year = asked["year"]
    if year and not (year.isdecimal() and len(year) == 4):
        raise NotFound
    return int(year) if year else None


def _sheet_rows(found: Impact) -> Iterator[tuple[object, ...]]:
    names, spoken = {city.slug: in_language(city.name, language()) for city in cities()}, language()
    for row in (part for whole in found.rows for part in (whole.parts or (whole,))):
        one = row.result
        result = (
            (gettext(words.METRIC_NAMES[one.name]), one.value, gettext(words.UNIT_NAMES[one.unit]))
            if one
            else NO_RESULT
        )
        price = rounded_price(one.cost_per_unit) if one and one.cost_per_unit is not None else None
        city = names.get(row.city or "", "")
        yield (in_language(row.programme.name, spoken), city, row.cost_tenge or None, *result, price)


def _outcome_to_change(outcome_id: str) -> tuple[Outcome, Event]:
    actor = current_actor()
    outcome = outcome_of(outcome_id)
    event = visible_event(actor, outcome.event_id)
    require(can_record_outcome(actor, event))
    return outcome, event


def _outcomes_page(event: Event, form: OutcomeForm) -> str:
    actor = current_actor()
    confirmed, present = counted_here(event.id)
    return render_template(
        "impact/outcomes.html",
        event=event,
        form=form,
        lines=outcomes_of([event.id]),
        expenses=expenses_of(event.programme, event.id),
        confirmed=confirmed,
        present=present,
        may_record=can_record_outcome(actor, event) and event.status != "cancelled",
        sees_sources=can_see_sources(actor),
        words=words,
    )


def _city_names() -> dict[str, Texts]:
    return {city.slug: city.name for city in cities()}


def _expense_form(
    programme: Programme, events: Sequence[Event], names: Mapping[str, Texts], **given: None
) -> ExpenseForm:
    """Offers what this actor may record: the programme as a whole, and the events in their cities."""
    actor, where = current_actor(), cities_of(programme)
    choices = (
        [("", gettext("The whole programme"))] if can_record_expense(actor, programme, cities=where, event=None) else []
    )
    choices += [
        (event.id, f"{in_language(event.title, language())}, {in_language(names[event.site.city], language())}")
        for event in events
        if can_record_outcome(actor, event)
    ]
    return ExpenseForm(choices, **given)


def _expenses_page(programme: Programme, events: Sequence[Event], form: ExpenseForm, names: Mapping[str, Texts]) -> str:
    return render_template(
        "impact/expenses.html",
        programme=programme,
        events={event.id: event for event in events},
        form=form,
        lines=outcomes_of([event.id for event in events]),
        expenses=expenses_of(programme),
        impact=impact(programme.slug),
        may_record=bool(form.event_id.choices),
        sees_sources=can_see_sources(current_actor()),
        cities=names,
        words=words,
    )
