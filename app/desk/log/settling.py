"""From what was said to what stands: each room writes its own ledger, under the locks that the batch holds."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.attendance.ledger import settle_presence
from app.attendance.operation import UNDO
from app.attendance.presence_rules import ARRIVALS, AWAY
from app.attendance.states import state_of
from app.audit.operations import Act
from app.desk.log.held import Batch
from app.desk.log.walk_ins import settle_walk_ins
from app.desk.safety.settling import settle_safety
from app.desk.tables.settling import settle_gifts_of
from app.desk.trip.settling import settle_trip

MARKS = (*ARRIVALS, "check_out", *AWAY)


def settle(batch: Batch, *, now: datetime) -> list[Act]:
    """Makes all ledgers say what stands; returns what to write down about it."""
    presence = batch.merged.of("presence")
    places = {key[2:]: (batch.merged.said[key], found) for key, found in presence.items() if key[2:] in batch.places}
    acts = _acts_of_presence(batch, {place_id: found.state for place_id, (_, found) in places.items()})
    settle_presence(batch.event.id, places, batch.entries, now=now)
    settle_walk_ins(batch, now=now)
    acts += settle_gifts_of(batch, now=now)
    acts += settle_trip(batch, now=now)
    acts += settle_safety(batch, now=now)
    return acts


def _acts_of_presence(batch: Batch, after: Mapping[str, str]) -> list[Act]:
    entries: dict[str, list[Any]] = {}
    for entry in batch.entries:
        entries.setdefault(entry.place_id, []).append(entry)
    acts = []
    for one in batch.new:
        target = batch.target_of(one) if one.kind == UNDO else one
        # What came late changes nothing yet: whoever accepts it is written down.
        if target is None or target.kind not in MARKS or target.is_late or one.is_late:
            continue
        verb = "undo_mark" if one.kind == UNDO else f"mark_{one.kind}"
        place = batch.places.get(batch.key_of(one)[2:])
        if place is None:
            acts.append(Act(verb, "walk_ins", target.key[2:], event_id=batch.event.id))
            continue
        states = state_of(entries.get(place.id, ())), after[place.id]
        acts.append(Act(verb, "places", place.id, batch.event.id, place.person_id, changes={"attendance": states}))
    return acts
