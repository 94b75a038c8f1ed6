"""What the page of the legs shows: each bus on one leg, children who are not home, manifests as they were frozen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, union_all
from sqlalchemy.orm import aliased

from app.accounts.models import Account
from app.attendance.log_models import DeskOperation
from app.attendance.operation import said_of
from app.db import db
from app.desk.log.conflict_models import WalkIn
from app.desk.trip.collecting import listed_of
from app.desk.trip.models import Boarding, Collector, HandOver, LegDeparture
from app.desk.trip.queries import buses_of, hand_overs_of, legs_of, log_of, riders_of
from app.desk.trip.riders import LegOfTrip, Rider, aboard, expected_on, missing_from, not_home
from app.desk.trip.rules import ON_FOOT, Leg, leg_of
from app.errors import NotFound
from app.events.models import Event
from app.people.models import Person
from app.people.queries import guardians_of
from app.rosters.models import Bus
from app.signups.models import Place

Left = tuple[LegDeparture, str, str]


@dataclass(frozen=True)
class BusOnLeg:
    """One bus (None: on foot) on the leg that is looked at. `departure` is the row of the one that holds."""

    bus: Bus | None
    expected: Sequence[Rider]
    aboard: Sequence[Rider]
    missing: Sequence[Rider]
    leg: Leg
    departure: LegDeparture | None
    by: str = ""
    confirmed_by: str = ""

    @property
    def key(self) -> str:
        """The word for it in forms."""
        return self.bus.id if self.bus else ON_FOOT


@dataclass(frozen=True)
class Over:
    """A child that is with somebody."""

    rider: Rider
    row: HandOver
    by: str


@dataclass(frozen=True)
class LegsPage:
    """All of it."""

    legs: Sequence[LegOfTrip]
    leg: LegOfTrip
    buses: Sequence[BusOnLeg]
    children: int
    open: Sequence[Rider]
    overs: Sequence[Over]


@dataclass(frozen=True)
class LateChange:
    """Somebody got in, or off, after the manifest was frozen."""

    name: str
    got_in: bool
    at: datetime
    by: str


@dataclass(frozen=True)
class Manifest:
    """Who left in one bus on one leg, as it was said then, and what changed since."""

    row: LegDeparture
    bus: Bus | None
    leg: LegOfTrip | None
    by: str
    confirmed_by: str
    late: Sequence[LateChange]
    versions: Sequence[LegDeparture]


def legs_page(event: Event, code: str) -> LegsPage:
    """The leg of this code; raises NotFound where the trip has none."""
    legs = legs_of(event)
    leg = next((one for one in legs if one.code == code), None)
    if leg is None:
        raise NotFound
    buses, codes = [*buses_of(event), None], [one.code for one in legs]
    keys = {bus.id if bus else ON_FOOT: f"b:{bus.id if bus else ON_FOOT}:{code}" for bus in buses}
    said, overs, left = log_of(event.id, keys.values()), hand_overs_of(event.id), _departures(event.id, code)
    riders = riders_of(event, said=said, overs=overs)
    states = {id_: leg_of(said_of(key, [one for one in said if one.key == key])) for id_, key in keys.items()}
    shown = [_bus_on_leg(bus, riders, code, codes, states[bus.id if bus else ON_FOOT], left) for bus in buses]
    known = {one.place_id: one for one in riders}
    about = [(known.get(row.place_id or row.walk_in_id or ""), row, by) for row, by in overs]
    return LegsPage(
        legs=legs,
        leg=leg,
        buses=[one for one in shown if one.bus or one.expected or one.aboard or one.leg.departure],
        children=sum(one.is_child and one.came for one in riders),
        open=not_home(riders),
        overs=[Over(rider, row, by) for rider, row, by in about if rider],
    )


def manifest_of(event: Event, departure_id: str) -> Manifest:
    """One version; raises NotFound."""
    every = _departures(event.id)
    if departure_id not in every:
        raise NotFound
    row, by, confirmed_by = every[departure_id]
    late = _late(event, row)
    names = _names([one[2] for one in late])
    alike = [one for one, _, _ in every.values() if (one.leg, one.bus_id) == (row.leg, row.bus_id)]
    return Manifest(
        row=row,
        bus=db.session.get(Bus, row.bus_id) if row.bus_id else None,
        leg=next((leg for leg in legs_of(event) if leg.code == row.leg), None),
        by=by,
        confirmed_by=confirmed_by,
        late=[LateChange(name, got_in, at, names.get(who or "", "")) for name, got_in, who, at in late],
        versions=sorted(alike, key=lambda one: one.version),
    )


def adults_of(place: Place) -> tuple[list[Person], list[Collector]]:
    """Who may collect this child from this event: its guardians, and those whom they listed."""
    listed = [one for one in listed_of(place.person_id) if one.event_id in (None, place.event_id)]
    return guardians_of(place.person_id), listed


def over_of(place: Place) -> HandOver | None:
    """The hand-over that stands."""
    return db.session.scalar(select(HandOver).where(HandOver.place_id == place.id, HandOver.undone_by_id.is_(None)))


def _departures(event_id: str, leg: str | None = None) -> dict[str, Left]:
    """{id: the departure, who said so, who confirmed it}."""
    said_by, confirmed_by = aliased(Account), aliased(Account)
    sayer, second = aliased(Person), aliased(Person)
    query = (
        select(LegDeparture, sayer, second)
        .outerjoin(said_by, said_by.id == LegDeparture.account_id)
        .outerjoin(sayer, sayer.id == said_by.person_id)
        .outerjoin(confirmed_by, confirmed_by.id == LegDeparture.confirmed_by_id)
        .outerjoin(second, second.id == confirmed_by.person_id)
        .where(LegDeparture.event_id == event_id)
    )
    if leg is not None:
        query = query.where(LegDeparture.leg == leg)
    rows = db.session.execute(query)
    return {row.id: (row, one.short_name if one else "", two.short_name if two else "") for row, one, two in rows}


def _bus_on_leg(
    bus: Bus | None, riders: Sequence[Rider], code: str, codes: Sequence[str], leg: Leg, left: Mapping[str, Left]
) -> BusOnLeg:
    id_ = bus.id if bus else None
    row, by, confirmed_by = left.get(leg.departure or "", (None, "", ""))
    return BusOnLeg(
        bus=bus,
        expected=expected_on(riders, id_, code, codes),
        aboard=aboard(riders, id_, code),
        missing=missing_from(riders, id_, code, codes),
        leg=leg,
        departure=row,
        by=by,
        confirmed_by=confirmed_by,
    )


def _names(accounts: Sequence[str | None]) -> dict[str, str]:
    """{account: whose it is}."""
    ids = {one for one in accounts if one}
    query = select(Account.id, Person).join(Person, Person.id == Account.person_id).where(Account.id.in_(ids))
    return {row.id: row.Person.short_name for row in db.session.execute(query)} if ids else {}


def _late(event: Event, row: LegDeparture) -> list[tuple[str, bool, str | None, datetime]]:
    """(name, whether they got in, account, when) of rides that the frozen list doesn't know, and of those it does
    that were moved to another bus or taken back."""
    frozen = {one["place_id"]: one["name"] for one in row.people}
    of_leg = select(Boarding).where(Boarding.event_id == event.id, Boarding.leg == row.leg)
    rides = {_whose(ride): ride for ride in db.session.scalars(of_leg.where(Boarding.undone_by_id.is_(None)))}
    names = _people(event, [id_ for id_ in rides if id_ not in frozen])
    found = []
    for id_, ride in rides.items():
        is_here = ride.bus_id == row.bus_id and ride.ended_at is None
        if is_here and id_ not in frozen:
            found.append((names.get(id_, ""), True, ride.account_id, ride.at))
        elif id_ in frozen and ride.bus_id != row.bus_id:
            found.append((frozen[id_], False, ride.account_id, ride.at))
    undone = select(Boarding, DeskOperation).join(DeskOperation, DeskOperation.id == Boarding.undone_by_id)
    slips = undone.where(
        Boarding.event_id == event.id, Boarding.leg == row.leg, DeskOperation.corrected_at >= row.departed_at
    )
    for ride, slip in db.session.execute(slips):
        if _whose(ride) in frozen.keys() - rides.keys():
            found.append((frozen[_whose(ride)], False, slip.account_id, slip.corrected_at))
    return sorted(found, key=lambda one: one[3])


def _whose(ride: Boarding) -> str:
    return ride.place_id or ride.walk_in_id or ""


def _people(event: Event, place_ids: Sequence[str]) -> dict[str, str]:
    """{place or walk-in: whose it is}."""
    if not place_ids:
        return {}
    seated = select(Place.id, Person.surname, Person.given_name).join(Person, Person.id == Place.person_id)
    came = select(WalkIn.id, WalkIn.surname, WalkIn.given_name).where(WalkIn.event_id == event.id)
    both = union_all(seated.where(Place.id.in_(place_ids)), came.where(WalkIn.id.in_(place_ids)))
    return {id_: f"{surname} {given}".strip() for id_, surname, given in db.session.execute(both)}
