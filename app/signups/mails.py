"""Letters about sign-ups: one function each. A child's letters go to all guardians; each reader gets one letter."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from app.events.mail_facts import calendar_facts, event_facts
from app.events.models import Event
from app.mail.outbox import Recipient, cancel_mails, mail_row, queue_mails
from app.people.recipients import recipients_of
from app.signups.models import Place, SignUp


def mail_confirmed(signup: SignUp, places: list[Place], *, now: datetime) -> None:
    """You are in, with the tickets and the entry for the calendar."""
    rows = _rows(signup.event, places, "confirmed", now=now, method="REQUEST", expires_at=signup.event.starts_at)
    queue_mails(rows)


def mail_waiting(signup: SignUp, places: list[Place], *, position: int, now: datetime) -> None:
    """You are in the queue, at this position."""
    rows = _rows(
        signup.event, places, "waiting", now=now, more={"position": position}, expires_at=signup.event.starts_at
    )
    queue_mails(rows)


def mail_promoted(signup: SignUp, places: list[Place], *, now: datetime) -> None:
    """A seat came free and it is yours."""
    queue_mails(_rows(signup.event, places, "promoted", now=now, method="REQUEST", expires_at=signup.event.starts_at))


def mail_cancelled(event: Event, places: list[Place], *, reason: str, now: datetime) -> None:
    """You go no longer; takes the entry out of the calendar, and back what was queued about these places."""
    for place in places:
        cancel_mails(now=now, key_prefix=f"signup:promoted:{place.id}:")
    if not any(place.signup.standing_places for place in places):
        for reader in (reader for reader, _ in _by_reader(event, places) if reader.person_id):
            cancel_mails(now=now, event_id=event.id, person_id=reader.person_id, template_prefix="reminders/")
    queue_mails(_rows(event, places, "cancelled", now=now, method="CANCEL", more={"reason": reason}))


def mail_event_cancelled(event: Event, places: list[Place], *, now: datetime) -> None:
    """The event does not take place: to those seated and those waiting."""
    queue_mails(_rows(event, places, "event_cancelled", now=now, method="CANCEL"))


def mail_postponed(event: Event, places: list[Place], *, now: datetime) -> None:
    """Not on that day; the places stay until there is a new date. Takes the entry out of the calendar."""
    queue_mails(_rows(event, places, "postponed", now=now, method="CANCEL", occasion=event.calendar_sequence))


def _rows(
    event: Event,
    places: Iterable[Place],
    letter: str,
    *,
    now: datetime,
    method: str | None = None,
    more: dict[str, Any] | None = None,
    expires_at: datetime | None = None,
    occasion: int | None = None,
) -> list[dict[str, Any]]:
    """One row a reader; `occasion` tells letters of a kind apart that may come more than once."""
    calendar = calendar_facts(event, method=method) if method else None
    shared = {"event": event_facts(event), "url": "/my", **(more or {})}
    rows = []
    for reader, concerned in _by_reader(event, places):
        own = {"people": [_person(place) for place in concerned], "name": reader.given_name or reader.name}
        key = f"signup:{letter}:{concerned[0].id}:{reader.person_id or reader.address}"
        key += f":{occasion}" if occasion is not None else ""
        row = mail_row(key=key, template=f"signups/{letter}", to=reader, context=shared | own, now=now)
        rows.append(row | {"event_id": event.id, "expires_at": expires_at, "calendar": calendar})
    return rows


def _by_reader(event: Event, places: Iterable[Place]) -> list[tuple[Recipient, list[Place]]]:
    """Who reads, and which places concern them; a family with one address gets one letter."""
    readers: dict[Recipient, list[Place]] = {}
    places = list(places)
    reachable = recipients_of([place.person for place in places], on=event.local_date)
    for place in places:
        for recipient in reachable[place.person_id]:
            readers.setdefault(recipient, []).append(place)
    return list(readers.items())


def _person(place: Place) -> dict[str, str]:
    return {
        "name": place.person.given_name or place.person.surname,
        "full_name": place.person.short_name,
        "ticket": place.printed_ticket,
    }
