"""What all operations about one person say of whether they are here. Pure: the order in which they came is unknown.

Who was seen at the door, with a place or without, was there, whatever else was noted. Excused beats absent, unless one
was said in answer to the other. An absence and an arrival that know nothing of each other are shown to the coordinator;
they count as here.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from app.attendance.operation import Conflict, Operation, Said, canonical
from app.attendance.states import state_of_kinds

ARRIVALS = ("check_in", "walk_in")
LEAVINGS = ("check_out", "hand_over")  # who was handed over has left
AWAY = ("absent", "excused")


class Presence(NamedTuple):
    """How one person stands, and the operations that say so. `standing` are those whose entries stand in the ledger.

    `arrived_at` is the earliest of all arrivals, `left_at` the latest of all leavings.
    """

    state: str
    arrival: str | None = None
    arrived_at: datetime | None = None
    leaving: str | None = None
    left_at: datetime | None = None
    away: str | None = None
    standing: frozenset[str] = frozenset()


def presence_of(said: Said) -> Presence:
    """Here, gone, excused, absent or expected."""
    arrivals = said.of(*ARRIVALS)
    leavings = _leavings(said, arrivals)
    away = _away(said)
    arrival, leaving, stays_away = canonical(arrivals), canonical(leavings), canonical(away)
    stands = [one for one in (arrival, leaving, stays_away) if one]
    return Presence(
        state=state_of_kinds(entry_kind(one.kind) for one in stands),
        arrival=arrival.id if arrival else None,
        arrived_at=min((one.corrected_at for one in arrivals), default=None),
        leaving=leaving.id if leaving else None,
        left_at=max((one.corrected_at for one in leavings), default=None),
        away=stays_away.id if stays_away else None,
        standing=frozenset(one.id for one in stands),
    )


def conflicts_of_presence(said: Said) -> tuple[Conflict, ...]:
    """Here and away at once without knowing of each other; gone without having come; come with a place and without."""
    arrivals = said.of(*ARRIVALS)
    if not arrivals:
        alone = [one.id for one in _leavings(said, arrivals) if one.kind == "check_out"]
        return said.conflict("left-without-coming", alone, "low") if alone else ()
    came, known = [one.id for one in arrivals], frozenset().union(*(one.after for one in arrivals))
    unanswered = [one.id for one in _away(said) if one.id not in known]
    both = said.conflict("present-and-absent", [*unanswered, *came], "low") if unanswered else ()
    is_twice = len(arrivals) > 1 and any(one.kind == "walk_in" for one in arrivals)
    return both + (said.conflict("came-twice", came, "low") if is_twice else ())


def entry_kind(kind: str) -> str:
    """What an operation is called in the ledger of marks: who came without a place came, who was handed over left."""
    return {"walk_in": "check_in", "hand_over": "check_out"}.get(kind, kind)


def presence_json(presence: Presence) -> dict[str, Any]:
    """The part of a merge that every device must agree on; what is not so is left out."""
    said = {"arrival": presence.arrival, "leaving": presence.leaving, "away": presence.away}
    found = {name: value for name, value in said.items() if value}
    return {"state": presence.state, **found} if found else {}


def _leavings(said: Said, arrivals: Sequence[Operation]) -> list[Operation]:
    """A leaving goes with the arrivals that it was said after: whoever never came can't have left."""
    came = {id_ for id_, one in said.known.items() if one.kind in ARRIVALS}
    counts = {one.id for one in arrivals}
    return [one for one in said.of(*LEAVINGS) if one.after & counts or not one.after & came]


def _away(said: Said) -> list[Operation]:
    """Absent or excused: what was answered by the other doesn't count, and excused beats absent."""
    noted = said.of(*AWAY)
    answered = frozenset().union(*(one.after for one in noted))
    # Two that name each other come from no phone of ours: then both count.
    latest = [one for one in noted if one.id not in answered] or noted
    return [one for one in latest if one.kind == "excused"] or latest
