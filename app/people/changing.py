"""Changing what is known of somebody, their leaving, and their coming back."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from app.accounts.actor import Actor
from app.accounts.models import Account, Grant, Session
from app.audit.operations import differences, record
from app.db import db, lock, transaction
from app.errors import N_, Invalid, NotFound, require
from app.people.errors import ChildAlreadyThere, NumberTaken
from app.people.models import Guardianship, MedicalNote, Person
from app.people.names import child_key, search_text, sort_key
from app.people.policy import can_add_person, can_change_person
from app.people.queries import may_decide_for

CHILD_COLUMNS = "surname given_name patronymic birth_date tshirt_size".split()
COLUMNS = (
    "surname given_name patronymic birth_date email phone personnel_number city department institution_id "
    "school_class tshirt_size"
).split()


def change_child(child: Person, values: Mapping[str, Any], *, now: datetime, actor: Actor) -> None:
    """What a guardian says of their child; an emptied note of health is forgotten.

    Raises NotFound for whoever isn't a guardian, ChildAlreadyThere.
    """
    with transaction():
        if not actor.person_id or not may_decide_for(actor.person_id, child.id):
            raise NotFound
        lock(child)
        changes = _set(child, values, CHILD_COLUMNS)
        note_changed = set_note(child, values.get("medical_note", ""), keep=bool(values.get("keep_note")), now=now)
        if changes or note_changed:
            # What was noted of health stays out of the log.
            record(actor, "change_child", child, now=now, changes=changes or None)


def change_person(person: Person, values: Mapping[str, Any], *, now: datetime, actor: Actor) -> None:
    """What a coordinator corrects. Raises NumberTaken, Invalid by field, NotAllowed."""
    with transaction():
        lock(person)
        require(can_change_person(actor, person))
        if values.get("city", person.city) != person.city:
            require(can_add_person(actor, city=values["city"]))
        number = values.get("personnel_number", person.personnel_number) or None
        if person.kind == "employee" and not number:
            raise Invalid({"personnel_number": N_("The personnel number is missing.")})
        refuse_taken_number(number, but=person)
        changes = _set(person, {**values, "personnel_number": number}, COLUMNS)
        if values.get("language") and values["language"] != person.language:
            changes["language"] = (person.language, values["language"])
            person.language, person.language_chosen_at = values["language"], now
        if changes:
            record(actor, "change", person, now=now, changes=changes)


def deactivate_person(person: Person, *, now: datetime, actor: Actor) -> None:
    """They have left: no login any more, and nobody may sign them up. Their history stays."""
    with transaction():
        lock(person)
        require(can_change_person(actor, person))
        if person.deactivated_at:
            return
        person.deactivated_at = now
        close_accounts([person.id], now=now)
        record(actor, "leave", person, now=now)


def reactivate_person(person: Person, *, now: datetime, actor: Actor) -> None:
    """They are back; a login that they had works again."""
    with transaction():
        lock(person)
        require(can_change_person(actor, person))
        if person.deactivated_at is None:
            return
        person.deactivated_at = None
        db.session.execute(update(Account).where(Account.person_id == person.id).values(deactivated_at=None))
        record(actor, "return", person, now=now)


def close_accounts(person_ids: Sequence[str], *, now: datetime) -> None:
    """Logs these people out everywhere, for good; what they lent to deputies ends too."""
    of_them = select(Account.id).where(Account.person_id.in_(person_ids))
    lent = update(Grant).where(Grant.lent_by_id.in_(of_them), Grant.revoked_at.is_(None))
    db.session.execute(lent.values(revoked_at=now))
    db.session.execute(
        update(Session).where(Session.account_id.in_(of_them), Session.ended_at.is_(None)).values(ended_at=now)
    )
    closing = update(Account).where(Account.person_id.in_(person_ids), Account.deactivated_at.is_(None))
    db.session.execute(closing.values(deactivated_at=now))


def refuse_taken_number(number: str | None, *, but: Person | None = None) -> None:
    """Raises NumberTaken when somebody else has this personnel number."""
    if not number:
        return
    query = select(Person.id).where(Person.personnel_number == number)
    if but is not None:
        query = query.where(Person.id != but.id)
    if db.session.scalar(query):
        raise NumberTaken(number=number)


def set_note(person: Person, text: str, *, keep: bool, now: datetime) -> bool:
    """Keeps, changes or forgets the note of health; says whether that changed anything."""
    note = db.session.get(MedicalNote, person.id)
    if not text:
        if note is not None:
            db.session.delete(note)
        return note is not None
    if note is None:
        db.session.flush()
        db.session.add(MedicalNote(person_id=person.id, text=text, keep=keep, updated_at=now))
        return True
    if (note.text, note.keep) == (text, keep):
        return False
    note.text, note.keep, note.updated_at = text, keep, now
    return True


def _set(person: Person, values: Mapping[str, Any], columns: Sequence[str]) -> dict[str, tuple[object, object]]:
    changes = differences(person, {column: values[column] for column in columns if column in values})
    for column, (_, after) in changes.items():
        setattr(person, column, after)
    names = (person.surname, person.given_name, person.patronymic)
    person.name_sort = sort_key(*names)
    person.name_search = search_text(*names, person.personnel_number)
    if changes.keys() & {"surname", "given_name", "birth_date"}:
        _rekey(person)
    return changes


def _rekey(child: Person) -> None:
    """The key by which each guardian's children are told apart follows the name."""
    key = child_key(child.surname, child.given_name, child.birth_date)
    with db.session.no_autoflush:
        for own in db.session.scalars(select(Guardianship).where(Guardianship.child_id == child.id)).all():
            same = select(Guardianship.id).where(
                Guardianship.guardian_id == own.guardian_id, Guardianship.child_key == key, Guardianship.id != own.id
            )
            if db.session.scalar(same):
                raise ChildAlreadyThere(name=child.short_name)
            own.child_key = key
