"""Trips that could have been: what phones said of two people, two buses, two legs, knowing a little of each other."""

from dataclasses import replace
from random import Random
from typing import Any
from uuid import UUID

from app.attendance.operation import Operation
from tests.factories import SATURDAY

KINDS = ("board", "board", "alight", "hand_over", "headcount", "departure", "confirm", "undo", "check_in", "solve")
OF_A_BUS = ("headcount", "departure", "confirm")


def trip_day(random: Random, length: int = 40) -> list[Operation]:
    """So many operations."""
    every: list[Operation] = []
    for _ in range(length):
        kind, way, bus = random.choice(KINDS), random.choice(("out", "back")), random.choice("AB")
        target = random.choice(every) if every and kind in ("undo", "confirm") else None
        key = f"b:{bus}:{way}" if kind in OF_A_BUS else f"p:{random.choice('xy')}"
        one = Operation(
            id=str(UUID(int=random.getrandbits(128), version=4)),
            kind=kind,
            key=key,
            at=SATURDAY,
            corrected_at=SATURDAY,
            body=_body(random, kind, bus, way, key, every),
            names=target.id if target else None,
            after=frozenset(one.id for one in random.sample(every, min(len(every), random.randrange(4)))),
        )
        every.append(replace(one, key=target.key) if target else one)
    return every


def _body(random: Random, kind: str, bus: str, way: str, key: str, every: list[Operation]) -> dict[str, Any]:
    if kind == "solve":
        sides = [one.id for one in random.sample(every, min(len(every), 2))]
        word = f"{random.choice(('in-two-buses', 'handed-over-twice'))}|{key}|{random.choice(('', way))}"
        return {"word": word, "sides": sides, "keep": random.choice([*sides, "both", "none"])}
    body: dict[str, Any] = {"bus_id": random.choice((bus, "")), "leg": way, "by": random.choice("as")}
    body |= {"how": random.choice(("guardian", "code")), "to": random.choice("mn"), "counted": random.randrange(3)}
    body |= {"place_ids": random.sample("xyz", random.randrange(3)), "arrived": random.random() < 0.3}
    body["decision"] = random.choice(("complete", "left_without", "board"))
    body |= {name: True for name in ("unproved", "unverified") if random.random() < 0.3}
    body |= {"missing": ["q"], "reason": random.choice(("", "ill"))} if random.random() < 0.4 else {}
    return body if random.random() < 0.9 else {name: body[name] for name in ("leg", "counted", "decision")}
