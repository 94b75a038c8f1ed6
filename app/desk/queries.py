"""Reads for the day: the roster of an event in a fixed number of queries, one line of it, and how many came."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import Bundle, joinedload

from app.accounts.actor import Actor
from app.attendance.models import AttendanceEntry
from app.attendance.queries import EXPECTED, arrived_count, attendance_is, attendance_of_event
from app.attendance.states import STATES
from app.attendance.tickets import is_ticket_code, ticket_code
from app.consents.queries import consent_states
from app.db import Texts, db
from app.desk.roster import GiftLine, RosterCounts, RosterFilter, RosterRow
from app.errors import NotFound, require
from app.events.models import Event
from app.events.policy import can_see_roster
from app.events.queries import visible_event
from app.gifts.models import HandOut
from app.gifts.queries import gifts_of, hand_outs_of_event
from app.gifts.sizes import size_by_kind, suitable
from app.people.models import ADULT_AT, MedicalNote, Person
from app.people.names import fold
from app.rosters.models import Group
from app.signups.models import PLACE_STATUSES, STANDING, Place
from app.web.paging import Page, page_of

LIMIT = 400
EVERYBODY = RosterFilter()


def event_of_roster(actor: Actor, event_id: str) -> Event:
    """The event whose roster is asked for; raises NotFound where it is unseen, NotAllowed where only the list is."""
    event = visible_event(actor, event_id)
    require(can_see_roster(actor, event))
    return event


def place_of_roster(actor: Actor, place_id: str) -> Place:
    """A place on a roster that this actor may read; raises NotFound otherwise."""
    query = select(Place).where(Place.id == place_id)
    place = db.session.scalar(query.options(joinedload(Place.event).joinedload(Event.site), joinedload(Place.person)))
    if place is None or not can_see_roster(actor, place.event):
        raise NotFound
    return place


def mark_of_roster(actor: Actor, entry_id: str) -> AttendanceEntry:
    """A mark on a roster that this actor may read; raises NotFound otherwise."""
    entry = db.session.get(AttendanceEntry, entry_id)
    if entry is None:
        raise NotFound
    place_of_roster(actor, entry.place_id)
    return entry


def place_of_hand_out(actor: Actor, given: HandOut) -> Place:
    """The place of somebody who got a gift; raises NotFound unless this actor may read its roster."""
    query = select(Place.id).where(Place.event_id == given.event_id, Place.person_id == given.person_id)
    place_id = db.session.scalars(query.order_by(Place.cancelled_at.is_not(None), Place.id)).first()
    return place_of_roster(actor, place_id or "")


def roster_rows(
    event: Event, wanted: RosterFilter = EVERYBODY, *, cursor: str | None = None, limit: int = LIMIT
) -> Page[RosterRow]:
    """The lines in the order of the Kazakh alphabet; eight queries whatever their number."""
    query = _lines(event).where(*_conditions(event, wanted))
    page = page_of(db.session(), query, (Person.name_sort, Place.id), cursor=cursor, limit=limit)
    return Page(_rows(event, page.items), page.next)


def all_roster_rows(event: Event, wanted: RosterFilter = EVERYBODY) -> Iterator[RosterRow]:
    """Every line, read in pages: for files."""
    page = roster_rows(event, wanted)
    yield from page.items
    while page.next:
        page = roster_rows(event, wanted, cursor=page.next)
        yield from page.items


def roster_row(place: Place) -> RosterRow:
    """The line of one place."""
    line = db.session.scalars(_lines(place.event).where(Place.id == place.id)).one()
    return _rows(place.event, [line])[0]


def roster_counts(event_id: str) -> RosterCounts:
    """How many are confirmed, waiting, gone, here."""
    query = select(Place.status, func.count()).where(Place.event_id == event_id).group_by(Place.status)
    by_status = {status: int(count) for status, count in db.session.execute(query)}
    return RosterCounts(
        confirmed=by_status.get("confirmed", 0),
        waiting=by_status.get("waiting", 0),
        offered=by_status.get("offered", 0),
        cancelled=by_status.get("cancelled", 0) + by_status.get("declined", 0),
        arrived=arrived_count(event_id),
    )


def groups_of(event_id: str) -> dict[str, str]:
    """{group's id: its name}, by name."""
    query = select(Group.id, Group.name).where(Group.event_id == event_id).order_by(Group.name)
    return {row.id: row.name for row in db.session.execute(query)}


def _lines(event: Event) -> Select[Any]:
    """Columns in a bundle rather than whole rows: half the time for a page of hundreds."""
    line: Bundle[Any] = Bundle(
        "line",
        Place.id, Place.person_id, Place.group_id, Place.role, Place.status, Place.ticket,
        Place.tshirt_size.label("size_here"), Place.diet, Person.tshirt_size.label("own_size"),
        Person.kind, Person.surname, Person.given_name, Person.patronymic, Person.birth_date,
        Person.personnel_number, Person.department, Person.school_class,
    )  # fmt: skip
    return select(line).join(Place.person).where(Place.event_id == event.id)


def _conditions(event: Event, wanted: RosterFilter) -> list[ColumnElement[bool]]:
    conditions = []
    if wanted.q.strip():
        conditions.append(_matches(wanted.q))
    if wanted.status in PLACE_STATUSES:
        conditions.append(Place.status == wanted.status)
    if wanted.attendance in STATES:
        conditions += [attendance_is(wanted.attendance), Place.status == "confirmed"]
    if wanted.group:
        conditions.append(Place.group_id == wanted.group)
    if wanted.consent == "missing":
        conditions.append(_lacks_consent(event))
    return conditions


def _matches(q: str) -> ColumnElement[bool]:
    """Every word begins a name or the personnel number; or it is a ticket code."""
    found = []
    if words := fold(q).split():
        searched = " " + Person.name_search
        found.append(and_(*(searched.contains(f" {word}", autoescape=True) for word in words)))
    if is_ticket_code(code := ticket_code(q)):
        found.append(Place.ticket == code)
    return or_(false(), *found)


def _lacks_consent(event: Event) -> ColumnElement[bool]:
    grown_up_since = _years_before(event.local_date, ADULT_AT)
    minor = or_(Person.birth_date > grown_up_since, Person.birth_date.is_(None) & (Person.kind == "child"))
    agreed = list(consent_states(event))
    return minor & Place.status.in_(("confirmed", "offered", "waiting")) & Place.person_id.not_in(agreed)


def _years_before(day: date, years: int) -> date:
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - years, day=28 if is_leap_day else day.day)


