"""Notes on people of one event, written and read by its coordinators; and the labels of one place."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.accounts.actor import Actor
from app.accounts.models import Account
from app.audit.operations import record
from app.db import db, new_id, transaction
from app.desk.roster.models import LONGEST_NOTE, PlaceNote
from app.errors import N_, Invalid, NotFound, require
from app.events.policy import can_manage_event
from app.people.models import Person
from app.signups.models import Place


@dataclass(frozen=True)
class WrittenNote:
    """A note with the name of who wrote it."""

    id: str
    text: str
    at: datetime
    by: str | None


def add_note(place: Place, text: str, *, now: datetime, actor: Actor) -> PlaceNote:
    """Coordinators of the event write down what others of them should know; raises NotAllowed, Invalid."""
    text = text.strip()
    with transaction() as session:
        require(can_manage_event(actor, place.event))
        if not text:
            raise Invalid({"text": N_("Write the note.")})
        if len(text) > LONGEST_NOTE:
            raise Invalid({"text": N_("A note has 500 letters at most.")})
        note = PlaceNote(id=new_id(), place_id=place.id, text=text, at=now, by_id=actor.account_id)
        session.add(note)
        record(actor, "add_note", place, now=now)
    return note


def remove_note(note_id: str, *, now: datetime, actor: Actor) -> Place:
    """The note goes; that there was one stays in the log. Raises NotFound, also where one may not read it."""
    with transaction() as session:
        note = session.get(PlaceNote, note_id)
        place = session.get(Place, note.place_id) if note else None
        if note is None or place is None or not can_manage_event(actor, place.event):
            raise NotFound
        record(actor, "remove_note", place, now=now)
        session.delete(note)
    return place


def notes_of(place: Place, actor: Actor) -> list[WrittenNote]:
    """The notes, latest first; none for whoever is no coordinator of the event."""
    if not can_manage_event(actor, place.event):
        return []
    query = (
        select(PlaceNote, Person)
        .outerjoin(Account, Account.id == PlaceNote.by_id)
        .outerjoin(Person, Person.id == Account.person_id)
        .where(PlaceNote.place_id == place.id)
        .order_by(PlaceNote.at.desc(), PlaceNote.id)
    )
    rows = db.session.execute(query)
    return [WrittenNote(note.id, note.text, note.at, person.short_name if person else None) for note, person in rows]
