"""Who signed up and came, of one department: counted here only, for what is reported nobody knows departments."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from app.attendance.hour_models import HoursEntry
from app.attendance.models import AttendanceEntry
from app.db import db
from app.events.models import Event, Site
from app.impact.reports.facts import Attended, EventFacts, ProgrammeFacts
from app.impact.reports.report import Asked
from app.impact.reports.sums import CONFIRMED, MINUTES, PRESENT
from app.impact.reports.within import events_within
from app.impact.reports.years import Bounds
from app.people.models import Person
from app.signups.models import Place

FEWEST = 5


def departments() -> list[str]:
    """The departments that HR named, with five people at least: of fewer a figure would point at a person."""
    query = select(Person.department).where(Person.department != "", Person.deactivated_at.is_(None))
    query = query.group_by(Person.department).having(func.count() >= FEWEST)
    return list(db.session.scalars(query.order_by(Person.department)))


def of_department(department: str, asked: Asked, programmes: Sequence[ProgrammeFacts], bounds: Bounds) -> Attended:
    """People of this department at events at which anybody was marked present: one sum over all of them."""
    is_there = select(AttendanceEntry.id).where(AttendanceEntry.place_id == Place.id, *_stands()).exists()
    minutes = select(HoursEntry.minutes).where(HoursEntry.place_id == Place.id, HoursEntry.replaced_by_id.is_(None))
    columns = (
        func.count().filter(Place.status == "confirmed").label(CONFIRMED),
        func.count().filter(is_there).label(PRESENT),
        func.coalesce(func.sum(minutes.correlate(Place).scalar_subquery()), 0).label(MINUTES),
        func.count(),
    )
    came = select(AttendanceEntry.event_id).where(*_stands())
    query = (
        select(*columns)
        .select_from(Place)
        .join(Person, Person.id == Place.person_id)
        .join(Event, Event.id == Place.event_id)
        .join(Site, Site.id == Event.site_id)
        .where(Person.department == department, Event.id.in_(came))
        .where(events_within(asked, programmes, bounds))
    )
    confirmed, present, given, signed_up = db.session.execute(query).one()
    everywhere = EventFacts("", "", {}, "", 0, 0)
    return Attended(everywhere, confirmed, present, int(given), signed_up)


def _stands() -> tuple[Any, ...]:
    return (AttendanceEntry.kind == "check_in", AttendanceEntry.undone_by_id.is_(None))
