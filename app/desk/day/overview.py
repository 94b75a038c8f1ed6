"""What management reads: every event with its figures, and no name of anybody."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import joinedload

from app.accounts.actor import COORDINATOR, MANAGEMENT, Actor, Scope
from app.attendance.models import AttendanceEntry
from app.db import db
from app.events.models import Event, Site
from app.people.models import Person
from app.signups.models import Place
from app.web.paging import Page, page_of

AT_ONCE = 60


@dataclass(frozen=True)
class EventFigures:
    """One event in numbers: seated, of them children, waiting, came."""

    event: Event
    seated: int
    children: int
    waiting: int
    came: int


def overview(actor: Actor, *, now: datetime, cursor: str | None) -> Page[EventFigures]:
    """Events of one's scope that are no drafts, the latest first: two questions for a page of 60."""
    query = select(Event).join(Event.site).options(joinedload(Event.site))
    query = query.where(Event.status != "draft", _in_scope(actor))
    keys = (Event.starts_at, Event.id)
    page = page_of(db.session(), query, keys, cursor=cursor, limit=AT_ONCE, descending=True)
    counted = _counted([event.id for event in page.items])
    return Page([EventFigures(event, *counted.get(event.id, (0, 0, 0, 0))) for event in page.items], page.next)


def _counted(event_ids: list[str]) -> dict[str, tuple[int, int, int, int]]:
    seated = Place.status == "confirmed"
    came = select(AttendanceEntry.id).where(
        AttendanceEntry.place_id == Place.id,
        AttendanceEntry.kind == "check_in",
        AttendanceEntry.undone_by_id.is_(None),
    )
    figures = [seated, and_(seated, Person.kind == "child"), Place.status == "waiting", came.exists()]
    query = (
        select(Place.event_id, *(func.count().filter(figure) for figure in figures))
        .join(Person, Person.id == Place.person_id)
        .where(Place.event_id.in_(event_ids))
        .group_by(Place.event_id)
    )
    return {row[0]: (row[1], row[2], row[3], row[4]) for row in db.session.execute(query)}


def _in_scope(actor: Actor) -> ColumnElement[bool]:
    if actor.is_admin:
        return true()
    return or_(*(_within(scope) for scope in actor.scopes if scope.role in (MANAGEMENT, COORDINATOR)))


def _within(scope: Scope) -> ColumnElement[bool]:
    return and_(
        true(),
        *([Site.city == scope.city] if scope.city else []),
        *([Event.programme_id == scope.programme_id] if scope.programme_id else []),
        *([Event.id == scope.event_id] if scope.event_id else []),
    )
