"""Budgets for programs: plan, orders, payments and what is left, by event and by category; paying and withdrawing."""

from typing import Any

from marshmallow import Schema, fields

from app import clock
from app.accounts.actor import COORDINATOR, MANAGEMENT
from app.api.blueprint import Blueprint
from app.api.fields import Day, Text, Whole, YesNo
from app.api.impact import ExpenseOut
from app.api.once import once
from app.errors import require
from app.events.queries import visible_event
from app.impact.money.correcting import pay_order
from app.impact.money.models import Expense
from app.impact.money.operations import withdraw_expense
from app.impact.money.policy import can_record_expense
from app.impact.money.queries import budget_of, events_with_drafts, expense_of, expenses_of
from app.impact.money.tally import Line
from app.impact.queries import cities_of, programme_shown
from app.web.access import with_role
from app.web.actor import current_actor

bp = Blueprint("api_money", __name__, description="Budgets, orders and payments")


class BudgetSums(Schema):
    """Whole tenge; what is left is null where nothing was planned."""

    planned_tenge = fields.Integer(required=True)
    committed_tenge = fields.Integer(required=True)
    actual_tenge = fields.Integer(required=True)
    left_tenge = fields.Integer(required=True, allow_none=True)


class BudgetEvent(BudgetSums):
    """Of one event; null is the programme as a whole."""

    event_id = fields.String(required=True, allow_none=True)


class BudgetCategory(BudgetSums):
    """Of one category."""

    category = fields.String(required=True)


class BudgetOut(BudgetSums):
    """A programme's money."""

    programme_id = fields.String(required=True)
    frame_tenge = fields.Integer(required=True, allow_none=True, metadata={"description": "The programme's own plan"})
    events = fields.List(fields.Nested(BudgetEvent), required=True)
    categories = fields.List(fields.Nested(BudgetCategory), required=True)


class PaymentIn(Schema):
    """What was paid of an order, in whole tenge."""

    amount_tenge = Whole(low=1, required=True)
    spent_on = Day(load_default=None, allow_none=True)
    document_no = Text(up_to=60, load_default="")
    rest_stays = YesNo(load_default=False, metadata={"description": "true: what is not paid yet stays ordered"})
    sure = YesNo(load_default=True, metadata={"description": "false: refuse what looks like a slip"})


@bp.route("/programmes/<programme_id>/budget", methods=["GET"])
@with_role(COORDINATOR, MANAGEMENT)
@bp.response(200, BudgetOut)
def budget(programme_id: str) -> Any:
    """Plan, orders, payments and what is left."""
    programme = programme_shown(programme_id)
    order = [event.id for event in events_with_drafts(programme)]
    found = budget_of(programme, expenses_of(programme), order=order)
    return _sums(found.whole) | {
        "programme_id": programme.id,
        "frame_tenge": found.frame_tenge,
        "events": [{"event_id": line.key} | _sums(line) for line in found.events],
        "categories": [{"category": line.key} | _sums(line) for line in found.categories],
    }


@bp.route("/expenses/<expense_id>/payment", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.arguments(PaymentIn)
@bp.response(201, ExpenseOut)
def pay(said: dict[str, Any], expense_id: str) -> Any:
    """The payment of an order; the order counts no longer."""
    order = _to_change(expense_id)
    return pay_order(order, **said, now=clock.now(), actor=current_actor())


@bp.route("/expenses/<expense_id>/withdrawal", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.response(201, ExpenseOut)
def withdraw(expense_id: str) -> Any:
    """Takes a sum out of every total; what a payment had settled is an order again."""
    expense = _to_change(expense_id)
    withdraw_expense(expense, now=clock.now(), actor=current_actor())
    return expense


def _sums(line: Line) -> dict[str, Any]:
    left = line.left_tenge if line.has_plan else None
    names = ("planned_tenge", "committed_tenge", "actual_tenge")
    return {name: getattr(line, name) for name in names} | {"left_tenge": left}


def _to_change(expense_id: str) -> Expense:
    actor = current_actor()
    expense = expense_of(expense_id)
    programme = programme_shown(expense.programme_id)
    event = visible_event(actor, expense.event_id) if expense.event_id else None
    require(can_record_expense(actor, programme, cities=cities_of(programme), event=event))
    return expense
