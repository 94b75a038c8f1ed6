"""Putting a wrong entry right, and paying an order: each is a new entry, the old one stays to be seen.

Two people may have one entry open. What only one of them changed is kept; where both changed the same, the second one
is shown both and decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update

from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import db, lock, transaction
from app.events.models import Event, Programme
from app.impact.money.errors import ChangedMeanwhile, NotAnOrder, NothingChanged
from app.impact.money.measuring import check_likely, refusal
from app.impact.money.merging import merge
from app.impact.money.models import Expense
from app.impact.money.operations import check_counts, check_expense, describe
from app.impact.money.paper_models import ExpenseDocument
from app.impact.money.slips import Beside, doubt

FIELDS = ("event_id", "stage", "amount_tenge", "category", "supplier", "note", "document_no", "spent_on")


@dataclass(frozen=True)
class Corrected:
    """The new entry, and the fields that somebody else had changed meanwhile and that were kept."""

    row: Expense
    theirs_kept: tuple[str, ...] = ()


def correct_expense(
    expense: Expense, wanted: Mapping[str, Any], *, sure: bool = False, now: datetime, actor: Actor
) -> Corrected:
    """Puts an entry with these FIELDS in the place of the one that was open; its papers and its order come along.

    Raises what record_expense() raises; NothingChanged; ChangedMeanwhile with the id of the entry that counts now
    (`newest_id`), the `fields` that both changed and what only the other one changed (`kept`); AlreadyWithdrawn or
    OrderPaid.
    """
    with transaction() as session:
        programme = session.get_one(Programme, expense.programme_id)
        lock(programme)
        newest = newest_of(expense)
        check_counts(newest)
        merged = merge(values_of(expense), values_of(newest), {name: wanted[name] for name in FIELDS})
        if merged.clashing:
            raise ChangedMeanwhile(newest_id=newest.id, fields=merged.clashing, kept=merged.theirs_kept)
        row = _corrected(newest, merged.values, programme)
        if not sure and row.amount_tenge != newest.amount_tenge:
            check_likely(row, but=newest.id)
        _put_in_place(row, newest, now=now, actor=actor)
    return Corrected(row, merged.theirs_kept)


def pay_order(
    order: Expense,
    *,
    amount_tenge: int,
    spent_on: date | None = None,
    document_no: str = "",
    rest_stays: bool = False,
    sure: bool = False,
    now: datetime,
    actor: Actor,
) -> Expense:
    """Writes the payment of an order down; the order counts no longer, but for its rest where that `rest_stays`.

    Raises NotAnOrder, OrderPaid, ExpenseReplaced, AlreadyWithdrawn or a WrongAmount.
    """
    with transaction() as session:
        programme = session.get_one(Programme, order.programme_id)
        lock(programme)
        lock(order)
        check_counts(order)
        if order.stage != "committed":
            raise NotAnOrder
        paid = _like(order, "actual", amount_tenge)
        paid.settles_id, paid.spent_on, paid.document_no = order.id, spent_on, document_no.strip()[:60]
        check_expense(paid, programme, None)
        if not sure and (found := doubt(amount_tenge, Beside(like_it=(order.amount_tenge,) * 3))):
            raise refusal(amount_tenge, found)
        rest = order.amount_tenge - amount_tenge if rest_stays else 0
        order.withdrawn_at = now
        session.flush()
        rows = [paid, *([_rest(order, rest)] if rest > 0 else [])]
        for row in rows:
            row.recorded_at, row.recorded_by_id = now, actor.account_id
        session.add_all(rows)
        session.flush()
        record(actor, "pay_order", paid, now=now, changes={"amount_tenge": (order.amount_tenge, amount_tenge)})
    return paid


def newest_of(expense: Expense) -> Expense:
    """The entry that stands where this one was written, through all its corrections; itself where there are none."""
    while after := db.session.scalar(select(Expense).where(Expense.corrects_id == expense.id)):
        expense = after
    return expense


def values_of(expense: Expense) -> dict[str, Any]:
    """What a correction may change."""
    return {name: getattr(expense, name) for name in FIELDS}


def _corrected(newest: Expense, values: Mapping[str, Any], programme: Programme) -> Expense:
    row = Expense(programme_id=newest.programme_id, corrects_id=newest.id, settles_id=newest.settles_id)
    row.event_id, row.stage, row.amount_tenge = values["event_id"], values["stage"], values["amount_tenge"]
    if row.stage != "actual":
        row.settles_id = None
    words = ("category", "supplier", "note", "document_no", "spent_on")
    describe(row, **{name: values[name] for name in words})
    check_expense(row, programme, db.session.get(Event, row.event_id) if row.event_id else None)
    if values_of(row) == values_of(newest):
        raise NothingChanged
    return row


def _put_in_place(row: Expense, newest: Expense, *, now: datetime, actor: Actor) -> None:
    session = db.session()
    newest.withdrawn_at = now
    row.recorded_at, row.recorded_by_id = now, actor.account_id
    session.flush()
    session.add(row)
    session.flush()
    papers = update(ExpenseDocument).where(ExpenseDocument.expense_id == newest.id)
    session.execute(papers.values(expense_id=row.id))
    before, after = values_of(newest), values_of(row)
    changes = {name: (before[name], after[name]) for name in FIELDS if before[name] != after[name]}
    record(actor, "correct", row, now=now, changes=changes)


def _like(order: Expense, stage: str, amount_tenge: int) -> Expense:
    row = Expense(programme_id=order.programme_id, event_id=order.event_id, stage=stage, amount_tenge=amount_tenge)
    row.category, row.supplier, row.note = order.category, order.supplier, order.note
    return row


def _rest(order: Expense, amount_tenge: int) -> Expense:
    rest = _like(order, "committed", amount_tenge)
    rest.corrects_id, rest.document_no, rest.spent_on = order.id, order.document_no, order.spent_on
    return rest
