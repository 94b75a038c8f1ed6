"""Letters from the roster: a message to those who were picked, and two parties that changed places."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from app.events.mail_facts import calendar_facts, event_facts
from app.events.models import Event
from app.mail.outbox import Recipient, mail_row, post, queue_mails
from app.signups.answer_links import cant_come_path
from app.signups.mails import still_going
from app.signups.models import Place
from app.signups.readers import by_reader, who


def mail_message(event: Event, places: Sequence[Place], *, order: Any, now: datetime) -> tuple[int, set[str]]:
    """One letter for each reader; returns how many are new and the ids of places about which somebody reads."""
    readers = by_reader(event, places)
    reached = {place.id for _, concerned in readers for place in concerned}
    return queue_mails(message_rows(event, readers, order=order, now=now)), reached


def message_rows(
    event: Event, readers: Iterable[tuple[Recipient, Sequence[Place]]], *, order: Any, now: datetime
) -> list[dict[str, Any]]:
    """The letters of a message, one for each reader; the message's own id is the occasion."""
    rows = []
    shared = {"event": event_facts(event), "subject": order.subject, "words": order.text, "footer": order.footer}
    for reader, concerned in readers:
        names = [place.person.given_name or place.person.surname for place in concerned]
        context = shared | {"name": reader.given_name or reader.name, "people": names, "url": f"/events/{event.id}"}
        key = f"message:{who(reader)}:{order.batch}"
        rows.append(mail_row(key=key, template="desk/message", to=reader, context=context, now=now, event_id=event.id))
    return rows


def mail_swapped(
    event: Event, places: Sequence[Place], *, letter: str, occasion: str, position: int | None, now: datetime
) -> None:
    """`letter` "desk/seat_gained" or "desk/seat_given": the entry for the calendar comes or goes with it."""
    is_gained, rows, readers = letter == "desk/seat_gained", [], by_reader(event, places)
    calendar = calendar_facts(event, method="REQUEST" if is_gained else "CANCEL", now=now)
    stay = set() if is_gained else still_going(event, [reader for reader, _ in readers])
    for reader, concerned in readers:
        people = [
            {"name": place.person.given_name or place.person.surname, "full_name": place.person.short_name,
             "ticket": place.printed_ticket, "ticket_url": f"/tickets/{place.ticket}"}
            for place in concerned
        ]  # fmt: skip
        context = {"event": event_facts(event), "url": "/my", "people": people, "position": position}
        context |= {"name": reader.given_name or reader.name}
        context |= {"cant_come_url": cant_come_path(event, reader, concerned)}
        key = f"swapped:{concerned[0].id}:{who(reader)}:{occasion}"
        row = mail_row(key=key, template=letter, to=reader, context=context, now=now, event_id=event.id)
        rows.append(row | {"expires_at": event.starts_at, "calendar": None if reader in stay else calendar})
    post(rows)
