"""Gifts in a batch of the day: whose they are, what is written down about it, and what the log of acts keeps."""

from collections.abc import Iterable
from datetime import datetime

from app.attendance.operation import DECISIONS, UNDO, Operation
from app.audit.operations import Act
from app.desk.log.held import Batch
from app.gifts.gift_rules import COUNTING, MOVING
from app.gifts.settling import Whose, settle_gifts

GIFT_VERBS = {
    "hand_out": "hand_out",
    "exchange": "exchange_gift",
    "return": "take_back",
    "kit_out": "lend_kit",
    "kit_back": "take_kit_back",
    "stock_open": "count_table",
    "stock_close": "count_table",
}


def settle_gifts_of(batch: Batch, *, now: datetime) -> list[Act]:
    """Makes the ledgers of gifts say what stands; returns what to write down about it."""
    keys = keys_with_gifts(batch)
    if keys:
        settle_gifts(batch.event.id, {key: _whose(batch, key) for key in sorted(keys)}, now=now)
    return list(_acts(batch))


def keys_with_gifts(batch: Batch) -> set[str]:
    """The people of this batch of whose gifts something new was said, or taken back, or decided."""
    held = {key for key in batch.merged.of("gifts") if key[0] == "w" or key[2:] in batch.places}
    touched = {batch.key_of(one) for one in batch.new if one.kind in (*MOVING, *DECISIONS, "walk_in")}
    return {key for key in held & touched if any(one.kind in MOVING for one in batch.merged.said[key].known.values())}


def _whose(batch: Batch, key: str) -> Whose:
    place = batch.places.get(key[2:])
    walk_in = next((row for row in batch.walk_ins if f"w:{row.id}" == key), None)
    person_id = place.person_id if place else walk_in.person_id if walk_in else None
    return Whose(batch.merged.said[key], batch.merged.states[key]["gifts"], person_id)


def _acts(batch: Batch) -> Iterable[Act]:
    for one in batch.new:
        target = batch.target_of(one) if one.kind == UNDO else one
        if target is None or target.kind not in GIFT_VERBS or target.is_late or one.is_late:
            continue
        yield _act(batch, "undo_gift" if one.kind == UNDO else GIFT_VERBS[target.kind], target, batch.key_of(one))


def _act(batch: Batch, verb: str, target: Operation, key: str) -> Act:
    if target.kind in COUNTING:
        counted = {"quantity": (None, target.body.get("counted", 0))}
        return Act(verb, "events", batch.event.id, batch.event.id, changes=counted)
    told = {"gifts": target.body.get("item_id"), "size": target.body.get("size")}
    said = {name: (None, value) for name, value in told.items() if value}
    place = batch.places.get(key[2:])
    if place is None:
        return Act(verb, "walk_ins", key[2:], batch.event.id, changes=said)
    return Act(verb, "places", place.id, batch.event.id, place.person_id, changes=said)
