"""What a total is made of, entry by entry: the rows of a page, and the sum of all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Select, func, select, type_coerce

from app.attendance.hour_models import HoursEntry
from app.attendance.models import AttendanceEntry
from app.db import Texts, db
from app.errors import NotFound
from app.events.models import Event, Programme, Site
from app.impact.money.models import Expense
from app.impact.outcomes.models import Outcome
from app.impact.reports.facts import ProgrammeFacts
from app.impact.reports.queries import Gathered
from app.impact.reports.report import Asked
from app.impact.reports.sums import CONFIRMED, COUNTED, MILLION, MINUTES, PRESENT, SIGNED_UP
from app.impact.reports.within import events_within, money_within, programmes_planned
from app.impact.reports.years import Bounds
from app.signups.models import Place

PER_PAGE = 100
STAGES = {"spent": "actual", "committed": "committed", "planned": "planned"}


@dataclass(frozen=True)
class Entry:
    """One row: where it belongs, how much it adds, and its ground.

    `written` and `unit` are as somebody wrote them, `amount` in the total's unit. Of what was counted here an event is
    a row, with the marks of its people behind it.
    """

    id: str
    programme: Texts
    event_id: str | None
    event: Texts | None
    starts_at: datetime | None
    amount: Decimal
    written: Decimal | None = None
    unit: str = ""
    density: Decimal | None = None
    method: str = ""
    detail: str = ""
    species: str = ""
    by_contractor: bool = False
    category: str = ""
    on: date | None = None


@dataclass(frozen=True)
class Entries:
    """A page of entries; `total` is the sum of all `count`, not of those shown alone."""

    of: str
    rows: Sequence[Entry]
    count: int
    total: Decimal
    page: int
    per_page: int

    @property
    def last_page(self) -> int:
        """The number of the last page, from 1."""
        return max(1, -(-self.count // self.per_page))


def entries(
    gathered: Gathered, of: str, asked: Asked, *, page: int = 1, per_page: int = PER_PAGE, only: str | None = None
) -> Entries:
    """The entries of a metric, of money (spent, committed, planned) or of what was counted here; NotFound for others.

    `only` narrows money to one category.
    """
    bounds, programmes = gathered.bounds, gathered.programmes
    if of in gathered.units:
        return _page(of, _outcomes(of, asked, programmes, bounds), page, per_page, MILLION)
    if of in COUNTED:
        return _page(of, _counted(of, asked, programmes, bounds), page, per_page)
    if of not in STAGES:
        raise NotFound
    found = _page(of, _money(of, asked, programmes, bounds, only), page, per_page)
    return _with_plans(found, programmes_planned(asked, programmes)) if of == "planned" else found


def _page(of: str, query: Select[Any], page: int, per_page: int, scale: Decimal = Decimal(1)) -> Entries:
    whole = query.order_by(None).subquery()
    count, total = db.session.execute(
        select(func.count(), func.coalesce(func.sum(type_coerce(whole.c.amount, BigInteger)), 0)).select_from(whole)
    ).one()
    rows = db.session.execute(query.limit(per_page).offset((page - 1) * per_page))
    return Entries(of, [_entry(row, scale) for row in rows], count, Decimal(total) / scale, page, per_page)


def _entry(row: Any, scale: Decimal) -> Entry:
    values = row._asdict()
    return Entry(**(values | {"amount": Decimal(values["amount"]) / scale}))


def _outcomes(of: str, asked: Asked, programmes: Sequence[ProgrammeFacts], bounds: Bounds) -> Select[Any]:
    columns: tuple[Any, ...] = (*_where(Outcome.id), type_coerce(Outcome.base_quantity, BigInteger).label("amount"))
    columns += (Outcome.quantity.label("written"), Outcome.unit, Outcome.density, Outcome.method, Outcome.detail)
    query: Any = select(*columns, Outcome.species, Outcome.by_contractor).join(Event, Event.id == Outcome.event_id)
    query = _joined(query).where(Outcome.metric == of, Outcome.counting(), events_within(asked, programmes, bounds))
    ordered: Select[Any] = query.order_by(Event.starts_at, Outcome.id)
    return ordered


def _money(
    of: str, asked: Asked, programmes: Sequence[ProgrammeFacts], bounds: Bounds, only: str | None
) -> Select[Any]:
    columns = (
        *_where(Expense.id),
        Expense.amount_tenge.label("amount"),
        Expense.category,
        Expense.spent_on.label("on"),
    )
    query = select(*columns).select_from(Expense).join(Programme, Programme.id == Expense.programme_id)
    query = query.outerjoin(Event, Event.id == Expense.event_id).outerjoin(Site, Site.id == Event.site_id)
    query = query.where(Expense.stage == STAGES[of], money_within(asked, programmes, bounds))
    if of == "planned":
        query = query.where(Expense.programme_id.in_([one.id for one in programmes if one.planned_tenge is None]))
    if only is not None:
        query = query.where(Expense.category == only)
    return query.order_by(Programme.first_year, Programme.slug, Expense.recorded_at, Expense.id)


def _counted(of: str, asked: Asked, programmes: Sequence[ProgrammeFacts], bounds: Bounds) -> Select[Any]:
    """An event a row; only where somebody was marked present."""
    here = (AttendanceEntry.kind == "check_in", AttendanceEntry.undone_by_id.is_(None))
    counted: dict[str, Select[Any]] = {
        SIGNED_UP: select(func.count()).where(Place.event_id == Event.id),
        CONFIRMED: select(func.count()).where(Place.event_id == Event.id, Place.status == "confirmed"),
        PRESENT: select(func.count()).where(AttendanceEntry.event_id == Event.id, *here),
        MINUTES: select(func.coalesce(func.sum(HoursEntry.minutes), 0)).where(
            HoursEntry.event_id == Event.id, HoursEntry.replaced_by_id.is_(None)
        ),
    }
    amount = counted[of].correlate(Event).scalar_subquery().label("amount")
    query = _joined(select(*_where(Event.id), amount).select_from(Event))
    came = select(AttendanceEntry.event_id).where(*here)
    if of == MINUTES:
        came = select(HoursEntry.event_id).where(HoursEntry.replaced_by_id.is_(None))
    query = query.where(Event.id.in_(came), events_within(asked, programmes, bounds))
    return query.order_by(Event.starts_at, Event.id)


def _where(id_: Any) -> tuple[Any, ...]:
    event = (Event.id.label("event_id"), Event.title.label("event"), Event.starts_at)
    return (id_.label("id"), Programme.name.label("programme"), *event)


def _joined(query: Select[Any]) -> Select[Any]:
    query = query.join(Programme, Programme.id == Event.programme_id)
    return query.join(Site, Site.id == Event.site_id)


def _with_plans(found: Entries, plans: Sequence[ProgrammeFacts]) -> Entries:
    """Programmes' own plans stand before the planned sums of the others, on the first page."""
    rows = [Entry(one.id, one.name, None, None, None, Decimal(one.planned_tenge or 0)) for one in plans]
    total = found.total + sum(row.amount for row in rows)
    shown = [*rows, *found.rows] if found.page == 1 else list(found.rows)
    return Entries(found.of, shown, found.count + len(rows), total, found.page, found.per_page)
