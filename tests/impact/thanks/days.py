"""A day that was: who came, and its closing."""

from datetime import datetime, timedelta
from typing import Any

from app.attendance.hour_models import HoursEntry
from app.attendance.models import AttendanceEntry
from app.db import db, new_id, transaction
from app.events.models import Event
from app.impact.thanks.queueing import queue_thanks
from app.impact.thanks.survey import end_due_surveys
from app.mail.models import Mail
from app.people.models import Person
from app.signups.models import Place
from tests import factories

ENDED = factories.SATURDAY + timedelta(hours=4)
CLOSED = ENDED + timedelta(hours=1)  # two in the afternoon in Balkhash
DUE = CLOSED + timedelta(hours=2)


def came(event: Event, who: Person, *, minutes: int = 0, **fields: Any) -> Place:
    """Somebody with a seat who was marked present."""
    place = factories.place(event, who, **fields)
    mark(place)
    if minutes:
        told = {"source": "marks", "recorded_at": CLOSED}
        factories.saved(HoursEntry(event_id=event.id, place_id=place.id, minutes=minutes, **told))
    return place


def mark(place: Place, kind: str = "check_in", *, at: datetime = factories.SATURDAY) -> AttendanceEntry:
    """One mark."""
    entry = AttendanceEntry(id=new_id(), event_id=place.event_id, place_id=place.id, kind=kind, at=at, recorded_at=at)
    saved: AttendanceEntry = factories.saved(entry)
    return saved


def was_absent(place: Place, *, at: datetime) -> None:
    """The mark is taken back: they were not there after all."""
    undo = mark(place, "undo", at=at)
    with transaction():
        db.session.query(AttendanceEntry).filter_by(place_id=place.id, kind="check_in").update(
            {"undone_by_id": undo.id}
        )
    mark(place, "absent", at=at)
    db.session.expire_all()


def closed(event: Event, at: datetime = CLOSED) -> None:
    """A coordinator closed its day."""
    day = factories.closed_day(event)
    with transaction():
        day.closed_at = at


def work(now: datetime) -> list[Mail]:
    """All that the worker does about thanks at that moment; the letters that stand, by address."""
    while queue_thanks(now=now) or end_due_surveys(now=now):
        pass
    db.session.expire_all()
    return db.session.query(Mail).filter_by(template="impact/thanks").order_by(Mail.recipient).all()
