"""Notes of health on the day: who may read one, and that every reading is written down."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload

from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import db, transaction
from app.desk.roster.lines import HAS_HEALTH, NAME
from app.desk.roster.question_answers import can_see_answers
from app.errors import NotAllowed, NotFound
from app.events.models import Event
from app.events.policy import can_see_roster
from app.people.models import MedicalNote, Person
from app.rosters.duty_queries import is_medic
from app.rosters.group_policy import is_around
from app.rosters.models import Group
from app.signups.models import STANDING, Place
from app.web.paging import Page, page_of

AFTER_RETURN = timedelta(days=14)
A_PAGE = 100


@dataclass(frozen=True)
class HealthNotes:
    """What was told for this event, and what stands on the person's own profile; "" where there is none."""

    here: str
    on_profile: str

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known."""
        return not (self.here or self.on_profile)


@dataclass(frozen=True)
class Reach:
    """Whose notes somebody may read: everybody's of the event, or those of the groups that they lead."""

    everybody: bool = False
    group_ids: Collection[str] = ()

    def holds(self, place: Place) -> bool:
        """Whether it reaches this person."""
        return self.everybody or (place.is_confirmed and place.group_id in self.group_ids)

    def __bool__(self) -> bool:
        return self.everybody or bool(self.group_ids)


def health_reach(actor: Actor, event: Event, *, now: datetime) -> Reach:
    """Coordinators and safety officers here read all until two weeks after; from the day before to the day after so
    do those on duty as first aid, and a group's leader reads the notes of that group."""
    if can_see_answers(actor, event):
        return Reach(everybody=event.ends_at >= now - AFTER_RETURN)
    if actor.person_id is None or not is_around(event, now):
        return Reach()
    if is_medic(event, actor.person_id):
        return Reach(everybody=True)
    led = select(Group.id).where(Group.event_id == event.id, Group.leader_id == actor.person_id)
    return Reach(group_ids=frozenset(db.session.scalars(led)))


def reach_or_refusal(actor: Actor, event: Event, *, now: datetime) -> Reach:
    """The same; raises NotAllowed for whoever sees the roster and no notes, NotFound for everybody else."""
    if reach := health_reach(actor, event, now=now):
        return reach
    reads_roster = can_see_roster(actor, event) and not can_see_answers(actor, event)
    raise NotAllowed if reads_roster else NotFound


def people_with_notes(event: Event, reach: Reach, *, cursor: str | None = None) -> Page[Place]:
    """Those within reach who told something, by name; not what they told."""
    query: Select[Any] = select(Place).join(Person, Person.id == Place.person_id)
    query = query.options(contains_eager(Place.person))
    query = query.where(Place.event_id == event.id, Place.status.in_(STANDING), HAS_HEALTH)
    if not reach.everybody:
        query = query.where(Place.group_id.in_(list(reach.group_ids)), Place.status == "confirmed")
    return page_of(db.session(), query, NAME, cursor=cursor, limit=A_PAGE)


def place_at(event_id: str, place_id: str) -> Place:
    """A place with its event; raises NotFound. Whether it may be read about is read_health()'s to say."""
    query = select(Place).where(Place.id == place_id, Place.event_id == event_id)
    place = db.session.scalar(query.options(joinedload(Place.event).joinedload(Event.site), joinedload(Place.person)))
    if place is None:
        raise NotFound
    return place


def read_health(place: Place, *, now: datetime, actor: Actor) -> HealthNotes:
    """The notes of somebody who comes, for whoever health_reach() lets read them; the reading is logged.

    Raises NotAllowed or NotFound for others, and NotFound for whoever doesn't come, or once the time is over.
    """
    with transaction():
        reach = reach_or_refusal(actor, place.event, now=now)
        if not place.is_standing or not reach.holds(place):
            raise NotFound
        note = db.session.get(MedicalNote, place.person_id)
        record(actor, "view_medical", place, now=now)
        return HealthNotes(here=place.medical_note or "", on_profile=note.text if note else "")
