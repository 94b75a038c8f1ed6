"""One child of two employees: the second parent asks, and the first says whether it is the same child.

A request is a task of the coordinator's too, so that it isn't lost where the first parent has no e-mail. Its key names
the child and who asks: nobody asks twice.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import db, lock, new_id, transaction
from app.errors import NotFound
from app.people.errors import AlreadyAsked, SharingAnswered
from app.people.guardian_mails import mail_sharing_answered, mail_sharing_asked
from app.people.guardians import begin_guardianship
from app.people.models import Guardianship, Person
from app.people.names import child_key
from app.people.queries import children_of, guardians_of, may_decide_for
from app.tasks.models import Task

ANSWER_WITHIN = timedelta(days=14)
PREFIX = "share:"
# (task's id, guardian's id) -> the path of the page where this guardian answers
Link = Callable[[str, str], str]


def same_children(values: Mapping[str, Any], *, asker_id: str) -> list[Person]:
    """Children of other guardians with this name and birthday: they may be the one that is being typed."""
    born = values.get("birth_date")
    if born is None:
        return []
    key = child_key(values["surname"], values["given_name"], born)
    query = (
        select(Person)
        .join(Guardianship, Guardianship.child_id == Person.id)
        .where(
            Person.kind == "child",
            Person.birth_date == born,
            Person.deactivated_at.is_(None),
            Guardianship.ended_at.is_(None),
            Guardianship.guardian_id != asker_id,
        )
        .order_by(Person.id)
    )
    own = {child.id for child in children_of(asker_id)}
    found = {child.id: child for child in db.session.scalars(query) if child.id not in own}
    return [child for child in found.values() if child_key(child.surname, child.given_name, born) == key]


def ask_to_share(values: Mapping[str, Any], *, link: Link, now: datetime, actor: Actor) -> int:
    """Asks the guardians of every child that fits. Says how many letters leave: none of them may have an e-mail.

    Raises NotFound where no child fits (any more), AlreadyAsked.
    """
    with transaction() as session:
        asker = session.get(Person, actor.person_id or "")
        children = same_children(values, asker_id=asker.id) if asker else []
        if asker is None or not children:
            raise NotFound
        return sum(_ask(child, asker, link=link, now=now, actor=actor) for child in children)


def open_requests(guardian_id: str) -> list[tuple[Task, Person, Person]]:
    """What other adults have asked about one's children: (request, child, who asks)."""
    children = {child.id: child for child in children_of(guardian_id)}
    query = select(Task).where(Task.person_id.in_(list(children)), Task.key.startswith(PREFIX), Task.done_at.is_(None))
    if not children:
        return []
    tasks = db.session.scalars(query.order_by(Task.created_at))
    return [(task, children[task.person_id or ""], _asker(task)) for task in tasks]


def request_for(task_id: str, guardian_id: str) -> tuple[Task, Person, Person, Person]:
    """(request, child, who asks, who answers); raises NotFound unless that guardian decides for the child today."""
    task = db.session.get(Task, task_id)
    guardian = db.session.get(Person, guardian_id)
    if task is None or guardian is None or not task.key.startswith(PREFIX):
        raise NotFound
    child = db.session.get(Person, task.person_id or "")
    if child is None or guardian.deactivated_at or not may_decide_for(guardian.id, child.id):
        raise NotFound
    return task, child, _asker(task), guardian


def answer_request(task_id: str, *, guardian_id: str, is_yes: bool, now: datetime, actor: Actor) -> None:
    """It is the same child, and whoever asked decides for it too; or it is not. Who asked is told.

    Raises NotFound, SharingAnswered the second time, ChildAlreadyThere where they have written it down meanwhile.
    """
    with transaction():
        task, child, asker, _ = request_for(task_id, guardian_id)
        lock(task)
        if task.done_at is not None:
            raise SharingAnswered
        task.done_at, task.done_by_id = now, actor.account_id
        if is_yes:
            record(actor, "add_guardian", begin_guardianship(child, asker, now=now), now=now)
        else:
            record(actor, "refuse_sharing", task, now=now)
        mail_sharing_answered(task, asker, child=child, is_yes=is_yes, now=now)


def _ask(child: Person, asker: Person, *, link: Link, now: datetime, actor: Actor) -> int:
    key = f"{PREFIX}{child.id}:{asker.id}"
    if db.session.scalar(select(Task.id).where(Task.key == key)):
        raise AlreadyAsked
    reachable = [guardian for guardian in guardians_of(child.id) if guardian.email]
    task = Task(id=new_id(), key=key, kind="possible-duplicate", city=child.city, person_id=child.id, created_at=now)
    task.text = _text(child, asker, is_asked=bool(reachable))
    task.due_on = (now + ANSWER_WITHIN).date()
    db.session.add(task)
    db.session.flush()
    for guardian in reachable:
        url = link(task.id, guardian.id)
        mail_sharing_asked(task, guardian, child=child, asker=asker, url=url, now=now)
    record(actor, "ask_to_share", task, now=now)
    return len(reachable)


def _text(child: Person, asker: Person, *, is_asked: bool) -> dict[str, str]:
    name, who = child.short_name, asker.short_name
    kk, ru, en = (
        ("Ата-анасына хат кетті.", "Родителю ушло письмо.", "The guardian got a letter.")
        if is_asked
        else ("Ата-анасының поштасы жоқ: өзіңіз сұраңыз.", "У родителя нет почты: спросите сами.",
              "The guardian has no e-mail: please ask.")
    )  # fmt: skip
    return {
        "kk": f"{who} өзін {name} есімді баланың екінші ата-анасымын дейді. {kk}",
        "ru": f"{who} тоже родитель ребёнка: {name}? {ru}",
        "en": f"{who} says they are a guardian of {name} too. {en}",
    }


def _asker(task: Task) -> Person:
    return db.session.get_one(Person, task.key.rpartition(":")[2])
