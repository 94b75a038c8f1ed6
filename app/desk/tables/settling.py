"""Gifts in a batch of the day: whose they are, what is written down about it, and what the log of acts keeps."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from app.attendance.operation import UNDO, Operation
from app.audit.operations import Act
from app.desk.log.held import Batch
from app.desk.tables.people import keys_with_gifts, others_of, people_of
from app.gifts.gift_rules import COUNTING, gifts_of_person
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
    keys = sorted(keys_with_gifts(batch))
    if keys:
        settle_gifts(batch.event.id, _whose(batch, keys), now=now)
    return list(_acts(batch))


def _whose(batch: Batch, keys: Sequence[str]) -> dict[str, Whose]:
    """{key: what was said}, and what was said of the same people under other keys: one piece of each thing counts."""
    people = people_of(batch, keys)
    others = others_of(batch, people)
    known = people_of(batch, sorted(batch.merged.of("gifts"))) if people else {}
    same = {key for key, person_id in known.items() if person_id in set(people.values())}
    found = {}
    for key in sorted({*keys, *same}):
        found[key] = Whose(batch.merged.said[key], batch.merged.states[key]["gifts"], known.get(key))
    for key, other in sorted(others.items()):
        found[key] = Whose(other.said, gifts_of_person(other.said), other.person_id)
    return found


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
