"""Lists to read and print: who is in one group, who rides in one bus. No health notes, ever."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.db import db
from app.events.models import Event
from app.people.models import Person
from app.rosters.containers import POINTS
from app.rosters.models import Bus, BusStop, Group, PickUp
from app.rosters.ratio import Ratio, bands_for, ratio_of
from app.rosters.seated import Seated, seated_people, travellers
from app.rosters.travellers import escorts_among


@dataclass(frozen=True, slots=True)
class Line:
    """One person: `age` of children only, `elsewhere` the name of their bus (in a group) or group (in a bus)."""

    place_id: str
    person_id: str
    name: str
    patronymic: str
    age: int | None
    is_child: bool
    is_escort: bool
    about: str
    elsewhere: str
    stop_id: str | None


@dataclass(frozen=True, slots=True)
class NameList:
    """A group's list, or a bus's manifest, as it stands now."""

    container: Group | Bus
    leader: Person | None
    stops: Sequence[BusStop]
    lines: list[Line]
    ratio: Ratio

    @property
    def digest(self) -> str:
        """Tells two versions apart: another name, leader, person or stop makes another list."""
        stops = [[stop.id, stop.direction, stop.leaves_at.isoformat(), stop.place] for stop in self.stops]
        said: list[object] = [self.container.name, self.container.leader_id, stops]
        said += [[line.place_id, line.name, line.elsewhere, line.stop_id] for line in self.lines]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()

    @property
    def has_changed(self) -> bool:
        """Whether the leader was sent a list that holds no longer."""
        return bool(self.container.list_version) and self.container.list_digest != self.digest


def list_of(group: Group) -> NameList:
    """The names in one group, in the order of the Kazakh alphabet."""
    return lists_of(db.session.get_one(Event, group.event_id), "groups", [group])[0]


def manifest_of(bus: Bus) -> NameList:
    """The names in one bus, with stops and who gets on where."""
    return lists_of(db.session.get_one(Event, bus.event_id), "buses", [bus])[0]


def lists_of(event: Event, what: str, containers: Sequence[Group | Bus]) -> list[NameList]:
    """The lists of several at once, in the same number of queries as of one."""
    everybody, column = seated_people(event.id), POINTS[what]
    going = {one.place_id: one for one in travellers(event, everybody)}
    escorts, pick_ups = escorts_among(going.values()), _pick_ups([row.id for row in containers])
    elsewhere = _names_elsewhere(event.id, what)
    stops = _stops([row.id for row in containers]) if what == "buses" else {}
    found = []
    for container in containers:
        inside = [one for one in everybody if getattr(one, column) == container.id]
        ratio = ratio_of([going[one.place_id] for one in inside], escorts, bands_for(event.site.adult_child_ratio))
        lines = [_line(event, one, one.place_id in escorts, what, elsewhere, pick_ups) for one in inside]
        found.append(NameList(container, container.leader, stops.get(container.id, ()), lines, ratio))
    return found


def _line(
    event: Event, one: Seated, is_escort: bool, what: str, elsewhere: dict[str, str], pick_ups: dict[str, str]
) -> Line:
    day = event.local_date
    is_child, other = one.is_child_on(day), one.group_id if what == "buses" else one.bus_id
    return Line(
        place_id=one.place_id,
        person_id=one.person_id,
        name=one.name,
        patronymic=one.patronymic,
        age=one.age_on(day) if is_child else None,
        is_child=is_child,
        is_escort=is_escort,
        about=one.school_class or one.department,
        elsewhere=elsewhere.get(other or "", ""),
        stop_id=pick_ups.get(one.place_id),
    )


def _names_elsewhere(event_id: str, what: str) -> dict[str, str]:
    model: Any = Group if what == "buses" else Bus
    rows = db.session.execute(select(model.id, model.name).where(model.event_id == event_id))
    return {row.id: row.name for row in rows}


def _pick_ups(bus_ids: Sequence[str]) -> dict[str, str]:
    query = select(PickUp.place_id, PickUp.stop_id).join(BusStop, BusStop.id == PickUp.stop_id)
    return {row.place_id: row.stop_id for row in db.session.execute(query.where(BusStop.bus_id.in_(bus_ids)))}


def _stops(bus_ids: Sequence[str]) -> dict[str, Sequence[BusStop]]:
    buses = db.session.scalars(select(Bus).where(Bus.id.in_(bus_ids)).options(selectinload(Bus.stops)))
    return {bus.id: bus.stops for bus in buses}
