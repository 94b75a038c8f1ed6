"""Event by event what was reported of people and what was counted here: the latest events of a filter."""

from typing import Any

from sqlalchemy import func, or_, select

from app.attendance.models import AttendanceEntry
from app.db import db
from app.events.models import OPEN_TO_SEE, Event, Programme, Site
from app.impact.outcomes.metrics import PEOPLE
from app.impact.outcomes.models import Outcome
from app.impact.reports.facts import Attended, EventFacts, Figure, PeopleRow
from app.impact.reports.report import Asked, people_rows
from app.impact.reports.years import Bounds, first_year, last_year, year_bounds
from app.signups.models import Place

LATEST = 40


def events_with_people(asked: Asked, *, programme: str | None = None, limit: int = LATEST) -> list[PeopleRow]:
    """The latest events of which people were reported or counted, oldest first, those too that the public isn't shown.

    Reported and counted figures stand side by side and are never added.
    """
    rows = db.session.execute(_latest(year_bounds(), asked, programme, limit)).all()
    events = {id_: EventFacts(id_, of, title, city, first, last) for id_, of, title, city, first, last in rows}
    said = select(Outcome.event_id, Outcome.metric, Outcome.base_quantity, Outcome.detail).where(
        Outcome.event_id.in_(events), Outcome.metric.in_(PEOPLE), Outcome.counting()
    )
    figures = [
        Figure(events[row.event_id], row.metric, row.base_quantity, detail=row.detail)
        for row in db.session.execute(said.order_by(Outcome.recorded_at, Outcome.id))
    ]
    return people_rows(figures, [Attended(events[id_], *counted) for id_, *counted in _counted(list(events))])


def _latest(bounds: Bounds, asked: Asked, programme: str | None, limit: int) -> Any:
    years = first_year(bounds), last_year(bounds)
    reported = select(Outcome.event_id).where(Outcome.metric.in_(PEOPLE), Outcome.counting())
    came = select(AttendanceEntry.event_id).where(_stands())
    columns = (Event.id, Event.programme_id, Event.title, Site.city, *years)
    query: Any = select(*columns).join(Site, Site.id == Event.site_id)
    query = query.join(Programme, Programme.id == Event.programme_id)
    query = query.where(Event.status.in_(OPEN_TO_SEE), Programme.deactivated_at.is_(None))
    query = query.where(or_(Event.id.in_(reported), Event.id.in_(came)))
    wanted = [(Programme.slug, programme), (Site.city, asked.city), (Event.kind, asked.kind)]
    for column, value in [*wanted, *((year, asked.year) for year in years)]:
        query = query.where(column == value) if value is not None else query
    return query.order_by(Event.starts_at.desc(), Event.id).limit(limit)


def _counted(event_ids: list[str]) -> list[tuple[str, int, int]]:
    """Of events at which somebody was marked present: seats confirmed, people who came."""
    seats = select(func.count()).where(Place.status == "confirmed", Place.event_id == AttendanceEntry.event_id)
    query = select(AttendanceEntry.event_id, seats.correlate(AttendanceEntry).scalar_subquery(), func.count())
    query = query.where(_stands(), AttendanceEntry.event_id.in_(event_ids)).group_by(AttendanceEntry.event_id)
    return [(id_, confirmed, present) for id_, confirmed, present in db.session.execute(query)]


def _stands() -> Any:
    return (AttendanceEntry.kind == "check_in") & AttendanceEntry.undone_by_id.is_(None)
