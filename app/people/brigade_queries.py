"""Reads of brigades: who is in one, which ones somebody leads or is in, and which a coordinator may see."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, bindparam, func, or_, select
from sqlalchemy.orm import joinedload

from app.accounts.actor import COORDINATOR, Actor
from app.db import db
from app.errors import NotFound
from app.people.models import Brigade, BrigadeMember, Person
from app.people.policy import can_change_brigade

STANDING = Brigade.ended_at.is_(None)
# Asked for with each sign-up of a party: built once.
COLLEAGUES = (
    select(BrigadeMember.person_id)
    .join(Brigade, Brigade.id == BrigadeMember.brigade_id)
    .where(Brigade.leader_id == bindparam("leader_id"), STANDING, BrigadeMember.left_at.is_(None))
)


def colleague_ids(leader_id: str) -> list[str]:
    """Everybody in the brigades that this person leads today."""
    return list(db.session.scalars(COLLEAGUES, {"leader_id": leader_id}))


def brigades_led_by(person_id: str) -> list[Brigade]:
    """The standing brigades of this leader, the oldest first."""
    query = select(Brigade).where(Brigade.leader_id == person_id, STANDING)
    return list(db.session.scalars(query.order_by(Brigade.created_at, Brigade.id)))


def memberships_of(person_id: str) -> list[BrigadeMember]:
    """The standing brigades of others that this person is in, each with its leader."""
    query = (
        select(BrigadeMember)
        .join(BrigadeMember.brigade)
        .where(BrigadeMember.person_id == person_id, BrigadeMember.left_at.is_(None), STANDING)
        .options(joinedload(BrigadeMember.brigade).joinedload(Brigade.leader))
        .order_by(BrigadeMember.joined_at, BrigadeMember.id)
    )
    return list(db.session.scalars(query))


def members_of(brigade_ids: Sequence[str]) -> dict[str, list[BrigadeMember]]:
    """{brigade's id: its members of today by name}; whoever left the company is left out."""
    query = (
        select(BrigadeMember)
        .join(BrigadeMember.person)
        .where(
            BrigadeMember.brigade_id.in_(brigade_ids),
            BrigadeMember.left_at.is_(None),
            Person.deactivated_at.is_(None),
        )
        .options(joinedload(BrigadeMember.person))
        .order_by(Person.name_sort, Person.id)
    )
    found: dict[str, list[BrigadeMember]] = {brigade_id: [] for brigade_id in brigade_ids}
    for member in db.session.scalars(query):
        found[member.brigade_id].append(member)
    return found


def brigade_to_change(actor: Actor, brigade_id: str) -> Brigade:
    """The brigade for its leader and coordinators of the leader's city; raises NotFound for everybody else."""
    brigade = db.session.scalar(select(Brigade).where(Brigade.id == brigade_id).options(joinedload(Brigade.leader)))
    if brigade is None or not can_change_brigade(actor, brigade):
        raise NotFound
    return brigade


def membership_in(brigade_id: str, person_id: str) -> BrigadeMember | None:
    """Their standing membership, if they are in it."""
    query = select(BrigadeMember).where(
        BrigadeMember.brigade_id == brigade_id, BrigadeMember.person_id == person_id, BrigadeMember.left_at.is_(None)
    )
    return db.session.scalar(query)


def city_brigades(actor: Actor) -> Select[Brigade]:
    """The standing brigades of the cities that the actor coordinates, by their leaders' names."""
    return _in_cities(actor).order_by(Person.name_sort, Brigade.id)


def shown_brigades(actor: Actor) -> tuple[Select[Brigade], tuple[Any, ...]]:
    """The brigades that the actor leads or coordinates, and by what they are ordered; for programs."""
    if actor.has_role(COORDINATOR):
        return _in_cities(actor), (Brigade.created_at, Brigade.id)
    return select(Brigade).where(Brigade.leader_id == actor.person_id, STANDING), (Brigade.created_at, Brigade.id)


def _in_cities(actor: Actor) -> Select[Brigade]:
    query = select(Brigade).join(Brigade.leader).where(STANDING).options(joinedload(Brigade.leader))
    where = actor.cities(COORDINATOR)
    if where is not None:
        query = query.where(or_(Person.city.in_(where), Brigade.leader_id == actor.person_id))
    return query


def member_counts(brigade_ids: Sequence[str]) -> dict[str, int]:
    """{brigade's id: how many are in it beside the leader}."""
    query = (
        select(BrigadeMember.brigade_id, func.count().label("members"))
        .where(BrigadeMember.brigade_id.in_(brigade_ids), BrigadeMember.left_at.is_(None))
        .group_by(BrigadeMember.brigade_id)
    )
    return {row.brigade_id: row.members for row in db.session.execute(query)}
