"""What else people do on the days of an event: their places elsewhere and their work, in one question."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Date, bindparam, null, select, type_coerce, union_all

from app.db import Texts
from app.events.models import Event
from app.people.models import WorkStretch
from app.rows import read
from app.signups.queries import BUSY
from app.signups.rules import Days, days_of

# Every sign-up sends it, so work days ride along with the question about places: a second one costs as much again.
BUSY_OR_AT_WORK = union_all(
    BUSY.add_columns(type_coerce(null(), Date).label("starts_on"), type_coerce(null(), Date).label("ends_on")),
    select(WorkStretch.person_id, null(), null(), WorkStretch.starts_on, WorkStretch.ends_on).where(
        WorkStretch.person_id.in_(bindparam("people", expanding=True)),
        WorkStretch.starts_on <= bindparam("last_day", type_=Date),
        WorkStretch.ends_on >= bindparam("first_day", type_=Date),
    ),
)


def engagements(event: Event, person_ids: Sequence[str]) -> tuple[dict[str, tuple[str, Texts]], dict[str, Days]]:
    """{person's id: (event's id, title)} as busy_with() says, and {person's id: (first day, last day)} at work."""
    busy: dict[str, tuple[str, Texts]] = {}
    shifts: dict[str, Days] = {}
    for row in read(BUSY_OR_AT_WORK, {"people": list(person_ids), **when_of(event)}):
        person_id, event_id, title, starts_on, ends_on = row
        if starts_on is None:
            busy[person_id] = event_id, title
        else:
            shifts[person_id] = starts_on, ends_on
    return busy, shifts


def when_of(event: Event) -> dict[str, Any]:
    """The event and its days, as BUSY_OR_AT_WORK asks about them."""
    first_day, last_day = days_of(event)
    times = {"starts_at": event.starts_at, "ends_at": event.ends_at, "first_day": first_day, "last_day": last_day}
    return {"event_id": event.id, **times}
