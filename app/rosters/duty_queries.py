"""Reads about what a day needs: how it is covered, who is free, and what somebody may take on."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select, union
from sqlalchemy.orm import contains_eager, joinedload

from app.accounts.actor import Actor
from app.db import db
from app.errors import NotAllowed, NotFound
from app.events.models import Event, Shift
from app.events.policy import can_manage_event, can_see_event
from app.people.models import Person
from app.people.names import fold
from app.people.queries import search_people
from app.rosters.coverage import Covered, Wanted, coverage
from app.rosters.duty_models import Duty, Need, PersonSkill, Section
from app.rosters.duty_standing import EMPLOYED, staff_of, standing
from app.signups.models import Place

FOUND = 20


@dataclass(frozen=True)
class NeedRow:
    """One need, how it stands, and who took it on."""

    need: Need
    stands: Covered
    duties: Sequence[Duty]


def need_rows(event: Event) -> list[NeedRow]:
    """All needs of the event in two queries, with the duties of those who are still in or come to work."""
    needs = needs_of(event)
    query = standing(select(Duty)).options(contains_eager(Duty.place).joinedload(Place.person), joinedload(Duty.person))
    duties = db.session.scalars(query.where(Need.event_id == event.id).order_by(Person.name_sort, Duty.id)).all()
    stands = coverage([Wanted(n.id, n.minimum, n.maximum) for n in needs], [duty.need_id for duty in duties])
    return [
        NeedRow(need, covered, [duty for duty in duties if duty.need_id == need.id])
        for need, covered in zip(needs, stands, strict=True)
    ]


def needs_of(event: Event) -> Sequence[Need]:
    """In their order, with shift and section."""
    query = select(Need).options(joinedload(Need.shift), joinedload(Need.section)).where(Need.event_id == event.id)
    return db.session.scalars(query.order_by(Need.position, Need.id)).all()


def shifts_of(event: Event) -> Sequence[Shift]:
    """By their beginning."""
    query = select(Shift).where(Shift.event_id == event.id)
    return db.session.scalars(query.order_by(Shift.starts_at, Shift.id)).all()


def sections_of(event: Event) -> Sequence[Section]:
    """In their order."""
    query = select(Section).where(Section.event_id == event.id)
    return db.session.scalars(query.order_by(Section.position, Section.id)).all()


def people_by(event: Event, column: str) -> dict[str, int]:
    """{shift's or section's id: people who are in}; column is shift_id or section_id."""
    key = getattr(Place, column)
    query = select(key, func.count()).where(Place.event_id == event.id, Place.status == "confirmed", key.is_not(None))
    return {row[0]: row[1] for row in db.session.execute(query.group_by(key))}


def people_in_sections(event: Event) -> dict[str, str]:
    """{place's id: section's id} of those who are in."""
    query = select(Place.id, Place.section_id).where(Place.event_id == event.id, Place.section_id.is_not(None))
    return {row.id: row.section_id for row in db.session.execute(query.where(Place.status == "confirmed"))}


def section_leaders(event: Event) -> dict[str, list[str]]:
    """{section's id: names of those who lead it}, by name."""
    query = standing(select(Need.section_id, Person)).order_by(Person.name_sort, Duty.id)
    query = query.where(Need.event_id == event.id, Need.role == "section_leader", Need.section_id.is_not(None))
    found: dict[str, list[str]] = {}
    for section_id, person in db.session.execute(query):
        found.setdefault(str(section_id), []).append(person.short_name)
    return found


def found_places(event: Event, q: str) -> Sequence[Place]:
    """Those who are in and may be meant by these words, 20 at most; nothing asked finds nobody."""
    words = fold(q).split()
    if not words:
        return []
    query = select(Place).join(Person, Person.id == Place.person_id).options(contains_eager(Place.person))
    query = query.where(Place.event_id == event.id, Place.status == "confirmed")
    for word in words:
        query = query.where(Person.name_search.contains(f" {word}", autoescape=True))
    return db.session.scalars(query.order_by(Person.name_sort, Person.id).limit(FOUND)).all()


def found_staff(actor: Actor, event: Event, q: str) -> Sequence[Person]:
    """Those who have no seat and may be named for the day, 20 at most; nothing asked finds nobody."""
    if not q.strip():
        return []
    seated = select(Place.id).where(Place.event_id == event.id, Place.person_id == Person.id)
    query = search_people(actor, q).where(EMPLOYED, ~seated.where(Place.status == "confirmed").exists())
    return db.session.scalars(query.order_by(Person.name_sort, Person.id).limit(FOUND)).all()


def staff(event: Event) -> list[tuple[Person, Need]]:
    """Who comes to work without a seat, and what they do."""
    query: Any = staff_of(event).options(joinedload(Need.shift), joinedload(Need.section))
    return [(person, need) for person, need in db.session.execute(query)]


def with_tasks(event_ids: Collection[str]) -> set[str]:
    """Those of these events where there is a shift or a task to choose; one query."""
    if not event_ids:
        return set()
    wanted = [select(model.event_id).where(model.event_id.in_(event_ids)) for model in (Need, Shift)]
    return set(db.session.scalars(union(*wanted)))


def own_places(event: Event, family: Collection[str]) -> Sequence[Place]:
    """Confirmed places of the reader and the reader's children."""
    query = select(Place).join(Person, Person.id == Place.person_id).options(contains_eager(Place.person))
    query = query.where(Place.event_id == event.id, Place.status == "confirmed", Place.person_id.in_(family))
    return db.session.scalars(query.order_by(Person.name_sort)).all()


def skills_on(person_ids: Collection[str], event: Event) -> set[tuple[str, str]]:
    """{(person's id, skill)} of what is proved on the day of the event."""
    query = select(PersonSkill).where(PersonSkill.person_id.in_(person_ids))
    rows = db.session.scalars(query)
    return {(r.person_id, r.skill) for r in rows if r.valid_until is None or r.valid_until >= event.local_date}


def skills_of(person_id: str) -> Sequence[PersonSkill]:
    """All that is entered of one person."""
    return db.session.scalars(select(PersonSkill).where(PersonSkill.person_id == person_id)).all()


def is_medic(event: Event, person_id: str) -> bool:
    """Whether somebody who comes does the event's first aid: placed by a coordinator, or proved able.

    Where no proof is asked, pressing "I take it on" opens nobody's notes of health.
    """
    query = standing(select(Duty.id)).where(Need.event_id == event.id, Need.role == "first_aid")
    query = query.where(Person.id == person_id, or_(Duty.how == "placed", Need.skill == "first_aid"))
    return db.session.scalar(query.limit(1)) is not None


def need_seen(actor: Actor, need_id: str) -> Need:
    """The need, for whoever may see the event; raises NotFound."""
    need = db.session.get(Need, need_id)
    if need is None or not can_see_event(actor, need.event):
        raise NotFound
    return need


def duty_seen(actor: Actor, duty_id: str) -> Duty:
    """The duty, for whoever it belongs to and for coordinators of the event; raises NotFound."""
    duty = db.session.get(Duty, duty_id)
    if duty is None or not (duty.holder.id == actor.person_id or can_manage_event(actor, duty.need.event)):
        raise NotFound
    return duty


def place_to_manage(actor: Actor, event: Event, place_id: str) -> Place:
    """A place of this event, for its coordinator; raises NotFound, NotAllowed."""
    if not can_manage_event(actor, event):
        raise NotAllowed
    place = db.session.get(Place, place_id)
    if place is None or place.event_id != event.id:
        raise NotFound
    return place
