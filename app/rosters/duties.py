"""Who takes what on: chosen by the person, or placed by a coordinator. And in which shift and section people are."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, or_, select

from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import db, lock, new_id, transaction
from app.errors import NotAllowed, NotFound, require
from app.events.models import Event, Shift
from app.events.policy import can_manage_event
from app.people.models import Person
from app.rosters.duty_errors import (
    DutyFull,
    DutyOver,
    ForAdults,
    NotOnRoster,
    OfNobody,
    OnDuty,
    ShiftFull,
    SkillMissing,
)
from app.rosters.duty_mails import mail_placed, mail_released
from app.rosters.duty_models import Duty, Need, PersonSkill, Section
from app.rosters.duty_standing import is_employed, standing
from app.signups.models import Place

AHEAD = ("published", "closed", "running")


def take_duty(need: Need, place: Place, *, now: datetime, actor: Actor) -> Duty:
    """Somebody who is in takes a task on by themselves. Raises what stands in the way: DutyFull, SkillMissing, ..."""
    with transaction():
        lock(need.event)
        if place.person_id != actor.person_id:
            raise NotAllowed
        return _add(need, place, "chosen", now=now, actor=actor)


def place_on_duty(need: Need, place: Place, *, now: datetime, actor: Actor) -> Duty:
    """A coordinator places somebody, who gets a letter. Raises the same, and NotAllowed."""
    with transaction():
        lock(need.event)
        require(can_manage_event(actor, need.event))
        duty = _add(need, place, "placed", now=now, actor=actor)
        mail_placed(duty, now=now)
        return duty


def name_on_duty(need: Need, person: Person, *, now: datetime, actor: Actor) -> Duty:
    """Somebody who comes to work does this and needs no seat: the driver, the medic of the clinic. They get a letter.

    Whoever has a seat at the event keeps it, and is placed as everybody. Raises what place_on_duty() raises, OfNobody.
    """
    with transaction() as session:
        lock(need.event)
        require(can_manage_event(actor, need.event))
        query = select(Place).where(Place.event_id == need.event_id, Place.person_id == person.id)
        if place := session.scalar(query.where(Place.status == "confirmed")):
            duty = _add(need, place, "placed", now=now, actor=actor)
        else:
            duty = _name(need, person, now=now, actor=actor)
        mail_placed(duty, now=now)
        return duty


def release_duty(duty: Duty, *, now: datetime, actor: Actor) -> None:
    """The task is open again: the person's own choice, or a coordinator's, of which the person hears."""
    with transaction() as session:
        event, holder = duty.need.event, duty.holder
        lock(event)
        manages = can_manage_event(actor, event)
        require(manages or holder.id == actor.person_id)
        _check_ahead(event)
        record(actor, "release_duty", duty.place or duty, now=now, changes={"duty": (duty.need.role, None)})
        if holder.id != actor.person_id:
            mail_released(duty, now=now)
        session.delete(duty)


def choose_shift(place: Place, shift_id: str | None, *, now: datetime, actor: Actor, family: Collection[str]) -> None:
    """The place is in this shift from now on; raises ShiftFull, NotFound, NotAllowed, DutyOver."""
    with transaction():
        lock(place.event)
        lock(place)
        require(place.person_id in family or can_manage_event(actor, place.event))
        _to_shift(place, shift_id, now=now, actor=actor)


def place_in_section(place: Place, section_id: str | None, *, now: datetime, actor: Actor) -> None:
    """The coordinator says where somebody works; raises NotFound, NotAllowed, NotOnRoster."""
    with transaction():
        lock(place.event)
        lock(place)
        require(can_manage_event(actor, place.event))
        _to_section(place, section_id, now=now, actor=actor)


def put_people(
    event: Event, place_ids: Sequence[str], where: Mapping[str, str | None], *, now: datetime, actor: Actor
) -> list[Place]:
    """All of them are in this shift and this section from now on (of {"shift_id", "section_id"}; None: in none), or
    nobody is. Raises ShiftFull, NotOnRoster, DutyOver, NotFound, NotAllowed."""
    with transaction() as session:
        lock(event)
        require(can_manage_event(actor, event))
        places = [session.get(Place, place_id) for place_id in sorted(set(place_ids))]
        found = [place for place in places if place is not None and place.event_id == event.id]
        if len(found) != len(places):
            raise NotFound
        for place in found:
            lock(place)
            if "shift_id" in where:
                _to_shift(place, where["shift_id"], now=now, actor=actor)
            if "section_id" in where:
                _to_section(place, where["section_id"], now=now, actor=actor)
    return found


def has_skill(person_id: str, skill: str, event: Event) -> bool:
    """Whether somebody's proof of the skill is valid on the day."""
    valid = or_(PersonSkill.valid_until.is_(None), PersonSkill.valid_until >= event.local_date)
    query = select(PersonSkill.id).where(PersonSkill.person_id == person_id, PersonSkill.skill == skill, valid)
    return not skill or db.session.scalar(query) is not None


