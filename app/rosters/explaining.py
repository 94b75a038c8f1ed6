"""What of the rules a placement doesn't keep, and why: said of the places as they stand, whoever put them there. Pure.

Reasons: no-places (full), too-large (a family larger than any container), no-room (no container has so many free side
by side), not-placed (there is room; nobody has put them in yet), family-parted, escorts (so many missing in one
container), company-parted, area-parted, uneven.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from app.rosters.filling import Container, Rules, area_of_families
from app.rosters.ratio import ratio_of
from app.rosters.travellers import Traveller, company_of, escorts_among, families_of

UNEVEN_FROM = 2  # people more or fewer than the fair share that nobody minds


@dataclass(frozen=True, slots=True)
class Unmet:
    """One rule not kept: the places it is about, the container if it is about one, figures for the sentence."""

    reason: str
    who: tuple[str, ...] = ()
    container: str | None = None
    facts: dict[str, int] = field(default_factory=dict)
    about: str = ""  # the city or the department


def explain(
    people: Sequence[Traveller], containers: Sequence[Container], placement: Mapping[str, str], rules: Rules
) -> list[Unmet]:
    """Everything that isn't as the rules ask, what matters most first."""
    families = families_of(people)
    found = [*_unplaced(people, families, containers, placement), *_parted_families(families, placement)]
    if rules.escorts:
        found += _escorts_missing(people, containers, placement, rules)
    if rules.brigades:
        found += _parted(people, placement, company_of, "company-parted")
    if rules.by:
        areas = area_of_families(people, rules)
        largest = max((container.capacity or len(people) for container in containers), default=0)
        found += [
            one
            for one in _parted(people, placement, lambda p: areas[p.place_id], "area-parted")
            if len(one.who) <= largest
        ]
    if rules.balanced:
        found += _uneven(containers, placement)
    return found


def _unplaced(
    people: Sequence[Traveller],
    families: Sequence[Sequence[Traveller]],
    containers: Sequence[Container],
    placement: Mapping[str, str],
) -> Iterator[Unmet]:
    inside = Counter(placement.values())
    widest = max((c.capacity or len(people) for c in containers), default=0)
    room = {c.id: (c.capacity or len(people)) - inside[c.id] for c in containers}
    most = max(room.values(), default=0)
    grouped: defaultdict[str, list[str]] = defaultdict(list)
    for family in families:
        out = tuple(person.place_id for person in family if person.place_id not in placement)
        beside = [placement[person.place_id] for person in family if person.place_id in placement]
        reason = _why_unplaced(len(out), room.get(beside[0], 0) if beside else most, widest, most)
        if out and reason in ("too-large", "no-room"):
            yield Unmet(reason, out, None, {"num": len(out), "free": most})
        elif out:
            grouped[reason] += out
    for reason, out_of_all in grouped.items():
        yield Unmet(reason, tuple(out_of_all), None, {"num": len(out_of_all), "free": sum(room.values())})


def _why_unplaced(size: int, free_there: int, widest: int, most: int) -> str:
    if size > widest > 0:
        return "too-large"
    if most <= 0:
        return "no-places"
    return "not-placed" if free_there >= size else "no-room"


def _parted_families(families: Sequence[Sequence[Traveller]], placement: Mapping[str, str]) -> Iterator[Unmet]:
    for family in families:
        where = {placement[person.place_id] for person in family if person.place_id in placement}
        if len(where) > 1:
            yield Unmet("family-parted", tuple(p.place_id for p in family), None, {"parts": len(where)})


def _escorts_missing(
    people: Sequence[Traveller], containers: Sequence[Container], placement: Mapping[str, str], rules: Rules
) -> Iterator[Unmet]:
    escorts, inside = escorts_among(people), defaultdict(list)
    for person in people:
        inside[placement.get(person.place_id)].append(person)
    for container in containers:
        ratio = ratio_of(inside[container.id], escorts, rules.bands)
        if ratio.missing:
            children = tuple(person.place_id for person in inside[container.id] if person.is_child)
            facts = {"num": ratio.missing, "children": ratio.children, "adults": ratio.adults}
            yield Unmet("escorts", children, container.id, facts)


def _parted(
    people: Sequence[Traveller], placement: Mapping[str, str], of: Callable[[Traveller], str], reason: str
) -> Iterator[Unmet]:
    together: defaultdict[str, list[str]] = defaultdict(list)
    for person in people:
        if person.place_id in placement:
            together[of(person)].append(person.place_id)
    for key, places in together.items():
        parts = len({placement[place_id] for place_id in places})
        if parts > 1 and key:
            yield Unmet(
                reason,
                tuple(places),
                None,
                {"num": len(places), "parts": parts},
                key if reason == "area-parted" else "",
            )


def _uneven(containers: Sequence[Container], placement: Mapping[str, str]) -> Iterator[Unmet]:
    inside, total = Counter(placement.values()), len(placement)
    room = sum(container.capacity or total for container in containers)
    if not room or len(containers) < 2:
        return
    apart = [inside[c.id] - total * (c.capacity or total) / room for c in containers]
    if max(apart) - min(apart) > UNEVEN_FROM:
        sizes = [inside[c.id] for c in containers]
        yield Unmet("uneven", (), None, {"least": min(sizes), "most": max(sizes)})
