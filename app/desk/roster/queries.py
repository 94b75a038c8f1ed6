"""Reads for the day: the roster of an event in a fixed number of queries, one line of it, and how many came."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, select
from sqlalchemy.orm import joinedload

from app.accounts.actor import Actor
from app.attendance.days import is_final
from app.attendance.models import AttendanceEntry
from app.attendance.queries import EXPECTED, Attendance, attendance_of_event, attendance_of_places
from app.consents.queries import consent_states, covered_children
from app.db import Texts, db
from app.desk.roster.asking import EVERYBODY, Asked
from app.desk.roster.lines import BETWEEN, DOWN_FIRST, LINES, NAME, conditions, ids_in_order, keys_of, of_places
from app.desk.roster.roster import GiftLine, RosterCounts, RosterFilter, RosterRow
from app.errors import NotFound, require
from app.events.models import Event
from app.events.policy import can_see_event, can_see_roster
from app.gifts.entitlement import Due, is_due
from app.gifts.models import HandOut
from app.gifts.queries import EventItem, gifts_of, hand_outs_of_event
from app.gifts.sizes import size_by_kind, suitable
from app.people import ages
from app.rosters.models import Group
from app.rows import read
from app.signups.models import STANDING, Place
from app.web.paging import Page, page_of

LIMIT = 400
USUALLY = Asked()
NOBODY: frozenset[str] = frozenset()
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


def place_on_roster(actor: Actor, event_id: str, place_id: str) -> tuple[Place, bool]:
    """A place of this event, and whether its day is closed; raises NotFound and NotAllowed as event_of_roster()."""
    query = select(Place, is_final()).join(Event, Event.id == Place.event_id)
    query = query.where(Place.id == place_id, Place.event_id == event_id)
    with_all = query.options(joinedload(Place.event).joinedload(Event.site), joinedload(Place.person))
    row = db.session.execute(with_all).one_or_none()
    if row is None:
        event_of_roster(actor, event_id)
        raise NotFound
    if not can_see_event(actor, row[0].event):
        raise NotFound
    require(can_see_roster(actor, row[0].event))
    return row[0], row[1]


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


def roster_page(event: Event, asked: Asked, *, total: int, gifts: Sequence[EventItem]) -> RosterPage:
    """A page in any order, for the eye; six queries whatever the number. `total` is how many lines fit the filter."""
    first = (asked.page - 1) * asked.per
    if total <= asked.per:
        query = LINES.where(Place.event_id == event.id, *conditions(event, asked.wanted)).offset(first)
    else:  # of thousands the database sorts the ids alone
        ids = ids_in_order(event, asked.wanted, asked.sort).order_by(*_order(asked)).offset(first).limit(asked.per)
        query = LINES.where(Place.id.in_(ids))
    lines = _read(query.order_by(*_order(asked)))
    is_whole = total == len(lines) and asked.wanted.is_empty
    items = list(_with(_known(event, gifts), event, lines)) if is_whole else _rows(event, lines, gifts)
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


def all_roster_rows(
    event: Event, asked: Asked = USUALLY, *, gifts: Sequence[EventItem] | None = None
) -> Iterator[RosterRow]:
    """Every line that fits, in its order, made one after another: for files."""
    query = LINES.where(Place.event_id == event.id, *conditions(event, asked.wanted))
    lines = _read(query.order_by(*_order(asked)))
    yield from _with(_known(event, gifts_of(event.id) if gifts is None else gifts), event, lines)


def rows_of_places(
    event: Event, place_ids: Collection[str], gifts: Sequence[EventItem] | None = None
) -> list[RosterRow]:
    """The lines of these places of the event, by name; its `gifts`, where they are known."""
    query = of_places(place_ids).where(Place.event_id == event.id)
    return _rows(event, _read(query), gifts_of(event.id) if gifts is None else gifts)


def roster_row(place: Place, gifts: Sequence[EventItem] | None = None) -> RosterRow:
    """The line of one place."""
    return rows_of_places(place.event, [place.id], gifts)[0]


def roster_counts(event_id: str) -> RosterCounts:
    """How many are confirmed, waiting, gone, here."""
    rows = read(COUNTS, {"event_id": event_id})
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


def _read(query: Select[Any]) -> Sequence[Row[Any]]:
    """The lines as the connection gives them: the session's own way costs half as much again."""
    return db.session.connection().execute(query).all()


