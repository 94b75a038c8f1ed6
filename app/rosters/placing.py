"""Putting people into groups and buses: all of them by rules, some by hand, two in each other's place."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, cast

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import db, lock, transaction
from app.errors import NotFound, require
from app.events.models import Event
from app.events.policy import can_manage_event
from app.rosters.arranging import Arranged, Container, Rules, arrange
from app.rosters.container_errors import (
    ContainerClosed,
    NobodyPicked,
    NoRoomThere,
    NothingToFill,
    NotSeated,
    NotTwo,
)
from app.rosters.containers import MODELS, POINTS, people_in
from app.rosters.models import Arrangement, Bus, Group
from app.rosters.seated import seated_people, travellers
from app.signups.models import Place


def arrange_people(
    event: Event, what: str, rules: Rules, *, keep: bool = False, now: datetime, actor: Actor
) -> Arranged:
    """Fills the groups, or the buses, by these rules; with `keep` whoever is somewhere stays there.

    Returns where everybody is and what could not be kept. Raises NothingToFill.
    """
    with transaction() as session:
        lock(event)
        require(can_manage_event(actor, event))
        containers = [Container(row.id, row.capacity) for row in open_containers(event.id, what)]
        if not containers:
            raise NothingToFill
        people, column = seated_people(event.id), POINTS[what]
        before = {one.place_id: getattr(one, column) for one in people}
        fixed = {place_id: where for place_id, where in before.items() if where and keep}
        found = arrange(travellers(event, people), containers, rules, fixed=fixed)
        moved = [{"id": id_, column: to} for id_ in before if (to := found.placement.get(id_)) != before[id_]]
        if moved:
            session.execute(update(Place), moved)
        _remember(event, what, rules, now=now, actor=actor)
        counts = {what: (sum(map(bool, before.values())), len(found.placement)), "moved": (0, len(moved))}
        record(actor, "arrange", event, now=now, changes=counts)
    return found


def move_people(
    event: Event, what: str, place_ids: Sequence[str], *, to: str | None, now: datetime, actor: Actor
) -> int:
    """Puts these people into that group or bus (None: out of theirs). Returns how many changed.

    Raises NobodyPicked, NotSeated, ContainerClosed, NoRoomThere.
    """
    with transaction():
        lock(event)
        require(can_manage_event(actor, event))
        column, places = POINTS[what], _picked(event, place_ids)
        target = _target(event, what, to)
        moving = [place for place in places if getattr(place, column) != to]
        if target is not None:
            _check_room(target, coming=len(moving))
        names = _names(event.id, what)
        for place in moving:
            _move(place, column, to, names, now=now, actor=actor)
    return len(moving)


def swap_people(event: Event, what: str, place_ids: Sequence[str], *, now: datetime, actor: Actor) -> None:
    """Two people change places. Raises NotTwo, NotSeated."""
    with transaction():
        lock(event)
        require(can_manage_event(actor, event))
        if len(set(place_ids)) != 2:
            raise NotTwo
        column, (one, other) = POINTS[what], _picked(event, place_ids)
        names, here, there = _names(event.id, what), getattr(one, column), getattr(other, column)
        if here != there:
            _move(one, column, there, names, now=now, actor=actor)
            _move(other, column, here, names, now=now, actor=actor)


def open_containers(event_id: str, what: str) -> list[Group | Bus]:
    """Those that take people, in the order of their numbers."""
    return [row for row in containers_of(event_id, what) if row.closed_at is None]


def containers_of(event_id: str, what: str) -> list[Group | Bus]:
    """All of them, closed ones too, with their leaders."""
    model: Any = MODELS[what]
    query = select(model).where(model.event_id == event_id).options(joinedload(model.leader))
    return sorted(db.session.scalars(query), key=by_number)


def container_of(event_id: str, what: str, container_id: str) -> Group | Bus:
    """One of this event's; raises NotFound."""
    row: Any = db.session.get(MODELS[what], container_id)
    if row is None or row.event_id != event_id:
        raise NotFound
    return cast("Group | Bus", row)


def by_number(container: Group | Bus) -> tuple[int, str]:
    """2 before 10, then names."""
    return int(container.name) if container.name.isdecimal() else 10**9, container.name


def _remember(event: Event, what: str, rules: Rules, *, now: datetime, actor: Actor) -> None:
    plain = {name: value for name, value in asdict(rules).items() if name != "bands"}
    row = db.session.get(Arrangement, (event.id, what)) or Arrangement(event_id=event.id, what=what)
    row.rules, row.arranged_at, row.arranged_by_id = plain, now, actor.account_id
    db.session.add(row)


def _picked(event: Event, place_ids: Sequence[str]) -> list[Place]:
    if not place_ids:
        raise NobodyPicked
    found = {place.id: place for place in db.session.scalars(select(Place).where(Place.id.in_(place_ids)))}
    wanted = [found.get(place_id) for place_id in dict.fromkeys(place_ids)]
    places = [place for place in wanted if place and place.event_id == event.id and place.is_confirmed]
    if len(places) != len(wanted):
        raise NotSeated
    return places


def _target(event: Event, what: str, to: str | None) -> Group | Bus | None:
    if to is None:
        return None
    row = container_of(event.id, what, to)
    if row.closed_at is not None:
        raise ContainerClosed(name=row.name)
    return row


def _check_room(target: Group | Bus, *, coming: int) -> None:
    people = people_in(target) + coming
    if coming and target.capacity is not None and people > target.capacity:
        raise NoRoomThere(name=target.name, capacity=target.capacity, people=people)


def _names(event_id: str, what: str) -> dict[str | None, str]:
    model = MODELS[what]
    return {
        row.id: row.name for row in db.session.execute(select(model.id, model.name).where(model.event_id == event_id))
    }


def _move(
    place: Place, column: str, to: str | None, names: dict[str | None, str], *, now: datetime, actor: Actor
) -> None:
    before = getattr(place, column)
    setattr(place, column, to)
    said = {column.removesuffix("_id"): (names.get(before), names.get(to))}
    record(actor, "move_person", place, now=now, changes=said)
