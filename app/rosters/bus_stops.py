"""Where a bus stops and when, and who gets on where."""

from collections.abc import Sequence
from datetime import datetime, time

from sqlalchemy import delete, func, select

from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import Texts, db, transaction
from app.errors import NotFound
from app.rosters.container_errors import NobodyPicked, NotSeated
from app.rosters.containers import locked_with_event
from app.rosters.models import Bus, BusStop, PickUp
from app.signups.models import Place


def add_stop(
    bus: Bus, place: Texts, leaves_at: time, *, direction: str = "out", now: datetime, actor: Actor
) -> BusStop:
    """The bus stops there too, after the stops that it has in that direction."""
    with transaction() as session:
        locked_with_event(bus, actor=actor)
        last = session.scalar(
            select(func.max(BusStop.position)).where(BusStop.bus_id == bus.id, BusStop.direction == direction)
        )
        stop = BusStop(bus_id=bus.id, direction=direction, position=(last or 0) + 1, place=place, leaves_at=leaves_at)
        session.add(stop)
        session.flush()
        session.expire(bus, ["stops"])
        said = {"place": (None, place), "leaves_at": (None, f"{leaves_at:%H:%M}")}
        record(actor, "add_bus_stop", bus, now=now, changes=said)
    return stop


def remove_stop(bus: Bus, stop_id: str, *, now: datetime, actor: Actor) -> None:
    """The bus stops there no more; who would have got on there has no pick-up place. Raises NotFound."""
    with transaction() as session:
        locked_with_event(bus, actor=actor)
        stop = stop_of(bus, stop_id)
        session.execute(delete(PickUp).where(PickUp.stop_id == stop.id))
        session.delete(stop)
        session.flush()
        session.expire(bus, ["stops"])
        record(actor, "remove_bus_stop", bus, now=now, changes={"place": (stop.place, None)})


def choose_pick_up(bus: Bus, place_ids: Sequence[str], *, stop_id: str | None, now: datetime, actor: Actor) -> int:
    """These people of the bus get on there (None: nobody knows where). Raises NobodyPicked, NotSeated, NotFound."""
    with transaction() as session:
        locked_with_event(bus, actor=actor)
        stop = stop_of(bus, stop_id) if stop_id else None
        if not place_ids:
            raise NobodyPicked
        here = select(Place.id).where(Place.id.in_(place_ids), Place.bus_id == bus.id, Place.status == "confirmed")
        found = list(session.scalars(here))
        if len(found) != len(set(place_ids)):
            raise NotSeated
        session.execute(delete(PickUp).where(PickUp.place_id.in_(found)))
        if stop:
            session.add_all([PickUp(place_id=place_id, stop_id=stop.id) for place_id in found])
        record(actor, "choose_pick_up", bus, now=now, changes={"people": (None, len(found))})
    return len(found)


def stop_of(bus: Bus, stop_id: str) -> BusStop:
    """A stop of this bus; raises NotFound."""
    stop = db.session.get(BusStop, stop_id)
    if stop is None or stop.bus_id != bus.id:
        raise NotFound
    return stop
