"""Applying HR files to their end: people who left free their seats, and the queue moves up."""

from datetime import datetime

from sqlalchemy import select

from app.accounts.actor import SYSTEM, Actor
from app.db import db
from app.events.models import Event
from app.files import FileStore
from app.people.importing import Plan, continue_import, start_import, unfinished_imports
from app.people.models import ImportRun, Person
from app.signups.cancelling import free_seats_of
from app.signups.models import STANDING, Place


def apply_hr_file(
    file_name: str, content: bytes, plan: Plan, *, store: FileStore, now: datetime, actor: Actor
) -> ImportRun:
    """The whole file at once, and the seats of those who left. Returns the finished run."""
    run = start_import(file_name, content, plan, store=store, now=now, actor=actor, goes_on_here=True)
    return finish_hr_file(run, store=store, now=now, actor=actor)


def finish_hr_file(run: ImportRun, *, store: FileStore, now: datetime, actor: Actor) -> ImportRun:
    """All the steps of a run that has begun, and the seats of those who left."""
    while continue_import(run.id, store=store, now=now, actor=actor):
        pass
    free_seats_of_leavers(now=now)
    return run


def continue_hr_files(*, store: FileStore, now: datetime) -> bool:
    """A step of the oldest unfinished file; says whether to go on. For the worker."""
    waiting = unfinished_imports()
    if not waiting:
        return free_seats_of_leavers(now=now) > 0
    if not continue_import(waiting[0], store=store, now=now, actor=SYSTEM):
        free_seats_of_leavers(now=now)
    return True


def free_seats_of_leavers(*, now: datetime) -> int:
    """Frees every standing place ahead of people who left; run twice, it finds nothing. Returns how many people."""
    query = (
        select(Person)
        .join(Place, Place.person_id == Person.id)
        .join(Event, Event.id == Place.event_id)
        .where(Person.deactivated_at.is_not(None), Place.status.in_(STANDING), Event.starts_at > now)
        .distinct()
    )
    leavers = list(db.session.scalars(query))
    for person in leavers:
        free_seats_of(person, reason="left", now=now, actor=SYSTEM)
    return len(leavers)
