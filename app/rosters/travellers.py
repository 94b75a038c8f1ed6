"""Who is to be placed, as plain values, and what ties them: families that are never parted, companies that like to
stay together. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Traveller:
    """One person with a seat. `guardians` are the places of adults who decide for them and come too.

    `brigade_id` names a company (a brigade, an institution's list) larger than a family; `age` is that on the day,
    None where it is unknown.
    """

    place_id: str
    party_id: str
    brigade_id: str | None = None
    city: str = ""
    department: str = ""
    age: int | None = None
    is_child: bool = False
    role: str = "participant"
    guardians: tuple[str, ...] = ()


def families_of(people: Sequence[Traveller]) -> list[list[Traveller]]:
    """Who must never be parted, in the order given: children with their guardians and the adults of their sign-up.

    A sign-up of a whole company is no family: there only guardians and their children belong together.
    """
    head = {person.place_id: person.place_id for person in people}

    def find(place_id: str) -> str:
        while head[place_id] != place_id:
            head[place_id] = place_id = head[head[place_id]]
        return place_id

    for one, other in _ties(people):
        head[find(other)] = find(one)
    found: defaultdict[str, list[Traveller]] = defaultdict(list)
    for person in people:
        found[find(person.place_id)].append(person)
    return list(found.values())


def escorts_among(people: Iterable[Traveller]) -> frozenset[str]:
    """The places of adults who are there for children: escorts by role, guardians, adults of a child's own sign-up."""
    everybody = list(people)
    children = [person for person in everybody if person.is_child]
    parties = {child.party_id for child in children if child.brigade_id is None}
    guardians = {place_id for child in children for place_id in child.guardians}
    return frozenset(
        person.place_id
        for person in everybody
        if not person.is_child
        and (person.role == "escort" or person.party_id in parties or person.place_id in guardians)
    )


def company_of(person: Traveller) -> str:
    """Whom they would rather stay with: the brigade, else the sign-up."""
    return person.brigade_id or person.party_id


def _ties(people: Sequence[Traveller]) -> Iterable[tuple[str, str]]:
    here = {person.place_id for person in people}
    parties: defaultdict[str, list[Traveller]] = defaultdict(list)
    for person in people:
        yield from ((guardian, person.place_id) for guardian in person.guardians if guardian in here)
        if person.brigade_id is None:
            parties[person.party_id].append(person)
    for party in parties.values():
        if any(person.is_child for person in party):
            yield from ((party[0].place_id, person.place_id) for person in party[1:])
