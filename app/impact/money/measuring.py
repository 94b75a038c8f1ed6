"""What a new sum is measured on: the plan, what is known, entries like it. Read once, for one sum or for a file's."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import or_, select

from app.db import db
from app.events.models import Programme
from app.impact.money.errors import BeyondPlan, SpentTwice, UnlikelyAmount, UnlikeOthers
from app.impact.money.models import Expense
from app.impact.money.slips import Beside, Doubt, doubt
from app.impact.numbers import grouped

REFUSALS: dict[str, type[UnlikelyAmount]] = {"plan": BeyondPlan, "usual": UnlikeOthers, "range": UnlikelyAmount}
NEWEST = 200  # entries that say what is usual
ALL_OF_IT = "*"  # in place of an event's id: the whole programme with its events
Same = tuple[str, str | None, str, int, str, str]


@dataclass(frozen=True)
class Ledger:
    """The sums that count, of the programmes and categories that matter, added up as a new one is measured on them."""

    frames: Mapping[str, int]
    totals: Mapping[str, int]
    plans: Mapping[tuple[str, str | None], int]
    alike: Mapping[tuple[str, str], list[int]]
    known: Collection[Same]

    def beside(self, row: Expense) -> Beside:
        """What this sum is measured on: a payment or order on the plan of its event or programme."""
        frame = self.frames.get(row.programme_id, 0)
        plan = self.plans.get((row.programme_id, row.event_id), 0) if row.event_id else 0
        plan = plan or frame or self.plans.get((row.programme_id, ALL_OF_IT), 0)
        known = self.totals.get(row.programme_id, 0) + frame
        return Beside(0 if row.stage == "planned" else plan, known, self.alike.get((row.category, row.stage), []))

    def doubt(self, row: Expense) -> Doubt | None:
        """Why somebody should look at this sum again."""
        return doubt(row.amount_tenge, self.beside(row))

    def holds(self, row: Expense) -> bool:
        """Whether the very same sum stands already."""
        return same(row) in self.known


def ledger(programme_ids: Collection[str], categories: Collection[str], *, but: str | None = None) -> Ledger:
    """Reads it; `but` is the entry that is being corrected, which measures nothing."""
    counts = (Expense.withdrawn_at.is_(None), Expense.id != (but or ""))
    near = or_(Expense.programme_id.in_(programme_ids), Expense.category.in_(categories))
    rows = db.session.scalars(select(Expense).where(near, *counts).order_by(Expense.recorded_at.desc())).all()
    frames = select(Programme.id, Programme.planned_tenge).where(Programme.id.in_(programme_ids))
    totals, plans, alike = Counter[str](), Counter[tuple[str, str | None]](), dict[tuple[str, str], list[int]]()
    for row in rows:
        totals[row.programme_id] += row.amount_tenge
        if row.stage == "planned":
            plans[(row.programme_id, row.event_id)] += row.amount_tenge
            plans[(row.programme_id, ALL_OF_IT)] += row.amount_tenge
        some = alike.setdefault((row.category, row.stage), [])
        if len(some) < NEWEST:
            some.append(row.amount_tenge)
    planned = {id_: plan for id_, plan in db.session.execute(frames) if plan}
    return Ledger(planned, totals, plans, alike, {same(row) for row in rows})


def check_likely(row: Expense, *, but: str | None = None) -> None:
    """Raises an UnlikelyAmount that says on what it was measured, or SpentTwice."""
    beside = ledger([row.programme_id], [row.category], but=but)
    if found := beside.doubt(row):
        raise refusal(row.amount_tenge, found)
    if beside.holds(row):
        raise SpentTwice


def refusal(amount_tenge: int, found: Doubt) -> UnlikelyAmount:
    """The sentence of a doubt; its params carry `meant`, the sum in the other unit."""
    beside = grouped(found.beside_tenge)
    return REFUSALS[found.why](figure=grouped(amount_tenge), beside=beside, meant=found.meant_tenge)


def same(row: Expense) -> Same:
    """What makes two sums the same."""
    return (row.programme_id, row.event_id, row.stage, row.amount_tenge, row.category, row.note)
