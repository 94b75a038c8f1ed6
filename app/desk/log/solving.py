"""A coordinator says which side of a conflict holds, and why; or looks at it again. Operations like any other."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from app.accounts.actor import Actor
from app.attendance.entry_ids import new_entry_id
from app.attendance.log import known_among
from app.attendance.operation import BOTH, SOLVE, UNDO, Operation, said_of
from app.audit.operations import Act, record_many
from app.db import transaction
from app.desk.log.conflict_models import DeskConflict
from app.desk.log.giving import EventFacts, Giver, facts_of
from app.desk.log.held import Held, hold
from app.desk.log.taking import write_down
from app.errors import N_, DomainError, Invalid, require
from app.events.models import Event
from app.events.policy import can_manage_event

NONE = "none"  # no side holds: what was said is taken back
LONGEST = 200


class ConflictGone(DomainError):
    """Somebody solved it, or took a side back."""

    type = "conflict-gone"
    message = N_("Nothing contradicts here any more. Look at the list again.")


def solve_conflict(
    event: Event, conflict: DeskConflict, *, keep: str, reason: str, now: datetime, actor: Actor
) -> None:
    """Keeps one side (the id of its operation), `both`, or `none`; the others are treated as taken back.

    Raises NotAllowed, ConflictGone, and Invalid without a reason or with a side that isn't one.
    """
    require(can_manage_event(actor, event))
    why = " ".join(reason.split())[:LONGEST]
    if not why:
        raise Invalid({"reason": N_("Say why, in a few words.")})
    facts, word, key, conflict_id = facts_of(event), conflict.word, conflict.key, conflict.id
    keys = {key, *(row.key for row in known_among(conflict.operations).values() if row.event_id == event.id)}
    with transaction():
        held = hold(facts, keys, [])
        row = _row(held, conflict_id)
        if row is None or row.gone_at or row.solved_at:
            raise ConflictGone
        if keep not in (*row.operations, BOTH, NONE):
            raise Invalid({"keep": N_("Choose one of the sides.")})
        said = {"word": word, "sides": list(row.operations), "keep": keep, "reason": why}
        changes = {"choice": ("", _choice(held, keep)), "reason": ("", why)}
        solution = _operation(SOLVE, key, now=now, actor=actor, body=said)
        # A decision reaches no further than its key: what was said of somebody else is taken back by itself.
        elsewhere = [] if keep == BOTH else [one for one in _sides(held, row) if one.id != keep and one.key != key]
        undos = [_operation(UNDO, one.key, now=now, actor=actor, names=one.id) for one in elsewhere]
        _say(facts, held, solution, *undos, actor=actor, now=now)
        _note(held, facts, "solve_conflict", row, changes, now=now, actor=actor)


def reopen_conflict(event: Event, conflict: DeskConflict, *, now: datetime, actor: Actor) -> None:
    """Takes the decision back: what contradicts stands there again. Raises NotAllowed, ConflictGone."""
    require(can_manage_event(actor, event))
    facts, word, key, conflict_id = facts_of(event), conflict.word, conflict.key, conflict.id
    with transaction():
        held = hold(facts, [key], [])
        row = _row(held, conflict_id)
        undone = said_of(key, held.operations).undone_by
        solutions = [one for one in held.operations if one.kind == SOLVE and one.body.get("word") == word]
        standing = [one for one in solutions if one.id not in undone]
        if row is None or row.solved_at is None or not standing:
            raise ConflictGone
        undos = [_operation(UNDO, key, now=now, actor=actor, names=one.id) for one in standing]
        _say(facts, held, *undos, actor=actor, now=now)
        _note(held, facts, "reopen_conflict", row, {}, now=now, actor=actor)


def _say(event: EventFacts, held: Held, *operations: Operation, actor: Actor, now: datetime) -> None:
    spoken = [replace(one, is_late=False) for one in operations]
    write_down(event, held, spoken, {}, giver=Giver(actor, frozenset({"manage"})), now=now)


def _operation(kind: str, key: str, *, now: datetime, actor: Actor, **said: Any) -> Operation:
    return Operation(new_entry_id(), kind, key, at=now, corrected_at=now, account_id=actor.account_id, **said)


def _row(held: Held, conflict_id: str) -> Any:
    return next((row for row in held.conflicts if row.id == conflict_id), None)


def _sides(held: Held, row: Any) -> list[Operation]:
    """The operations of a conflict, each under the key that it counts for."""
    sides = [one for one in held.operations if one.id in row.operations]
    return [replace(one, key=held.same.get(one.key, one.key)) for one in sides]


def _choice(held: Held, keep: str) -> str:
    """The kind of what was kept: an id tells a reader of the log nothing."""
    kinds: Sequence[str] = [one.kind for one in held.operations if one.id == keep]
    return kinds[0] if kinds else keep


def _note(held: Held, event: EventFacts, verb: str, row: Any, changes: Any, *, now: datetime, actor: Actor) -> None:
    place = held.places.get(row.place_id or "")
    about = place.person_id if place else None
    record_many(actor, [Act(verb, DeskConflict.__tablename__, row.id, event.id, about, changes)], now=now)
