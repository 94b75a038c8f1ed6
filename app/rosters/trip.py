"""The whole day of a trip as one page needs it: stops with their hosts, lunch, bus legs, and what is to be done."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import itemgetter

from sqlalchemy import func, select

from app.db import Texts, db
from app.events.day_line import LUNCH_TAKES, DayLine, Span, day_line
from app.events.models import Event, Stop
from app.events.periods import local_day, moment
from app.events.trip_models import Host
from app.rosters.host_queries import hosts_of
from app.rosters.models import Bus, BusStop
from app.signups.models import Place
from app.tasks.models import Task

SOON = timedelta(microseconds=1)
LONGEST_MARK = 16


@dataclass(frozen=True)
class Leg:
    """One bus at one place where it takes people in (`out`), or lets them off (`back`)."""

    bus: str
    place: Texts | str
    at: datetime | None
    direction: str = "out"


@dataclass(frozen=True)
class Part:
    """One line of the day, in the order of the day: a stop with its number and hosts, lunch, or a bus leg."""

    kind: str
    at: datetime | None
    until: datetime | None = None
    number: int = 0
    stop: Stop | None = None
    hosts: Sequence[Host] = ()
    leg: Leg | None = None


@dataclass(frozen=True)
class Trip:
    """The day: its parts, its picture, the hosts of the whole trip, and follow-ups."""

    parts: Sequence[Part]
    line: DayLine | None
    hosts: Sequence[Host]
    people: int
    tasks: Sequence[Task] = field(default=())


def trip_of(event: Event) -> Trip:
    """Everything at once, in few queries whatever the number of stops."""
    hosts = hosts_of(event)
    stops = [
        Part("stop", stop.arrives_at, stop.departs_at, number, stop, [h for h in hosts if h.stop_id == stop.id])
        for number, stop in enumerate(event.stops, start=1)
    ]
    lunch = [Part("lunch", event.lunch_at, event.lunch_at + LUNCH_TAKES)] if event.lunch and event.lunch_at else []
    legs = legs_of(event)
    parts = in_order(stops, lunch + [Part("leg", leg.at, leg=leg) for leg in legs])
    spans = [Span(p.kind, p.at, p.until, str(p.number) if p.number else "") for p in parts if p.at is not None]
    spans += rides(event, legs)
    return Trip(
        parts=parts,
        line=day_line(spans, timezone=event.timezone),
        hosts=[host for host in hosts if host.stop_id is None],
        people=_people_in(event),
        tasks=_instructions(event),
    )


def in_order(stops: Sequence[Part], others: Sequence[Part]) -> list[Part]:
    """Stops stay in their own order; what has a time goes before the first stop that is reached after it."""
    parts = list(stops)
    timed = [(other.at, other) for other in others if other.at is not None]
    for at, part in sorted(timed, key=itemgetter(0)):
        place = next((number for number, one in enumerate(parts) if one.at is not None and one.at > at), len(parts))
        parts.insert(place, part)
    return parts


def legs_of(event: Event) -> list[Leg]:
    """Where the buses pick people up on the way out and let them off on the way back, by the clock of the place."""
    query = select(Bus.name, BusStop.place, BusStop.leaves_at, BusStop.direction)
    query = query.join(BusStop, BusStop.bus_id == Bus.id).where(Bus.event_id == event.id, Bus.closed_at.is_(None))
    rows = db.session.execute(query.order_by(Bus.name, BusStop.direction.desc(), BusStop.position)).all()
    days = {"out": event.local_date, "back": local_day(event.ends_at - SOON, event.timezone)}
    return [Leg(bus, place, moment(days[way], clock, event.timezone), way) for bus, place, clock, way in rows]


def rides(event: Event, legs: Sequence[Leg]) -> list[Span]:
    """How long the buses are on the road: from the first place where one takes people in to where the day begins, and
    from where it ends to the last place where one lets people off."""
    arrive = next((stop.arrives_at for stop in event.stops if stop.arrives_at), event.starts_at)
    leave = next((stop.departs_at for stop in reversed(event.stops) if stop.departs_at), event.ends_at)
    found = []
    for way, here in (("out", arrive), ("back", leave)):
        times = [leg.at for leg in legs if leg.direction == way and leg.at is not None]
        if times:
            ends = (min(times), max(*times, here)) if way == "out" else (min(*times, here), max(times))
            found.append(Span("leg", *ends, _named({leg.bus for leg in legs if leg.direction == way})))
    return found


def _named(buses: set[str]) -> str:
    """The buses of a ride, in as many letters as fit beside it."""
    names = ", ".join(sorted(buses, key=lambda name: (len(name), name)))
    return names if len(names) <= LONGEST_MARK else f"× {len(buses)}"


def _people_in(event: Event) -> int:
    query = select(func.count()).select_from(Place).where(Place.event_id == event.id, Place.status == "confirmed")
    return db.session.scalar(query) or 0


def _instructions(event: Event) -> Sequence[Task]:
    query = select(Task).where(Task.event_id == event.id, Task.kind == "instruction")
    return db.session.scalars(query.order_by(Task.key)).all()
