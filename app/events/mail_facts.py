"""What mails and calendars say about an event, as JSON: a letter renders days later without asking the domain."""

from typing import Any

from app.events.models import Event


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
    }


def calendar_facts(event: Event, *, method: str = "REQUEST") -> dict[str, Any]:
    """One calendar entry: the same uid for ever, a higher sequence each time that the date or the place moved."""
    return {
        "uid": f"{event.id}@torangy",
        "sequence": event.calendar_sequence,
        "method": method,
        "starts_at": event.starts_at.isoformat(),
        "ends_at": event.ends_at.isoformat(),
        "timezone": event.timezone,
        "summary": event.title,
        "location": event.site.name,
        "description": event.meeting_point,
        "url": event_path(event),
    }


def event_path(event: Event) -> str:
    """Where its page is; the worker puts the address of the installation before it."""
    return f"/events/{event.id}"
