"""The digest: one letter a morning to a coordinator, about all of their events."""

from datetime import date, datetime, timedelta

from app.events.mail_facts import event_path
from app.mail.outbox import queue_mail
from app.people.models import Person
from app.people.recipients import recipients_for
from app.reminders.digest_queries import Digest, News

TEMPLATE = "reminders/digest"
HELPS_FOR = timedelta(hours=12)  # the next one says more


def mail_digest(person: Person, account_id: str, found: Digest, *, day: date, now: datetime) -> None:
    """What changed, what is missing, what is due; whoever has no e-mail reads it on the pages."""
    for reader in recipients_for(person, on=day):
        queue_mail(
            key=f"digest:{day.isoformat()}:{account_id}",
            template=TEMPLATE,
            to=reader,
            context={
                "name": reader.given_name or reader.name,
                "day_on": day.isoformat(),
                "events": [_event(one) for one in found.events],
                "tasks": found.tasks,
                "failed": found.failed,
                "url": "/planning",
            },
            now=now,
            expires_at=now + HELPS_FOR,
        )


def _event(one: News) -> dict[str, object]:
    event = one.event
    return {
        "title": event.title, "url": event_path(event), "starts_at": event.starts_at.isoformat(),
        "timezone": event.timezone, "news": one.news, "joined": one.joined, "left": one.left,
        "missing": one.missing, "due": one.due,
    }  # fmt: skip
