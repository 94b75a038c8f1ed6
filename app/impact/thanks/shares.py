"""Who was there, and one's own share in the day: hours, section, group, what the group brought in."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import joinedload

from app.attendance.days import is_final
from app.attendance.hour_models import HoursEntry
from app.attendance.models import AttendanceEntry
from app.db import Texts, db
from app.events.models import Event
from app.impact.thanks.models import GroupWaste
from app.people.models import Person
from app.rosters.duty_models import Section
from app.rosters.models import Group
from app.signups.models import Place

Came = tuple[Place, Person]


@dataclass(frozen=True)
class Share:
    """What somebody did there. `minutes` is None for whoever was no volunteer, the rest for what nobody wrote down."""

    minutes: int | None = None
    section: Texts | None = None
    group: str | None = None
    kilograms: Decimal | None = None


def came() -> ColumnElement[bool]:
    """The condition on Place that its person was there."""
    arrival = (AttendanceEntry.kind == "check_in", AttendanceEntry.undone_by_id.is_(None))
    return and_(Place.status == "confirmed", exists().where(AttendanceEntry.place_id == Place.id, *arrival))


def who_came(event: Event) -> list[Came]:
    """Everybody who was there and is known by name still, party by party; those who left the company are let be."""
    query = select(Place, Person).join(Person, Person.id == Place.person_id)
    query = query.where(Place.event_id == event.id, came(), Person.deactivated_at.is_(None), Person.erased_at.is_(None))
    rows = db.session.execute(query.order_by(Place.signup_id, Place.position, Place.id))
    return [(place, person) for place, person in rows]


def still_came(place_ids: Collection[str]) -> set[str]:
    """Those of the places whose marks say now that their person was there."""
    return set(db.session.scalars(select(Place.id).where(Place.id.in_(place_ids), came())))


def final_place(place_id: str) -> Place | None:
    """The place with person and event, if its person was there and the day is closed."""
    query = select(Place).join(Place.event).join(Place.person)
    query = query.where(Place.id == place_id, came(), is_final(), Person.erased_at.is_(None))
    return db.session.scalar(query.options(*with_event()))


def with_event() -> Sequence[Any]:
    """What pages and papers about a place read along with it."""
    event = joinedload(Place.event)
    return joinedload(Place.person), event.joinedload(Event.site), event.joinedload(Event.programme)


def shares_of(places: Iterable[Place]) -> dict[str, Share]:
    """{place's id: the share}, in one question."""
    ids = [place.id for place in places]
    query = (
        select(Place.id, HoursEntry.minutes, Section.name, Group.name, GroupWaste.kilograms)
        .outerjoin(HoursEntry, and_(HoursEntry.place_id == Place.id, HoursEntry.replaced_by_id.is_(None)))
        .outerjoin(Section, Section.id == Place.section_id)
        .outerjoin(Group, Group.id == Place.group_id)
        .outerjoin(GroupWaste, and_(GroupWaste.group_id == Group.id, GroupWaste.replaced_by_id.is_(None)))
        .where(Place.id.in_(ids))
    )
    return {row[0]: Share(row[1] or None, row[2], row[3], row[4]) for row in db.session.execute(query)} if ids else {}
