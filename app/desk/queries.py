"""Reads for the day: the roster of an event in a fixed number of queries, one line of it, and how many came."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import joinedload

from app.accounts.actor import Actor
from app.attendance.models import AttendanceEntry
from app.attendance.queries import EXPECTED, Attendance, attendance_of_event, attendance_of_places
from app.consents.queries import consent_states, covered_children
from app.db import Texts, db
from app.desk.asking import EVERYBODY, Asked
from app.desk.lines import BETWEEN, DOWN_FIRST, LINES, NAME, conditions, ids_in_order, keys_of, of_places
from app.desk.roster import GiftLine, RosterCounts, RosterFilter, RosterRow
from app.errors import NotFound, require
from app.events.models import Event
from app.events.policy import can_see_event, can_see_roster
from app.gifts.models import GiftItem, HandOut
from app.gifts.queries import gifts_of, hand_outs_of_event
from app.gifts.sizes import size_by_kind, suitable
from app.people import ages
from app.rosters.models import Group
from app.signups.models import STANDING, Place
from app.web.paging import Page, page_of

LIMIT = 400
BATCH = 1000
USUALLY = Asked()
EVENT = select(Event).options(joinedload(Event.site)).where(Event.id == bindparam("event_id"))
ARRIVED = (
    select(func.count())
    .where(
        AttendanceEntry.event_id == bindparam("event_id"),
        AttendanceEntry.kind == "check_in",
        AttendanceEntry.undone_by_id.is_(None),
    )
    .scalar_subquery()
)
COUNTS = (
    select(Place.status, func.count().label("people"), ARRIVED.label("arrived"))
    .where(Place.event_id == bindparam("event_id"))
    .group_by(Place.status)
)


@dataclass(frozen=True)
class RosterPage:
    """One page of a roster: its lines, the number of the first, and how many there are with this filter."""

    items: Sequence[RosterRow]
    first: int
    total: int
    has_next: bool

    @property
    def last(self) -> int:
        """The number of the last line here."""
        return self.first + len(self.items) - 1


def event_of_roster(actor: Actor, event_id: str) -> Event:
    """The event whose roster is asked for; raises NotFound where it is unseen, NotAllowed where only the list is."""
    event = db.session.scalar(EVENT, {"event_id": event_id})
    if event is None or not can_see_event(actor, event):
        raise NotFound
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


def roster_page(event: Event, asked: Asked, *, total: int, gifts: Sequence[GiftItem]) -> RosterPage:
    """A page in any order, for the eye; six queries whatever the number. `total` is how many lines fit the filter."""
    first = (asked.page - 1) * asked.per
    ids = ids_in_order(event, asked.wanted, asked.sort).order_by(*_order(asked)).offset(first).limit(asked.per)
    chosen = ids.subquery()
    query = LINES.join(chosen, chosen.c.id == Place.id).order_by(*_order(asked))
    items = _rows(event, db.session.scalars(query).all(), gifts)
    return RosterPage(items, first + 1, total, first + len(items) < total)


def count_of(event: Event, wanted: RosterFilter) -> int:
    """How many lines fit the filter."""
    ids = ids_in_order(event, wanted, "name").subquery()
    return db.session.scalar(select(func.count()).select_from(ids)) or 0


def place_ids_of(event: Event, wanted: RosterFilter) -> list[str]:
    """The places that fit the filter, by name."""
    return list(db.session.scalars(ids_in_order(event, wanted, "name").order_by(*NAME)))


def roster_rows(
    event: Event, wanted: RosterFilter = EVERYBODY, *, cursor: str | None = None, limit: int = LIMIT
) -> Page[RosterRow]:
    """The lines in the order of the Kazakh alphabet, by cursor, for programs."""
    query = LINES.where(Place.event_id == event.id, *conditions(event, wanted))
    page = page_of(db.session(), query, NAME, cursor=cursor, limit=limit)
    return Page(_rows(event, page.items, gifts_of(event.id)), page.next)


def all_roster_rows(event: Event, asked: Asked = USUALLY) -> Iterator[RosterRow]:
    """Every line that fits, in its order, a thousand at a time: for files.

    Their ids come first: a server keeps no cursor open between two reads that are no transaction.
    """
    wanted = ids_in_order(event, asked.wanted, asked.sort).order_by(*_order(asked))
    ids = list(db.session.scalars(wanted))
    known = _known(event, gifts_of(event.id))
    for first in range(0, len(ids), BATCH):
        part = ids[first : first + BATCH]
        lines = {line.id: line for line in db.session.scalars(LINES.where(Place.id.in_(part)))}
        yield from _with(known, event, [lines[id_] for id_ in part if id_ in lines])


def rows_of_places(event: Event, place_ids: Collection[str]) -> list[RosterRow]:
    """The lines of these places of the event, by name."""
    query = of_places(place_ids).where(Place.event_id == event.id)
    return _rows(event, db.session.scalars(query).all(), gifts_of(event.id))


def roster_row(place: Place) -> RosterRow:
    """The line of one place."""
    return rows_of_places(place.event, [place.id])[0]


def roster_counts(event_id: str) -> RosterCounts:
    """How many are confirmed, waiting, gone, here."""
    rows = db.session.execute(COUNTS, {"event_id": event_id}).all()
    by_status = {row.status: int(row.people) for row in rows}
    return RosterCounts(
        confirmed=by_status.get("confirmed", 0),
        waiting=by_status.get("waiting", 0),
        offered=by_status.get("offered", 0),
        cancelled=by_status.get("cancelled", 0) + by_status.get("declined", 0),
        arrived=rows[0].arrived if rows else 0,
    )


def groups_of(event_id: str) -> dict[str, str]:
    """{group's id: its name}, by name."""
    query = select(Group.id, Group.name).where(Group.event_id == event_id).order_by(Group.name)
    return {row.id: row.name for row in db.session.execute(query)}


def _order(asked: Asked) -> list[Any]:
    """The other way round is the column alone; equals stand by name all the same."""
    *by, name, place_id = keys_of(asked.sort)
    is_down = asked.is_down != (asked.sort in DOWN_FIRST)
    if not by:
        return [name.desc(), place_id.desc()] if is_down else [name, place_id]
    return [*(key.desc() if is_down else key for key in by), name, place_id]


@dataclass(frozen=True)
class _Known:
    """What is read beside the lines: marks, whose consents are whole, gifts."""

    marks: Mapping[str, Attendance]
    agreed: Collection[str]
    gifts: "_Gifts"


def _known(event: Event, gifts: Sequence[GiftItem]) -> _Known:
    """Of the whole event."""
    return _Known(attendance_of_event(event.id), consent_states(event), _Gifts(event.id, gifts, None))


def _rows(event: Event, lines: Sequence[Any], gifts: Sequence[GiftItem]) -> list[RosterRow]:
    if not lines:
        return []
    places, people = [line.id for line in lines], [line.person_id for line in lines]
    minors = [line.person_id for line in lines if ages.is_minor(line.birth_date, line.kind, event.local_date)]
    agreed = covered_children(event, minors) if minors else ()
    return list(_with(_Known(attendance_of_places(places), agreed, _Gifts(event.id, gifts, people)), event, lines))


def _with(known: _Known, event: Event, lines: Sequence[Any]) -> Iterator[RosterRow]:
    day, marks, agreed, gifts = event.local_date, known.marks, known.agreed, known.gifts
    gives = bool(gifts.items)
    for line in lines:
        born, is_minor = line.birth_date, ages.is_minor(line.birth_date, line.kind, day)
        consent = ("given" if line.person_id in agreed else "missing") if is_minor and line.status in STANDING else None
        yield RosterRow(
            place_id=line.id, person_id=line.person_id, surname=line.surname, given_name=line.given_name,
            patronymic=line.patronymic, age=ages.age_on(born, day) if is_minor and born else None, is_minor=is_minor,
            personnel_number=line.personnel_number or "", department=line.department, school_class=line.school_class,
            group_id=line.group_id, group=line.group or "", role=line.role, status=line.status,
            ticket=line.ticket, size=line.size_here or line.own_size, diet=line.diet, consent=consent,
            has_note=line.has_health, attendance=marks.get(line.id, EXPECTED),
            gifts=gifts.of(line.person_id, line.size_here, line.own_size, size_by_kind(line.kind)) if gives else (),
            bus=line.bus or "", shift=line.shift, city=line.city or "", notes=line.notes,
            labels=tuple(sorted(line.labels.split(BETWEEN))) if line.labels else (),
        )  # fmt: skip


class _Gifts:
    """The gift lines of an event; equal ones are made once, because hundreds of people wear the same six sizes."""

    def __init__(self, event_id: str, items: Sequence[GiftItem], person_ids: Collection[str] | None) -> None:
        self.items = [(item.id, item.name, tuple(item.sizes)) for item in items]
        self.given = hand_outs_of_event(event_id, person_ids) if items else {}
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
