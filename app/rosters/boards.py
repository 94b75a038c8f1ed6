"""The page of groups or buses: cards with their people, who is nowhere, what of the rules is unmet. A fixed number of
queries whatever the number of people."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.db import db
from app.events.models import Event
from app.people.names import fold
from app.rosters.arranging import Container, Rules, Traveller, Unmet
from app.rosters.containers import POINTS
from app.rosters.explaining import explain
from app.rosters.models import Arrangement, Bus, Group
from app.rosters.placing import containers_of
from app.rosters.ratio import Ratio, bands_for, ratio_of
from app.rosters.seated import Seated, seated_people, travellers
from app.rosters.travellers import escorts_among
from app.signups.models import Place

SHOWN = ("", "children", "escorts", "nowhere")


@dataclass(frozen=True, slots=True)
class Row:
    """One person on a card. `age` of children only."""

    place_id: str
    name: str
    age: int | None
    is_child: bool
    is_escort: bool
    about: str


@dataclass(frozen=True, slots=True)
class Card:
    """One group or bus: `people` counts all, `rows` are those whom the filter shows."""

    container: Group | Bus
    people: int
    ratio: Ratio
    rows: list[Row]
    leader_left: bool = False

    @property
    def is_full(self) -> bool:
        """Whether nobody fits in any more."""
        return self.container.capacity is not None and self.people >= self.container.capacity


@dataclass(frozen=True, slots=True)
class Board:
    """All that the page shows."""

    what: str
    cards: list[Card]
    closed: list[Group | Bus]
    nowhere: list[Row]
    people: int
    placed: int
    unmet: list[Unmet]
    rules: Rules
    arranged_at: datetime | None
    names: dict[str, str] = field(default_factory=dict)

    @property
    def unplaced(self) -> int:
        """People who are in none."""
        return self.people - self.placed


@dataclass(frozen=True, slots=True)
class Shown:
    """Which people the page lists: those whose name begins so, and of which kind."""

    q: str = ""
    who: str = ""


EVERYBODY = Shown()


def board_of(event: Event, what: str, shown: Shown = EVERYBODY) -> Board:
    """The board as it stands now: ratio and unmet rules are reckoned anew each time."""
    everybody, column, everything = seated_people(event.id), POINTS[what], containers_of(event.id, what)
    going = travellers(event, everybody)
    standing = [row for row in everything if row.closed_at is None]
    rules, arranged_at = rules_of(event, what)
    open_ids = {row.id for row in standing}
    placement = {one.place_id: where for one in everybody if (where := getattr(one, column)) in open_ids}
    listed = _listed(event, everybody, placement, escorts_among(going), shown)
    containers = [Container(row.id, row.capacity) for row in standing]
    cards = _cards(event, standing, everybody, going, placement, rules, listed)
    return Board(
        what=what,
        cards=cards,
        closed=[row for row in everything if row.closed_at is not None],
        nowhere=listed[None],
        people=len(everybody),
        placed=len(placement),
        unmet=explain(going, containers, placement, rules) if containers else [],
        rules=rules,
        arranged_at=arranged_at,
        names={one.place_id: one.name for one in everybody},
    )


def _cards(
    event: Event,
    standing: list[Group | Bus],
    everybody: list[Seated],
    going: list[Traveller],
    placement: dict[str, str],
    rules: Rules,
    listed: dict[str | None, list[Row]],
) -> list[Card]:
    inside, escorts = _inside(going, placement), escorts_among(going)
    gone = _leaders_who_left(event.id, standing, everybody)
    found = []
    for row in standing:
        there = inside[row.id]
        found.append(Card(row, len(there), ratio_of(there, escorts, rules.bands), listed[row.id], row.id in gone))
    return found


def rules_of(event: Event, what: str) -> tuple[Rules, datetime | None]:
    """The rules that it was arranged by last, the usual ones before; and when that was."""
    bands, row = bands_for(event.site.adult_child_ratio), db.session.get(Arrangement, (event.id, what))
    if row is None:
        return Rules(bands=bands), None
    return Rules(bands=bands, **row.rules), row.arranged_at


def ratios_of(event: Event, what: str) -> dict[str, Ratio]:
    """{container: its ratio now} of those that stand open: for whoever must know before departure."""
    everybody, column, bands = seated_people(event.id), POINTS[what], bands_for(event.site.adult_child_ratio)
    going = travellers(event, everybody)
    placement = {one.place_id: where for one in everybody if (where := getattr(one, column))}
    inside, escorts = _inside(going, placement), escorts_among(going)
    standing = [row for row in containers_of(event.id, what) if row.closed_at is None]
    return {row.id: ratio_of(inside[row.id], escorts, bands) for row in standing}


def _inside(going: list[Traveller], placement: dict[str, str]) -> defaultdict[str | None, list[Traveller]]:
    found: defaultdict[str | None, list[Traveller]] = defaultdict(list)
    for one in going:
        found[placement.get(one.place_id)].append(one)
    return found


def _listed(
    event: Event, everybody: list[Seated], placement: dict[str, str], escorts: Collection[str], shown: Shown
) -> defaultdict[str | None, list[Row]]:
    day, words = event.local_date, [f" {word}" for word in fold(shown.q).split()]
    found: defaultdict[str | None, list[Row]] = defaultdict(list)
    for one in everybody:
        is_child, is_escort, where = one.is_child_on(day), one.place_id in escorts, placement.get(one.place_id)
        kinds = {"": True, "children": is_child, "escorts": is_escort, "nowhere": where is None}
        if kinds.get(shown.who, True) and all(word in f" {one.name_search}" for word in words):
            age = one.age_on(day) if is_child else None
            about = one.school_class or one.department
            found[where].append(Row(one.place_id, one.name, age, is_child, is_escort, about))
    return found


def _leaders_who_left(event_id: str, standing: list[Group | Bus], everybody: list[Seated]) -> set[str]:
    """Containers whose leader had a seat and has none any more: somebody else must be found."""
    here = {one.person_id for one in everybody}
    missing = {row.leader_id: row.id for row in standing if row.leader_id and row.leader_id not in here}
    if not missing:
        return set()
    query: Any = select(Place.person_id).where(Place.event_id == event_id, Place.person_id.in_(missing))
    left = set(db.session.scalars(query))
    return {row.id for row in standing if row.leader_id in left and row.leader_id not in here}
