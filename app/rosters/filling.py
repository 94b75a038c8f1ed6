"""Containers while they are being filled: what is in each of them, and how good that is. Pure; used by the solver."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from app.rosters.ratio import BANDS, Band, unit_of, weight
from app.rosters.travellers import Traveller, company_of, escorts_among, families_of


@dataclass(frozen=True, slots=True)
class Container:
    """A group or a bus; no capacity means that it takes any number."""

    id: str
    capacity: int | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """What the coordinator asks for. Families are never parted and no container is overfilled: that is no choice.

    `by` is "", "city" or "department": people of one stay together where they can.
    """

    brigades: bool = True
    by: str = ""
    balanced: bool = True
    escorts: bool = True
    bands: tuple[Band, ...] = BANDS


class Unit(NamedTuple):
    """People who go together or not at all. `weight` is what its children ask of adults (app/rosters/ratio.py)."""

    people: tuple[str, ...]
    escorts: int
    weight: int
    company: str | None
    area: str
    only: str | None = None  # somebody of it stands there already

    @property
    def size(self) -> int:
        """Seats that it takes."""
        return len(self.people)

    @property
    def kind(self) -> tuple[int, int, int]:
        """Units of one kind are as good as each other."""
        return len(self.people), self.escorts, self.weight


@dataclass(slots=True)
class Load:
    """One container with what it holds now."""

    id: str
    capacity: int
    share: float = 0.0
    size: int = 0
    escorts: int = 0
    weight: int = 0
    units: list[Unit] = field(default_factory=list)
    areas: Counter[str] = field(default_factory=Counter)

    @property
    def free(self) -> int:
        """Seats left."""
        return self.capacity - self.size

    def fill(self, more: int = 0) -> float:
        """How full it is with so many more, against its fair share."""
        return (self.size + more) / self.share if self.share else 0.0

    def put(self, unit: Unit, sign: int = 1) -> None:
        """Takes a unit in; with -1 lets it go."""
        self.size += sign * unit.size
        self.escorts += sign * unit.escorts
        self.weight += sign * unit.weight
        self.areas[unit.area] += sign * unit.size
        if sign > 0:
            self.units.append(unit)
        else:
            self.units.remove(unit)


@dataclass(slots=True)
class Filling:
    """All containers, and who found no room."""

    rules: Rules
    loads: list[Load]
    whole: int
    left: list[Unit] = field(default_factory=list)

    def deficit(self, load: Load, escorts: int = 0, weight: int = 0) -> int:
        """Escorts missing there if so many more came."""
        if not self.rules.escorts:
            return 0
        return max(0, -(-(load.weight + weight) // self.whole) - load.escorts - escorts)

    def change(self, load: Load, *, come: Unit | None = None, go: Unit | None = None) -> int:
        """By how many the missing escorts change there when one unit comes and another goes."""
        escorts = (come.escorts if come else 0) - (go.escorts if go else 0)
        heavier = (come.weight if come else 0) - (go.weight if go else 0)
        return self.deficit(load, escorts, heavier) - self.deficit(load)

    def score(self) -> tuple[float, ...]:
        """Smaller is better: people without a place, missing escorts, companies parted, areas mixed, uneven sizes."""
        rules, fills = self.rules, [load.fill() for load in self.loads]
        companies = {(unit.company, load.id) for load in self.loads for unit in load.units if unit.company}
        return (
            sum(unit.size for unit in self.left),
            sum(self.deficit(load) for load in self.loads),
            len(companies) - len({company for company, _ in companies}) if rules.brigades else 0,
            sum(len(+load.areas) for load in self.loads) if rules.by else 0,
            max(fills) - min(fills) if rules.balanced and fills else 0,
        )


def empty_filling(
    people: Sequence[Traveller], containers: Sequence[Container], rules: Rules, *, fixed: dict[str, str]
) -> Filling:
    """The containers with those in them who stay where they are."""
    widest = max([container.capacity or 0 for container in containers] + [len(people)])
    loads = [Load(container.id, container.capacity or widest) for container in containers]
    room, by_id = sum(load.capacity for load in loads), {load.id: load for load in loads}
    for load in loads:
        load.share = len(people) * load.capacity / room
    escorts = escorts_among(people)
    areas = area_of_families(people, rules)
    for person in people:
        if person.place_id in fixed:
            load = by_id[fixed[person.place_id]]
            load.size += 1
            load.escorts += person.place_id in escorts
            load.weight += weight(person.age, rules.bands) if person.is_child else 0
            load.areas[areas[person.place_id]] += 1
    return Filling(rules, loads, unit_of(rules.bands))


def units_of(people: Sequence[Traveller], rules: Rules, *, fixed: dict[str, str]) -> list[Unit]:
    """Families as units, without those who are placed already; what is left of such a family follows them."""
    escorts, areas = escorts_among(people), area_of_families(people, rules)
    units = []
    for family in families_of(people):
        going = sorted((person for person in family if person.place_id not in fixed), key=lambda p: p.place_id)
        there = [fixed[person.place_id] for person in family if person.place_id in fixed]
        if going:
            units.append(
                Unit(
                    people=tuple(person.place_id for person in going),
                    escorts=sum(person.place_id in escorts for person in going),
                    weight=sum(weight(person.age, rules.bands) for person in going if person.is_child),
                    company=company_of(going[0]),
                    area=areas[going[0].place_id],
                    only=there[0] if there else None,
                )
            )
    many = Counter(unit.company for unit in units)
    return [unit if many[unit.company] > 1 else unit._replace(company=None) for unit in units]


def area_of_families(people: Sequence[Traveller], rules: Rules) -> dict[str, str]:
    """The city or the department by which each person is put, that of the family's adult: children have none."""
    if not rules.by:
        return defaultdict(str)
    areas: dict[str, str] = {}
    for family in families_of(people):
        first = min(family, key=lambda person: (person.is_child, person.place_id))
        areas |= {person.place_id: getattr(first, rules.by) for person in family}
    return areas
