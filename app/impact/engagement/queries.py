"""Reads of a person's own year and of departments' shares: from marks at the door, hours that count, and results."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import joinedload

from app.accounts.actor import COORDINATOR, MANAGEMENT, Actor
from app.attendance.days import is_final
from app.attendance.hour_models import HoursEntry
from app.attendance.models import AttendanceEntry
from app.db import db
from app.events.badges import BADGES
from app.events.models import Event, Programme
from app.impact.engagement.earning import Part, earned
from app.impact.engagement.participation import Department, Rates, rates
from app.impact.outcomes.metric_queries import metrics_known
from app.impact.outcomes.queries import figures_said, outcomes_of
from app.impact.outcomes.sheet import SheetRow, sheet
from app.people.models import Person
from app.people.queries import children_of
from app.signups.models import Place
from app.web.dates import HOME_ZONE


@dataclass(frozen=True)
class Attended:
    """One event at which somebody was; `minutes` is None while its day is open, or where no hours count."""

    event: Event
    person_id: str
    minutes: int | None

    @property
    def year(self) -> int:
        """By the calendar of its place."""
        return self.event.local_date.year


@dataclass(frozen=True)
class OnesYear:
    """What one person did in one year."""

    person: Person
    events: Sequence[Attended]

    @property
    def minutes(self) -> int:
        """As a volunteer, of days that are closed."""
        return sum(one.minutes or 0 for one in self.events)


@dataclass(frozen=True)
class Earned:
    """A badge of a programme."""

    name: str
    what_for: str
    programme: Programme


@dataclass(frozen=True)
class MyYear:
    """One's own year and that of one's children; what all who were there achieved together."""

    year: int
    years: Sequence[int]
    own: OnesYear
    children: Sequence[OnesYear]
    achieved: Sequence[SheetRow]
    people: int
    badges: Sequence[Earned] = field(default=())


def my_year(person_id: str, *, year: int | None, now: datetime) -> MyYear:
    """The year of this person and of the children for whom they decide today; the latest one unless told."""
    person = db.session.get_one(Person, person_id)
    family = [person, *children_of(person_id)]
    rows = _attended([one.id for one in family])
    this_year = now.astimezone(ZoneInfo(HOME_ZONE)).year
    years = sorted({row.year for row in rows} | {this_year}, reverse=True)
    chosen = year if year in years else next((row.year for row in rows), this_year)
    mine = {one.id: OnesYear(one, [r for r in rows if r.person_id == one.id and r.year == chosen]) for one in family}
    event_ids = {row.event.id for row in rows if row.year == chosen}
    return MyYear(
        year=chosen,
        years=years,
        own=mine.pop(person_id),
        children=[one for one in mine.values() if one.events],
        achieved=_achieved(event_ids),
        people=_people_at(event_ids),
        badges=_badges(person_id, rows, chosen),
    )


def departments(actor: Actor, *, year: int, city: str = "") -> Rates:
    """The shares of the departments in the cities that this actor coordinates or manages: one question."""
    within = actor.cities(COORDINATOR, MANAGEMENT)
    took_part = select(Place.id).join(Event, Event.id == Place.event_id)
    took_part = took_part.where(Place.person_id == Person.id, was_there(), _in_year(year))
    query = (
        select(Person.city, Person.department, func.count(), func.count().filter(took_part.exists()))
        .where(Person.kind == "employee", Person.deactivated_at.is_(None), Person.department != "")
        .group_by(Person.city, Person.department)
    )
    if within is not None:
        query = query.where(Person.city.in_(within))
    if city:
        query = query.where(Person.city == city)
    return rates(Department(row[0] or "", row[1], row[2], row[3]) for row in db.session.execute(query))


def years_with_events() -> list[int]:
    """From the first event to the last that has begun, the latest first."""
    first, last = db.session.execute(select(func.min(Event.starts_at), func.max(Event.starts_at))).one()
    return list(range(last.year, first.year - 1, -1)) if first and last else []


def was_there() -> ColumnElement[bool]:
    """The condition on Place that somebody was there: seen at the door, or with hours that were written down."""
    seen = select(AttendanceEntry.id).where(
        AttendanceEntry.place_id == Place.id,
        AttendanceEntry.kind == "check_in",
        AttendanceEntry.undone_by_id.is_(None),
    )
    hours = select(HoursEntry.id).where(
        HoursEntry.place_id == Place.id, HoursEntry.replaced_by_id.is_(None), HoursEntry.minutes > 0
    )
    return or_(seen.correlate(Place).exists(), hours.correlate(Place).exists())


def _attended(person_ids: Collection[str]) -> list[Attended]:
    """All that these people ever went to, the latest first."""
    standing = and_(HoursEntry.place_id == Place.id, HoursEntry.replaced_by_id.is_(None))
    minutes = case((is_final(), HoursEntry.minutes))
    query = (
        select(Event, Place.person_id, minutes)
        .join(Place, Place.event_id == Event.id)
        .outerjoin(HoursEntry, standing)
        .options(joinedload(Event.site), joinedload(Event.programme))
        .where(Place.person_id.in_(person_ids), was_there(), Event.status != "cancelled")
        .order_by(Event.starts_at.desc(), Event.id, Place.person_id)
    )
    return [Attended(*row) for row in db.session.execute(query)]


def _achieved(event_ids: Collection[str]) -> list[SheetRow]:
    """What was reported for these events, volunteers' work and contractors' apart."""
    if not event_ids:
        return []
    return sheet(metrics_known(), figures_said(outcomes_of(sorted(event_ids))), [])


def _people_at(event_ids: Collection[str]) -> int:
    """How many were at these events, each person once."""
    query = select(func.count(Place.person_id.distinct())).where(Place.event_id.in_(event_ids), was_there())
    return db.session.scalar(query) or 0 if event_ids else 0


def _badges(person_id: str, rows: Iterable[Attended], year: int) -> list[Earned]:
    """Of the programmes that turned them on; for the person themselves alone."""
    rows = list(rows)
    own = [row for row in rows if row.person_id == person_id]
    shared = {row.event.id for row in rows if row.person_id != person_id}
    found = []
    for programme in {row.event.programme_id: row.event.programme for row in own if row.year == year}.values():
        ours = [row for row in own if row.event.programme_id == programme.id]
        now = [row for row in ours if row.year == year]
        part = Part(
            events=len(now),
            minutes=sum(row.minutes or 0 for row in now),
            with_child=any(row.event.id in shared for row in now),
            events_before=sum(row.year < year for row in ours),
        )
        found += [Earned(*BADGES[key], programme) for key in earned(programme.badges, part)]
    return found


def _in_year(year: int) -> ColumnElement[bool]:
    """By the calendar at home."""
    zone = ZoneInfo(HOME_ZONE)
    first, after = (datetime(one, 1, 1, tzinfo=zone).astimezone(UTC) for one in (year, year + 1))
    return and_(Event.starts_at >= first, Event.starts_at < after, Event.status != "cancelled")
