"""What came after the day was closed: a coordinator takes it, or leaves it out with a reason. Operations too."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

from app.accounts.actor import Actor
from app.attendance.entry_ids import new_entry_id
from app.attendance.log import known_among
from app.attendance.operation import ACCEPT, DECISIONS, UNDO, Operation
from app.audit.operations import Act, record_many
from app.db import transaction
from app.desk.log.giving import EventFacts, Giver, facts_of
from app.desk.log.held import Held, hold
from app.desk.log.taking import write_down
from app.errors import N_, DomainError, Invalid, require
from app.events.models import Event
from app.events.policy import can_manage_event

LONGEST = 200


class LateGone(DomainError):
    """Somebody decided about it."""

    type = "late-gone"
    message = N_("This was decided already. Look at the list again.")


def accept_late(event: Event, ids: Collection[str], *, now: datetime, actor: Actor) -> int:
    """Lets these count as if they had come in time; returns how many. Raises NotAllowed, LateGone."""

    def accepting(one: Operation, target: Operation | None) -> list[Operation]:
        by = actor.account_id
        accepted = Operation(new_entry_id(), ACCEPT, one.key, now, now, names=one.id, account_id=by)
        if one.kind != UNDO or target is None or target.key == one.key:
            return [accepted]
        # An undo that came before what it takes back, and under another key: there it is said anew.
        return [accepted, Operation(new_entry_id(), UNDO, target.key, now, now, one.body, target.id, account_id=by)]

    return _decide(event, ids, accepting, "accept_late", now=now, actor=actor)


def decline_late(event: Event, ids: Collection[str], *, reason: str, now: datetime, actor: Actor) -> int:
    """Leaves these out for good; returns how many. Raises NotAllowed, LateGone, and Invalid without a reason."""
    why = " ".join(reason.split())[:LONGEST]
    if not why:
        raise Invalid({"reason": N_("Say why, in a few words.")})

    def undoing(one: Operation, _: Operation | None) -> list[Operation]:
        return [
            Operation(new_entry_id(), UNDO, one.key, now, now, {"reason": why}, one.id, account_id=actor.account_id)
        ]

    return _decide(event, ids, undoing, "decline_late", now=now, actor=actor)


def undecided(operations: Collection[Operation]) -> list[Operation]:
    """Those that came late, of which no coordinator has said anything; an undo waits for what it takes back."""
    told = {one.names for one in operations if one.kind in DECISIONS and not one.is_late}
    there = {one.id for one in operations}
    late = [one for one in operations if one.is_late and one.id not in told]
    return [one for one in late if one.kind != UNDO or one.names in there]


def _decide(
    event: Event,
    ids: Collection[str],
    decided: Callable[[Operation, Operation | None], Sequence[Operation]],
    verb: str,
    *,
    now: datetime,
    actor: Actor,
) -> int:
    require(can_manage_event(actor, event))
    facts = facts_of(event)
    with transaction():
        held = hold(facts, _keys(facts, ids), [])
        late = [one for one in undecided(held.operations) if one.id in ids]
        if not late:
            raise LateGone
        giver, there = Giver(actor, frozenset({"manage"})), {one.id: one for one in held.operations}
        said = [new for one in late for new in decided(one, there.get(one.names or ""))]
        write_down(facts, held, said, {}, giver=giver, now=now)
        record_many(actor, [_act(verb, one, _key(one, there), held, facts) for one in late], now=now)
    return len(late)


def _keys(event: EventFacts, ids: Collection[str]) -> set[str]:
    """What they are about: an undo is about what it takes back, under whatever key it came."""
    rows = [row for row in known_among(ids).values() if row.event_id == event.id]
    targets = known_among({row.names for row in rows if row.names})
    return {row.key for row in (*rows, *targets.values()) if row.event_id == event.id}


def _key(one: Operation, there: Mapping[str, Operation]) -> str:
    """What it is about in the end."""
    target = there.get(one.names or "") if one.kind == UNDO else None
    return target.key if target else one.key


def _act(verb: str, one: Operation, key: str, held: Held, event: EventFacts) -> Act:
    key = held.same.get(key, key)
    place = held.places.get(key[2:]) if key[0] == "p" else None
    changes = {"operation": ("", one.kind)}
    if place:
        return Act(verb, "places", place.id, event.id, place.person_id, changes)
    return Act(verb, "desk_operations", one.id, event.id, changes=changes)
