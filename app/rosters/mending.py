"""Local repair of a filling: whole families move or change places until escorts suffice and sizes are even. Pure."""

from collections.abc import Iterator
from itertools import product

from app.rosters.filling import Filling, Load, Unit

MOST_STEPS = 400


def mend(filling: Filling) -> None:
    """Moves and swaps as long as each makes fewer escorts missing in all."""
    for _ in range(MOST_STEPS):
        lacking = [load for load in filling.loads if filling.deficit(load)]
        if not any(_help(filling, load) for load in lacking):
            return


def even_out(filling: Filling) -> None:
    """From the fullest to the emptiest, as long as that evens them out and breaks nothing else."""
    if not filling.rules.balanced:
        return
    for _ in range(MOST_STEPS):
        by_fill = sorted(filling.loads, key=lambda load: (load.fill(), load.id))
        pairs = ((full, empty) for full, empty in product(by_fill[:-4:-1], by_fill[:3]) if full is not empty)
        if not any(_level(filling, full, empty) for full, empty in pairs):
            return


def _help(filling: Filling, lacking: Load) -> bool:
    """One step that leaves fewer escorts missing; says whether there was one."""
    for other in filling.loads:
        if other is lacking:
            continue
        for here, there in _exchanges(lacking, other):
            change = filling.change(lacking, come=there, go=here) + filling.change(other, come=here, go=there)
            if change < 0 and _fits(lacking, there, here) and _fits(other, here, there):
                _exchange(lacking, other, here, there)
                return True
    return False


def _level(filling: Filling, full: Load, empty: Load) -> bool:
    best, gap = None, full.fill() - empty.fill()
    for here, there in _exchanges(full, empty):
        step = (here.size if here else 0) - (there.size if there else 0)
        if step <= 0 or not _fits(empty, here, there) or _breaks(filling, full, empty, here, there):
            continue
        after = abs(full.fill(-step) - empty.fill(step))
        if after < gap - 1e-9:
            best, gap = (here, there), after
    if best:
        _exchange(full, empty, *best)
    return best is not None


def _breaks(filling: Filling, full: Load, empty: Load, here: Unit | None, there: Unit | None) -> bool:
    """Whether this would make escorts missing, part a company, or bring somebody among strangers."""
    rules = filling.rules
    if filling.change(full, come=there, go=here) + filling.change(empty, come=here, go=there) > 0:
        return True
    for unit, target in ((here, empty), (there, full)):
        if unit and rules.brigades and unit.company:
            return True
        if unit and rules.by and not target.areas[unit.area]:
            return True
    return False


def _exchanges(one: Load, other: Load) -> Iterator[tuple[Unit | None, Unit | None]]:
    """Every kind of unit of the one for nothing, then for every kind of the other."""
    mine, theirs = _kinds(one), _kinds(other)
    yield from ((unit, None) for unit in mine)
    yield from ((None, unit) for unit in theirs)
    yield from product(mine, theirs)


def _kinds(load: Load) -> list[Unit]:
    """One unit of each kind and area; of those alike one without a company first."""
    found: dict[object, Unit] = {}
    for unit in load.units:
        if unit.only is None:
            key = (unit.kind, unit.area)
            if key not in found or (found[key].company and not unit.company):
                found[key] = unit
    return list(found.values())


def _fits(load: Load, come: Unit | None, go: Unit | None) -> bool:
    return load.free >= (come.size if come else 0) - (go.size if go else 0)


def _exchange(one: Load, other: Load, here: Unit | None, there: Unit | None) -> None:
    for unit, source, target in ((here, one, other), (there, other, one)):
        if unit:
            source.put(unit, -1)
            target.put(unit)
