"""Days that could have been: what up to eight phones said of a few people, without knowing much of each other."""

from dataclasses import replace
from datetime import timedelta
from random import Random
from uuid import UUID

from app.attendance.operation import Operation
from tests.factories import SATURDAY

NOBODYS = str(UUID(int=0, version=4))
KINDS = ("check_in", "check_in", "check_in", "check_out", "absent", "excused", "undo", "undo")


def day(random: Random, place_ids: list[str], *, length: int = 24, phones: int = 8) -> list[Operation]:
    """So many operations. Each phone knows what it said and now and then what others did; its clock is its own."""
    clocks = [timedelta(minutes=random.choice((0, 0, 3, -1440, 1440))) for _ in range(phones)]
    known: list[list[Operation]] = [[] for _ in range(phones)]
    ids = random.sample([str(UUID(int=number, version=4)) for number in range(1, length + 1)], length)
    every: list[Operation] = []
    for number in range(length):
        phone = random.randrange(phones)
        if every and random.random() < 0.3:
            known[phone].extend(random.sample(every, min(len(every), 4)))
        one = _said(random, place_ids, known[phone], every, phone=phone)
        at = SATURDAY + timedelta(minutes=number) + clocks[phone]
        one = replace(one, id=ids[number], at=at, corrected_at=max(SATURDAY, min(at, SATURDAY + timedelta(hours=1))))
        known[phone].append(one)
        every.append(one)
    return every


def delivered(random: Random, operations: list[Operation]) -> list[list[Operation]]:
    """The same in another order, in batches, some of it twice."""
    again = random.sample(operations, len(operations) // 3)
    left, batches = random.sample(operations + again, len(operations) + len(again)), []
    while left:
        many = random.randint(1, 6)
        batches.append(left[:many])
        left = left[many:]
    return batches


def _said(
    random: Random, place_ids: list[str], known: list[Operation], every: list[Operation], *, phone: int
) -> Operation:
    kind = random.choice(KINDS)
    place_id = random.choice(place_ids)
    marks = [one for one in known if one.kind != "undo"]
    names = None
    if kind == "undo":
        # Now and then of another phone's, of another person's, or of nobody's.
        pool = marks if marks and random.random() < 0.7 else every
        target = random.choice(pool) if pool else None
        names = target.id if target else NOBODYS
        place_id = target.key[2:] if target and random.random() < 0.8 else place_id
    seen = [one.id for one in marks if one.key == f"p:{place_id}"]
    return Operation(
        id="",
        kind=kind,
        key=f"p:{place_id}",
        at=SATURDAY,
        corrected_at=SATURDAY,
        names=names,
        after=frozenset(random.sample(seen, random.randint(0, len(seen)))),
        device=f"phone {phone}",
    )
