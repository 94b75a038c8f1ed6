"""Letters about appeals: to the event's coordinator, and the answer that stays with the rule."""

from datetime import datetime

from app.events.mail_facts import event_facts
from app.events.models import Event
from app.mail.outbox import queue_mail
from app.people.models import Person
from app.people.recipients import recipients_for
from app.signups.approvers import coordinators_of
from app.signups.readers import who
from app.tasks.models import Task


def mail_appeal(event: Event, person: Person, task: Task, *, times: int, now: datetime) -> None:
    """Somebody asks for an exception; the page with the two answers."""
    facts = {
        "event": event_facts(event),
        "who": person.short_name,
        "times": times,
        "text": next(iter(task.text.values()), ""),
        "url": f"/events/{event.id}/appeals",
    }
    for reader in coordinators_of(event, now=now):
        queue_mail(
            key=f"appeal:{task.id}:{reader.person_id}",
            template="signups/appeal",
            to=reader,
            context=facts | {"name": reader.given_name or reader.name},
            now=now,
            event_id=event.id,
        )


def mail_appeal_refused(event: Event, person: Person, task: Task, *, note: str, now: datetime) -> None:
    """The coordinator stays with the rule; with what they wrote."""
    facts = {"event": event_facts(event), "who": person.given_name or person.surname, "note": note}
    for reader in recipients_for(person, on=event.local_date):
        queue_mail(
            key=f"appeal_refused:{task.id}:{who(reader)}",
            template="signups/appeal_refused",
            to=reader,
            context=facts | {"name": reader.given_name or reader.name, "url": f"/events/{event.id}"},
            now=now,
            event_id=event.id,
        )
