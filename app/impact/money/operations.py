"""Writing down what it cost; taking a wrong sum back without hiding that it was wrong."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select

from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import db, lock, transaction
from app.events.models import Event, Programme
from app.impact.errors import AlreadyWithdrawn
from app.impact.money.errors import (
    AmountNotPositive,
    EventOfAnotherProgramme,
    ExpenseReplaced,
    NoCategory,
    OrderPaid,
    UnknownStage,
)
from app.impact.money.measuring import check_likely
from app.impact.money.models import STAGES, Expense


def record_expense(
    programme: Programme,
    *,
    event: Event | None = None,
    amount_tenge: int,
    stage: str = "actual",
    category: str,
    supplier: str = "",
    note: str = "",
    document_no: str = "",
    spent_on: date | None = None,
    sure: bool = False,
    now: datetime,
    actor: Actor,
) -> Expense:
    """Adds money to the programme, for one event or for all of it: planned, committed or actual, in whole tenge.

    `sure` says that a sum which looks like a slip, or stands already, is right. Raises a WrongAmount, UnknownStage,
    NoCategory or EventOfAnotherProgramme.
    """
    event_id = event.id if event else None
    with transaction() as session:
        lock(programme)
        row = Expense(programme_id=programme.id, event_id=event_id, stage=stage, amount_tenge=amount_tenge)
        describe(row, category=category, supplier=supplier, note=note, document_no=document_no, spent_on=spent_on)
        check_expense(row, programme, event)
        if not sure:
            check_likely(row)
        row.recorded_at, row.recorded_by_id = now, actor.account_id
        session.add(row)
        session.flush()
        record(actor, "record", row, now=now)
    return row


def withdraw_expense(expense: Expense, *, now: datetime, actor: Actor) -> None:
    """Takes a sum out of every total; it stays to be seen. What a payment had settled is an order again.

    Raises AlreadyWithdrawn, or ExpenseReplaced or OrderPaid where another entry counts in its place.
    """
    with transaction() as session:
        lock(session.get_one(Programme, expense.programme_id))
        lock(expense)
        check_counts(expense)
        expense.withdrawn_at = now
        record(actor, "withdraw", expense, now=now, changes={"withdrawn_at": (None, now)})
        if expense.settles_id and (order := session.get(Expense, expense.settles_id)):
            again = _again(order, now=now, actor=actor)
            session.add(again)
            session.flush()
            record(actor, "order_again", again, now=now)


def check_counts(expense: Expense) -> None:
    """Raises AlreadyWithdrawn, ExpenseReplaced or OrderPaid where it counts no longer."""
    if expense.withdrawn_at is None:
        return
    after = db.session.scalars(
        select(Expense).where((Expense.corrects_id == expense.id) | (Expense.settles_id == expense.id))
    ).all()
    if any(one.settles_id == expense.id for one in after):
        raise OrderPaid
    raise ExpenseReplaced if after else AlreadyWithdrawn


def describe(row: Expense, *, category: str, supplier: str, note: str, document_no: str, spent_on: date | None) -> None:
    """What is written beside the sum."""
    row.category, row.supplier, row.note = category.strip(), supplier.strip()[:200], note.strip()[:300]
    row.document_no, row.spent_on = document_no.strip()[:60], spent_on


def check_expense(row: Expense, programme: Programme, event: Event | None) -> None:
    """Raises the refusal of what can't be."""
    if event is not None and event.programme_id != programme.id:
        raise EventOfAnotherProgramme
    if row.amount_tenge <= 0 or row.amount_tenge != int(Decimal(row.amount_tenge)):
        raise AmountNotPositive
    if row.stage not in STAGES:
        raise UnknownStage
    if not row.category or len(row.category) > 40:
        raise NoCategory


def _again(order: Expense, *, now: datetime, actor: Actor) -> Expense:
    """The order as it stood before it was paid, less what stayed ordered when a part of it was."""
    rest = db.session.scalar(select(Expense.amount_tenge).where(Expense.corrects_id == order.id)) or 0
    again = Expense(programme_id=order.programme_id, event_id=order.event_id, stage="committed")
    again.amount_tenge = order.amount_tenge - rest
    again.category, again.supplier, again.note = order.category, order.supplier, order.note
    again.document_no, again.spent_on = order.document_no, order.spent_on
    again.recorded_at, again.recorded_by_id = now, actor.account_id
    return again
