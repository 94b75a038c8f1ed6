"""Writing down what was achieved and what it cost; putting a wrong figure right without hiding that it was wrong."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import func, select

from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import db, lock, transaction
from app.events.models import Event, Programme
from app.impact.errors import (
    AlreadyWithdrawn,
    AmountNotPositive,
    EventOfAnotherProgramme,
    NoCategory,
    NothingToReport,
    OutcomeReplaced,
    SaidTwice,
    SpentTwice,
    UnknownMethod,
    UnknownStage,
    UnlikelyAmount,
    UnlikelyFigure,
)
from app.impact.figures import Written, grouped, looks_like_a_slip, read_quantity, unlikely_sum
from app.impact.models import METHODS, STAGES, Expense, Outcome


def record_outcome(
    event: Event,
    *,
    metric: str,
    quantity: Written,
    unit: str,
    method: str,
    detail: str = "",
    evidence: str = "",
    said_by: str = "",
    by_contractor: bool = False,
    sure: bool = False,
    now: datetime,
    actor: Actor,
) -> Outcome:
    """Adds a reported figure to the event, in the unit in which it was said.

    `sure` says that a figure which looks like a slip, or stands already, is right. Raises a WrongFigure,
    UnknownMetric, UnknownUnit, UnknownMethod or NothingToReport.
    """
    with transaction() as session:
        lock(event)
        if event.status == "cancelled":
            raise NothingToReport
        row = _outcome(event.id, metric, quantity, unit, method, sure=sure)
        _describe(row, detail, evidence, said_by, by_contractor)
        if not sure and _stands_already(row):
            raise SaidTwice
        row.recorded_at, row.recorded_by_id = now, actor.account_id
        session.add(row)
        session.flush()
        record(actor, "record", row, now=now)
    return row


def correct_outcome(
    outcome: Outcome,
    *,
    quantity: Written,
    unit: str,
    method: str,
    detail: str = "",
    evidence: str = "",
    said_by: str = "",
    by_contractor: bool = False,
    sure: bool = False,
    now: datetime,
    actor: Actor,
) -> Outcome:
    """Puts a new figure in the place of a wrong one; the wrong one stays to be seen and counts no longer.

    Raises as record_outcome(), or OutcomeReplaced or AlreadyWithdrawn when it counts no longer anyway.
    """
    with transaction() as session:
        lock(outcome)
        _check_counts(outcome)
        row = _outcome(outcome.event_id, outcome.metric, quantity, unit, method, sure=sure)
        _describe(row, detail, evidence, said_by, by_contractor)
        row.corrects_id = outcome.id
        row.recorded_at, row.recorded_by_id = now, actor.account_id
        session.add(row)
        session.flush()
        before, after = (f"{one.quantity.normalize():f} {one.unit}" for one in (outcome, row))
        record(actor, "correct", row, now=now, changes={"quantity": (before, after)})
    return row


def withdraw_outcome(outcome: Outcome, *, now: datetime, actor: Actor) -> None:
    """Takes a figure out of every total; what it had corrected doesn't come back. Raises as correct_outcome()."""
    with transaction():
        lock(outcome)
        _check_counts(outcome)
        outcome.withdrawn_at = now
        record(actor, "withdraw", outcome, now=now, changes={"withdrawn_at": (None, now)})


def record_expense(
    programme: Programme,
    *,
    event: Event | None = None,
    amount_tenge: int,
    stage: str = "actual",
    category: str,
    supplier: str = "",
    note: str = "",
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
    category = category.strip()
    with transaction() as session:
        lock(programme)
        _check_expense(programme, event, amount_tenge, stage, category)
        row = Expense(programme_id=programme.id, event_id=event_id, stage=stage, amount_tenge=amount_tenge)
        row.category, row.supplier, row.note = category, supplier.strip()[:200], note.strip()[:300]
        row.spent_on, row.recorded_at, row.recorded_by_id = spent_on, now, actor.account_id
        if not sure:
            _doubt_expense(programme, row)
        session.add(row)
        session.flush()
        record(actor, "record", row, now=now)
    return row


def withdraw_expense(expense: Expense, *, now: datetime, actor: Actor) -> None:
    """Takes a sum out of every total; it stays to be seen. Raises AlreadyWithdrawn."""
    with transaction():
        lock(expense)
        if expense.withdrawn_at is not None:
            raise AlreadyWithdrawn
        expense.withdrawn_at = now
        record(actor, "withdraw", expense, now=now, changes={"withdrawn_at": (None, now)})


def _outcome(event_id: str, metric: str, written: Written, unit: str, method: str, *, sure: bool) -> Outcome:
    quantity = read_quantity(written, metric=metric, unit=unit)
    if method not in METHODS:
        raise UnknownMethod
    if not sure and looks_like_a_slip(quantity, metric=metric, unit=unit, written=written):
        raise UnlikelyFigure(figure=f"{grouped(quantity)}\u00a0{unit}")
    return Outcome(event_id=event_id, metric=metric, quantity=quantity, unit=unit, method=method)


def _describe(row: Outcome, detail: str, evidence: str, said_by: str, by_contractor: bool) -> None:
    row.detail, row.evidence, row.said_by = detail.strip()[:200], evidence.strip()[:300], said_by.strip()[:200]
    row.by_contractor = by_contractor


def _stands_already(row: Outcome) -> bool:
    query = select(Outcome.id).where(
        Outcome.event_id == row.event_id,
        Outcome.metric == row.metric,
        Outcome.quantity == row.quantity,
        Outcome.unit == row.unit,
        Outcome.detail == row.detail,
        Outcome.by_contractor == row.by_contractor,
        Outcome.withdrawn_at.is_(None),
        Outcome.id.not_in(select(Outcome.corrects_id).where(Outcome.corrects_id.is_not(None))),
    )
    return db.session.scalar(query.limit(1)) is not None


def _check_counts(outcome: Outcome) -> None:
    if outcome.withdrawn_at is not None:
        raise AlreadyWithdrawn
    if db.session.scalar(select(Outcome.id).where(Outcome.corrects_id == outcome.id)) is not None:
        raise OutcomeReplaced


def _check_expense(programme: Programme, event: Event | None, amount_tenge: int, stage: str, category: str) -> None:
    if event is not None and event.programme_id != programme.id:
        raise EventOfAnotherProgramme
    if amount_tenge <= 0 or amount_tenge != int(Decimal(amount_tenge)):
        raise AmountNotPositive
    if stage not in STAGES:
        raise UnknownStage
    if not category or len(category) > 40:
        raise NoCategory


def _doubt_expense(programme: Programme, row: Expense) -> None:
    known = db.session.scalar(
        select(func.coalesce(func.sum(Expense.amount_tenge), 0)).where(
            Expense.programme_id == programme.id, Expense.withdrawn_at.is_(None)
        )
    )
    if unlikely_sum(row.amount_tenge, known_tenge=int(known or 0) + (programme.planned_tenge or 0)):
        raise UnlikelyAmount(figure=grouped(row.amount_tenge))
    same = select(Expense.id).where(
        Expense.programme_id == row.programme_id,
        Expense.event_id.is_(None) if row.event_id is None else Expense.event_id == row.event_id,
        Expense.stage == row.stage,
        Expense.amount_tenge == row.amount_tenge,
        Expense.category == row.category,
        Expense.note == row.note,
        Expense.withdrawn_at.is_(None),
    )
    if db.session.scalar(same.limit(1)) is not None:
        raise SpentTwice
