"""What a phone takes along about the trip: its legs, and who may be the second person when a bus leaves."""

from datetime import datetime
from typing import Any

from app.desk.trip.confirming import confirmers_of
from app.desk.trip.queries import legs_of
from app.desk.trip.riders import LegOfTrip
from app.events.models import Event


def trip_part(event: Event, taker: Any, *, now: datetime) -> dict[str, Any]:
    """Legs in their order with their titles; second people with what their PIN can be checked by, if anything; and
    whether the taker answers for anybody: then there is a pack, and children are theirs to hand over."""
    legs = [_leg(one) for one in legs_of(event)]
    leads = {"lead", "manage", "safety"} & set(taker.powers)
    people = [one._asdict() for one in confirmers_of(event)] if leads else []
    return {"legs": legs, "confirmers": people, "answers": bool(taker.charge)}


def _leg(leg: LegOfTrip) -> dict[str, Any]:
    return {"leg": leg.code, "title": leg.title or {}, "at": leg.at.isoformat() if leg.at else None}
