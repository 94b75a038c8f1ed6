"""Brigades: founding one, adding colleagues, their going, the end of it."""

from datetime import datetime

from sqlalchemy import select

from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import db, lock, new_id, transaction
from app.errors import N_, Invalid, NotFound, require
from app.people.brigade_mails import mail_added
from app.people.brigade_queries import brigades_led_by, member_counts, membership_in
from app.people.errors import (
    AlreadyInBrigade,
    BrigadeEnded,
    BrigadeFull,
    BrigadeNameTaken,
    NoSuchColleague,
    NotInBrigade,
)
from app.people.models import Brigade, BrigadeMember, Person
from app.people.names import fold
from app.people.policy import can_change_brigade, can_found_brigade

BRIGADE_LIMIT = 60


def found_brigade(name: str, *, leader_id: str, now: datetime, actor: Actor) -> Brigade:
    """A brigade that this employee leads. Raises BrigadeNameTaken, Invalid for a name that is empty, NotAllowed."""
    with transaction() as session:
        leader = session.get(Person, leader_id)
        if leader is None or leader.deactivated_at:
            raise NotFound
        require(can_found_brigade(actor, leader))
        lock(leader)
        if not name.strip():
            raise Invalid({"name": N_("Please fill this in.")})
        if fold(name) in {fold(brigade.name) for brigade in brigades_led_by(leader.id)}:
            raise BrigadeNameTaken
        brigade = Brigade(id=new_id(), name=name.strip()[:100], leader_id=leader.id, created_at=now)
        session.add(brigade)
        session.flush()
        record(actor, "found_brigade", brigade, now=now)
    return brigade


def add_colleague(
    brigade: Brigade, *, personnel_number: str, surname: str, now: datetime, actor: Actor
) -> BrigadeMember:
    """Puts the employee with this number and this surname into the brigade, and tells them how to leave.

    The surname must fit, in whatever spelling, so that nobody tries numbers to learn names: one sentence for every
    miss. Raises NoSuchColleague, AlreadyInBrigade, BrigadeFull, BrigadeEnded, NotAllowed.
    """
    with transaction() as session:
        lock(brigade)
        require(can_change_brigade(actor, brigade))
        if brigade.ended_at:
            raise BrigadeEnded
        colleague = _colleague(personnel_number, surname)
        if colleague.id == brigade.leader_id or membership_in(brigade.id, colleague.id):
            raise AlreadyInBrigade(name=colleague.short_name)
        if member_counts([brigade.id]).get(brigade.id, 0) >= BRIGADE_LIMIT:
            raise BrigadeFull(limit=BRIGADE_LIMIT)
        member = BrigadeMember(id=new_id(), brigade_id=brigade.id, person_id=colleague.id, joined_at=now)
        session.add(member)
        session.flush()
        mail_added(member, now=now)
        record(actor, "join_brigade", member, now=now)
    return member


def remove_colleague(brigade: Brigade, person_id: str, *, now: datetime, actor: Actor) -> None:
    """Takes a colleague out; places that they hold stay theirs. Raises NotInBrigade, NotAllowed."""
    with transaction():
        lock(brigade)
        require(can_change_brigade(actor, brigade))
        _leave(membership_in(brigade.id, person_id), now=now, actor=actor)


def leave_brigade(brigade_id: str, *, now: datetime, actor: Actor) -> None:
    """One goes oneself; places that one holds stay. Raises NotInBrigade."""
    with transaction():
        _leave(membership_in(brigade_id, actor.person_id or ""), now=now, actor=actor)


def end_brigade(brigade: Brigade, *, now: datetime, actor: Actor) -> None:
    """The brigade is no more: its leader speaks for nobody of it. Ended twice, nothing changes."""
    with transaction():
        lock(brigade)
        require(can_change_brigade(actor, brigade))
        if brigade.ended_at is None:
            brigade.ended_at = now
            record(actor, "end_brigade", brigade, now=now)


def _colleague(personnel_number: str, surname: str) -> Person:
    query = select(Person).where(
        Person.kind == "employee",
        Person.personnel_number == personnel_number.strip(),
        Person.deactivated_at.is_(None),
    )
    found = db.session.scalar(query)
    if found is None or not surname.strip() or fold(found.surname) != fold(surname):
        raise NoSuchColleague
    return found


def _leave(member: BrigadeMember | None, *, now: datetime, actor: Actor) -> None:
    if member is None:
        raise NotInBrigade
    lock(member)
    if member.left_at is not None:
        raise NotInBrigade
    member.left_at, member.left_by_id = now, actor.account_id
    record(actor, "leave_brigade", member, now=now)
