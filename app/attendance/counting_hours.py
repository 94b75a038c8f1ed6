"""Counting the hours of an event's volunteers when its day is closed, and correcting them. Entries are only added."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, func, select, update
from sqlalchemy.orm import aliased

from app.accounts.actor import Actor
from app.attendance.days import is_closed
from app.attendance.hour_models import CORRECTION, LONGEST_DAY, MARKS, HoursEntry
from app.attendance.hours import VOLUNTEERING, Counted, Plan, counts_hours, minutes_of, spoken_hours
from app.attendance.models import AttendanceEntry
from app.audit.operations import record
from app.db import db, lock, new_id, transaction
from app.errors import N_, DomainError, Invalid, require
from app.events.models import Event, Shift
from app.events.policy import can_manage_event
from app.people import ages
from app.people.models import Person
from app.signups.models import Place
from app.web.paging import page_of

LONGEST_REASON = 200
AT_ONCE = 100
_arrival, _leaving = aliased(AttendanceEntry), aliased(AttendanceEntry)


class DayOpen(DomainError):
    """Hours are counted when the day is closed."""

    type = "day-open"
    message = N_("Close the day first: then its hours are counted.")


class NoVolunteer(DomainError):
    """A visitor, or a child where it is dangerous."""

    type = "no-volunteer"
    message = N_("%(name)s was not here as a volunteer, so no hours are counted.")


@dataclass(frozen=True, slots=True)
class VolunteerHours:
    """One volunteer's hours as they stand, and what came before them, oldest first."""

    place_id: str
    person: Person
    arrived_at: datetime | None
    left_at: datetime | None
    entry: HoursEntry
    before: tuple[HoursEntry, ...]


@dataclass(frozen=True, slots=True)
class HoursPage:
    """Some of an event's volunteers; how many there are, their minutes in all, and the cursor of the next."""

    lines: Sequence[VolunteerHours]
    people: int
    minutes: int
    next: str | None


def count_hours(event: Event, *, now: datetime, actor: Actor, place_ids: Collection[str] | None = None) -> int:
    """Writes down what marks and plan say, for all or these places; what somebody corrected stays. Inside a
    transaction(). Returns how many entries are new."""
    if event.kind not in VOLUNTEERING:
        return 0
    standing = {row.place_id: row for row in db.session.scalars(_standing(event.id))}
    fresh = 0
    for row in db.session.execute(_people(event.id, place_ids)):
        wanted, known = _wanted(event, row), standing.get(row.Place.id)
        if known and known.source == CORRECTION:
            continue
        if known is None and wanted is None:
            continue
        counted = wanted or Counted(0, MARKS)
        if known is None or (known.minutes, known.source) != counted:
            _write(event.id, row.Place.id, known, counted, now=now, actor=actor)
            fresh += 1
    return fresh


def correct_hours(place: Place, *, minutes: int, reason: str, now: datetime, actor: Actor) -> HoursEntry:
    """Somebody's hours are others than marks and plan say. Raises NotAllowed, DayOpen, NoVolunteer, Invalid."""
    with transaction():
        lock(place)
        event, why = place.event, " ".join(reason.split())[:LONGEST_REASON]
        require(can_manage_event(actor, event))
        if not is_closed(event.id):
            raise DayOpen
        if not _may_have(event, place.person):
            raise NoVolunteer(name=place.person.short_name)
        if not 0 <= minutes <= LONGEST_DAY:
            raise Invalid({"hours": N_("Hours of one day, as 3:45.")})
        if not why:
            raise Invalid({"reason": N_("Say why, in a few words.")})
        known = db.session.scalar(_standing(event.id).where(HoursEntry.place_id == place.id))
        entry = _write(event.id, place.id, known, Counted(minutes, CORRECTION), why, now=now, actor=actor)
        was = spoken_hours(known.minutes) if known else ""
        changes = {"hours": (was, spoken_hours(minutes)), "reason": ("", why)}
        record(actor, "correct_hours", place, now=now, changes=changes)
    return entry


