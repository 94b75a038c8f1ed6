"""What contradicts what the server alone knows: a seat that is gone, a consent that is missing, a full event. Pure.

Nobody is sent away by this: they are there already. A coordinator looks at it.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from app.attendance.operation import Conflict, Operation
from app.attendance.presence_rules import ARRIVALS
from app.desk.log.held import Batch
from app.desk.log.walk_ins import is_child


@dataclass(frozen=True, slots=True)
class Facts:
    """`agreed`: children for whom everything is agreed to; `free`: seats that are left, None where none is counted."""

    agreed: Collection[str]
    free: int | None


def judge(batch: Batch, facts: Facts) -> tuple[Conflict, ...]:
    """Those who are here without a seat, children without consent, and walk-ins for whom there is no room."""
    found = [*_of_places(batch, facts), *_of_walk_ins(batch, facts)]
    return tuple(sorted(found, key=lambda one: one.word))


def children_here(batch: Batch) -> list[str]:
    """The ids of the minors with a place who were let in: of whom a consent is asked."""
    here = _here(batch)
    return [place.person_id for place in batch.places.values() if place.is_minor and f"p:{place.id}" in here]


def without_place(batch: Batch) -> list[Operation]:
    """Everybody at this event who came without a place, by the operation's id."""
    return sorted((one for one in batch.merged.walk_ins if batch.key_of(one)[0] == "w"), key=lambda one: one.id)


def _of_places(batch: Batch, facts: Facts) -> Iterable[Conflict]:
    here = _here(batch)
    for place in batch.places.values():
        arrivals = here.get(f"p:{place.id}")
        if not arrivals:
            continue
        said, sides = batch.merged.said[f"p:{place.id}"], [one.id for one in arrivals]
        if place.status != "confirmed":
            yield from said.conflict("no-seat", sides, "low")
        if place.is_minor and place.person_id not in facts.agreed:
            yield from said.conflict("no-consent", sides, "high")


def _of_walk_ins(batch: Batch, facts: Facts) -> Iterable[Conflict]:
    first: dict[str, Operation] = {}
    for number, one in enumerate(without_place(batch)):
        said = batch.merged.said[batch.key_of(one)]
        if facts.free is not None and number >= facts.free:
            yield from said.conflict("over-capacity", [one.id], "low")
        if is_child(one, batch.event.local_date):
            yield from said.conflict("no-consent", [one.id], "high")
        known_as: Any = one.body.get("personnel_number")
        if known_as and known_as in first:
            yield from said.conflict("came-twice", [first[known_as].id, one.id], "low", known_as)
        elif known_as:
            first[known_as] = one


def _here(batch: Batch) -> dict[str, Sequence[Operation]]:
    found = {key: said.of(*ARRIVALS) for key, said in batch.merged.said.items() if key[0] == "p"}
    return {key: arrivals for key, arrivals in found.items() if arrivals}
