"""Reads of results and money: the report, and the entries behind each of its figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from app.attendance.hour_models import HoursEntry
from app.attendance.models import AttendanceEntry
from app.db import db
from app.errors import NotFound
from app.events.models import OPEN_TO_SEE, Event, Programme, Site
from app.impact.facts import Attended, EventFacts, Figure, Impact, Money, ProgrammeFacts
from app.impact.figures import in_base_unit
from app.impact.models import METRICS, Expense, Outcome
from app.impact.report import Asked, report, rounded_price
from app.people.models import City
from app.signups.models import Place


def impact(programme: str | None = None, year: int | None = None, city: str | None = None) -> Impact:
    """The report, perhaps of one programme (by its slug), year or city alone; raises NotFound for an unknown one."""
    if city is not None and db.session.get(City, city) is None:
        raise NotFound
    programmes = _programmes(programme)
    if programme is not None and not programmes:
        raise NotFound
    events = _events([one.id for one in programmes])
    return report(programmes, _figures(events), _money(events), _attended(events), asked=Asked(year, city))


def impact_json(programme: str | None = None, year: int | None = None, city: str | None = None) -> dict[str, Any]:
    """The report for programs; raises NotFound as impact()."""
    found = impact(programme, year, city)
    return {
        "metrics": {
            name: {
                "value": _plain(metric.value),
                "unit": metric.unit,
                "by_contractor": _plain(metric.by_contractor),
                "cost_per_unit_tenge": None if metric.cost_per_unit is None else rounded_price(metric.cost_per_unit),
            }
            for name, metric in found.metrics.items()
        },
        "cost_tenge": found.cost_tenge,
        "committed_tenge": found.committed_tenge,
        "planned_tenge": found.planned_tenge,
        "counted_here": {
            "confirmed": found.confirmed,
            "present": found.present,
            "volunteer_hours": round(found.minutes / 60, 1),
        },
        "not_split": [
            {"programme": one.programme.slug, "why": one.why, "cost_tenge": one.cost_tenge, "figures": one.figures}
            for one in found.not_split
        ],
    }


def years_reported() -> list[int]:
    """The years that a reader can choose, newest first."""
    spans = db.session.execute(
        select(Programme.first_year, Programme.last_year).where(Programme.deactivated_at.is_(None))
    )
    return sorted({year for first, last in spans for year in range(first, last + 1)}, reverse=True)


def programmes_reported() -> Sequence[Programme]:
    """The programmes that a reader can choose."""
    query = select(Programme).where(Programme.deactivated_at.is_(None))
    return db.session.scalars(query.order_by(Programme.first_year, Programme.slug)).all()


def programme_shown(programme_id: str) -> Programme:
    """The programme; raises NotFound."""
    found = db.session.get(Programme, programme_id)
    if found is None or found.deactivated_at is not None:
        raise NotFound
    return found


def events_of(programme: Programme) -> Sequence[Event]:
    """The programme's events that everybody may know of, with their sites, oldest first."""
    query = select(Event).options(joinedload(Event.site)).where(Event.programme_id == programme.id)
    return db.session.scalars(query.where(Event.status.in_(OPEN_TO_SEE)).order_by(Event.starts_at, Event.id)).all()


def cities_of(programme: Programme) -> frozenset[str]:
    """The cities in which the programme has events."""
    query = select(Site.city).join(Event, Event.site_id == Site.id).where(Event.programme_id == programme.id)
    return frozenset(db.session.scalars(query.distinct()))


@dataclass(frozen=True)
class OutcomeLine:
    """An outcome on its event's page: the row, and the newer one that took its place."""

    row: Outcome
    replaced_by_id: str | None

    @property
    def counts(self) -> bool:
        """Whether it is in the totals."""
        return self.row.withdrawn_at is None and self.replaced_by_id is None


def outcomes_of(event_ids: Sequence[str]) -> list[OutcomeLine]:
    """Everything that was reported for these events, corrected and withdrawn figures too, oldest first."""
    query = select(Outcome).where(Outcome.event_id.in_(event_ids)).order_by(Outcome.recorded_at, Outcome.id)
    order = list(METRICS)
    rows = sorted(db.session.scalars(query), key=lambda row: (row.recorded_at, order.index(row.metric)))
    replaced = {row.corrects_id: row.id for row in rows if row.corrects_id}
    return [OutcomeLine(row, replaced.get(row.id)) for row in rows]


def outcome_of(outcome_id: str) -> Outcome:
    """An outcome; raises NotFound."""
    row = db.session.get(Outcome, outcome_id)
    if row is None:
        raise NotFound
    return row


def expenses_of(programme: Programme, event_id: str | None = None) -> Sequence[Expense]:
    """The programme's money, or one event's part of it, withdrawn sums too, oldest first."""
    query = select(Expense).where(Expense.programme_id == programme.id)
    if event_id is not None:
        query = query.where(Expense.event_id == event_id)
    return db.session.scalars(query.order_by(Expense.recorded_at, Expense.id)).all()