@dataclass(frozen=True)
class _Known:
    """What is read beside the lines: marks, whose consents are whole, gifts."""

    marks: Mapping[str, Attendance]
    agreed: Collection[str]
    gifts: "_Gifts"


def _known(event: Event, gifts: Sequence[EventItem]) -> _Known:
    """Of the whole event."""
    return _Known(attendance_of_event(event.id), consent_states(event), _Gifts(event, gifts, None))


def _rows(event: Event, lines: Sequence[Any], gifts: Sequence[EventItem]) -> list[RosterRow]:
    if not lines:
        return []
    places, people = [line.id for line in lines], [line.person_id for line in lines]
    minors = [line.person_id for line in lines if ages.is_minor(line.birth_date, line.kind, event.local_date)]
    agreed = covered_children(event, minors) if minors else ()
    return list(_with(_Known(attendance_of_places(places), agreed, _Gifts(event, gifts, people)), event, lines))


def _with(known: _Known, event: Event, lines: Sequence[Any]) -> Iterator[RosterRow]:
    day, marks, agreed, gifts = event.local_date, known.marks, known.agreed, known.gifts
    gives = bool(gifts.items)
    for (
        id_, person_id, group_id, role, status, ticket, size_here, diet, own_size, kind, surname, given_name,
        patronymic, born, city, personnel_number, department, school_class, group, bus, shift, labels, notes,
        has_health,
    ) in lines:  # fmt: skip
        is_minor = ages.is_minor(born, kind, day)
        consent = ("given" if person_id in agreed else "missing") if is_minor and status in STANDING else None
        yield RosterRow(
            place_id=id_, person_id=person_id, surname=surname, given_name=given_name, patronymic=patronymic,
            age=ages.age_on(born, day) if is_minor and born else None, is_minor=is_minor,
            personnel_number=personnel_number or "", department=department, school_class=school_class,
            group_id=group_id, group=group or "", role=role, status=status, ticket=ticket, size=size_here or own_size,
            diet=diet, consent=consent, has_note=has_health, attendance=marks.get(id_, EXPECTED),
            gifts=gifts.of(person_id, is_minor, born, (size_here, own_size, size_by_kind(kind))) if gives else (),
            bus=bus or "",
            shift=shift, city=city or "", notes=notes, labels=tuple(sorted(labels.split(BETWEEN))) if labels else (),
        )  # fmt: skip


class _Gifts:
    """The gift lines of an event; those due are made once, because hundreds of people wear the same six sizes."""

    def __init__(self, event: Event, items: Sequence[EventItem], person_ids: Collection[str] | None) -> None:
        self.items = [(item.id, item.name, tuple(item.sizes)) for item in items]
        self.day = event.local_date
        self.rules = {item.id: item.due for item in items if item.due != Due()}
        self.given = hand_outs_of_event(event.id, person_ids) if items else {}
        self.takers = {person_id for person_id, _ in self.given}
        self.due: dict[tuple[object, ...], tuple[GiftLine, ...]] = {}

    def of(self, person_id: str, is_minor: bool, born: date | None, wishes: tuple[str, ...]) -> tuple[GiftLine, ...]:
        """What this person has and gets, in the size that they asked for or wear."""
        others = self._not_for(is_minor, born) if self.rules else NOBODY
        key = (*wishes, others)
        if key not in self.due:
            self.due[key] = tuple([self._due(item, wishes, others) for item in self.items])
        due = self.due[key]
        if person_id not in self.takers:
            return due
        return tuple([self._line(line, person_id) for line in due])

    def _not_for(self, is_minor: bool, born: date | None) -> frozenset[str]:
        """The items that are given to others."""
        age = ages.age_on(born, self.day) if born else None
        return frozenset(id_ for id_, rule in self.rules.items() if not is_due(rule, is_child=is_minor, age=age))

    def _due(
        self, item: tuple[str, Texts, tuple[str, ...]], wishes: tuple[str, ...], others: Collection[str]
    ) -> GiftLine:
        id_, name, sizes = item
        return GiftLine(id_, name, sizes, suitable(sizes, *wishes), is_due=id_ not in others)

    def _line(self, due: GiftLine, person_id: str) -> GiftLine:
        given = self.given.get((person_id, due.item_id))
        return GiftLine(due.item_id, due.name, due.sizes, given.size, given.hand_out_id, given.at) if given else due
