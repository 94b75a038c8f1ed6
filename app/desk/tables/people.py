"""One person under several keys: with a place and without one, or with a cancelled place and another. Gifts are given
once to a person, so what was said of gifts under any of the keys is looked at together.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, String, bindparam, func, literal_column, select, union_all

from app.attendance.log import operations_of
from app.attendance.operation import DECISIONS, Conflict, Said, by_key, said_of
from app.db import connection, db
from app.desk.log.conflict_models import WalkIn
from app.desk.log.held import OF_KEYS, Batch
from app.gifts.gift_rules import MOVING, conflicts_of_gifts, given_to_one
from app.prepared import padded, rows_of

TWICE = "given-twice"
_places, _walk_ins = db.metadata.tables["places"], db.metadata.tables[WalkIn.__tablename__]
_people: BindParameter[Any] = bindparam("people", expanding=True)
PLACED = select((literal_column("'p:'", String) + _places.c.id).label("key"), _places.c.person_id).where(
    _places.c.event_id == bindparam("event_id")
)
CAME = select((literal_column("'w:'", String) + _walk_ins.c.id).label("key"), _walk_ins.c.person_id).where(
    _walk_ins.c.event_id == bindparam("event_id"), _walk_ins.c.place_id.is_(None), _walk_ins.c.person_id.is_not(None)
)
# Those who are asked for, under every key that they have; whoever came only just now; everybody who has several keys.
KEYS = union_all(PLACED.where(_places.c.person_id.in_(_people)), CAME.where(_walk_ins.c.person_id.in_(_people)))
FRESH = select(_walk_ins.c.id, _walk_ins.c.person_id).where(
    _walk_ins.c.id.in_(bindparam("ids", expanding=True)), _walk_ins.c.person_id.is_not(None)
)
EVERYBODY = union_all(PLACED, CAME).subquery()
SEVERAL = select(EVERYBODY.c.person_id).group_by(EVERYBODY.c.person_id).having(func.count() > 1)
SAME = select(EVERYBODY.c.person_id, EVERYBODY.c.key).where(EVERYBODY.c.person_id.in_(SEVERAL))


class Other(NamedTuple):
    """What was said of somebody's gifts under another key than those of the batch."""

    person_id: str
    said: Said


class WithOthers(NamedTuple):
    """A batch that knows of the other keys of its people, the rows of their conflicts, and what contradicts by them."""

    batch: Batch
    rows: Sequence[Any]
    conflicts: Sequence[Conflict]


def keys_with_gifts(batch: Batch) -> set[str]:
    """The people of this batch of whose gifts something new was said, or taken back, or decided."""
    held = {key for key in batch.merged.of("gifts") if key[0] == "w" or key[2:] in batch.places}
    touched = {batch.key_of(one) for one in batch.new if one.kind in (*MOVING, *DECISIONS, "walk_in")}
    return {key for key in held & touched if any(one.kind in MOVING for one in batch.merged.said[key].known.values())}


def people_of(batch: Batch, keys: Iterable[str]) -> dict[str, str]:
    """{key: the person} of those of these who are known."""
    found = {f"p:{place.id}": place.person_id for place in batch.places.values()}
    found |= {f"w:{row.id}": row.person_id for row in batch.walk_ins if row.person_id and not row.place_id}
    fresh = [key[2:] for key in keys if key[0] == "w" and key not in found]
    if fresh:
        found |= {f"w:{row.id}": row.person_id for row in rows_of(connection(), FRESH, {"ids": padded(sorted(fresh))})}
    return {key: found[key] for key in keys if key in found}


def others_of(batch: Batch, people: Mapping[str, str]) -> dict[str, Other]:
    """{key: what was said under it} of the other keys of these people that the batch doesn't hold."""
    if not people:
        return {}
    asked = {"event_id": batch.event.id, "people": padded(sorted(set(people.values())))}
    rows = rows_of(connection(), KEYS, asked)
    whose = {row.key: row.person_id for row in rows if row.key not in batch.merged.said}
    if not whose:
        return {}
    said = by_key(one for one in operations_of(batch.event.id, whose) if one.kind in (*MOVING, *DECISIONS))
    return {key: Other(whose[key], said_of(key, about)) for key, about in said.items() if key in whose}


def same_people(event_id: str) -> list[list[str]]:
    """The keys of each person who has several at this event."""
    found: dict[str, list[str]] = {}
    for row in db.session.execute(SAME.order_by(EVERYBODY.c.key), {"event_id": event_id}):
        found.setdefault(row.person_id, []).append(row.key)
    return sorted(found.values())


def with_others(batch: Batch, rows: Sequence[Any]) -> WithOthers:
    """What one person got twice under different keys; nothing where nobody has several. Looked at whatever is new in
    the batch: what it finds no more counts as gone."""
    people = people_of(batch, _keys_to_look_at(batch, rows))
    others = others_of(batch, people)
    together: dict[str, list[Said]] = {person_id: [] for person_id in people.values()}
    for key, person_id in people_of(batch, sorted(batch.merged.of("gifts"))).items() if people else ():
        if person_id in together:
            together[person_id].append(batch.merged.said[key])
    for other in others.values():
        together[other.person_id].append(other.said)
    own = [one for other in others.values() for one in conflicts_of_gifts(other.said) if one.kind == TWICE]
    found = [one for abouts in together.values() if len(abouts) > 1 for one in given_to_one(abouts)]
    if not others:
        return WithOthers(batch, rows, found)
    said = {key: other.said for key, other in others.items()}
    asked = {"event_id": batch.event.id, "keys": padded(sorted(others))}
    kept = [row for row in rows_of(connection(), OF_KEYS, asked) if row.kind == TWICE]
    merged = replace(batch.merged, said={**said, **batch.merged.said})
    return WithOthers(replace(batch, merged=merged), [*rows, *kept], [*own, *found])


def _keys_to_look_at(batch: Batch, rows: Sequence[Any]) -> list[str]:
    """Those under which something was given, or of which it stands already that somebody got it twice."""
    told = {row.key for row in rows if row.kind == TWICE}
    said = batch.merged.said
    given = {key for key in batch.merged.of("gifts") if any(one.kind in MOVING for one in said[key].counts)}
    return sorted(given | (told & set(batch.merged.of("gifts"))))
