"""Reads of money, entry by entry and added up."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.db import db
from app.errors import NotFound
from app.events.models import Event, Programme
from app.impact.money.models import Expense
from app.impact.money.paper_models import ExpenseDocument
from app.impact.money.tally import Budget, Entry, Line, budget


@dataclass(frozen=True)
class Shown:
    """An entry and what became of it: counts, corrected, paid or withdrawn; the entry after it, the one before."""

    row: Expense
    state: str
    after: Expense | None = None
    before: Expense | None = None


def expenses_of(programme: Programme, event_id: str | None = None) -> Sequence[Expense]:
    """The programme's money, or one event's part of it, withdrawn sums too, oldest first."""
    query = select(Expense).where(Expense.programme_id == programme.id)
    if event_id is not None:
        query = query.where(Expense.event_id == event_id)
    return db.session.scalars(query.order_by(Expense.recorded_at, Expense.id)).all()


def events_with_drafts(programme: Programme) -> Sequence[Event]:
    """All events of the programme, with their sites, oldest first: who may know of a draft is asked by the caller."""
    query = select(Event).options(joinedload(Event.site)).where(Event.programme_id == programme.id)
    return db.session.scalars(query.order_by(Event.starts_at, Event.id)).all()


def expense_of(expense_id: str) -> Expense:
    """An expense; raises NotFound."""
    row = db.session.get(Expense, expense_id)
    if row is None:
        raise NotFound
    return row


def shown(rows: Sequence[Expense]) -> list[Shown]:
    """What became of each of a programme's entries."""
    known = {row.id: row for row in rows}
    paid = {row.settles_id: row for row in rows if row.settles_id and row.corrects_id is None}
    corrected = {row.corrects_id: row for row in rows if row.corrects_id is not None}
    return [_shown(row, known, paid, corrected) for row in rows]


def documents_by_expense(expense_ids: Iterable[str]) -> dict[str, list[ExpenseDocument]]:
    """{entry: its papers}."""
    query = select(ExpenseDocument).where(
        ExpenseDocument.expense_id.in_(list(expense_ids)), ExpenseDocument.withdrawn_at.is_(None)
    )
    found: dict[str, list[ExpenseDocument]] = {}
    for row in db.session.scalars(query.order_by(ExpenseDocument.kept_at, ExpenseDocument.id)):
        found.setdefault(row.expense_id, []).append(row)
    return found


def budget_of(programme: Programme, rows: Iterable[Expense], *, order: Sequence[str | None] = ()) -> Budget:
    """Plan, orders and payments of these entries of a programme; events in this order."""
    entries = [entry(row) for row in rows if row.withdrawn_at is None]
    return budget(entries, frame_tenge=programme.planned_tenge, order=order)


def budgets(programmes: Sequence[Programme]) -> list[tuple[Programme, Budget]]:
    """The same of each of these programmes, in one question."""
    ids = [one.id for one in programmes]
    query = select(Expense).where(Expense.programme_id.in_(ids), Expense.withdrawn_at.is_(None))
    rows: dict[str, list[Expense]] = {}
    for row in db.session.scalars(query):
        rows.setdefault(row.programme_id, []).append(row)
    return [(one, budget_of(one, rows.get(one.id, []))) for one in programmes]


def total_of(lines: Iterable[Line]) -> Line:
    """One line for several."""
    rows = list(lines)
    return Line(
        "",
        sum(one.planned_tenge for one in rows),
        sum(one.committed_tenge for one in rows),
        sum(one.actual_tenge for one in rows),
    )


def left_of_plans(lines: Iterable[Line]) -> int:
    """What is left of all plans together; money without a plan takes nothing from the plans of others."""
    return sum(line.left_tenge for line in lines if line.has_plan)


def entry(row: Expense) -> Entry:
    """A row as a plain value."""
    return Entry(row.event_id, row.stage, row.category, row.amount_tenge)


def _shown(
    row: Expense,
    known: Mapping[str, Expense],
    paid: Mapping[str, Expense],
    corrected: Mapping[str, Expense],
) -> Shown:
    before = known.get(row.corrects_id or row.settles_id or "")
    if row.withdrawn_at is None:
        return Shown(row, "counts", before=before)
    if row.id in paid:
        return Shown(row, "paid", paid[row.id], before)
    if row.id in corrected:
        return Shown(row, "corrected", corrected[row.id], before)
    return Shown(row, "withdrawn", before=before)
