"""What a phone takes along of one event: people and things, as far as this person may see them. What was recorded
comes by the feed (feed.py), from its beginning on.

A room adds its part as a line of PARTS: a function that gives names of the snapshot and what stands under them.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.db import db
from app.desk.log.bodies import LEAD, MANAGE, MARK, SAFETY
from app.desk.log.conflict_models import WalkIn
from app.desk.phone.snapshot_gifts import gifts_part
from app.desk.phone.snapshot_rows import numbered, places_text
from app.desk.phone.snapshot_trip import trip_part
from app.desk.phone.taking_along import Taker
from app.events.models import Event
from app.people.models import Person
from app.rosters.models import Bus, Group

VERSION = 1


def snapshot_of(event: Event, taker: Taker, *, now: datetime) -> tuple[bytes, str]:
    """The JSON text, and a word that changes with it."""
    groups, buses = _groups(event), _buses(event)
    told: dict[str, Any] = {
        "version": VERSION,
        "event": _event(event),
        "me": {
            "account_id": taker.actor.account_id,
            "name": taker.actor.name,
            "language": taker.actor.language,
            "powers": sorted(taker.powers),
        },
        "groups": [_group(one) for one in groups],
        "buses": [_bus(one, taker) for one in buses],
        "walk_ins": _seated(event.id),
    }
    for part in PARTS:
        told |= part(event, taker, now=now)
    places = places_text(event, taker, numbered(one.id for one in groups), numbered(one.id for one in buses))
    head = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    body = f'{head[:-1]},"places":{places}}}'.encode()
    return body, hashlib.sha256(body).hexdigest()[:16]


Part = Callable[..., dict[str, Any]]
PARTS: tuple[Part, ...] = (
    gifts_part,
    trip_part,
)


def _event(event: Event) -> dict[str, Any]:
    coordinator = db.session.get(Person, event.coordinator_id) if event.coordinator_id else None
    site = event.site
    return {
        "id": event.id,
        "title": event.title,
        "starts_at": event.starts_at.isoformat(),
        "ends_at": event.ends_at.isoformat(),
        "timezone": event.timezone,
        "local_date": event.local_date.isoformat(),
        "capacity": event.capacity,
        "site": {"name": site.name, "ppe": site.ppe, "hazard": site.hazard_class},
        "coordinator": _reached(coordinator),
    }


def _reached(person: Person | None) -> dict[str, str] | None:
    """Whom to call on the day: that is what their number is for."""
    return {"name": person.short_name, "phone": person.phone or ""} if person else None


def _groups(event: Event) -> Sequence[Group]:
    query = select(Group).options(joinedload(Group.leader)).where(Group.event_id == event.id)
    return db.session.scalars(query.order_by(Group.name, Group.id)).all()


def _group(group: Group) -> dict[str, Any]:
    return {"id": group.id, "name": group.name, "leader": group.leader.short_name if group.leader else ""}


def _buses(event: Event) -> Sequence[Bus]:
    query = select(Bus).options(joinedload(Bus.leader)).where(Bus.event_id == event.id)
    return db.session.scalars(query.order_by(Bus.name, Bus.id)).all()


def _bus(bus: Bus, taker: Taker) -> dict[str, Any]:
    told = {"id": bus.id, "name": bus.name, "seats": bus.seats, "plate": bus.plate}
    told["leader"] = bus.leader.short_name if bus.leader else ""
    if taker.powers & {LEAD, MANAGE, MARK, SAFETY} and bus.driver:
        told |= {"driver": bus.driver, "driver_phone": bus.driver_phone}
    return told


def _seated(event_id: str) -> list[dict[str, str]]:
    """Those who came without a place and have one by now: what was said of them is said of that place."""
    query = select(WalkIn.id, WalkIn.place_id).where(WalkIn.event_id == event_id, WalkIn.place_id.is_not(None))
    return [{"id": row.id, "place_id": row.place_id} for row in db.session.execute(query.order_by(WalkIn.id))]