def expense_of(expense_id: str) -> Expense:
    """An expense; raises NotFound."""
    row = db.session.get(Expense, expense_id)
    if row is None:
        raise NotFound
    return row


def counted_here(event_id: str) -> tuple[int, int]:
    """Of one event: seats confirmed, people who came."""
    confirmed, present = _confirmed([event_id]), _present([event_id])
    return confirmed.get(event_id, 0), present.get(event_id, 0)


def _programmes(slug: str | None) -> list[ProgrammeFacts]:
    sites = select(Event.programme_id, Site.city).join(Site, Site.id == Event.site_id).distinct().subquery()
    query = select(Programme, sites.c.city).outerjoin(sites, sites.c.programme_id == Programme.id)
    query = query.where(Programme.deactivated_at.is_(None)).order_by(Programme.first_year, Programme.slug)
    rows: dict[Programme, set[str]] = {}
    for programme, city in db.session.execute(query.where(Programme.slug == slug) if slug is not None else query):
        rows.setdefault(programme, set()).update([city] if city else [])
    return [
        ProgrammeFacts(
            row.id,
            row.slug,
            row.name,
            row.first_year,
            row.last_year,
            row.planned_tenge,
            frozenset(cities),
        )
        for row, cities in rows.items()
    ]


def _events(programme_ids: list[str]) -> dict[str, EventFacts]:
    query = select(
        Event.id, Event.programme_id, Event.title, Event.starts_at, Event.ends_at, Event.timezone, Site.city
    ).join(Site, Site.id == Event.site_id)
    facts = {}
    for row in db.session.execute(query.where(Event.programme_id.in_(programme_ids), Event.status.in_(OPEN_TO_SEE))):
        zone = ZoneInfo(row.timezone)
        last = (row.ends_at - timedelta(microseconds=1)).astimezone(zone).year
        first = row.starts_at.astimezone(zone).year
        facts[row.id] = EventFacts(row.id, row.programme_id, row.title, row.city, first, max(first, last))
    return facts


def _figures(events: dict[str, EventFacts]) -> list[Figure]:
    corrected = select(Outcome.corrects_id).where(Outcome.corrects_id.is_not(None))
    query = select(Outcome).where(Outcome.withdrawn_at.is_(None), Outcome.id.not_in(corrected))
    return [
        Figure(
            event=events[row.event_id],
            metric=row.metric,
            quantity=in_base_unit(row.quantity, metric=row.metric, unit=row.unit),
            by_contractor=row.by_contractor,
            detail=row.detail,
        )
        for row in db.session.scalars(query.order_by(Outcome.recorded_at, Outcome.id))
        if row.event_id in events
    ]


def _money(events: dict[str, EventFacts]) -> list[Money]:
    query = select(Expense).where(Expense.withdrawn_at.is_(None)).order_by(Expense.recorded_at, Expense.id)
    return [
        Money(
            programme_id=row.programme_id,
            event=events.get(row.event_id) if row.event_id else None,
            stage=row.stage,
            amount_tenge=row.amount_tenge,
            year=row.spent_on.year if row.spent_on else None,
        )
        for row in db.session.scalars(query)
    ]


def _attended(events: dict[str, EventFacts]) -> list[Attended]:
    """Events at which somebody was marked present; who was expected elsewhere says nothing of who came."""
    here = (AttendanceEntry.kind == "check_in", AttendanceEntry.undone_by_id.is_(None))
    confirmed = select(func.count()).where(Place.status == "confirmed", Place.event_id == AttendanceEntry.event_id)
    seats = confirmed.correlate(AttendanceEntry).scalar_subquery()
    given = select(func.coalesce(func.sum(HoursEntry.minutes), 0)).where(
        HoursEntry.event_id == AttendanceEntry.event_id, HoursEntry.replaced_by_id.is_(None)
    )
    minutes = given.correlate(AttendanceEntry).scalar_subquery()
    query = select(AttendanceEntry.event_id, seats, func.count(), minutes).where(*here)
    rows = db.session.execute(query.group_by(AttendanceEntry.event_id))
    return [Attended(events[id_], *counted) for id_, *counted in rows if id_ in events]


def _confirmed(event_ids: list[str]) -> dict[str, int]:
    query = select(Place.event_id, func.count()).where(Place.status == "confirmed", Place.event_id.in_(event_ids))
    return _counts(query.group_by(Place.event_id))


def _present(event_ids: list[str]) -> dict[str, int]:
    query = select(AttendanceEntry.event_id, func.count()).where(
        AttendanceEntry.kind == "check_in",
        AttendanceEntry.undone_by_id.is_(None),
        AttendanceEntry.event_id.in_(event_ids),
    )
    return _counts(query.group_by(AttendanceEntry.event_id))


def _counts(query: Select[str, int]) -> dict[str, int]:
    return {row[0]: row[1] for row in db.session.execute(query)}


def _plain(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)
