"""Two rows that may be one child: proposed to a coordinator as a task, never merged by itself."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from sqlalchemy import select

from app.db import db, new_id
from app.people.models import Person
from app.people.names import child_key
from app.tasks.models import Task


def propose_matches(new: Sequence[Person], *, now: datetime) -> None:
    """A task for every new child that has a namesake of the same birthday under another guardian or institution."""
    if not new:
        return
    db.session.flush()
    births = {child.birth_date for child in new}
    query = select(Person).where(Person.kind == "child", Person.birth_date.in_(births), Person.deactivated_at.is_(None))
    alike: dict[str, list[Person]] = {}
    for person in db.session.scalars(query):
        alike.setdefault(child_key(person.surname, person.given_name, person.birth_date), []).append(person)
    fresh = {child.id for child in new}
    for people in alike.values():
        for first, second in pairwise(people):
            if first.id in fresh or second.id in fresh:
                _propose(first, second, now=now)


def _propose(first: Person, second: Person, *, now: datetime) -> None:
    key = "duplicate:" + ":".join(sorted((first.id, second.id)))
    if db.session.scalar(select(Task.id).where(Task.key == key)):
        return
    name = f"{first.short_name}, {first.birth_date:%d.%m.%Y}" if first.birth_date else first.short_name
    text = {
        "kk": f"{name}: екі жерде жазылған бір бала болуы мүмкін.",
        "ru": f"{name}: возможно, это один ребёнок, записанный дважды.",
        "en": f"{name}: may be one child written down twice.",
    }
    task = Task(id=new_id(), key=key, kind="possible-duplicate", text=text, city=second.city, person_id=second.id)
    task.created_at = now
    db.session.add(task)