def hours_of_event(event: Event, place_ids: Collection[str] | None = None) -> list[VolunteerHours]:
    """Everybody whose hours were counted, or these places alone, by name."""
    entries: dict[str, list[HoursEntry]] = {}
    query = select(HoursEntry).where(HoursEntry.event_id == event.id)
    if place_ids is not None:
        query = query.where(HoursEntry.place_id.in_(place_ids))
    for entry in db.session.scalars(query.order_by(HoursEntry.recorded_at, HoursEntry.id)):
        entries.setdefault(entry.place_id, []).append(entry)
    people = _people(event.id, entries).order_by(Person.name_sort, Place.id) if entries else None
    rows = db.session.execute(people) if people is not None else ()
    return [_told(row, entries[row.Place.id]) for row in rows]


def hours_page(event: Event, *, cursor: str | None) -> HoursPage:
    """A page of them, with how many there are and their sum. Raises Invalid."""
    counted = HoursEntry.place_id == Place.id, HoursEntry.replaced_by_id.is_(None)
    query = select(Place.id).join(Person, Person.id == Place.person_id)
    query = query.where(Place.event_id == event.id, exists().where(*counted))
    page = page_of(db.session(), query, (Person.name_sort, Place.id), cursor=cursor, limit=AT_ONCE)
    total = select(func.count(), func.coalesce(func.sum(HoursEntry.minutes), 0))
    people, minutes = db.session.execute(
        total.where(HoursEntry.event_id == event.id, HoursEntry.replaced_by_id.is_(None))
    ).one()
    return HoursPage(hours_of_event(event, page.items) if page.items else [], people, int(minutes), page.next)


def hours_in(event_ids: Collection[str]) -> dict[str, int]:
    """{event's id: minutes of all its volunteers}, where any were counted."""
    query = select(HoursEntry.event_id, func.sum(HoursEntry.minutes)).where(HoursEntry.replaced_by_id.is_(None))
    rows = db.session.execute(query.where(HoursEntry.event_id.in_(event_ids)).group_by(HoursEntry.event_id))
    return {event_id: int(minutes) for event_id, minutes in rows if minutes}


def _told(row: Any, entries: list[HoursEntry]) -> VolunteerHours:
    [standing] = [entry for entry in entries if entry.replaced_by_id is None]
    before = tuple(entry for entry in entries if entry.replaced_by_id)
    return VolunteerHours(row.Place.id, row.Person, row.arrived_at, row.left_at, standing, before)


def _standing(event_id: str) -> Select[Any]:
    return select(HoursEntry).where(HoursEntry.event_id == event_id, HoursEntry.replaced_by_id.is_(None))


def _people(event_id: str, place_ids: Collection[str] | None) -> Select[*tuple[Any, ...]]:
    """Whoever has or had a place, with the marks that stand."""
    query = select(Place, Person, Shift, _arrival.at.label("arrived_at"), _leaving.at.label("left_at"))
    query = query.join(Person, Person.id == Place.person_id).outerjoin(Shift, Shift.id == Place.shift_id)
    for mark, kind in ((_arrival, "check_in"), (_leaving, "check_out")):
        stands = (mark.place_id == Place.id) & (mark.kind == kind) & mark.undone_by_id.is_(None)
        query = query.outerjoin(mark, stands)
    query = query.where(Place.event_id == event_id)
    return query if place_ids is None else query.where(Place.id.in_(list(place_ids)))


def _wanted(event: Event, row: Any) -> Counted | None:
    if not _may_have(event, row.Person):
        return None
    plan = Plan(row.Shift.starts_at, row.Shift.ends_at) if row.Shift else Plan(event.starts_at, event.ends_at)
    return minutes_of(row.arrived_at, row.left_at, plan)


def _may_have(event: Event, person: Person) -> bool:
    is_minor = ages.is_minor(person.birth_date, person.kind, event.local_date)
    return counts_hours(event.kind, event.site.hazard_class, is_minor=is_minor)


def _write(
    event_id: str,
    place_id: str,
    known: HoursEntry | None,
    counted: Counted,
    reason: str = "",
    *,
    now: datetime,
    actor: Actor,
) -> HoursEntry:
    """The old one goes out of the way first: one stands at any moment."""
    entry = HoursEntry(
        id=new_id(), event_id=event_id, place_id=place_id, minutes=counted.minutes, source=counted.source,
        reason=reason, recorded_at=now, recorded_by_id=actor.account_id,
    )  # fmt: skip
    if known:
        replaced = update(HoursEntry).where(HoursEntry.id == known.id).values(replaced_by_id=entry.id)
        db.session.execute(replaced)
    db.session.add(entry)
    db.session.flush()
    return entry
