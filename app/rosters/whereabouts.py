"""Which group and bus somebody is in, for their own page and ticket."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import and_, select

from app.db import Texts, db
from app.rosters.models import Bus, BusStop, Group, PickUp
from app.signups.models import Place


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Names of the group and the bus, None where there is none; where and when the bus takes the person in."""

    group: str | None
    bus: str | None
    plate: str
    stop: Texts | None
    clock: str


def whereabouts(place_ids: Collection[str]) -> dict[str, Whereabouts]:
    """{place: where they are put}; those who are put nowhere are not in it. One query."""
    if not place_ids:
        return {}
    query = (
        select(Place.id, Group.name, Bus.name, Bus.plate, BusStop.place, BusStop.leaves_at)
        .outerjoin(Group, Group.id == Place.group_id)
        .outerjoin(Bus, Bus.id == Place.bus_id)
        .outerjoin(PickUp, PickUp.place_id == Place.id)
        .outerjoin(BusStop, and_(BusStop.id == PickUp.stop_id, BusStop.bus_id == Place.bus_id))
        .where(Place.id.in_(place_ids), Place.group_id.is_not(None) | Place.bus_id.is_not(None))
    )
    return {
        id_: Whereabouts(group, bus, plate or "", stop, f"{at:%H:%M}" if at else "")
        for id_, group, bus, plate, stop, at in db.session.execute(query)
    }
