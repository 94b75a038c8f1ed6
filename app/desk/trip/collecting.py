"""Who may collect a child, and the one-time code for somebody who is not on that list: guardians say so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import db, lock, new_id, transaction
from app.desk.trip.codes import code_of, generations_of, printed_code
from app.desk.trip.models import CollectionCode, Collector, HandOver
from app.errors import N_, Invalid, NotAllowed, NotFound
from app.events.models import Event
from app.people.models import Person
from app.people.policy import can_change_person
from app.people.queries import guardians_of, may_decide_for, person_visible
from app.people.values import Unfit, read_phone
from app.signups.models import Place

LONGEST_NAME, LONGEST_RELATION = 100, 60
MOST = 20
STILL = timedelta(hours=12)  # late buses come back after the planned end


@dataclass(frozen=True)
class Code:
    """A child's place with its code as it is read aloud, and to whom the child went."""

    place: Place
    code: str
    over: HandOver | None


@dataclass(frozen=True)
class Collectors:
    """The page of one child: those who decide for it, those whom they listed, the codes of events ahead."""

    child: Person
    guardians: Sequence[Person]
    listed: Sequence[Collector]
    codes: Sequence[Code]


def collectors_page(actor: Actor, child_id: str, *, now: datetime) -> Collectors:
    """For guardians; for coordinators of the child's city without the codes. Raises NotFound, NotAllowed."""
    child = _child(actor, child_id)
    codes = _codes(child, now=now) if _decides(actor, child) else []
    return Collectors(child, guardians_of(child.id), listed_of(child.id), codes)


def add_collector(
    child_id: str, *, name: str, phone: str = "", relation: str = "", now: datetime, actor: Actor
) -> Collector:
    """This adult may collect the child from any event. Raises Invalid by field, NotFound, NotAllowed."""
    with transaction() as session:
        child = _child(actor, child_id)
        lock(child)
        wanted = _read(name, phone, relation)
        listed = listed_of(child.id)
        if len(listed) >= MOST:
            raise Invalid({"name": N_("The list is full. Take somebody off first.")})
        if any(one.name == wanted["name"] and one.phone == wanted["phone"] for one in listed):
            raise Invalid({"name": N_("They are on the list already.")})
        row = Collector(id=new_id(), child_id=child.id, entered_at=now, entered_by_id=actor.account_id, **wanted)
        session.add(row)
        session.flush()
        record(actor, "add_collector", row, now=now)
    return row


def remove_collector(child_id: str, collector_id: str, *, now: datetime, actor: Actor) -> None:
    """They may collect the child no longer; name and phone are forgotten. Raises NotFound, NotAllowed."""
    with transaction() as session:
        child = _child(actor, child_id)
        row = session.get(Collector, collector_id)
        if row is None or row.child_id != child.id:
            raise NotFound
        lock(row)
        if row.removed_at is None:
            row.removed_at, row.removed_by_id = now, actor.account_id
            row.name, row.phone, row.relation = "-", "", ""
            record(actor, "remove_collector", row, now=now)


def renew_code(child_id: str, place_id: str, *, now: datetime, actor: Actor) -> None:
    """Another code; whoever was told the old one can't collect by it. For guardians. Raises NotFound, NotAllowed."""
    with transaction() as session:
        child = _child(actor, child_id)
        if not _decides(actor, child):
            raise NotAllowed
        place = session.get(Place, place_id)
        if place is None or place.person_id != child.id or not place.is_standing:
            raise NotFound
        lock(place)
        row = session.get(CollectionCode, place.id)
        if row is None:
            row = CollectionCode(place_id=place.id, generation=0)
            session.add(row)
        row.generation += 1
        row.made_at, row.used_at = now, None
        session.flush()
        record(actor, "renew_code", place, now=now)


def listed_of(child_id: str) -> Sequence[Collector]:
    """Adults who may collect the child and are no guardians, as they were entered."""
    query = select(Collector).where(Collector.child_id == child_id, Collector.removed_at.is_(None))
    return db.session.scalars(query.order_by(Collector.entered_at, Collector.id)).all()


def _child(actor: Actor, child_id: str) -> Person:
    child = person_visible(actor, child_id)
    if child.kind != "child":
        raise NotFound
    if not _decides(actor, child) and not can_change_person(actor, child):
        raise NotAllowed
    return child


def _decides(actor: Actor, child: Person) -> bool:
    return actor.person_id is not None and may_decide_for(actor.person_id, child.id)


def _codes(child: Person, *, now: datetime) -> list[Code]:
    query = select(Place).join(Event, Event.id == Place.event_id).options(joinedload(Place.event))
    query = query.where(Place.person_id == child.id, Place.status == "confirmed", Event.ends_at > now - STILL)
    places = db.session.scalars(query.order_by(Event.starts_at, Place.id)).all()
    rows, overs = generations_of(place.id for place in places), _overs([place.id for place in places])
    found = []
    for place in places:
        row = rows.get(place.id)
        code = code_of(place.id, row.generation if row else 0)
        found.append(Code(place, printed_code(code), overs.get(place.id)))
    return found


def _overs(place_ids: Sequence[str]) -> dict[str, HandOver]:
    """{place: the hand-over that stands}."""
    query = select(HandOver).where(HandOver.place_id.in_(place_ids), HandOver.undone_by_id.is_(None))
    return {str(row.place_id): row for row in db.session.scalars(query)}


def _read(name: str, phone: str, relation: str) -> dict[str, str]:
    clean = {"name": " ".join(name.split()), "relation": " ".join(relation.split())}
    wrong: dict[str, str] = {}
    if not 0 < len(clean["name"]) <= LONGEST_NAME:
        wrong["name"] = N_("Surname and name, as in their document.")
    if len(clean["relation"]) > LONGEST_RELATION:
        wrong["relation"] = N_("Say it in up to 60 letters.")
    try:
        clean["phone"] = read_phone(phone) or ""
    except Unfit:
        wrong["phone"] = N_("This is not a phone number.")
    if wrong:
        raise Invalid(wrong)
    return clean
