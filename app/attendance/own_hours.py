"""One's own hours as a volunteer, event by event and in sum, of days that are closed. Before that nothing is final."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import joinedload

from app.attendance.days import is_final
from app.attendance.hour_models import HoursEntry
from app.attendance.hours import VOLUNTEERING, counts_hours
from app.attendance.models import AttendanceEntry
from app.db import db
from app.events.models import Event
from app.people.models import Person
from app.signups.models import Place
from app.web.paging import Page, page_of

AT_ONCE = 30


@dataclass(frozen=True, slots=True)
class OwnHours:
    """One event; `minutes` is None until its day is closed, `source` says what the figure comes from."""

    event: Event
    minutes: int | None = None
    source: str = ""
    reason: str = ""


def minutes_given(person_id: str) -> int:
    """All hours of somebody, in minutes: what counts of days that are closed."""
    query = select(func.sum(HoursEntry.minutes)).join(Place, Place.id == HoursEntry.place_id)
    query = query.join(Event, Event.id == HoursEntry.event_id)
    mine = (Place.person_id == person_id, HoursEntry.replaced_by_id.is_(None), is_final())
    return int(db.session.scalar(query.where(*mine)) or 0)


def own_hours(person_id: str, *, now: datetime, cursor: str | None) -> Page[OwnHours]:
    """Where they were a volunteer, the latest first; with days that are not closed yet. Raises Invalid."""
    mine = (Place.event_id == Event.id, Place.person_id == person_id)
    counted = exists().where(
        *mine,
        HoursEntry.place_id == Place.id,
        HoursEntry.replaced_by_id.is_(None),
        or_(HoursEntry.minutes > 0, HoursEntry.reason != ""),
    )
    entry = AttendanceEntry
    came = exists().where(*mine, entry.place_id == Place.id, entry.kind == "check_in", entry.undone_by_id.is_(None))
    there = or_(and_(is_final(), counted), and_(~is_final(), came))
    query = select(Event).options(joinedload(Event.site)).where(Event.kind.in_(VOLUNTEERING), Event.starts_at <= now)
    keys = (Event.starts_at, Event.id)
    page = page_of(db.session(), query.where(there), keys, cursor=cursor, limit=AT_ONCE, descending=True)
    return Page(_told(person_id, page.items), page.next)


def _told(person_id: str, events: Collection[Event]) -> list[OwnHours]:
    standing = _standing(person_id, [event.id for event in events])
    person = db.session.get_one(Person, person_id)
    told = []
    for event in events:
        entry = standing.get(event.id)
        if entry:
            told.append(OwnHours(event, entry.minutes, entry.source, entry.reason))
        elif counts_hours(event.kind, event.site.hazard_class, is_minor=person.is_minor_on(event.local_date)):
            told.append(OwnHours(event))
    return told


def _standing(person_id: str, event_ids: Collection[str]) -> dict[str, HoursEntry]:
    """{event: the entry that counts}, of those whose day is closed."""
    query = select(HoursEntry).join(Place, Place.id == HoursEntry.place_id)
    query = query.join(Event, Event.id == HoursEntry.event_id).where(Event.id.in_(event_ids), is_final())
    mine = query.where(Place.person_id == person_id, HoursEntry.replaced_by_id.is_(None))
    return {entry.event_id: entry for entry in db.session.scalars(mine)}
