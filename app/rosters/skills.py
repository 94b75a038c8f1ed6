"""What people can do, as a coordinator saw it proved."""

from datetime import date, datetime

from sqlalchemy import select

from app.accounts.actor import COORDINATOR, Actor
from app.audit.operations import record
from app.db import db, lock, new_id, transaction
from app.errors import N_, Invalid, require
from app.people.models import Person
from app.rosters.duty_models import SKILLS, PersonSkill


def set_skill(person: Person, skill: str, *, valid_until: date | None, now: datetime, actor: Actor) -> PersonSkill:
    """Enters a skill, or until when it is proved now. Raises Invalid, NotAllowed outside the coordinator's city."""
    with transaction() as session:
        lock(person)
        require(actor.holds(COORDINATOR, city=person.city))
        if skill not in SKILLS:
            raise Invalid({"skill": N_("Choose one of the list.")})
        row = _skill(person, skill) or PersonSkill(id=new_id(), person_id=person.id, skill=skill)
        before = row.valid_until
        row.valid_until, row.entered_at, row.entered_by_id = valid_until, now, actor.account_id
        session.add(row)
        session.flush()
        record(actor, "set_skill", person, now=now, changes={f"skill_{skill}": (before, valid_until)})
    return row


def drop_skill(person: Person, skill: str, *, now: datetime, actor: Actor) -> None:
    """The skill counts no more; tasks that stand are left to the coordinator."""
    with transaction() as session:
        lock(person)
        require(actor.holds(COORDINATOR, city=person.city))
        row = _skill(person, skill)
        if row is not None:
            record(actor, "drop_skill", person, now=now, changes={f"skill_{skill}": (row.valid_until, None)})
            session.delete(row)


def _skill(person: Person, skill: str) -> PersonSkill | None:
    query = select(PersonSkill).where(PersonSkill.person_id == person.id, PersonSkill.skill == skill)
    return db.session.scalar(query)
