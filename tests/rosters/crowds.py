"""Crowds to place, as plain values: families, brigades, children on their own, colleagues."""

import random
from collections import Counter
from collections.abc import Sequence
from math import ceil

from hypothesis import strategies as st

from app.rosters.arranging import Container, Traveller
from app.rosters.ratio import BANDS, Band, weight
from app.rosters.travellers import families_of


def adult(place_id: str, party: str = "", **more: object) -> Traveller:
    return Traveller(place_id, party or f"p-{place_id}", age=35, **more)  # type: ignore[arg-type]


def child(place_id: str, party: str = "", age: int | None = 12, **more: object) -> Traveller:
    return Traveller(place_id, party or f"p-{place_id}", age=age, is_child=True, **more)  # type: ignore[arg-type]


def family(name: str, *, children: int = 1, adults: int = 1, age: int = 12) -> list[Traveller]:
    grown = [adult(f"{name}-a{number}", name, department="Смелтер") for number in range(adults)]
    return [*grown, *(child(f"{name}-c{number}", name, age) for number in range(children))]


def brigade(name: str, people: int) -> list[Traveller]:
    return [adult(f"{name}-{number:02}", name, brigade_id=name) for number in range(people)]


def crowd(people: int, seed: int = 1) -> list[Traveller]:
    """A cleanup day as it comes: a third in families, some brigades, children on their own, colleagues."""
    chance, found, number = random.Random(seed), list[Traveller](), 0
    while len(found) < people:
        number += 1
        kind, department = chance.random(), f"d{chance.randrange(12)}"
        city = chance.choice(("balkhash", "zhezkazgan"))
        where = {"city": city, "department": department}
        if kind < 0.35:
            found.append(adult(f"{number}-0", f"p{number}", **where))
            for one in range(1, chance.randrange(2, 5)):
                found.append(child(f"{number}-{one}", f"p{number}", chance.randrange(4, 17), city=city))
        elif kind < 0.5:
            size = chance.randrange(5, 15)
            found += [adult(f"{number}-{one}", brigade_id=f"b{number}", **where) for one in range(size)]
        elif kind < 0.65:
            found.append(child(f"{number}-0", age=chance.randrange(7, 17), city=city))
        else:
            found.append(adult(f"{number}-0", **where))
    return found[:people]


def needed(people: Sequence[Traveller], bands: tuple[Band, ...] = BANDS) -> int:
    """Adults that these children need, reckoned the long way."""
    shares = Counter(weight(one.age, bands) for one in people if one.is_child)
    whole = weight(0, bands) * bands[0].per_adult
    return ceil(sum(share * number for share, number in shares.items()) / whole)


def fits_first(people: Sequence[Traveller], containers: Sequence[Container]) -> bool:
    """Whether families, the largest first, each into the first container with room, all find one."""
    free = [container.capacity or 10**6 for container in containers]
    for size in sorted((len(one) for one in families_of(people)), reverse=True):
        room = next((number for number, left in enumerate(free) if left >= size), None)
        if room is None:
            return False
        free[room] -= size
    return True


@st.composite
def crowds(draw: st.DrawFn) -> list[Traveller]:
    found: list[Traveller] = []
    for number in range(draw(st.integers(0, 14))):
        kind, name = draw(st.sampled_from("family brigade child adult".split())), f"{number:02}"
        if kind == "family":
            found += family(name, children=draw(st.integers(1, 4)), adults=draw(st.integers(1, 2)), age=draw(AGES))
        elif kind == "brigade":
            found += brigade(name, draw(st.integers(2, 7)))
        else:
            found.append(child(name, age=draw(AGES)) if kind == "child" else adult(name, role=draw(ROLES)))
    return found


AGES = st.integers(0, 17)
ROLES = st.sampled_from(("participant", "escort"))
CONTAINERS = st.lists(st.none() | st.integers(1, 14), max_size=5).map(
    lambda sizes: [Container(f"c{number}", size) for number, size in enumerate(sizes)]
)