def _rows(event: Event, lines: Sequence[Any]) -> list[RosterRow]:
    day, groups, gifts = event.local_date, groups_of(event.id), _Gifts(event.id)
    grown_up_since = _years_before(day, ADULT_AT)
    marks, agreed, noted = attendance_of_event(event.id), consent_states(event), _with_notes(event.id)
    rows = []
    for line in lines:
        born = line.birth_date
        is_minor = line.kind == "child" if born is None else born > grown_up_since
        consent = ("given" if line.person_id in agreed else "missing") if is_minor and line.status in STANDING else None
        row = RosterRow(
            place_id=line.id, person_id=line.person_id, surname=line.surname, given_name=line.given_name,
            patronymic=line.patronymic, age=_age(born, day) if is_minor and born else None, is_minor=is_minor,
            personnel_number=line.personnel_number or "", department=line.department, school_class=line.school_class,
            group_id=line.group_id, group=groups.get(line.group_id or "", ""), role=line.role, status=line.status,
            ticket=line.ticket, size=line.size_here or line.own_size, diet=line.diet, consent=consent,
            has_note=line.person_id in noted, attendance=marks.get(line.id, EXPECTED),
            gifts=gifts.of(line.person_id, line.size_here, line.own_size, size_by_kind(line.kind)),
        )  # fmt: skip
        rows.append(row)
    return rows


def _age(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


class _Gifts:
    """The gift lines of an event; equal ones are made once, because hundreds of people wear the same six sizes."""

    def __init__(self, event_id: str) -> None:
        self.items = [(item.id, item.name, tuple(item.sizes)) for item in gifts_of(event_id)]
        self.given = hand_outs_of_event(event_id)
        self.due: dict[tuple[str, str], GiftLine] = {}

    def of(self, person_id: str, *wishes: str) -> tuple[GiftLine, ...]:
        """What this person has and gets, in the size that they asked for or wear."""
        return tuple([self._line(item, person_id, wishes) for item in self.items])

    def _line(self, item: tuple[str, Texts, tuple[str, ...]], person_id: str, wishes: tuple[str, ...]) -> GiftLine:
        id_, name, sizes = item
        given = self.given.get((person_id, id_))
        if given:
            return GiftLine(id_, name, sizes, given.size, given.hand_out_id, given.at)
        key = (id_, suitable(sizes, *wishes))
        if key not in self.due:
            self.due[key] = GiftLine(id_, name, sizes, key[1])
        return self.due[key]


def _with_notes(event_id: str) -> set[str]:
    """Who has an allergy or a health note; never what it says."""
    on_profile = select(MedicalNote.person_id).join(Place, Place.person_id == MedicalNote.person_id)
    here = select(Place.person_id).where(Place.event_id == event_id, Place.medical_note.is_not(None))
    return set(db.session.scalars(on_profile.where(Place.event_id == event_id).union_all(here)))
