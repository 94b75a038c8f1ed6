"""Sign-ups of the sample events: invented, made of people from the HR files, in rows that hold what operations hold.

Each has its queue number and tickets, `seats_taken` is their number, a child's place comes with the guardian's
consent, nobody is in two places at one time. Letters are written only where a demo login is concerned.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import cycle

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from app.consents.binding import bound_to
from app.consents.cover import required_kinds
from app.consents.models import Consent
from app.consents.queries import current_text
from app.db import db, new_id, new_ticket
from app.events.models import Event
from app.people.models import Guardianship, Person
from app.signups.models import Place, QueueMove, SignUp

ADULT_SIZES = ("M", "L", "S", "L", "XL", "M", "XXL", "L", "M", "XL")
EVERY = timedelta(minutes=7)

Party = list[Person]


def employees_of(city: str, *, count: int, skip: int = 0) -> list[Person]:
    """So many employees of a city from the HR files, always the same ones."""
    query = select(Person).where(Person.kind == "employee", Person.city == city, Person.deactivated_at.is_(None))
    query = query.where(Person.personnel_number < "900000").order_by(Person.personnel_number)
    return list(db.session.scalars(query.offset(skip).limit(count)))


def families_of(city: str, event: Event, *, count: int, with_guardian: int = 0, skip: int = 0) -> Iterator[Party]:
    """Children of the city's employees who may come by their age; the first `with_guardian` bring their guardian."""
    query = (
        select(Guardianship.guardian_id, Person)
        .join(Person, Person.id == Guardianship.child_id)
        .order_by(Person.name_sort, Person.birth_date, Person.id)
    )
    guardians = {person.id: person for person in employees_of(city, count=10_000)}
    seen: set[str] = set()
    found = 0
    for guardian_id, child in db.session.execute(query):
        if found == count + skip:
            return
        if guardian_id not in guardians or guardian_id in seen or not _is_of_age(child, event):
            continue
        seen.add(guardian_id)
        found += 1
        if found > skip:
            guardian = guardians[guardian_id]
            yield [guardian, child] if found - skip <= with_guardian else [guardian, child][1:]


def add_parties(
    session: Session, event: Event, parties: Sequence[Party], *, status: str = "confirmed", since: datetime
) -> list[str]:
    """Seats these parties, or has them wait, one every few minutes from `since`; returns their sign-ups' ids."""
    number = session.scalar(select(func.max(SignUp.queue_number)).where(SignUp.event_id == event.id)) or 0
    sizes = cycle(ADULT_SIZES)
    guardian_of = _guardians_of([person for party in parties for person in party])
    signups, places, consents = [], [], []
    for offset, party in enumerate(parties):
        at = since + offset * EVERY
        leader = party[0].id if party[0].kind != "child" else guardian_of[party[0].id]
        signups.append(_signup(event, leader, number + offset + 1, at))
        signups[-1]["waiting"] = len(party) if status == "waiting" else 0
        for position, person in enumerate(party, start=1):
            size = person.tshirt_size or next(sizes)
            places.append(_place(event, signups[-1]["id"], person, position, size, status, at))
            if person.is_minor_on(event.local_date):
                guardian = guardian_of[person.id]
                consents += [_consent(event, kind, person.id, guardian, at) for kind in required_kinds(event)]
    for model, rows in ((SignUp, signups), (Place, places), (Consent, consents)):
        if rows:
            session.execute(insert(model), rows)
    _count(session, event, number + len(parties), len(places), status)
    return [str(row["id"]) for row in signups]


def _count(session: Session, event: Event, last_number: int, people: int, status: str) -> None:
    """The event keeps count of its queue and its seats."""
    counted = {"waiting": Event.people_waiting, "confirmed": Event.seats_taken}[status]
    values = {Event.last_queue_number: last_number, counted: counted + people}
    session.execute(update(Event).where(Event.id == event.id).values(values))


def withdraw(session: Session, signup_id: str, *, at: datetime) -> None:
    """This waiting party gave up by itself."""
    asked = select(SignUp.event_id, SignUp.waiting, SignUp.queue_number).where(SignUp.id == signup_id)
    event_id, waiting, number = session.execute(asked).one()
    left = {"kind": "left", "at": at, "queue_number": number, "people": waiting, "reason": "own"}
    session.execute(insert(QueueMove).values(event_id=event_id, signup_id=signup_id, **left))
    fewer = {"people_waiting": Event.people_waiting - waiting}
    session.execute(update(Event).where(Event.id == event_id).values(fewer))
    session.execute(update(SignUp).where(SignUp.id == signup_id).values(cancelled_at=at, waiting=0))
    gone = {"status": "cancelled", "cancelled_at": at, "cancel_reason": "own"}
    session.execute(update(Place).where(Place.signup_id == signup_id).values(gone))


def _is_of_age(child: Person, event: Event) -> bool:
    age = child.age_on(event.local_date)
    return child.kind == "child" and age is not None and (event.min_age_here or 0) <= age < 18


def _guardians_of(people: Sequence[Person]) -> dict[str, str]:
    children = [person.id for person in people if person.kind == "child"]
    query = select(Guardianship.child_id, Guardianship.guardian_id).where(Guardianship.child_id.in_(children))
    return {row[0]: row[1] for row in db.session.execute(query)}


def _signup(event: Event, leader_id: str, number: int, at: datetime) -> dict[str, object]:
    return {
        "id": new_id(),
        "event_id": event.id,
        "leader_id": leader_id,
        "accept_fewer": False,
        "queue_number": number,
        "created_at": at,
    }


def _place(
    event: Event, signup_id: object, person: Person, position: int, size: str, status: str, at: datetime
) -> dict[str, object]:
    is_escort = event.audience == "children" and person.kind != "child"
    return {
        "id": new_id(),
        "signup_id": signup_id,
        "event_id": event.id,
        "person_id": person.id,
        "position": position,
        "status": status,
        "role": "escort" if is_escort else "participant",
        "ticket": new_ticket(),
        "tshirt_size": size,
        "created_at": at,
        "confirmed_at": at if status == "confirmed" else None,
    }


def _consent(event: Event, kind: str, child_id: str, guardian_id: str, at: datetime) -> dict[str, object]:
    return {
        "id": new_id(),
        "kind": kind,
        "event_id": event.id,
        "child_id": child_id,
        "guardian_id": guardian_id,
        "text_id": current_text(kind).id,
        "language": "kk",
        "bound_to": bound_to(event),
        "given_at": at,
    }
