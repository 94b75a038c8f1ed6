"""The reminder: one letter to each reader, naming everybody of theirs who goes."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from app.events.mail_facts import calendar_facts, event_facts
from app.events.models import Event
from app.mail.outbox import Recipient, mail_row
from app.people.models import Person
from app.people.recipients import recipients_of
from app.reminders.due import days_ahead
from app.reminders.queries import TEMPLATE
from app.signups.models import Place

Going = tuple[Place, Person]


def readers_of(event: Event, going: Iterable[Going]) -> list[tuple[Recipient, list[Going]]]:
    """Who gets a letter and about whom, in the order of their ids."""
    seats = list(going)
    reachable = recipients_of([person for _, person in seats], on=event.local_date)
    readers: dict[str, tuple[Recipient, list[Going]]] = {}
    for place, person in seats:
        for recipient in reachable[person.id]:
            readers.setdefault(_who(recipient), (recipient, []))[1].append((place, person))
    return [readers[key] for key in sorted(readers)]


def reminder_mail(
    kind: str, event: Event, to: Recipient, going: list[Going], *, reply_to: str | None, now: datetime
) -> dict[str, Any]:
    """The row of one letter; its key says that this reader was reminded of this start."""
    start = event.starts_at.strftime("%Y%m%dT%H%MZ")
    others = [person.given_name or person.surname for _, person in going if person.id != to.person_id]
    context = {
        "event": event_facts(event),
        "name": to.given_name or to.name,
        "days_ahead": days_ahead(event.starts_at, event.timezone, now=now),
        "goes_too": any(person.id == to.person_id for _, person in going),
        "others": others,
        "tickets": [{"name": person.short_name, "code": place.printed_ticket} for place, person in going],
        "url": "/my",
        "reply_to": reply_to,
    }
    return mail_row(
        key=f"reminder:{kind}:{event.id}:{start}:{_who(to)}",
        template=TEMPLATE,
        to=to,
        context=context,
        now=now,
        event_id=event.id,
        expires_at=event.starts_at,
        calendar=calendar_facts(event),
        optional=True,
    )


def _who(recipient: Recipient) -> str:
    return recipient.person_id or recipient.address.lower()
