"""Whose duties count: of those who are in by their place, and of those who come to work without a seat."""

from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from app.events.models import Event
from app.people.models import Person
from app.rosters.duty_models import Duty, Need
from app.signups.models import Place


def standing(query: Any) -> Any:
    """Of a query of duties, those that count; its Need, Place and Person (who does it) are joined."""
    query = query.select_from(Duty).join(Need, Need.id == Duty.need_id).outerjoin(Place, Place.id == Duty.place_id)
    query = query.join(Person, Person.id == func.coalesce(Duty.person_id, Place.person_id))
    return query.where(or_(Place.status == "confirmed", and_(Duty.place_id.is_(None), Person.deactivated_at.is_(None))))


def is_employed(person: Person) -> bool:
    """Whether somebody answers for their work: this company, or an institution that sends them."""
    works = person.kind == "employee" or (person.kind != "child" and person.institution_id is not None)
    return works and person.deactivated_at is None and person.erased_at is None


EMPLOYED = and_(
    or_(Person.kind == "employee", and_(Person.kind != "child", Person.institution_id.is_not(None))),
    Person.deactivated_at.is_(None),
    Person.erased_at.is_(None),
)


def staff_of(event: Event) -> Any:
    """Who works there: (Person, Need) of everybody who comes to work without a seat, by name."""
    query = standing(select(Person, Need)).where(Need.event_id == event.id, Duty.person_id.is_not(None))
    return query.order_by(Person.name_sort, Person.id, Need.position)


def named_first_aid(event_id: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a person is on first aid there without a seat."""
    query = select(Duty.id).join(Need, Need.id == Duty.need_id)
    return query.where(Duty.person_id == Person.id, Need.event_id == event_id, Need.role == "first_aid").exists()
