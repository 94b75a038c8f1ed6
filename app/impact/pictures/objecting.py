"""Somebody on the pictures of an event agrees no more: all that are said to show people who agreed come down at once,
and its coordinators are told to look through them again. Nobody knows on which of them the person is."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select

from app.accounts.actor import SYSTEM, Actor
from app.audit.operations import record
from app.consents.models import Consent
from app.db import db, lock, new_id, transaction
from app.errors import require
from app.events.models import Event
from app.impact.follow_up.history import write_entry
from app.impact.pictures.describing import take_down
from app.impact.pictures.mails import mail_taken_down
from app.impact.pictures.models import PhotoRefusal, Picture
from app.impact.pictures.policy import can_speak_for
from app.people.models import Person
from app.people.queries import may_decide_for
from app.signups.models import SEATED, Place
from app.tasks.models import INSTRUCTION, Task

DAYS_TO_LOOK = 3
TASK = {
    "kk": "Біреу суретке түсуге келісімін қайтарып алды. Іс-шара альбомындағы суреттер алынды, қайта қарап шығыңыз.",
    "ru": "Кто-то отозвал согласие на съёмку. Снимки из альбома события сняты с показа, просмотрите их заново.",
    "en": "Somebody took back their consent to photographs. The album's pictures were taken down, look through them.",
}


def refuse_photos(person: Person, *, now: datetime, actor: Actor) -> None:
    """They want to be on no published picture; what is published comes down in the same moment. Again is harmless.

    Raises NotAllowed.
    """
    with transaction() as session:
        lock(person)
        _check(actor, person)
        if standing_refusal(person.id) is not None:
            return
        row = PhotoRefusal(id=new_id(), person_id=person.id, said_at=now, said_by_id=actor.account_id)
        session.add(row)
        session.flush()
        record(actor, "refuse_photos", row, now=now)
        for event_id in session.scalars(select(Picture.event_id).where(_open(), _has_seat(person.id)).distinct()).all():
            _take_all_down(event_id, _open(), now=now, actor=actor)


def allow_photos(person: Person, *, now: datetime, actor: Actor) -> None:
    """They don't mind any more; what came down stays down until somebody looks at it. Raises NotAllowed."""
    with transaction():
        lock(person)
        _check(actor, person)
        row = standing_refusal(person.id)
        if row is not None:
            row.withdrawn_at, row.withdrawn_by_id = now, actor.account_id
            record(actor, "allow_photos", row, now=now)


def withdraw_objected(*, now: datetime) -> bool:
    """The worker's step: the pictures of one event for which a consent was taken back after they were published; says
    whether there may be more."""
    event_id = db.session.scalar(select(Picture.event_id).where(_open(), _objected()).limit(1))
    if event_id is None:
        return False
    _take_all_down(event_id, and_(_open(), _objected()), now=now, actor=SYSTEM)
    return True


def standing_refusal(person_id: str) -> PhotoRefusal | None:
    """What they said, if it still holds."""
    query = select(PhotoRefusal).where(PhotoRefusal.person_id == person_id, PhotoRefusal.withdrawn_at.is_(None))
    return db.session.scalar(query)


def _check(actor: Actor, person: Person) -> None:
    decides = actor.person_id is not None and may_decide_for(actor.person_id, person.id)
    require(can_speak_for(actor, person, decides=decides))


def _take_all_down(event_id: str, which: ColumnElement[bool], *, now: datetime, actor: Actor) -> None:
    with transaction() as session:
        event = session.get_one(Event, event_id)
        lock(event)
        found = session.scalars(
            select(Picture).where(Picture.event_id == event_id, which).order_by(Picture.id).with_for_update()
        ).all()
        for picture in found:
            take_down(picture, "consent", now=now, actor=actor)
            record(actor, "withdraw_picture", picture, now=now)
        if found:
            _tell(event, found, now=now, actor=actor)


def _tell(event: Event, pictures: Sequence[Picture], *, now: datetime, actor: Actor) -> None:
    """One task for an event while nobody has done it; a letter for each time."""
    mail_taken_down(event, len(pictures), now=now)
    key = f"pictures:{event.id}:"
    waits = select(Task.id).where(Task.key.startswith(key, autoescape=True), Task.done_at.is_(None))
    if db.session.scalar(waits.limit(1)):
        return
    task = Task(id=new_id(), key=f"{key}{now.isoformat()}", kind=INSTRUCTION, text=TASK, event_id=event.id)
    task.city, task.owner_id = event.site.city, event.coordinator_id
    task.created_at, task.created_by_id = now, actor.account_id
    task.due_on = (now + timedelta(days=DAYS_TO_LOOK)).date()
    db.session.add(task)
    db.session.flush()
    write_entry(task, "made", now=now, actor=actor)


def _open() -> ColumnElement[bool]:
    """Seen by anybody, with people on them."""
    return and_(Picture.published_at.is_not(None), Picture.shows == "agreed")


def _has_seat(person_id: Any) -> ColumnElement[bool]:
    return exists().where(Place.event_id == Picture.event_id, Place.person_id == person_id, Place.status.in_(SEATED))


def _objected() -> ColumnElement[bool]:
    """Since the picture was published a guardian took back a yes or said no, or somebody wants to be on none."""
    taken_back = and_(Consent.is_yes, Consent.revoked_at > Picture.published_at)
    said_no = and_(Consent.is_yes.is_(False), Consent.given_at > Picture.published_at)
    consents = exists().where(Consent.event_id == Picture.event_id, Consent.kind == "photo", or_(taken_back, said_no))
    refused = exists().where(
        PhotoRefusal.said_at > Picture.published_at,
        PhotoRefusal.withdrawn_at.is_(None),
        PhotoRefusal.person_id == Place.person_id,
        Place.event_id == Picture.event_id,
        Place.status.in_(SEATED),
    )
    return or_(consents, refused)
