"""What search engines read of an event that anybody may come to know of: schema.org, as plain values. Pure."""

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from app.events.models import Event
from app.web.words import in_language

STATES = {"cancelled": "EventCancelled", "postponed": "EventPostponed"}
SCHEMA = "https://schema.org"
COUNTRY = "KZ"
# What is known only to the month or roughly has no date that a calendar could show.
DATED = ("minute", "day")
LONGEST = 300


def events_data(events: Iterable[Event], spoken: str, *, base_url: str, organizer: str) -> dict[str, Any] | None:
    """The coming events that have a date as one document; None where there is none. Names nobody."""
    found = [_event(event, spoken, base_url, organizer) for event in events if event.date_precision in DATED]
    return {"@context": SCHEMA, "@graph": found} if found else None


def _event(event: Event, spoken: str, base_url: str, organizer: str) -> dict[str, Any]:
    data = {
        "@type": "Event",
        "name": in_language(event.title, spoken),
        **_span(event),
        "eventStatus": f"{SCHEMA}/{STATES.get(event.status, 'EventScheduled')}",
        "eventAttendanceMode": f"{SCHEMA}/OfflineEventAttendanceMode",
        "location": {
            "@type": "Place",
            "name": in_language(event.site.name, spoken),
            "address": {
                "@type": "PostalAddress",
                "addressLocality": in_language(event.site.home.name, spoken),
                "addressCountry": COUNTRY,
            },
        },
        "organizer": {"@type": "Organization", "name": organizer, "url": base_url},
        "url": f"{base_url}/events/{event.id}",
        "inLanguage": spoken,
        "isAccessibleForFree": True,
    }
    about = in_language(event.description, spoken)
    return data | ({"description": about[:LONGEST]} if about else {})


def _span(event: Event) -> dict[str, str]:
    """Begin and end as clocks at the place show them; days alone where the hour is unknown."""
    zone = ZoneInfo(event.timezone)
    first, last = event.starts_at.astimezone(zone), event.ends_at.astimezone(zone)
    if event.date_precision == "minute":
        return {"startDate": first.isoformat(), "endDate": last.isoformat()}
    return {"startDate": first.date().isoformat()}
