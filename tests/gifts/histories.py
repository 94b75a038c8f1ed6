"""Days of gifts that could have been: what several tables said of a few people, without knowing much of each other."""

from dataclasses import replace
from datetime import timedelta
from random import Random
from uuid import UUID

from app.attendance.operation import Operation
from tests.factories import SATURDAY

KINDS = (
    "check_in", "check_in", "hand_out", "hand_out", "hand_out", "exchange", "exchange", "exchange", "return", "kit_out",
    "kit_out", "kit_back", "undo", "undo", "stock_open", "stock_close",
)  # fmt: skip
SIZES, TABLES = ("S", "M", "L"), ("", "1", "2")
ABOUT_ANOTHER = ("exchange", "return", "kit_back", "undo")


def gift_day(random: Random, place_ids: list[str], item_ids: list[str], *, length: int = 20) -> list[Operation]:
    """So many operations; what answers another names one of the same person, now and then of nobody."""
    every: list[Operation] = []
    for number in range(length):
        one = _said(random, place_ids, item_ids, every)
        at = SATURDAY + timedelta(minutes=number)
        every.append(replace(one, at=at, corrected_at=at))
    return every


def _said(random: Random, place_ids: list[str], item_ids: list[str], every: list[Operation]) -> Operation:
    kind, item_id = random.choice(KINDS), random.choice(item_ids)
    key = f"p:{random.choice(place_ids)}"
    body: dict[str, object] = {"item_id": item_id} if kind in ("hand_out", "kit_out") else {}
    if kind in ("hand_out", "exchange", "kit_out"):
        body["size"] = random.choice(SIZES)
    if kind.startswith("stock"):
        key, body = f"t:{random.choice(TABLES) or '-'}|{item_id}|M", {"counted": random.randint(0, 3)}
    elif kind == "kit_back" and random.random() < 0.3:
        body["damaged"] = True
    elif table := random.choice(TABLES):
        body["table"] = table
    names = None
    if kind in ABOUT_ANOTHER:
        pool = [one for one in every if one.kind != "undo" and (kind == "undo" or one.key == key)]
        target = random.choice(pool) if pool and random.random() < 0.9 else None
        names, key = (target.id, target.key) if target else (_id(random), key)
        body = {} if kind == "undo" else body
    seen = [one.id for one in every if one.key == key]
    after = frozenset(random.sample(seen, random.randint(0, min(3, len(seen)))))
    return Operation(_id(random), kind, key, SATURDAY, SATURDAY, body, names, after, device="phone")


def _id(random: Random) -> str:
    return str(UUID(int=random.getrandbits(128), version=4))
