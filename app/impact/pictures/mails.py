"""The letter about pictures: some came down because somebody agrees no more. It names nobody."""

from datetime import datetime

from app.events.mail_facts import event_facts
from app.events.models import Event
from app.mail.outbox import queue_mail
from app.signups.approvers import coordinators_of


def mail_taken_down(event: Event, count: int, *, now: datetime) -> None:
    """To the event's coordinators: look through the album again. Once for each time."""
    for reader in coordinators_of(event, now=now):
        queue_mail(
            key=f"pictures:{event.id}:{now.isoformat()}:{reader.person_id}",
            template="impact/pictures_withdrawn",
            to=reader,
            context={
                "event": event_facts(event),
                "count": count,
                "name": reader.given_name or reader.name,
                "url": f"/events/{event.id}/pictures",
            },
            now=now,
            event_id=event.id,
        )