def _to_shift(place: Place, shift_id: str | None, *, now: datetime, actor: Actor) -> None:
    _check_in(place)
    shift = db.session.get(Shift, shift_id) if shift_id else None
    if shift_id and (shift is None or shift.event_id != place.event_id):
        raise NotFound
    if shift is not None and shift.id != place.shift_id and _is_full(shift):
        raise ShiftFull
    record(actor, "choose_shift", place, now=now, changes={"shift_id": (place.shift_id, shift_id or None)})
    place.shift_id = shift_id or None


def _to_section(place: Place, section_id: str | None, *, now: datetime, actor: Actor) -> None:
    _check_in(place)
    section = db.session.get(Section, section_id) if section_id else None
    if section_id and (section is None or section.event_id != place.event_id):
        raise NotFound
    record(actor, "place_in_section", place, now=now, changes={"section_id": (place.section_id, section_id or None)})
    place.section_id = section_id or None


def _add(need: Need, place: Place, how: str, *, now: datetime, actor: Actor) -> Duty:
    lock(place)
    _check_in(place, need.event_id)
    _check_fit(need, place.person)
    duty = Duty(id=new_id(), need_id=need.id, place_id=place.id, how=how, taken_at=now, taken_by_id=actor.account_id)
    db.session.add(duty)
    db.session.flush()
    record(
        actor, "take_duty" if how == "chosen" else "place_on_duty", place, now=now, changes={"duty": (None, need.role)}
    )
    return duty


def _name(need: Need, person: Person, *, now: datetime, actor: Actor) -> Duty:
    lock(person)
    _check_ahead(need.event)
    _check_fit(need, person)
    if not is_employed(person):
        raise OfNobody(name=person.short_name)
    by = {"how": "placed", "taken_at": now, "taken_by_id": actor.account_id}
    duty = Duty(id=new_id(), need_id=need.id, need=need, person_id=person.id, person=person, **by)
    db.session.add(duty)
    db.session.flush()
    record(actor, "name_on_duty", duty, now=now, changes={"duty": (None, need.role)})
    return duty


def _check_fit(need: Need, person: Person) -> None:
    name = person.short_name
    if person.is_minor_on(need.event.local_date):
        raise ForAdults(name=name)
    if not has_skill(person.id, need.skill, need.event):
        raise SkillMissing(name=name)
    if _busy(need, person.id):
        raise OnDuty(name=name)
    if _taken(need) >= need.maximum:
        raise DutyFull


def _check_in(place: Place, event_id: str | None = None) -> None:
    _check_ahead(place.event)
    if place.status != "confirmed" or (event_id is not None and place.event_id != event_id):
        raise NotOnRoster(name=place.person.short_name)


def _check_ahead(event: Event) -> None:
    if event.status not in AHEAD:
        raise DutyOver


def _busy(need: Need, person_id: str) -> bool:
    """Whether they have a task at that time, here or at another event; one of the whole day lasts as long as it."""
    hours = need.shift or need.event
    begins, ends = func.coalesce(Shift.starts_at, Event.starts_at), func.coalesce(Shift.ends_at, Event.ends_at)
    query = standing(select(Duty.id)).join(Event, Event.id == Need.event_id)
    query = query.outerjoin(Shift, Shift.id == Need.shift_id)
    query = query.where(Person.id == person_id, Event.status.in_(AHEAD), begins < hours.ends_at, ends > hours.starts_at)
    return db.session.scalar(query.limit(1)) is not None


def _taken(need: Need) -> int:
    return db.session.scalar(standing(select(func.count(Duty.id))).where(Need.id == need.id)) or 0


def _is_full(shift: Shift) -> bool:
    query = select(func.count()).select_from(Place).where(Place.shift_id == shift.id, Place.status == "confirmed")
    return shift.capacity is not None and (db.session.scalar(query) or 0) >= shift.capacity
