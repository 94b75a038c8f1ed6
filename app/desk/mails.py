"""Letters from the roster: a message to those who were picked, and two parties that changed places."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app.events.mail_facts import calendar_facts, event_facts
from app.events.models import Event
from app.mail.outbox import mail_row, post, queue_mails
from app.signups.models import Place
from app.signups.readers import by_reader, who


def mail_message(event: Event, places: Sequence[Place], *, order: Any, now: datetime) -> tuple[int, set[str]]:
    """One letter for each reader; returns how many are new and the ids of places about which somebody reads."""
    rows, reached = [], set[str]()
    shared = {"event": event_facts(event), "subject": order.subject, "words": order.text, "footer": order.footer}
    for reader, concerned in by_reader(event, places):
        reached |= {place.id for place in concerned}
        names = [place.person.given_name or place.person.surname for place in concerned]
        context = shared | {"name": reader.given_name or reader.name, "people": names, "url": f"/events/{event.id}"}
        row = mail_row(key=f"message:{order.batch}:{who(reader)}", template="desk/message", to=reader, context=context,
                       now=now, event_id=event.id)  # fmt: skip
        rows.append(row)
    return queue_mails(rows), reached


def mail_swapped(
    event: Event, places: Sequence[Place], *, letter: str, occasion: str, position: int | None, now: datetime
) -> None:
    """`letter` "desk/seat_gained" or "desk/seat_given": the entry for the calendar comes or goes with it."""
    calendar = calendar_facts(event, method="REQUEST" if letter == "desk/seat_gained" else "CANCEL")
    rows = []
    for reader, concerned in by_reader(event, places):
        people = [
            {"name": place.person.given_name or place.person.surname, "full_name": place.person.short_name,
             "ticket": place.printed_ticket, "ticket_url": f"/tickets/{place.ticket}"}
            for place in concerned
        ]  # fmt: skip
        context = {"event": event_facts(event), "url": "/my", "people": people, "position": position}
        context["name"] = reader.given_name or reader.name
        key = f"swapped:{occasion}:{concerned[0].id}:{who(reader)}"
        row = mail_row(key=key, template=letter, to=reader, context=context, now=now, event_id=event.id)
        rows.append(row | {"expires_at": event.starts_at, "calendar": calendar})
    post(rows)
