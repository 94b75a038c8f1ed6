"""Who is expected aboard which bus on which leg, who is missing, and whether everybody is home. Pure.

static/desk/rules/trip.js says the same on phones.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.db import Texts
from app.desk.trip.rules import BACK, OUT


@dataclass(frozen=True, slots=True)
class LegOfTrip:
    """One leg of the day; `title` is that of the stop which is left, none there and home."""

    code: str
    title: Texts | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Aboard:
    """A ride that stands: in which bus (None: on foot), and whether they got off again."""

    bus_id: str | None
    at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rider:
    """Somebody with a seat, on the day: their bus by the plan, how they stand, their rides by leg, their hand-over.

    `with_guardian`: a guardian is there too and takes them home; `left_with`: who took them, as whoever let them go
    wrote down.
    """

    place_id: str
    person_id: str
    name: str
    is_child: bool
    age: int | None
    group_id: str | None
    bus_id: str | None
    state: str
    rides: Mapping[str, Aboard] = field(default_factory=dict)
    over: str | None = None
    with_guardian: bool = False
    left_with: str = ""

    @property
    def came(self) -> bool:
        """Whether anybody saw them: at the door, or in a bus."""
        return self.state in ("present", "left") or bool(self.rides)

    @property
    def is_home(self) -> bool:
        """A child that came is home once it was handed over, or left with somebody who is known."""
        return self.over is not None or (self.state == "left" and (self.with_guardian or bool(self.left_with)))


def expected_in(rider: Rider, leg: str, legs: Sequence[str]) -> tuple[str | None] | None:
    """(the bus,) in which somebody is to be on that leg: that of their ride before, else their own; None: nowhere.

    (None,) is on foot.
    """
    if rider.over is not None or rider.state == "left":
        return None
    before = [one for one in legs[: legs.index(leg)] if one in rider.rides]
    if before:
        return (rider.rides[before[-1]].bus_id,)
    if rider.bus_id is None:
        return None
    goes = rider.state not in ("absent", "excused") if leg == legs[0] else rider.state == "present"
    return (rider.bus_id,) if goes else None


def expected_on(riders: Iterable[Rider], bus_id: str | None, leg: str, legs: Sequence[str]) -> list[Rider]:
    """Those who are to be in this bus on that leg."""
    return [one for one in riders if expected_in(one, leg, legs) == (bus_id,)]


def aboard(riders: Iterable[Rider], bus_id: str | None, leg: str) -> list[Rider]:
    """Those who got in and did not get off."""
    return [one for one in riders if (ride := one.rides.get(leg)) and ride.bus_id == bus_id and ride.ended_at is None]


def missing_from(riders: Sequence[Rider], bus_id: str | None, leg: str, legs: Sequence[str]) -> list[Rider]:
    """Those who are to be there and are in no bus on that leg."""
    return [
        one for one in expected_on(riders, bus_id, leg, legs) if (ride := one.rides.get(leg)) is None or ride.ended_at
    ]


def not_home(riders: Iterable[Rider]) -> list[Rider]:
    """Children who came and of whom nobody knows that they are home."""
    return [one for one in riders if one.is_child and one.came and not one.is_home]


def codes_of(stop_ids: Iterable[str]) -> list[str]:
    """The legs by their order: there, from each stop on but the last, home."""
    return [OUT, *(f"s:{id_}" for id_ in list(stop_ids)[:-1]), BACK]
