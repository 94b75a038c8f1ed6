"""Whether a bus left without a child of whom nobody said a word: phones may not have known that it was to be there."""

from collections.abc import Iterable

from app.attendance.operation import Conflict, Said
from app.db import db
from app.desk.log.held import Batch
from app.desk.trip.queries import legs_of, riders_of
from app.desk.trip.riders import missing_from
from app.desk.trip.rules import BY_BOARD, ON_FOOT, people_of
from app.events.models import Event


def judge_trip(batch: Batch) -> list[Conflict]:
    """The departures of this batch, against everybody who has a seat by now."""
    left = [(key, said) for key, said in batch.merged.said.items() if key[0] == "b" and said.of("departure")]
    if not left:
        return []
    event = db.session.get_one(Event, batch.event.id)
    riders, legs = riders_of(event), [leg.code for leg in legs_of(event)]
    found: list[Conflict] = []
    for key, said in left:
        _, bus, leg = key.split(":", 2)
        if leg in legs:
            missing = missing_from(riders, None if bus == ON_FOOT else bus, leg, legs)
            found += _unnamed(batch, key, said, [one.place_id for one in missing if one.is_child])
    return found


def _unnamed(batch: Batch, key: str, said: Said, missing: Iterable[str]) -> tuple[Conflict, ...]:
    departure = said.known.get(batch.merged.states[key]["leg"].departure)
    if departure is None or departure.body.get("decision") == BY_BOARD:
        return ()
    named = {*people_of(departure), *map(str, departure.body.get("missing", ()))}
    if named >= set(missing):
        return ()
    return said.conflict("departure-undecided", [departure.id], "high", "unnamed")
