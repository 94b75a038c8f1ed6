"""The legs of an event with everybody who rides, in a fixed number of questions; and who is not home."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from app.accounts.actor import Actor
from app.accounts.models import Account
from app.attendance.log import COLUMNS, TABLE, operation_from
from app.attendance.models import AttendanceEntry
from app.attendance.operation import Operation
from app.attendance.presence_rules import Presence
from app.attendance.states import state_of_kinds
from app.db import db
from app.desk.departure.policy import can_see_board
from app.desk.log.conflict_models import WalkIn
from app.desk.log.merging import merge
from app.desk.trip.models import Boarding, HandOver
from app.desk.trip.riders import Aboard, LegOfTrip, Rider, codes_of, not_home
from app.desk.trip.rules import BACK, ON_FOOT, OUT, Going
from app.errors import NotFound, require
from app.events.models import Event
from app.events.policy import can_see_event
from app.people.models import Person
from app.rosters.models import Bus
from app.rosters.seated import seated_people, travellers


@dataclass
class Seen:
    """What the marks of one place say, as far as the trip asks: what stands, and with whom they left."""

    kinds: set[str] = field(default_factory=set)
    left_with: str = ""


def event_of_legs(actor: Actor, event_id: str) -> Event:
    """The event with its place and stops, for those who run its day; raises NotFound, NotAllowed."""
    query = select(Event).where(Event.id == event_id).options(joinedload(Event.site), joinedload(Event.stops))
    event = db.session.scalars(query).unique().one_or_none()
    if event is None or not can_see_event(actor, event):
        raise NotFound
    require(can_see_board(actor, event))
    return event


def legs_of(event: Event) -> list[LegOfTrip]:
    """There, from each stop on but the last, home."""
    stops = {f"s:{stop.id}": stop for stop in event.stops}
    first = next((stop.arrives_at for stop in event.stops if stop.arrives_at), event.starts_at)
    last = next((stop.departs_at for stop in reversed(event.stops) if stop.departs_at), event.ends_at)
    times = {OUT: first, BACK: last}
    return [
        LegOfTrip(code, stops[code].title, stops[code].departs_at) if code in stops else LegOfTrip(code, at=times[code])
        for code in codes_of(stop.id for stop in event.stops)
    ]


def buses_of(event: Event) -> Sequence[Bus]:
    """Those that go, by name."""
    return db.session.scalars(
        select(Bus).where(Bus.event_id == event.id, Bus.closed_at.is_(None)).order_by(Bus.name)
    ).all()


def bus_names(event_id: str) -> dict[str, str]:
    """{bus: what it is called, with a sign where that is a mere number}."""
    query = select(Bus.id, Bus.name).where(Bus.event_id == event_id)
    return {row.id: _numbered(row.name) for row in db.session.execute(query)}


def leg_names(keys: Collection[str]) -> dict[str, str]:
    """{key of a bus on a leg: the bus}."""
    wanted = {key: key.split(":")[1] for key in keys if key[0] == "b"}
    if not wanted:
        return {}
    found = db.session.execute(select(Bus.id, Bus.name).where(Bus.id.in_(set(wanted.values()))))
    names = {row.id: _numbered(row.name) for row in found}
    return {key: names.get(bus, "") for key, bus in wanted.items()}


def _numbered(name: str) -> str:
    return f"№ {name}" if name.isdecimal() else name


def log_of(event_id: str, keys: Collection[str] = (), *, kinds: Collection[str] = ()) -> list[Operation]:
    """All that was said about these keys, of these kinds, or about those who came without a place; one question."""
    ours = or_(TABLE.c.key.in_(keys), TABLE.c.kind.in_(kinds), TABLE.c.key.like("w:%"))
    named = select(TABLE.c.id).where(TABLE.c.event_id == event_id, ours)
    query = select(*COLUMNS).where(TABLE.c.event_id == event_id, or_(ours, TABLE.c.names.in_(named)))
    return [operation_from(row) for row in db.session.execute(query)]


def hand_overs_of(event_id: str) -> list[tuple[HandOver, str]]:
    """Those that stand, with the name of whoever handed over, the first first."""
    query = (
        select(HandOver, Person)
        .outerjoin(Account, Account.id == HandOver.account_id)
        .outerjoin(Person, Person.id == Account.person_id)
        .where(HandOver.event_id == event_id, HandOver.undone_by_id.is_(None))
        .order_by(HandOver.at, HandOver.id)
    )
    return [(row, person.short_name if person else "") for row, person in db.session.execute(query)]


def riders_of(
    event: Event,
    *,
    said: Sequence[Operation] | None = None,
    overs: Sequence[tuple[HandOver, str]] | None = None,
) -> list[Rider]:
    """Everybody with a seat, in the order of the alphabet; then those who came without one.

    `said` is what log_of() found, `overs` hand_overs_of(), where somebody asked already.
    """
    seated, others = seated_and_others(event, said=log_of(event.id) if said is None else said, overs=overs)
    return [*seated, *others]


def seated_and_others(
    event: Event, *, said: Sequence[Operation], overs: Sequence[tuple[HandOver, str]] | None = None
) -> tuple[list[Rider], list[Rider]]:
    """The same, those with a seat and those without one apart."""
    known = {row.place_id: row.id for row, _ in (hand_overs_of(event.id) if overs is None else overs) if row.place_id}
    return _seated(event, known), _walked_in(event, said)


def children_not_home(event: Event) -> list[Rider]:
    """Children who came and of whom nobody knows that they are home: nobody closes the day before."""
    return not_home(riders_of(event))


def _seated(event: Event, overs: Mapping[str, str]) -> list[Rider]:
    people, marks, rides = seated_people(event.id), _marks(event.id), _rides(event.id)
    guardians = {one.place_id: one.guardians for one in travellers(event, people)}
    came = {place_id for place_id, mark in marks.items() if "check_in" in mark.kinds}
    day, nothing = event.local_date, Seen()
    return [
        Rider(
            place_id=one.place_id,
            person_id=one.person_id,
            name=one.name,
            is_child=one.is_child_on(day),
            age=one.age_on(day),
            group_id=one.group_id,
            bus_id=one.bus_id,
            state=state_of_kinds(marks.get(one.place_id, nothing).kinds),
            rides=rides.get(one.place_id, {}),
            over=overs.get(one.place_id),
            with_guardian=bool(came & set(guardians[one.place_id])),
            left_with=marks.get(one.place_id, nothing).left_with,
        )
        for one in people
    ]


def _walked_in(event: Event, said: Sequence[Operation]) -> list[Rider]:
    """Of them the log alone knows how they stand."""
    query = select(WalkIn).where(WalkIn.event_id == event.id, WalkIn.undone_at.is_(None), WalkIn.place_id.is_(None))
    rows = db.session.scalars(query.order_by(WalkIn.surname, WalkIn.given_name, WalkIn.id)).all()
    merged = merge(one for one in said if rows)
    presence, going = merged.of("presence"), merged.of("trip")
    return [_walker(row, presence.get(f"w:{row.id}"), going.get(f"w:{row.id}")) for row in rows]


def _walker(row: WalkIn, here: Presence | None, goes: Going | None) -> Rider:
    return Rider(
        place_id=row.id,
        person_id=row.person_id or "",
        name=f"{row.surname} {row.given_name}".strip(),
        is_child=row.is_child,
        age=None,
        group_id=None,
        bus_id=None,
        state=here.state if here else "present",
        rides=_open_rides(goes, row) if goes else {},
        over=goes.over if goes else None,
    )


def _open_rides(goes: Going, row: WalkIn) -> dict[str, Aboard]:
    rides = goes.rides.items()
    return {leg: Aboard(None if one.bus == ON_FOOT else one.bus, row.came_at) for leg, one in rides if not one.ended}


def _rides(event_id: str) -> dict[str, dict[str, Aboard]]:
    query = select(Boarding).where(
        Boarding.event_id == event_id, Boarding.undone_by_id.is_(None), Boarding.place_id.is_not(None)
    )
    found: dict[str, dict[str, Aboard]] = {}
    for row in db.session.scalars(query):
        found.setdefault(str(row.place_id), {})[row.leg] = Aboard(row.bus_id, row.at, row.ended_at)
    return found


def _marks(event_id: str) -> dict[str, Seen]:
    """{place: the marks that stand, and with whom they left as it was written down}."""
    entry = AttendanceEntry
    query = select(entry.place_id, entry.kind, entry.reason).where(
        entry.event_id == event_id, entry.undone_by_id.is_(None), entry.kind != "undo"
    )
    found: dict[str, Seen] = {}
    for row in db.session.execute(query):
        seen = found.setdefault(row.place_id, Seen())
        seen.kinds.add(row.kind)
        if row.kind == "check_out":
            seen.left_with = row.reason
    return found
