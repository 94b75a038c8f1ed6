"""What mails and calendars say about an event, as JSON: a letter renders days later without asking the domain."""

from datetime import UTC, datetime
from typing import Any

from app.events.models import Event

SEQUENCES_SINCE = datetime(2020, 1, 1, tzinfo=UTC)


def event_facts(event: Event) -> dict[str, Any]:
    """The event as a letter needs it; texts are {kk, ru, en}, times ISO 8601 in UTC, `url` a path of ours."""
    return {
        "id": event.id,
        "url": event_path(event),
        "kind": event.kind,
        "title": event.title,
        "place": event.site.name,
        "city": event.site.city,
        "meeting_point": event.meeting_point,
        "bring": event.bring,
        "starts_at": event.starts_at.isoformat(),
        "ends_at": event.ends_at.isoformat(),
        "date_precision": event.date_precision,
        "timezone": event.timezone,
        "lunch": event.lunch,
        "ppe": event.site.ppe,
        "cancel_reason": event.cancel_reason,
        "contact": contact_facts(event),
    }


def contact_facts(event: Event) -> dict[str, str] | None:
    """Who to call about it; None where nobody is named. A phone may be missing."""
    person = event.coordinator
    if person is None or person.deactivated_at is not None:
        return None
    return {"name": person.short_name, "phone": person.phone or ""}


def calendar_facts(event: Event, *, method: str = "REQUEST", now: datetime | None = None) -> dict[str, Any]:
    """One calendar entry: the same uid for ever, a higher sequence each time that what it shows has changed.

    With `now`, as letters have it, the sequence also grows with time, so that whoever left and comes back gets the
    entry again: calendars ignore what isn't newer than the cancellation. Nothing need be counted for that.
    """
    contact = contact_facts(event)
    return {
        "uid": f"{event.id}@torangy",
        "sequence": event.calendar_sequence + (_seconds(now) + (method == "CANCEL") if now else 0),
        "method": method,
        "starts_at": event.starts_at.isoformat(),
        "ends_at": event.ends_at.isoformat(),
        "timezone": event.timezone,
        "summary": event.title,
        "location": event.site.name,
        "description": event.meeting_point,
        "url": event_path(event),
        "organizer_name": contact["name"] if contact else "",
    }


def _seconds(now: datetime) -> int:
    """Fits the 31 bits of a sequence until 2088."""
    return int((now - SEQUENCES_SINCE).total_seconds())


def event_path(event: Event) -> str:
    """Where its page is; the worker puts the address of the installation before it."""
    return f"/events/{event.id}"
