"""The plan of a half-year: what was planned, what stands now, its money, and why something changed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from app.accounts.actor import Actor
from app.db import db
from app.errors import NotFound
from app.events.models import Event, Programme
from app.events.periods import local_day, moment
from app.impact.money.models import Expense
from app.impact.planning.comparing import Comparison, Now, Planned, Row, compare
from app.impact.planning.halves import Half
from app.impact.planning.models import AgreedEvent, AgreedPlan, PlanReason
from app.impact.planning.policy import can_see_planned
from app.rosters import journal
from app.rosters.change_models import EventChange
from app.web.dates import HOME_ZONE

NO_MONTH = ("half-year", "year")
LOOK_BACK = timedelta(days=1100)  # in which a day was moved that lay in the half-year


@dataclass(frozen=True)
class Money:
    """What one event is planned to cost, what is ordered, what is spent."""

    planned_tenge: int = 0
    committed_tenge: int = 0
    actual_tenge: int = 0


@dataclass(frozen=True)
class HalfPlan:
    """Everything that the page of a half-year says. `frames` are programmes' own plans that belong to it wholly."""

    half: Half
    comparison: Comparison
    events: dict[str, Event]
    programmes: Sequence[Programme]
    agreed: dict[str, AgreedPlan]
    reasons: dict[str, PlanReason]
    money: dict[str, Money]
    frames: dict[str, int]

    def planned_tenge(self, programme_id: str) -> int:
        """What a programme plans for the half-year: its frame where that belongs here, otherwise its events' lines."""
        if programme_id in self.frames:
            return self.frames[programme_id]
        return sum(self.money.get(row.event.id, Money()).planned_tenge for row in self.rows_of(programme_id))

    def rows_of(self, programme_id: str) -> list[Row]:
        """The programme's events that lie in the half-year now and are on; those whose month isn't known stand last."""
        own = [row for row in self.comparison.rows if self.events[row.event.id].programme_id == programme_id]
        on = [row for row in own if row.fate != "dropped" and self.half.holds(row.event.first_day)]
        return sorted(on, key=lambda row: (row.event.precision in NO_MONTH, row.event.first_day, row.event.id))

    @property
    def total_tenge(self) -> int:
        """The plan of all programmes."""
        return sum(self.planned_tenge(one.id) for one in self.programmes)

    @property
    def spent_tenge(self) -> int:
        """What is spent on the events of this plan."""
        return sum(self.money.get(row.event.id, Money()).actual_tenge for row in self.comparison.rows)


def half_plan(
    actor: Actor, half: Half, *, today: date, programme: str | None = None, city: str | None = None
) -> HalfPlan:
    """The plan, perhaps of one programme (by its slug) or city alone; raises NotFound for an unknown programme."""
    programmes, plans = _programmes(programme), _agreed(half)
    planned, first_days = _agreed_events([plan.id for plan in plans.values()]), _first_days(half)
    seen = [
        event
        for event in _events(half, {*planned, *first_days})
        if event.programme_id in programmes and city in (None, event.site.city) and can_see_planned(actor, event)
    ]
    money = _money([event.id for event in seen])
    for event in (one for one in seen if one.programme_id not in plans):
        planned[event.id] = first_days.get(event.id) or _as_it_stands(event, money)
    found = compare(half, planned, [now_of(event, money.get(event.id)) for event in seen], today=today)
    ids = {row.event.id for row in found.rows}
    events = {event.id: event for event in seen if event.id in ids}
    shown = {event.programme_id for event in events.values()}
    return HalfPlan(
        half=half,
        comparison=found,
        events=events,
        programmes=[one for one in programmes.values() if one.id in shown],
        agreed={id_: plan for id_, plan in plans.items() if id_ in programmes},
        reasons=_reasons(ids),
        money=money,
        frames=_frames(half, [programmes[id_] for id_ in shown]) if city is None else {},
    )


def events_of_plan(programme: Programme, half: Half) -> list[AgreedEvent]:
    """The programme's events of the half-year as they stand, to be agreed; not what is called off."""
    events = [
        event
        for event in _events(half, set())
        if event.programme_id == programme.id
        and event.status != "cancelled"
        and half.holds(local_day(event.starts_at, event.timezone))
    ]
    money = _money([event.id for event in events])
    return [
        AgreedEvent(
            event_id=event.id,
            starts_on=local_day(event.starts_at, event.timezone),
            date_precision=event.date_precision,
            planned_tenge=money.get(event.id, Money()).planned_tenge,
        )
        for event in events
    ]


