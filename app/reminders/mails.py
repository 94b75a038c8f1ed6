"""The reminder: one letter to each reader, naming everybody of theirs who goes; to outsiders how many come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.desk.trip.codes import code_of, generations_of, printed_code
from app.events.mail_facts import calendar_facts, event_facts
from app.events.models import Event
from app.events.queries import contact_of
from app.mail.outbox import mail_row
from app.people.models import Person
from app.reminders.audiences import Reader
from app.reminders.due import days_ahead, may_read_at
from app.reminders.models import ReminderRun
from app.reminders.queries import TEMPLATE, TO_OUTSIDERS
from app.signups.answer_links import cant_come_path
from app.signups.models import Place
from app.signups.readers import who


@dataclass(frozen=True)
class Shared:
    """What all letters of a reminder say, and the calendar's entry."""

    context: dict[str, Any]
    calendar: dict[str, Any]


def shared_facts(event: Event, *, now: datetime) -> Shared:
    """The same for each reader, put together once."""
    contact = contact_of(event)
    context = {
        "event": event_facts(event),
        "days_ahead": days_ahead(event.starts_at, event.timezone, now=now),
        "reply_to": contact.email if contact else None,
    }
    return Shared(context, calendar_facts(event, now=now))


def reminder_row(
    run: ReminderRun, event: Event, reader: Reader, shared: Shared, *, now: datetime
) -> dict[str, Any] | None:
    """The row of one letter, which waits for the reader's morning; None if that comes too late for it to help."""
    not_before = may_read_at(now, reader.zone, starts_at=event.starts_at)
    if not_before is None:
        return None
    is_outsider = reader.people is not None
    row = mail_row(
        key=f"reminder:{run.id}:{who(reader.to)}",
        template=TO_OUTSIDERS if is_outsider else TEMPLATE,
        to=reader.to,
        context=shared.context | _own(event, reader),
        now=now,
        event_id=event.id,
        not_before=not_before,
        expires_at=event.starts_at,
        calendar=None if is_outsider else shared.calendar,
    )
    return row | {"reader_zone": reader.zone}


def _own(event: Event, reader: Reader) -> dict[str, Any]:
    own: dict[str, Any] = {"name": reader.to.given_name or reader.to.name, "url": reader.url}
    if reader.people is not None:
        return own | {"people": reader.people}
    if reader.going:
        own["cant_come_url"] = cant_come_path(event, reader.to, [place for place, _ in reader.going])
    named = [(place, person) for place, person in reader.going if person.id != reader.to.person_id]
    return own | {
        # Whoever works there without a seat is awaited too.
        "goes_too": len(named) < len(reader.going) or not reader.going,
        "others": [person.given_name or person.surname for _, person in named],
        "tickets": [{"name": person.short_name, "code": place.printed_ticket} for place, person in reader.going],
        "collections": _collections(event, named),
    }


def _collections(event: Event, named: Sequence[tuple[Place, Person]]) -> list[dict[str, str]]:
    """The code by which somebody who is on no list collects each child; only guardians read it."""
    children = [(place, person) for place, person in named if person.is_minor_on(event.local_date)]
    rows = generations_of(place.id for place, _ in children)
    return [
        {"name": person.given_name or person.surname, "code": printed_code(code_of(place.id, generation))}
        for place, person in children
        for generation in [rows[place.id].generation if place.id in rows else 0]
    ]
