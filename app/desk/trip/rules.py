"""What all operations say of rides, headcounts, departures and hand-overs, in whatever order they came. Pure.

One person rides in one bus on one leg; whoever was told of the ride before moves them silently, two who knew nothing
of each other contradict. A departure holds once a second person confirmed it. A child is handed over once.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from app.attendance.operation import Conflict, Operation, Said, canonical

ON_FOOT = "-"
OUT, BACK = "out", "back"
COMPLETE, LEFT_WITHOUT, BY_BOARD = "complete", "left_without", "board"
GUARDIAN, COLLECTOR, CODE, COORDINATOR = "guardian", "collector", "code", "coordinator"


class Ride(NamedTuple):
    """In which bus somebody rode; `ended` where they got off again, by which operation."""

    id: str
    bus: str
    ended: str | None = None


class Going(NamedTuple):
    """One person's way: {leg: the ride}, and the hand-over that speaks for all that say so."""

    rides: Mapping[str, Ride]
    over: str | None = None


class Leg(NamedTuple):
    """One bus on one leg: what was counted before it left and when it arrived, the departure that holds, how often
    it was said, and who confirmed it."""

    headcount: str | None = None
    counted: int | None = None
    departure: str | None = None
    version: int = 0
    confirmed_by: str | None = None
    arrival: str | None = None
    arrived: int | None = None


def going_of(said: Said) -> Going:
    """Where somebody rides, and whether they were handed over."""
    rides = {leg: _ride(said, boards) for leg, boards in _boards(said).items()}
    over = canonical(said.of("hand_over"))
    return Going(rides, over.id if over else None)


def conflicts_of_going(said: Said) -> tuple[Conflict, ...]:
    """Two buses on one leg; handed over to two people; handed over to somebody of whom the server has no proof."""
    found: list[Conflict] = []
    for leg, boards in _boards(said).items():
        open_ = [one for one in _latest(boards) if _end_of(said, one) is None]
        if len({bus_of(one) for one in open_}) > 1:
            found += said.conflict("in-two-buses", [one.id for one in open_], "high", leg)
    overs = said.of("hand_over")
    if len({_receiver(one) for one in overs}) > 1:
        found += said.conflict("handed-over-twice", [one.id for one in overs], "high")
    if unproved := [one.id for one in overs if one.body.get("unproved")]:
        found += said.conflict("handed-over-unproved", unproved, "high")
    return tuple(found)


def going_json(going: Going) -> dict[str, Any]:
    """The part of a merge that every device must agree on."""
    rides = {leg: _told({"bus": one.bus, "id": one.id, "ended": one.ended}) for leg, one in going.rides.items()}
    return _told({"rides": rides, "over": going.over})


def leg_of(said: Said) -> Leg:
    """How one bus stands on one leg."""
    count, arrival = canonical(_counts(said, arrived=False)), canonical(_counts(said, arrived=True))
    departures = _departures(said)
    departure = canonical(_latest(departures))
    confirm = canonical(_confirms(said, departure)) if departure else None
    return Leg(
        headcount=count.id if count else None,
        counted=_number(count) if count else None,
        departure=departure.id if departure else None,
        version=len(departures),
        confirmed_by=verified(confirm) if confirm else None,
        arrival=arrival.id if arrival else None,
        arrived=_number(arrival) if arrival else None,
    )


def conflicts_of_leg(said: Said) -> tuple[Conflict, ...]:
    """Numbers that differ; a bus that left without a second person, or without a word about who is missing."""
    counts = _counts(said, arrived=False)
    found = list(_differ(said, counts, {one.id for one in counts if _miscounted(one)}, ""))
    latest = _latest(_departures(said))
    departure = canonical(latest)
    if departure:
        if len({tuple(people_of(one)) for one in latest}) > 1:
            found += said.conflict("counts-differ", [one.id for one in latest], "high", "departure")
        if undecided := [one.id for one in latest if _undecided(one)]:
            found += said.conflict("departure-undecided", undecided, "high")
        if departure.body.get("decision") != BY_BOARD and not _confirms(said, departure):
            found += said.conflict("departure-unconfirmed", [departure.id], "high")
    return (*found, *_arrivals(said, departure))


def leg_json(leg: Leg) -> dict[str, Any]:
    """The part of a merge that every device must agree on."""
    found = {"count": leg.headcount, "counted": leg.counted, "arrival": leg.arrival, "arrived": leg.arrived}
    if leg.departure:
        found |= {"departure": leg.departure, "version": leg.version, "confirmed": leg.confirmed_by is not None}
    return {name: value for name, value in found.items() if value is not None}


