"""Making groups and buses, changing them, closing them. A container is either of the two; `what` says which."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from app.accounts.actor import Actor
from app.audit.operations import differences, record
from app.db import db, lock, transaction
from app.errors import require
from app.events.models import Event
from app.events.policy import can_manage_event
from app.people.models import Person
from app.rosters.container_errors import NameTaken, NotALeader, TooFewPlaces, TooMany
from app.rosters.models import Bus, Group
from app.signups.models import Place

MODELS: dict[str, type[Group] | type[Bus]] = {"groups": Group, "buses": Bus}
HOLDS = {"groups": "capacity", "buses": "seats"}  # which column says how many it holds
POINTS = {"groups": "group_id", "buses": "bus_id"}  # which column of a place says where
MOST = 99
OF_FIRM = ("firm", "firm_email", "firm_language")
FOR_BUSES = ("driver", "driver_phone", "plate", *OF_FIRM)


@dataclass(frozen=True, slots=True)
class Draft:
    """A container to be; without a name it gets the next number."""

    name: str = ""
    capacity: int | None = None
    driver: str = ""
    driver_phone: str = ""
    plate: str = ""
    firm: str = ""
    firm_email: str = ""
    firm_language: str = "kk"


def make_containers(
    event: Event, what: str, drafts: Sequence[Draft], *, now: datetime, actor: Actor
) -> list[Group | Bus]:
    """Adds groups or buses to an event. Raises NameTaken, TooMany."""
    with transaction() as session:
        lock(event)
        require(can_manage_event(actor, event))
        names = set(session.scalars(select(MODELS[what].name).where(MODELS[what].event_id == event.id)))
        if len(names) + len(drafts) > MOST:
            raise TooMany(most=MOST)
        made = []
        for draft in drafts:
            name = draft.name.strip() or _next_number(names)
            if name in names:
                raise NameTaken(name=name)
            names.add(name)
            made.append(_new(event, what, name, draft))
        session.add_all(made)
        session.flush()
        for row in made:
            record(actor, "make_container", row, now=now, changes={"name": (None, row.name)})
    return made


def change_container(
    container: Group | Bus, wanted: Mapping[str, Any], *, leader_id: str | None = None, now: datetime, actor: Actor
) -> None:
    """Another name, leader, number of places, driver. Raises NameTaken, TooFewPlaces, NotALeader."""
    with transaction():
        event = locked_with_event(container, actor=actor)
        what = container.__tablename__
        fields = {HOLDS[what] if name == "capacity" else name: value for name, value in wanted.items()}
        fields["leader_id"] = leader_id
        _check(event, container, fields)
        changes = differences(container, fields)
        for name, value in fields.items():
            setattr(container, name, value)
        record(actor, "change_container", container, now=now, changes=changes)


def close_container(container: Group | Bus, *, now: datetime, actor: Actor) -> int:
    """Nobody is in it from now on: it breaks down, or isn't needed. Returns how many people lost their place in it."""
    with transaction() as session:
        locked_with_event(container, actor=actor)
        if container.closed_at is not None:
            return 0
        column = POINTS[container.__tablename__]
        out = update(Place).where(getattr(Place, column) == container.id).values({column: None}).returning(Place.id)
        people = len(session.execute(out, execution_options={"synchronize_session": False}).all())
        container.closed_at = now
        record(actor, "close_container", container, now=now, changes={"people": (people, 0)})
    return people


def reopen_container(container: Group | Bus, *, now: datetime, actor: Actor) -> None:
    """It takes people again."""
    with transaction():
        locked_with_event(container, actor=actor)
        if container.closed_at is not None:
            container.closed_at = None
            record(actor, "reopen_container", container, now=now)


def leader_numbered(number: str) -> str:
    """The id of the employee with this personnel number; raises NotALeader where there is none."""
    query = select(Person.id).where(Person.personnel_number == number, Person.deactivated_at.is_(None))
    found = db.session.scalar(query)
    if found is None:
        raise NotALeader
    return found


def locked_with_event(container: Group | Bus, *, actor: Actor) -> Event:
    """The event's lock and the container as it stands under it; raises NotAllowed for whom it doesn't concern."""
    event = db.session.get_one(Event, container.event_id)
    lock(event)
    lock(container)
    require(can_manage_event(actor, event))
    return event


def people_in(container: Group | Bus) -> int:
    """How many people are in it."""
    column = getattr(Place, POINTS[container.__tablename__])
    return db.session.scalar(select(func.count()).where(column == container.id, Place.status == "confirmed")) or 0


def _new(event: Event, what: str, name: str, draft: Draft) -> Group | Bus:
    values: dict[str, Any] = {"event_id": event.id, "name": name, HOLDS[what]: draft.capacity}
    if what == "buses":
        values |= {field: getattr(draft, field) for field in FOR_BUSES}
    return MODELS[what](**values)


def _next_number(names: set[str]) -> str:
    return str(max((int(name) for name in names if name.isdecimal()), default=0) + 1)


def _check(event: Event, container: Group | Bus, fields: Mapping[str, Any]) -> None:
    model = MODELS[container.__tablename__]
    same = select(model.id).where(model.event_id == event.id, model.name == fields["name"], model.id != container.id)
    if db.session.scalar(same):
        raise NameTaken(name=fields["name"])
    holds = fields[HOLDS[container.__tablename__]]
    if holds is not None and (people := people_in(container)) > holds:
        raise TooFewPlaces(people=people)
    leader_id = fields["leader_id"]
    if leader_id and leader_id != container.leader_id and not _can_lead(event, leader_id):
        raise NotALeader


def _can_lead(event: Event, person_id: str) -> bool:
    person = db.session.get(Person, person_id)
    if person is None or person.deactivated_at is not None or person.is_minor_on(event.local_date):
        return False
    seat = select(Place.id).where(Place.event_id == event.id, Place.person_id == person_id, Place.status == "confirmed")
    return person.kind == "employee" or db.session.scalar(seat) is not None
