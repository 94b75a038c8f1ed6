"""Tickets as they are shown and printed: whose, for what, with which group and bus. A ticket is a place's code."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload

from app.accounts.actor import Actor
from app.db import db
from app.errors import NotFound
from app.events.models import Event
from app.events.policy import can_manage_event
from app.people.models import Person
from app.rosters.models import Bus, Group
from app.signups.models import Place, SignUp
from app.signups.policy import can_see_place
from app.signups.queries import family_ids, signup_to_cancel

SHEETS_AT_ONCE = 10
PER_SHEET = 6
# The page of a ticket outlives the event by a day, for whoever asks where the day was.
SHOWN_AFTER_END = timedelta(days=1)


@dataclass(frozen=True)
class Ticket:
    """One person's ticket: the place with its person and event, and where the person is put on the day."""

    place: Place
    group: str | None
    bus: str | None


def ticket_shown(code: str, *, now: datetime) -> Place | None:
    """The place with this ticket, None for an unknown one; raises NotFound a day after its event."""
    query = select(Place).where(Place.ticket == code).options(joinedload(Place.person))
    place = db.session.scalar(query.options(joinedload(Place.event).joinedload(Event.site)))
    if place and now > place.event.ends_at + SHOWN_AFTER_END:
        raise NotFound
    return place


def tickets_of_party(actor: Actor, signup_id: str) -> tuple[SignUp, list[Ticket]]:
    """The party with its tickets: all of them for who leads it and for coordinators, else those of the own family.

    Raises NotFound for whom the party doesn't concern.
    """
    signup, family = signup_to_cancel(actor, signup_id), family_ids(actor)
    found = _read(_tickets().where(Place.signup_id == signup.id).order_by(Place.position, Place.id))
    if can_manage_event(actor, signup.event):
        return signup, found
    return signup, [ticket for ticket in found if can_see_place(actor, ticket.place, family=family)]


def tickets_of_event(
    event: Event, *, place_ids: Collection[str] = (), page: int | None = None
) -> tuple[list[Ticket], bool]:
    """The tickets of those who have a seat, bus by bus and group by group, and whether more follow.

    With `place_ids` those alone; with `page` (from 1) only ten sheets of six, else all.
    """
    query = _tickets().where(Place.event_id == event.id)
    query = query.order_by(func.coalesce(Bus.name, ""), func.coalesce(Group.name, ""), Person.name_sort, Place.id)
    if place_ids:
        query = query.where(Place.id.in_(place_ids))
    if page is None:
        return _read(query), False
    limit = SHEETS_AT_ONCE * PER_SHEET
    found = _read(query.offset((page - 1) * limit).limit(limit + 1))
    return found[:limit], len(found) > limit


def _tickets() -> Any:
    return (
        select(Place, Group.name, Bus.name)
        .join(Place.person)
        .outerjoin(Group, Group.id == Place.group_id)
        .outerjoin(Bus, Bus.id == Place.bus_id)
        .where(Place.status == "confirmed")
        .options(contains_eager(Place.person), joinedload(Place.event).joinedload(Event.site))
    )


def _read(query: Any) -> list[Ticket]:
    return [Ticket(place, group, bus) for place, group, bus in db.session.execute(query)]
