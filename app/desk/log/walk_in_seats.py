"""A seat for somebody who came without one: a coordinator gives it, while there are seats, under the event's lock."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm.attributes import set_committed_value

from app.accounts.actor import Actor
from app.attendance.days import DayClosed
from app.audit.operations import record
from app.db import connection, db, lock, new_id, transaction
from app.desk.log.conflict_models import WalkIn
from app.desk.log.giving import Giver, facts_of
from app.desk.log.held import hold, wait_for_walk_ins
from app.desk.log.taking import write_down
from app.errors import N_, DomainError, NotFound, require
from app.events.models import Event
from app.events.policy import can_manage_event
from app.people import ages
from app.people.models import Person
from app.people.names import search_text, sort_key
from app.people.values import Unfit, read_phone
from app.prepared import rows_of
from app.rows import add_rows, fresh
from app.signups.answers import Answers
from app.signups.models import STANDING, Place, SignUp
from app.signups.seating import enter
from app.signups.signing_up import new_place

SEATS_IN = ("published", "closed", "running")
_rows = db.metadata.tables[WalkIn.__tablename__]
UNSEATED = (
    select(_rows.c.id, _rows.c.surname, _rows.c.given_name, _rows.c.phone, _rows.c.is_child, _rows.c.came_at)
    .where(_rows.c.event_id == bindparam("event_id"), _rows.c.place_id.is_(None), _rows.c.undone_at.is_(None))
    .order_by(_rows.c.came_at, _rows.c.id)
)


class NoSeatForWalkIn(DomainError):
    """All seats are somebody's, or the event takes nobody in."""

    type = "full"
    title = N_("No seats left")
    message = N_("All seats are taken. %(name)s stays on the list of those without a place.")


class WalkInSeated(DomainError):
    """Somebody gave them a seat, or took the record back."""

    type = "walk-in-settled"
    message = N_("This was settled already. Look at the list again.")


class ChildWithoutConsent(DomainError):
    """A child takes part only with a parent's consent."""

    type = "no-consent"
    message = N_("%(name)s is a child. A parent signs them up and consents first.")


class HasLeft(DomainError):
    """Leavers get no seat."""

    type = "leaver"
    message = N_("%(name)s has left the company and gets no seat.")


def walk_ins_without_seat(event_id: str) -> Sequence[Any]:
    """Those who came and have no place, in the order in which they came: id, names, phone, is_child, came_at."""
    return rows_of(connection(), UNSEATED, {"event_id": event_id})


def seat_walk_in(event: Event, walk_in_id: str, *, now: datetime, actor: Actor) -> Place:
    """Their own place from now on: what was recorded of them stands there. Whoever has one meanwhile keeps that.

    Raises NotAllowed, NotFound, DayClosed, WalkInSeated, ChildWithoutConsent, HasLeft, NoSeatForWalkIn.
    """
    require(can_manage_event(actor, event))
    facts = facts_of(event)
    with transaction() as session:
        wait_for_walk_ins(facts)
        lock(event)
        row = _open(event, walk_in_id)
        person = session.get(Person, row.person_id) if row.person_id else None
        place = (_place_of(event, person) if person else None) or _seated(event, row, person, now=now, actor=actor)
        row.person_id, row.place_id = place.person_id, place.id
        session.flush()
        held = hold(facts, {f"w:{row.id}", f"p:{place.id}"}, [])
        if held.is_closed:
            raise DayClosed
        write_down(facts, held, [], {}, giver=Giver(actor, frozenset({"manage"})), now=now)
        record(actor, "seat_walk_in", place, now=now)
    return place


def _open(event: Event, walk_in_id: str) -> WalkIn:
    row = db.session.get(WalkIn, walk_in_id)
    if row is None or row.event_id != event.id:
        raise NotFound
    lock(row)
    if row.place_id or row.undone_at:
        raise WalkInSeated
    return row


def _place_of(event: Event, person: Person) -> Place | None:
    query = select(Place).where(Place.event_id == event.id, Place.person_id == person.id, Place.status.in_(STANDING))
    return db.session.scalars(query).one_or_none()


def _seated(event: Event, row: WalkIn, person: Person | None, *, now: datetime, actor: Actor) -> Place:
    """A party of one; nobody is written to, since they stand here."""
    _check_may_sit(event, row, person)
    return _party_of_one(event, person or _known_from_now_on(event, row, now=now, actor=actor), now=now, actor=actor)


def _check_may_sit(event: Event, row: WalkIn, person: Person | None) -> None:
    """Children come with a consent, leavers not at all, nobody beyond the seats."""
    name = f"{row.surname} {row.given_name}".strip()
    kind = person.kind if person else "other"
    born = row.birth_date or (person.birth_date if person else None)
    if row.is_child or ages.is_minor(born, kind, event.local_date):
        raise ChildWithoutConsent(name=name)
    if person and person.deactivated_at:
        raise HasLeft(name=name)
    free = event.seats_free
    if event.status not in SEATS_IN or (free is not None and free < 1):
        raise NoSeatForWalkIn(name=name)


def _party_of_one(event: Event, who: Person, *, now: datetime, actor: Actor) -> Place:
    signup = fresh(
        SignUp,
        event=event,
        id=new_id(),
        event_id=event.id,
        leader_id=who.id,
        accept_fewer=False,
        created_at=now,
        created_by_id=actor.account_id,
    )
    place = new_place(event, signup, who, 1, Answers(), now)
    set_committed_value(signup, "places", [place])
    enter(event, signup, seated=[place], waiting=[], now=now)
    add_rows([signup, place])
    return place


def _known_from_now_on(event: Event, row: WalkIn, *, now: datetime, actor: Actor) -> Person:
    person = Person(
        id=new_id(),
        kind="other",
        surname=row.surname,
        given_name=row.given_name,
        birth_date=row.birth_date,
        phone=_phone(row.phone),
        city=event.site.city,
        created_at=now,
        name_sort=sort_key(row.surname, row.given_name),
        name_search=search_text(row.surname, row.given_name),
    )
    db.session.add(person)
    db.session.flush()
    record(actor, "add", person, now=now)
    return person


def _phone(typed: str) -> str | None:
    """As numbers are kept; what was typed at the door may be none."""
    try:
        return read_phone(typed)
    except Unfit:
        return None
