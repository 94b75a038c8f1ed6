"""Reads of appeals: what people wrote to the coordinator of an event that refuses them."""

from collections.abc import Collection, Sequence

from sqlalchemy import select

from app.accounts.actor import Actor
from app.db import db
from app.errors import NotFound
from app.events.models import Event
from app.events.policy import can_manage_event
from app.people.models import Person
from app.signups.models import STANDING, Place
from app.tasks.models import Task


def appeal_key(event_id: str, person_id: str) -> str:
    """One letter for one person and event."""
    return f"appeal:{event_id}:{person_id}"


def appealed(event_id: str, person_ids: Collection[str]) -> set[str]:
    """Those for whom somebody wrote."""
    query = select(Task.person_id).where(Task.key.in_([appeal_key(event_id, person_id) for person_id in person_ids]))
    return {person_id for person_id in db.session.scalars(query) if person_id}


def appeals_of(event_id: str) -> Sequence[tuple[Task, Person, bool]]:
    """The letters with who they are about and whether they have a place now; those unanswered first."""
    standing = select(Place.person_id).where(Place.event_id == event_id, Place.status.in_(STANDING))
    query = (
        select(Task, Person, Person.id.in_(standing))
        .join(Person, Person.id == Task.person_id)
        .where(Task.event_id == event_id, Task.kind == "appeal")
        .order_by(Task.done_at.is_not(None), Task.created_at, Task.id)
    )
    return [(task, person, bool(goes)) for task, person, goes in db.session.execute(query)]


def appeal_to_answer(actor: Actor, task_id: str) -> Task:
    """The letter for whoever coordinates its event; raises NotFound otherwise."""
    task = db.session.get(Task, task_id)
    event = db.session.get(Event, task.event_id) if task and task.kind == "appeal" and task.event_id else None
    if task is None or event is None or not can_manage_event(actor, event):
        raise NotFound
    return task
