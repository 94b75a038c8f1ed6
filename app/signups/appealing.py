"""Appeals: somebody whom an event refuses for earlier absences writes to its coordinator, who may take them anyway."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import db, lock, new_id, transaction
from app.errors import NotFound, require
from app.events.models import Event
from app.people.models import Person
from app.people.queries import guardians_of
from app.signups.answers import Answers
from app.signups.appeal_mails import mail_appeal, mail_appeal_refused
from app.signups.appeal_queries import appeal_key
from app.signups.errors import AppealAnswered, AppealEmpty, AppealMade, NothingToAppeal
from app.signups.models import SignUp
from app.signups.policy import can_sign_up
from app.signups.queries import spoken_for
from app.signups.rules import ON_SHIFT, refusal_by_absences
from app.signups.signing_up import sign_up
from app.tasks.models import Task

LONGEST = 1000


def write_appeal(
    event: Event, person_id: str, text: str, *, absences: Mapping[str, int], now: datetime, actor: Actor
) -> Task:
    """Asks the coordinator to take this person in spite of their absences: a task and a letter, once per event."""
    text = text.strip()[:LONGEST]
    with transaction() as session:
        lock(event)
        person = session.get(Person, person_id)
        theirs = spoken_for(actor)
        if person is None or not event.is_visible:
            raise NotFound
        require(can_sign_up(actor, person, event, family=theirs.family, brigade=theirs.brigade))
        if refusal_by_absences(event, person, absences) is None or event.starts_at <= now:
            raise NothingToAppeal
        if not text:
            raise AppealEmpty
        key = appeal_key(event.id, person.id)
        if session.scalar(select(Task.id).where(Task.key == key)):
            raise AppealMade
        coordinator = session.get(Person, event.coordinator_id) if event.coordinator_id else None
        task = Task(id=new_id(), key=key, kind="appeal", text={actor.language: text}, city=event.site.city)
        task.event_id, task.person_id, task.created_at = event.id, person.id, now
        task.owner = coordinator.short_name if coordinator else ""
        session.add(task)
        session.flush()
        mail_appeal(event, person, task, times=absences[person.id], now=now)
        record(actor, "appeal", task, now=now)
    return task


def accept_appeal(task: Task, *, now: datetime, actor: Actor) -> SignUp:
    """Signs the person up, as the coordinator may; raises what keeps even a coordinator from it."""
    with transaction():
        person, event = _open(task)
        leader_id = person.id
        if person.is_minor_on(event.local_date):
            leader_id = next((guardian.id for guardian in guardians_of(person.id)), person.id)
        answers = Answers(consent_may_follow=True, despite=(ON_SHIFT,))
        signup = sign_up(event.id, [person.id], leader_id=leader_id, answers=answers, now=now, actor=actor)
        _close(task, "accept_appeal", now=now, actor=actor)
    return signup


def refuse_appeal(task: Task, *, note: str = "", now: datetime, actor: Actor) -> None:
    """Stays with the rule, and tells the person so."""
    with transaction():
        person, event = _open(task)
        mail_appeal_refused(event, person, task, note=note.strip()[:LONGEST], now=now)
        _close(task, "refuse_appeal", now=now, actor=actor)


def _open(task: Task) -> tuple[Person, Event]:
    event = db.session.get_one(Event, task.event_id)
    lock(event)
    lock(task)
    if task.done_at is not None:
        raise AppealAnswered
    return db.session.get_one(Person, task.person_id), event


def _close(task: Task, verb: str, *, now: datetime, actor: Actor) -> None:
    task.done_at = now
    task.done_by_id = actor.account_id
    record(actor, verb, task, now=now)
