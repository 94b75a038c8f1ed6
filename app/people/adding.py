"""Adding people one by one: a guardian their child, a coordinator anybody of their city."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import db, lock, new_id, transaction
from app.errors import N_, Invalid, NotFound, require
from app.people import ages
from app.people.applying import UNKNOWN_GUARDIAN
from app.people.changing import refuse_taken_number, set_note
from app.people.duplicates import propose_matches
from app.people.errors import ChildAlreadyThere
from app.people.models import Guardianship, Institution, Person
from app.people.names import child_key, search_text, sort_key
from app.people.policy import can_add_person, can_decide

NO_CHILD = N_("Children are younger than 18. Whoever is older has a login of their own.")
NEEDS_GUARDIAN = N_("A child needs a parent's personnel number or an institution.")
COLUMNS = (
    "kind surname given_name patronymic birth_date email phone personnel_number city department institution_id "
    "school_class tshirt_size"
).split()


def add_child(guardian_id: str, values: Mapping[str, Any], *, now: datetime, actor: Actor) -> Person:
    """The child of this guardian, in their city and language; one who was removed comes back.

    Raises ChildAlreadyThere, Invalid by field, NotAllowed.
    """
    with transaction() as session:
        guardian = session.get(Person, guardian_id)
        if guardian is None or guardian.deactivated_at:
            raise NotFound
        require(can_decide(actor, guardian))
        lock(guardian)
        refuse_adult(values["birth_date"], today=now.date())
        key = child_key(values["surname"], values["given_name"], values["birth_date"])
        child = _removed_child(guardian, key) or Person(id=new_id(), kind="child", created_at=now)
        _fill(child, {**values, "city": guardian.city, "language": guardian.language})
        session.add(child)
        _put_under(guardian, child, key, now=now)
        set_note(child, values.get("medical_note", ""), keep=bool(values.get("keep_note")), now=now)
        record(actor, "add_child", child, now=now)
        propose_matches([child], now=now)
    return child


def add_person(values: Mapping[str, Any], *, guardians: Sequence[Person] = (), now: datetime, actor: Actor) -> Person:
    """Somebody of one's city; a child under these guardians, the one with `guardian_number`, or of an institution.

    Raises NumberTaken, ChildAlreadyThere, Invalid by field, NotAllowed.
    """
    with transaction() as session:
        require(can_add_person(actor, city=values.get("city")))
        deciding = list(guardians) or _guardians(values)
        for guardian in deciding:
            require(can_add_person(actor, city=guardian.city))
            lock(guardian)
        refuse_taken_number(values.get("personnel_number"))
        person = Person(id=new_id(), created_at=now)
        _fill(person, {**values, "personnel_number": values.get("personnel_number") or None})
        session.add(person)
        for guardian in deciding:
            _put_under(guardian, person, child_key(person.surname, person.given_name, person.birth_date), now=now)
        session.flush()
        record(actor, "add", person, now=now)
        if person.kind == "child":
            propose_matches([person], now=now)
    return person


def refuse_adult(born: date, *, today: date) -> None:
    """Raises Invalid for somebody who is no child any more."""
    if not ages.is_minor(born, "child", today):
        raise Invalid({"birth_date": NO_CHILD})


def _guardians(values: Mapping[str, Any]) -> list[Person]:
    if values["kind"] == "employee" and not values.get("personnel_number"):
        raise Invalid({"personnel_number": N_("The personnel number is missing.")})
    if values["kind"] != "child":
        return []
    if not values.get("birth_date"):
        raise Invalid({"birth_date": N_("The date of birth is missing.")})
    number = values.get("guardian_number")
    if not number and not values.get("institution_id"):
        raise Invalid({"guardian_number": NEEDS_GUARDIAN})
    institution = db.session.get(Institution, values.get("institution_id") or "")
    if institution and institution.city not in (None, values.get("city")):
        raise Invalid({"institution_id": N_("This institution is in another city.")})
    if not number:
        return []
    query = select(Person).where(Person.personnel_number == number, Person.deactivated_at.is_(None))
    guardian = db.session.scalar(query.where(Person.city == values.get("city")))
    if guardian is None:
        raise Invalid({"guardian_number": UNKNOWN_GUARDIAN}, number=number)
    return [guardian]


def _removed_child(guardian: Person, key: str) -> Person | None:
    """Who left and is under this guardian still; raises ChildAlreadyThere for one who didn't leave.

    A guardianship that was ended doesn't begin again by typing a name: that makes a new child and a task to compare.
    """
    query = select(Guardianship, Person).join(Person, Person.id == Guardianship.child_id)
    found = db.session.execute(
        query.where(Guardianship.guardian_id == guardian.id, Guardianship.child_key == key)
    ).one_or_none()
    if found is None:
        return None
    guardianship, child = found
    if guardianship.ended_at is None and child.deactivated_at is None:
        raise ChildAlreadyThere(name=child.short_name)
    return child if guardianship.ended_at is None else None


def _fill(person: Person, values: Mapping[str, Any]) -> None:
    for column in COLUMNS:
        if column in values:
            setattr(person, column, values[column])
    if values.get("language"):
        person.language = values["language"]
    names = (person.surname, person.given_name, person.patronymic or "")
    person.name_sort = sort_key(*names)
    person.name_search = search_text(*names, person.personnel_number)
    person.deactivated_at = None


def _put_under(guardian: Person, child: Person, key: str, *, now: datetime) -> None:
    db.session.flush()
    query = select(Guardianship).where(Guardianship.guardian_id == guardian.id, Guardianship.child_key == key)
    standing = db.session.scalar(query)
    if standing and standing.child_id == child.id:
        return
    if standing and standing.ended_at is None:
        raise ChildAlreadyThere(name=child.short_name)
    if standing:
        standing.child_id, standing.ended_at, standing.created_at = child.id, None, now
        return
    db.session.add(Guardianship(id=new_id(), guardian_id=guardian.id, child_id=child.id, child_key=key, created_at=now))
