"""Letters about consents: the question to each guardian, a reminder, and what became of it.

Keys begin with "consent:<place>:", so that everything about one place can be taken back at once.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.access.signed_links import sign_link
from app.consents.cover import required_kinds
from app.events.mail_facts import calendar_facts, event_facts, event_path
from app.events.models import Event
from app.mail.outbox import Recipient, cancel_mails, mail_row, post
from app.people.models import Person
from app.people.recipients import recipients_of
from app.signups.mails import still_going
from app.signups.models import Place

PURPOSE = "consent"
REMINDED_AT = time(10)
# Nobody is reminded of what they were asked this morning.
AT_LEAST_BETWEEN = timedelta(hours=12)


def mail_consent_asked(places: Sequence[Place], *, now: datetime) -> None:
    """Your consent is asked for this child, with a link that needs no login; and once more a day before the deadline.

    For places whose `consent_due_at` is set, all of one event; others are left alone.
    """
    rows = []
    for place, reader in _readers([place for place in places if place.consent_due_at]):
        more = _asking(place, reader)
        until = {"expires_at": place.consent_due_at}
        rows.append(_row("consent_asked", place, reader, f"asked:{now.isoformat()}", more=more, now=now) | until)
        remind_at = reminder_time(place, now)
        if remind_at:
            reminder = _row("consent_reminder", place, reader, f"reminder:{now.isoformat()}", more=more, now=now)
            rows.append(reminder | until | _not_before(remind_at))
    post(rows)


def mail_consent_given(place: Place, by: str, *, but: str | None, occasion: str, now: datetime) -> None:
    """The other guardians are told that somebody agreed, and how to take it back."""
    _tell_others("consent_given", place, by, but=but, occasion=occasion, now=now)


def mail_consent_revoked(place: Place, by: str, *, but: str | None, occasion: str, now: datetime) -> None:
    """The other guardians are told that somebody is against it, and until when the seat is kept."""
    _tell_others("consent_revoked", place, by, but=but, occasion=occasion, now=now)


def mail_consent_missed(event: Event, places: Sequence[Place], *, now: datetime) -> None:
    """Nobody agreed in time, and the seat went to somebody else. Escorts who lost theirs are told too."""
    more = {"url": event_path(event)}
    told = _readers(places)
    stay = still_going(event, [reader for _, reader in told])
    calendar = calendar_facts(event, method="CANCEL", now=now)
    rows = [
        _row("consent_missed", place, reader, f"missed:{now.isoformat()}", more=more, now=now)
        | {"expires_at": event.starts_at, "calendar": None if reader in stay else calendar}
        for place, reader in told
    ]
    post(rows)


def take_back_consent_letters(places: Iterable[Place], *, now: datetime) -> None:
    """What was queued about consent for these places doesn't leave any more: it was given, or the seat is gone."""
    for place in places:
        cancel_mails(now=now, event_id=place.event_id, key_prefix=f"consent:{place.id}:")


def consent_path(place: Place, guardian_id: str) -> str:
    """Where this guardian answers without a login, until the event begins."""
    facts = {"place": place.id, "guardian": guardian_id}
    return f"/consents/answers/{sign_link(PURPOSE, facts, expires_at=place.event.starts_at)}"


def reminder_time(place: Place, now: datetime) -> datetime | None:
    """The morning of the day before the deadline; None where that is over, or too soon after the question."""
    if place.consent_due_at is None:
        return None
    zone = ZoneInfo(place.event.timezone)
    day = place.consent_due_at.astimezone(zone).date() - timedelta(days=1)
    morning = datetime.combine(day, REMINDED_AT, zone)
    return morning if morning - now >= AT_LEAST_BETWEEN else None


def _tell_others(letter: str, place: Place, by: str, *, but: str | None, occasion: str, now: datetime) -> None:
    rows = [
        _row(letter, place, reader, occasion, more={**_asking(place, reader), "by": by}, now=now)
        for place, reader in _readers([place])
        if reader.person_id != but
    ]
    post([row | {"expires_at": place.event.starts_at} for row in rows])


def _asking(place: Place, reader: Recipient) -> dict[str, Any]:
    """What the letter asks, and where this reader answers."""
    return {
        "kinds": list(required_kinds(place.event)),
        "due_at": place.consent_due_at.isoformat() if place.consent_due_at else None,
        "url": consent_path(place, str(reader.person_id)),
    }


def _readers(places: Sequence[Place]) -> list[tuple[Place, Recipient]]:
    """Guardians with an address; an institution answers for its own on its own page."""
    if not places:
        return []
    reachable = recipients_of([place.person for place in places], on=places[0].event.local_date)
    return [(place, reader) for place in places for reader in reachable[place.person_id] if reader.person_id]


def _row(
    letter: str,
    place: Place,
    reader: Recipient,
    occasion: str,
    *,
    more: dict[str, Any],
    now: datetime,
) -> dict[str, Any]:
    key = f"consent:{place.id}:{occasion}:{reader.person_id}"
    context = {
        "event": event_facts(place.event),
        "child": _first_name(place.person),
        "name": reader.given_name or reader.name,
        **more,
    }
    row = mail_row(key=key, template=f"signups/{letter}", to=reader, context=context, now=now)
    return row | {"event_id": place.event_id}


def _not_before(moment: datetime) -> dict[str, datetime]:
    return {"not_before": moment, "due_at": moment}


def _first_name(person: Person) -> str:
    return person.given_name or person.surname
