"""The emergency pack: whom to call about whom, notes of health, who may collect a child. Only for those who answer for
these people, only around the event; taking it is written down here, each opening on the phone when it says so.

The words of a note go to those of whom the law of the house speaks: the group's leader, first aid, and whoever runs
the day. The leader of a bus has them of those who are in no group, and a sign of the others.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import db, transaction
from app.desk.day.leading import Charge, pack_charge
from app.desk.trip.codes import check_of, generations_of
from app.desk.trip.models import Collector
from app.desk.trip.rules import COLLECTOR, GUARDIAN
from app.errors import NotFound
from app.events.models import Event
from app.events.policy import can_see_event
from app.people.models import Guardianship, MedicalNote, Person
from app.signups.models import Place

KEPT = timedelta(days=3)


def take_pack(event: Event, *, now: datetime, actor: Actor) -> dict[str, Any]:
    """All of it as plain values. Raises NotAllowed for whoever answers for nobody here."""
    if not can_see_event(actor, event):
        raise NotFound
    charge = pack_charge(actor, event, now=now)
    with transaction():
        found = _places(event, charge)
        record(actor, "take_pack", event, now=now, changes={"count": (None, len(found))})
        return {
            "event_id": event.id,
            "made_at": now.isoformat(),
            "until": (event.ends_at + KEPT).isoformat(),
            "people": _people(event, found, charge),
        }


def _places(event: Event, charge: Charge) -> list[tuple[Place, Person]]:
    query = select(Place, Person).join(Person, Person.id == Place.person_id)
    query = query.where(Place.event_id == event.id, Place.status == "confirmed").order_by(Person.name_sort, Place.id)
    rows = [(place, person) for place, person in db.session.execute(query)]
    return [(place, person) for place, person in rows if charge.holds(place.group_id, place.bus_id)]


def _people(event: Event, found: Sequence[tuple[Place, Person]], charge: Charge) -> list[dict[str, Any]]:
    children = {person.id for _, person in found if person.is_minor_on(event.local_date)}
    contacts, listed = _guardians(children), _collectors(event, children)
    notes = _notes([person.id for _, person in found])
    codes = generations_of(place.id for place, person in found if person.id in children)
    people = []
    for place, person in found:
        row = _person(event, place, person, charge, notes.get(person.id, ""))
        if person.id in children:
            generation = codes[place.id].generation if place.id in codes else 0
            salt, check = check_of(place.id, generation)
            row |= {
                "child": True,
                "contacts": contacts.get(person.id, []),
                "collect": [*contacts.get(person.id, []), *listed.get(person.id, [])],
                "code": {"salt": salt, "check": check},
            }
        people.append({name: value for name, value in row.items() if value not in (None, "", [])})
    return people


def _person(event: Event, place: Place, person: Person, charge: Charge, profile: str) -> dict[str, Any]:
    told = "\n".join(filter(None, (place.medical_note, profile)))
    reads = charge.everybody or place.group_id in charge.group_ids or place.group_id is None
    return {
        "id": place.id,
        "name": person.short_name,
        "age": person.age_on(event.local_date) if person.is_minor_on(event.local_date) else None,
        "group": place.group_id,
        "bus": place.bus_id,
        "phone": person.phone,
        "health": told if reads else "",
        "flags": ["health"] if told else [],
    }


def _guardians(children: Iterable[str]) -> dict[str, list[dict[str, str]]]:
    query = (
        select(Guardianship.child_id, Guardianship.relation, Person)
        .join(Person, Person.id == Guardianship.guardian_id)
        .where(Guardianship.child_id.in_(list(children)), Guardianship.ended_at.is_(None))
        .where(Person.deactivated_at.is_(None))
        .order_by(Person.name_sort, Person.id)
    )
    found: dict[str, list[dict[str, str]]] = {}
    for row in db.session.execute(query):
        person = row.Person
        one = {"how": GUARDIAN, "id": person.id, "name": person.short_name, "phone": person.phone or ""}
        found.setdefault(row.child_id, []).append(one | {"relation": row.relation})
    return found


def _collectors(event: Event, children: Iterable[str]) -> Mapping[str, list[dict[str, str]]]:
    query = select(Collector).where(Collector.child_id.in_(list(children)), Collector.removed_at.is_(None))
    here = Collector.event_id.is_(None) | (Collector.event_id == event.id)
    found: dict[str, list[dict[str, str]]] = {}
    for row in db.session.scalars(query.where(here).order_by(Collector.entered_at, Collector.id)):
        one = {"how": COLLECTOR, "id": row.id, "name": row.name, "phone": row.phone, "relation": row.relation}
        found.setdefault(row.child_id, []).append(one)
    return found


def _notes(person_ids: Sequence[str]) -> dict[str, str]:
    query = select(MedicalNote.person_id, MedicalNote.text).where(MedicalNote.person_id.in_(person_ids))
    return {row.person_id: row.text for row in db.session.execute(query)}
