"""Pages of money: what a programme cost, entry by entry."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.actor import COORDINATOR
from app.errors import require
from app.events.models import Programme
from app.events.policy import can_see_event
from app.events.queries import visible_event
from app.impact.money import words
from app.impact.money.budget_routes import bp as budgets
from app.impact.money.entry_routes import bp as entries
from app.impact.money.expense_forms import expense_form
from app.impact.money.forms import ExpenseForm
from app.impact.money.import_routes import bp as files
from app.impact.money.operations import record_expense, withdraw_expense
from app.impact.money.policy import can_record_expense, may_see_budget
from app.impact.money.queries import budget_of, documents_by_expense, events_with_drafts, expense_of, expenses_of, shown
from app.impact.money.sums import read_tenge
from app.impact.outcomes.naming import Names
from app.impact.outcomes.queries import outcomes_of
from app.impact.policy import can_see_sources
from app.impact.queries import cities_of, programme_shown
from app.people.queries import cities
from app.web.access import open_to_all, with_role
from app.web.actor import current_actor
from app.web.numbers import tenge

bp = Blueprint("money", __name__)
for part in (budgets, entries, files):
    bp.register_blueprint(part)


@bp.get("/programmes/<programme_id>/expenses")
@open_to_all
def expenses(programme_id: str) -> str:
    """What a programme cost and brought, entry by entry."""
    programme = programme_shown(programme_id)
    return _expenses_page(programme, expense_form(programme, formdata=None))


@bp.post("/programmes/<programme_id>/expenses")
@with_role(COORDINATOR)
def spend(programme_id: str) -> ResponseReturnValue:
    """Adds money to a programme or to one of its events."""
    actor = current_actor()
    programme = programme_shown(programme_id)
    form = expense_form(programme)
    event = next((one for one in events_with_drafts(programme) if one.id == form.event_id.data), None)
    require(can_record_expense(actor, programme, cities=cities_of(programme), event=event))
    if form.validate_on_submit() and (amount := form.attempt(form.in_tenge)):
        how = form.expense() | {"now": clock.now(), "actor": actor}
        if form.attempt(record_expense, programme, event=event, amount_tenge=amount, **how):
            flash(gettext("Saved: %(sum)s.", sum=tenge(amount)), "ok")
            return redirect(url_for("money.expenses", programme_id=programme_id), 303)
    return _expenses_page(programme_shown(programme_id), form), form.status


@bp.get("/programmes/<programme_id>/expenses/sum")
@with_role(COORDINATOR)
def full_sum(programme_id: str) -> str:
    """The sum that is being typed, large and in full tenge."""
    form = ExpenseForm([], formdata=request.args, meta={"csrf": False})
    is_complete = bool(form.amount_tenge.data) and form.unit.data in words.TENGE_UNITS
    amount = form.attempt(read_tenge, form.amount_tenge.data or "", unit=form.unit.data) if is_complete else None
    return render_template("impact/money/_sum.html", amount=amount, form=form)


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
    return redirect(url_for("money.expenses", programme_id=programme_id), 303)


def _expenses_page(programme: Programme, form: ExpenseForm) -> str:
    actor = current_actor()
    events, entries = events_with_drafts(programme), expenses_of(programme)
    seen = [event for event in events if can_see_event(actor, event)]
    public = [event for event in seen if event.is_visible]
    return render_template(
        "impact/money/expenses.html",
        programme=programme,
        events={event.id: event for event in seen},
        public=public,
        form=form,
        lines=outcomes_of([event.id for event in public]),
        expenses=shown(entries),
        papers=documents_by_expense(one.id for one in entries) if can_see_sources(actor) else {},
        whole=budget_of(programme, entries).whole,
        may_record=bool(form.event_id.choices),
        sees_sources=can_see_sources(actor),
        sees_budget=may_see_budget(actor),
        cities={city.slug: city.name for city in cities()},
        words=words,
        metric_names=Names(),
    )
