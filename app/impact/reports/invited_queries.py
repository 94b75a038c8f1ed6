"""How many of those whom institutions were asked to bring were named, seated and there."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from app.attendance.models import AttendanceEntry
from app.db import db
from app.events.models import Event, Site
from app.impact.reports.facts import ProgrammeFacts
from app.impact.reports.report import Asked
from app.impact.reports.within import events_within
from app.impact.reports.years import Bounds
from app.signups.models import Invitation, Place, SignUp


@dataclass(frozen=True)
class Invited:
    """People at each step; at events at which somebody was marked present."""

    seats: int
    named: int
    confirmed: int
    present: int


def invited(asked: Asked, programmes: Sequence[ProgrammeFacts], bounds: Bounds) -> Invited:
    """From the seats promised in invitations that stand to those who came."""
    came = select(AttendanceEntry.event_id).where(*_stands())
    invitations = (
        select(Invitation.id, Invitation.seats)
        .join(Event, Event.id == Invitation.event_id)
        .join(Site, Site.id == Event.site_id)
        .where(Invitation.revoked_at.is_(None), events_within(asked, programmes, bounds), Event.id.in_(came))
        .cte("standing")
    )
    is_there = select(AttendanceEntry.id).where(AttendanceEntry.place_id == Place.id, *_stands()).exists()
    people = (
        select(
            func.count().label("named"),
            func.count().filter(Place.status == "confirmed").label("confirmed"),
            func.count().filter(is_there).label("present"),
        )
        .select_from(invitations)
        .join(SignUp, SignUp.invitation_id == invitations.c.id)
        .join(Place, Place.signup_id == SignUp.id)
        .subquery()
    )
    seats = select(func.coalesce(func.sum(invitations.c.seats), 0)).scalar_subquery()
    return Invited(*db.session.execute(select(seats, people.c.named, people.c.confirmed, people.c.present)).one())


def _stands() -> tuple[ColumnElement[bool], ...]:
    return (AttendanceEntry.kind == "check_in", AttendanceEntry.undone_by_id.is_(None))
