"""The solver: puts people into groups or buses by rules that are data. Pure, deterministic, made for hundreds.

It tries a few ways of filling (whole companies side by side; children with an escort each; the largest first), mends
what lacks escorts by moving and swapping whole families, evens the sizes out, and takes the best result.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.rosters.explaining import Unmet, explain
from app.rosters.filling import Container, Filling, Load, Rules, Unit, empty_filling, units_of
from app.rosters.mending import even_out, mend
from app.rosters.travellers import Traveller

__all__ = ["Arranged", "Container", "Rules", "Traveller", "Unmet", "arrange"]


@dataclass(frozen=True, slots=True)
class Arranged:
    """{place: container} of those who found room, and what of the rules could not be kept."""

    placement: dict[str, str]
    unmet: list[Unmet]


def arrange(
    people: Sequence[Traveller],
    containers: Sequence[Container],
    rules: Rules,
    *,
    fixed: Mapping[str, str] | None = None,
) -> Arranged:
    """Places everybody whom the containers can hold; `fixed` people stay where they are.

    Never overfills a container and never parts a family that it places itself.
    """
    people = sorted(people, key=lambda person: person.place_id)
    known = {container.id for container in containers}
    stays = {place_id: where for place_id, where in (fixed or {}).items() if where in known}
    placement = {person.place_id: stays[person.place_id] for person in people if person.place_id in stays}
    if containers and people:
        placement |= _best(people, containers, rules, placement)
    return Arranged(placement, explain(people, containers, placement, rules))


def _best(
    people: Sequence[Traveller], containers: Sequence[Container], rules: Rules, fixed: dict[str, str]
) -> dict[str, str]:
    units, best = units_of(people, rules, fixed=fixed), None
    for way in (_companies_together, _escorts_first, _largest_first):
        filling = empty_filling(people, containers, rules, fixed=fixed)
        way(filling, _followers(filling, units))
        mend(filling)
        even_out(filling)
        if best is None or filling.score() < best.score():
            best = filling
        if not any(best.score()[:3]):
            break
    assert best is not None
    return {place_id: load.id for load in best.loads for unit in load.units for place_id in unit.people}


def _followers(filling: Filling, units: Iterable[Unit]) -> list[Unit]:
    """Whoever has family in a container already goes there, or nowhere; the others are still to be placed."""
    by_id, free = {load.id: load for load in filling.loads}, []
    for unit in units:
        if unit.only is None:
            free.append(unit)
        elif by_id[unit.only].free >= unit.size:
            by_id[unit.only].put(unit)
        else:
            filling.left.append(unit)
    return free


def _companies_together(filling: Filling, units: Sequence[Unit]) -> None:
    """Companies as one block where one container holds them, else family by family; area by area."""
    blocks: defaultdict[object, list[Unit]] = defaultdict(list)
    for unit in units:
        blocks[unit.company if filling.rules.brigades and unit.company else unit.people].append(unit)
    areas: defaultdict[str, int] = defaultdict(int)
    for unit in units:
        areas[unit.area] += unit.size
    ordered = sorted(blocks.values(), key=lambda block: (-areas[block[0].area], block[0].area, *_large(block)))
    for block in ordered:
        whole = _roomiest(filling, block)
        for unit in sorted(block, key=lambda unit: _large([unit])):
            _put(filling, unit, whole or _roomiest(filling, [unit]))


def _largest_first(filling: Filling, units: Sequence[Unit]) -> None:
    """Into the first container with room: finds room where side by side found none."""
    for unit in sorted(units, key=lambda unit: _large([unit])):
        _put(filling, unit, next((load for load in filling.loads if load.free >= unit.size), None))


def _escorts_first(filling: Filling, units: Sequence[Unit]) -> None:
    """No child goes where an escort is missing: one is put in first, into the container with most room."""
    children = [unit for unit in units if unit.weight > unit.escorts * filling.whole]
    others = [unit for unit in units if unit not in set(children)]
    spare = sorted((unit for unit in others if unit.escorts and unit.weight == 0), key=lambda unit: unit.size)
    waiting = []
    for unit in sorted(children, key=lambda unit: _large([unit])):
        fits = [load for load in filling.loads if load.free >= unit.size and not filling.change(load, come=unit)]
        load = min(fits, key=lambda load: load.free, default=None)
        if load is None and spare:
            roomy = max(filling.loads, key=lambda load: load.free)
            if roomy.free >= unit.size + spare[0].size:
                roomy.put(spare.pop(0))
                load = roomy
        if load:
            load.put(unit)
        else:
            waiting.append(unit)
    placed = {unit for load in filling.loads for unit in load.units}
    for unit in sorted([unit for unit in others if unit not in placed], key=lambda unit: _large([unit])):
        _put(filling, unit, _roomiest(filling, [unit]))
    for unit in waiting:
        _put(filling, unit, _roomiest(filling, [unit]))


def _roomiest(filling: Filling, block: Sequence[Unit]) -> Load | None:
    """Where these fit best together: no escort missing because of them, beside their own area, evenly."""
    size, escorts = sum(unit.size for unit in block), sum(unit.escorts for unit in block)
    heavier, area, rules = sum(unit.weight for unit in block), block[0].area, filling.rules

    def worth(numbered: tuple[int, Load]) -> tuple[float, ...]:
        number, load = numbered
        worse = filling.deficit(load, escorts, heavier) - filling.deficit(load)
        apart = bool(rules.by) and not (load.areas[area] and (not rules.balanced or load.fill(size) <= 1.02))
        return worse, apart, load.fill(size) if rules.balanced else 0, number

    fits = [(number, load) for number, load in enumerate(filling.loads) if load.free >= size]
    return min(fits, key=worth)[1] if fits else None


def _put(filling: Filling, unit: Unit, load: Load | None) -> None:
    if load:
        load.put(unit)
    else:
        filling.left.append(unit)


def _large(block: Sequence[Unit]) -> tuple[object, ...]:
    """Large ones first, those with escorts to spare before those without."""
    return -sum(unit.size for unit in block), -sum(unit.escorts for unit in block), block[0].people