def bus_of(one: Operation) -> str:
    """The bus of a ride; on foot where none is named."""
    return str(one.body.get("bus_id") or ON_FOOT)


def people_of(departure: Operation) -> list[str]:
    """The places that a departure says are aboard."""
    return sorted(map(str, departure.body.get("place_ids", ())))


def confirm_of(said: Said, departure: Operation) -> Operation | None:
    """What a second person said of this very departure."""
    found = [one for one in said.of("confirm") if one.names == departure.id and verified(one)]
    return canonical([one for one in found if verified(one) != departure.body.get("by")])


def verified(confirm: Operation) -> str | None:
    """Whose word a confirmation is; None where the server found that it isn't theirs."""
    return None if confirm.body.get("unverified") else str(confirm.body.get("by", "")) or None


def _boards(said: Said) -> dict[str, list[Operation]]:
    found: dict[str, list[Operation]] = {}
    for one in said.of("board"):
        found.setdefault(str(one.body.get("leg", "")), []).append(one)
    return dict(sorted(found.items()))


def _ride(said: Said, boards: Sequence[Operation]) -> Ride:
    """Who is still aboard speaks before who got off."""
    live = _latest(boards)
    ends = {one.id: _end_of(said, one) for one in live}
    chosen = min([one for one in live if ends[one.id] is None] or live, key=lambda one: one.id)
    return Ride(chosen.id, bus_of(chosen), ends[chosen.id])


def _end_of(said: Said, board: Operation) -> str | None:
    """The getting off that ends this ride: one that knew of it, or that knew of no ride on this leg at all."""
    leg = board.body.get("leg")
    known = {id_ for id_, one in said.known.items() if one.kind == "board" and one.body.get("leg") == leg}
    for off in said.of("alight"):
        if off.body.get("leg") == leg and (
            board.id in off.after
            or (not off.after & known and off.id not in board.after and bus_of(off) == bus_of(board))
        ):
            return off.id
    return None


def _latest(said: Sequence[Operation]) -> list[Operation]:
    """Those that no other one was said after; all of them where each names another: that comes from no phone."""
    answered = frozenset().union(*(one.after for one in said))
    return [one for one in said if one.id not in answered] or list(said)


def _receiver(one: Operation) -> tuple[str, str]:
    """A code and a coordinator's word are no name: each is another receiver."""
    how = str(one.body.get("how", ""))
    return how, str(one.body.get("to", "")) if how in (GUARDIAN, COLLECTOR) else one.id


def _counts(said: Said, *, arrived: bool) -> list[Operation]:
    return _latest([one for one in said.of("headcount") if bool(one.body.get("arrived")) is arrived])


def _departures(said: Said) -> list[Operation]:
    """What the board says of the whole event speaks only where nobody said anything of this bus."""
    found = said.of("departure")
    return [one for one in found if one.body.get("decision") != BY_BOARD] or found


def _number(count: Operation) -> int:
    return int(count.body.get("counted", 0))


def _miscounted(count: Operation) -> bool:
    """Whether the heads are not as many as the names that the same phone had ticked."""
    names = count.body.get("place_ids")
    return names is not None and len(names) != _number(count)


def _differ(said: Said, counts: Sequence[Operation], wrong: Iterable[str], part: str) -> tuple[Conflict, ...]:
    sides = set(wrong)
    if len({_number(one) for one in counts}) > 1:
        sides |= {one.id for one in counts}
    return said.conflict("counts-differ", sides, "high", part) if sides else ()


def _arrivals(said: Said, departure: Operation | None) -> tuple[Conflict, ...]:
    """As many must arrive as left."""
    counts = _counts(said, arrived=True)
    left = len(people_of(departure)) if departure and departure.body.get("decision") != BY_BOARD else None
    wrong = {one.id for one in counts if left is not None and _number(one) != left}
    return _differ(said, counts, wrong, "arrived")


def _undecided(departure: Operation) -> bool:
    """Somebody is missing and the bus is said to be complete, or it left without them and nobody says why."""
    decision, missing = departure.body.get("decision"), departure.body.get("missing")
    if decision == BY_BOARD:
        return False
    return bool(missing) if decision == COMPLETE else not (missing and departure.body.get("reason"))


def _confirms(said: Said, departure: Operation) -> list[Operation]:
    """What a second person said of it, or of another's word that the same people left."""
    same = {
        one.id: one.body.get("by")
        for one in _latest(_departures(said))
        if people_of(one) == people_of(departure) and one.body.get("decision") == departure.body.get("decision")
    }
    return [
        one for one in said.of("confirm") if one.names in same and verified(one) and verified(one) != same[one.names]
    ]


def _told(found: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in found.items() if value}
