"""One state from what any number of phones said: the rules of each room over each key, in whatever order it came. Pure.

A room adds its rules as a Part. What contradicts within a key its `conflicts` say; what contradicts what the server
knows besides (seats, consents, capacity) is in app/desk/log/judging.py.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from app.attendance.operation import Conflict, Operation, Said, by_key, said_of
from app.attendance.presence_rules import conflicts_of_presence, presence_json, presence_of
from app.desk.safety.rules import nothing_contradicts, signed_json, signed_of
from app.desk.trip.rules import conflicts_of_going, conflicts_of_leg, going_json, going_of, leg_json, leg_of
from app.gifts.gift_rules import (
    conflicts_of_gifts,
    conflicts_of_table,
    gifts_json,
    gifts_of_person,
    table_json,
    table_of,
)

PERSON, LEG, TABLE = "pw", "b", "t"  # how keys begin
SECTIONS = {"p": "places", "w": "places", "b": "legs", "t": "tables"}


class Part(NamedTuple):
    """The rules of one room: for keys that begin so, the state, what contradicts, and what devices must agree on."""

    name: str
    keys: str
    state: Callable[[Said], Any]
    conflicts: Callable[[Said], tuple[Conflict, ...]]
    told: Callable[[Any], dict[str, Any]]


PARTS = (
    Part("presence", PERSON, presence_of, conflicts_of_presence, presence_json),
    Part("gifts", PERSON, gifts_of_person, conflicts_of_gifts, gifts_json),
    Part("briefing", PERSON, signed_of, nothing_contradicts, signed_json),
    Part("table", TABLE, table_of, conflicts_of_table, table_json),
    Part("trip", PERSON, going_of, conflicts_of_going, going_json),
    Part("leg", LEG, leg_of, conflicts_of_leg, leg_json),
)


@dataclass(frozen=True, slots=True)
class Merged:
    """What stands: for each key what was said and {part: its state}; all conflicts by word; what waits for another."""

    said: Mapping[str, Said]
    states: Mapping[str, Mapping[str, Any]]
    conflicts: tuple[Conflict, ...]
    pending: tuple[str, ...]

    def of(self, part: str) -> dict[str, Any]:
        """{key: its state} in one room's eyes."""
        return {key: states[part] for key, states in self.states.items() if part in states}

    @property
    def walk_ins(self) -> list[Operation]:
        """Those who came without a place."""
        return [one for said in self.said.values() for one in said.of("walk_in")]


def merge(operations: Iterable[Operation], same: Mapping[str, str] | None = None) -> Merged:
    """The same result for the same set of operations, whatever their order and however often each came.

    `same` names keys that are another's by now: {"w:...": "p:..."} of somebody who got a seat.
    """
    said = {key: said_of(key, found) for key, found in sorted(_grouped(operations, same or {}).items())}
    parts = {key: [part for part in PARTS if key[0] in part.keys] for key in said}
    found = [conflict for key, about in said.items() for part in parts[key] for conflict in part.conflicts(about)]
    return Merged(
        said=said,
        states={key: {part.name: part.state(about) for part in parts[key]} for key, about in said.items()},
        conflicts=tuple(sorted(found, key=lambda one: one.word)),
        pending=tuple(sorted(id_ for about in said.values() for id_ in about.pending)),
    )


def merged_json(merged: Merged) -> str:
    """The text that every device must come to, as mergedJson() of the phones does: keys sorted, nothing empty."""
    found: dict[str, Any] = {}
    for key, states in merged.states.items():
        about: dict[str, Any] = {}
        for part in PARTS:
            if part.name in states:
                about |= part.told(states[part.name])
        if about:
            found.setdefault(SECTIONS[key[0]], {})[key] = about
    found["walk_ins"] = sorted(one.id for one in merged.walk_ins)
    found["conflicts"] = [{"word": one.word, "sides": list(one.sides)} for one in merged.conflicts]
    found["pending"] = list(merged.pending)
    return json.dumps(
        {name: value for name, value in found.items() if value},
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )


def _grouped(operations: Iterable[Operation], same: Mapping[str, str]) -> dict[str, list[Operation]]:
    found: dict[str, list[Operation]] = {}
    for key, about in by_key(operations).items():
        found.setdefault(same.get(key, key), []).extend(about)
    return found
