"""Who decides for a child: one guardian more, one less, and nobody from the eighteenth birthday on.

Places stay where they are whoever decides; letters go to those who decide when they are written.
"""

from datetime import datetime

from sqlalchemy import select

from app.accounts.actor import SYSTEM, Actor
from app.audit.operations import record
from app.db import db, lock, new_id, transaction
from app.errors import require
from app.people.ages import ADULT_AT, years_before
from app.people.errors import AlreadyGuardian, ChildAlreadyThere, LastGuardian, NoSuchColleague, NotAGuardianNow
from app.people.guardian_mails import mail_became_guardian, mail_grown_up
from app.people.models import Guardianship, Person
from app.people.names import child_key, fold
from app.people.policy import can_change_person
from app.people.queries import guardians_of
from app.tasks.models import Task

AT_ONCE = 100


def add_guardian(child: Person, *, personnel_number: str, surname: str, now: datetime, actor: Actor) -> Guardianship:
    """A coordinator writes down one guardian more, who is told. Raises NoSuchColleague, AlreadyGuardian, NotAllowed."""
    with transaction():
        lock(child)
        require(can_change_person(actor, child))
        query = select(Person).where(
            Person.personnel_number == personnel_number.strip(), Person.deactivated_at.is_(None)
        )
        guardian = db.session.scalar(query)
        if guardian is None or fold(guardian.surname) != fold(surname) or guardian.id == child.id:
            raise NoSuchColleague
        guardianship = begin_guardianship(child, guardian, now=now)
        mail_became_guardian(guardianship, now=now)
        record(actor, "add_guardian", guardianship, now=now)
    return guardianship


def end_guardianship(child: Person, guardian_id: str, *, now: datetime, actor: Actor) -> None:
    """This adult decides for the child no longer and sees it no more. Raises LastGuardian, NotAGuardianNow."""
    with transaction():
        lock(child)
        require(can_change_person(actor, child))
        query = select(Guardianship).where(
            Guardianship.child_id == child.id, Guardianship.guardian_id == guardian_id, Guardianship.ended_at.is_(None)
        )
        guardianship = db.session.scalar(query)
        if guardianship is None:
            raise NotAGuardianNow
        others = [guardian for guardian in guardians_of(child.id) if guardian.id != guardian_id]
        if not others and child.institution_id is None:
            raise LastGuardian(name=child.short_name)
        guardianship.ended_at = now
        record(actor, "end_guardianship", guardianship, now=now)


def begin_guardianship(child: Person, guardian: Person, *, now: datetime) -> Guardianship:
    """From now on this adult decides too; one who did before does again. Joins the caller's transaction.

    Raises AlreadyGuardian, and ChildAlreadyThere where they have another child of this name and birthday.
    """
    key = child_key(child.surname, child.given_name, child.birth_date)
    query = select(Guardianship).where(Guardianship.guardian_id == guardian.id)
    own = db.session.scalar(query.where(Guardianship.child_id == child.id))
    if own is not None and own.ended_at is None:
        raise AlreadyGuardian(name=guardian.short_name)
    alike = db.session.scalar(query.where(Guardianship.child_key == key, Guardianship.child_id != child.id))
    if alike is not None and (alike.ended_at is None or own is not None):
        raise ChildAlreadyThere(name=child.short_name)
    own = own or alike
    if own is not None:
        own.child_id, own.child_key, own.ended_at, own.created_at = child.id, key, None, now
        return own
    own = Guardianship(id=new_id(), guardian_id=guardian.id, child_id=child.id, child_key=key, created_at=now)
    db.session.add(own)
    db.session.flush()
    return own


def end_guardianships_of_adults(*, now: datetime) -> bool:
    """Whoever is 18 decides alone: guardians see them no more, and their coordinator is asked to give them a login.

    For the worker; says whether to go on. Run again it finds nobody new.
    """
    born_by = years_before(now.date(), ADULT_AT)
    query = (
        select(Guardianship)
        .join(Guardianship.child)
        .where(Guardianship.ended_at.is_(None), Person.birth_date <= born_by)
        .limit(AT_ONCE)
    )
    with transaction():
        ending = list(db.session.scalars(query))
        for guardianship in ending:
            guardianship.ended_at = now
            record(SYSTEM, "end_guardianship", guardianship, now=now)
        for grown in {guardianship.child_id: guardianship.child for guardianship in ending}.values():
            mail_grown_up(grown, now=now)
            _ask_for_login(grown, now=now)
    return len(ending) == AT_ONCE


def _ask_for_login(grown: Person, *, now: datetime) -> None:
    key = f"grown-up:{grown.id}"
    if grown.deactivated_at is not None or db.session.scalar(select(Task.id).where(Task.key == key)):
        return
    name = grown.short_name
    text = {
        "kk": f"{name} 18 жасқа толды, енді өзі шешеді. Қызметкер болса, жүйеге шақырыңыз; болмаса, қайта тіркеңіз.",
        "ru": f"{name}: исполнилось 18, теперь решает сам человек. Пригласите войти или запишите его сами.",
        "en": f"{name} is 18 and decides alone now. Invite them to log in, or sign them up when they call.",
    }
    task = Task(id=new_id(), key=key, kind="instruction", text=text, city=grown.city, person_id=grown.id)
    task.created_at = now
    db.session.add(task)