def now_of(event: Event, money: Money | None) -> Now:
    """An event as a plain value."""
    first = local_day(event.starts_at, event.timezone)
    last = local_day(event.ends_at - timedelta(microseconds=1), event.timezone)
    planned = money.planned_tenge if money else 0
    return Now(event.id, event.status, first, max(first, last), event.date_precision, planned)


def _programmes(slug: str | None) -> dict[str, Programme]:
    query = select(Programme).where(Programme.deactivated_at.is_(None)).order_by(Programme.first_year, Programme.slug)
    found = {one.id: one for one in db.session.scalars(query) if slug is None or one.slug == slug}
    if slug is not None and not found:
        raise NotFound
    return found


def _events(half: Half, also: Iterable[str]) -> Sequence[Event]:
    since, until = _span(half)
    within = Event.starts_at.between(since, until)
    query = select(Event).options(joinedload(Event.site)).where(or_(within, Event.id.in_(list(also))))
    return db.session.scalars(query.order_by(Event.starts_at, Event.id)).all()


def _span(half: Half) -> tuple[datetime, datetime]:
    """With a day of margin: each event's day is that of its own zone."""
    day = timedelta(days=1)
    return moment(half.first_day - day, time(), HOME_ZONE), moment(half.last_day + 2 * day, time(), HOME_ZONE)


def _agreed(half: Half) -> dict[str, AgreedPlan]:
    """{programme: its last agreed plan}."""
    query = select(AgreedPlan).where(AgreedPlan.half == half.name).order_by(AgreedPlan.agreed_at, AgreedPlan.id)
    return {plan.programme_id: plan for plan in db.session.scalars(query)}


def _agreed_events(plan_ids: Sequence[str]) -> dict[str, Planned]:
    query = select(AgreedEvent).where(AgreedEvent.plan_id.in_(plan_ids))
    return {
        one.event_id: Planned(one.event_id, one.starts_on, one.date_precision, one.planned_tenge)
        for one in db.session.scalars(query)
    }


def _first_days(half: Half) -> dict[str, Planned]:
    """{event: the first day that others knew of}, of events that were moved since; what was taken back is no move."""
    since, until = _span(half)
    query = (
        select(EventChange.event_id, EventChange.before, Event.timezone, Event.date_precision)
        .join(Event, Event.id == EventChange.event_id)
        .where(EventChange.kind == "move", EventChange.undone_at.is_(None))
        .where(EventChange.made_at.between(since - LOOK_BACK, until + LOOK_BACK))
        .order_by(EventChange.made_at)
    )
    found: dict[str, Planned] = {}
    for event_id, before, zone, precision in db.session.execute(query):
        for group in journal.changed_rows(before, "events"):
            if event_id not in found and "starts_at" in group.was:
                day = local_day(group.was["starts_at"], zone)
                found[event_id] = Planned(event_id, day, group.was.get("date_precision", precision))
    return found


def _as_it_stands(event: Event, money: dict[str, Money]) -> Planned:
    now = now_of(event, money.get(event.id))
    return Planned(event.id, now.first_day, now.precision, now.planned_tenge)


def _money(event_ids: Sequence[str]) -> dict[str, Money]:
    query = (
        select(Expense.event_id, Expense.stage, func.sum(Expense.amount_tenge))
        .where(Expense.event_id.in_(event_ids), Expense.withdrawn_at.is_(None))
        .group_by(Expense.event_id, Expense.stage)
    )
    sums: dict[str, dict[str, int]] = {}
    for event_id, stage, total in db.session.execute(query):
        sums.setdefault(str(event_id), {})[stage] = int(total)
    stages = ("planned", "committed", "actual")
    return {id_: Money(*(one.get(stage, 0) for stage in stages)) for id_, one in sums.items()}


def _reasons(event_ids: Iterable[str]) -> dict[str, PlanReason]:
    """{event: the last reason said}."""
    query = select(PlanReason).where(PlanReason.event_id.in_(list(event_ids)))
    return {one.event_id: one for one in db.session.scalars(query.order_by(PlanReason.said_at, PlanReason.id))}


def _frames(half: Half, programmes: Sequence[Programme]) -> dict[str, int]:
    """Programmes' own plans where all their events lie in the half-year: nothing is split between half-years."""
    framed = {one.id: one.planned_tenge for one in programmes if one.planned_tenge is not None}
    query = select(Event.programme_id, func.min(Event.starts_at), func.max(Event.starts_at))
    spans = query.where(Event.programme_id.in_(framed)).group_by(Event.programme_id)
    return {
        id_: framed[id_]
        for id_, first, last in db.session.execute(spans)
        if half.holds(local_day(first, HOME_ZONE)) and half.holds(local_day(last, HOME_ZONE))
    }
