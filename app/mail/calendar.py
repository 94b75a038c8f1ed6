"""Calendar files (RFC 5545) from plain facts; all times in UTC, so that no reader needs our zone's history. Pure."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from icalendar import Calendar, Event, vCalAddress, vText, vUri
from icalendar.parser import Contentline

from app.web.words import in_language

PRODUCT = "-//Torangy//Events//EN"


def calendar_file(
    facts: Mapping[str, Any], language: str, *, attendee: str | None = None, now: datetime | None = None
) -> bytes:
    """One event as an .ics file in that language: facts of `calendar_facts`, times as datetimes or ISO text.

    The same uid with a higher sequence replaces what a calendar holds; method CANCEL removes it. `attendee` is the
    address that the invitation goes to, already accepted: nobody is asked to reply. `now` stamps the file.
    """
    calendar = _empty()
    calendar.add("method", facts.get("method", "REQUEST"))
    calendar.add_component(_entry(facts, language, now=now))
    file = bytes(calendar.to_ical())
    return with_attendee(file, attendee) if attendee else file


def with_attendee(file: bytes, attendee: str) -> bytes:
    """The same file for one guest: what many letters share is made once."""
    line = Contentline(f"ATTENDEE;PARTSTAT=ACCEPTED;RSVP=FALSE:mailto:{attendee}").to_ical()
    return file.replace(b"END:VEVENT\r\n", line + b"\r\nEND:VEVENT\r\n", 1)


def calendar_feed(many: Iterable[Mapping[str, Any]], language: str, *, name: str, now: datetime) -> bytes:
    """Many events in one file, for calendars that subscribe to an address."""
    calendar = _empty()
    calendar.add("x-wr-calname", name)
    for facts in many:
        calendar.add_component(_entry(facts, language, now=now))
    return bytes(calendar.to_ical())


def _empty() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    return calendar


def _entry(facts: Mapping[str, Any], language: str, *, now: datetime | None) -> Event:
    entry = Event()
    entry.add("uid", facts["uid"])
    entry.add("sequence", int(facts.get("sequence") or 0))
    starts_at = _moment(facts["starts_at"])
    entry.add("dtstamp", now or starts_at)
    entry.add("dtstart", starts_at)
    entry.add("dtend", _moment(facts["ends_at"]))
    entry.add("summary", vText(in_language(facts["summary"], language)))
    place = in_language(facts.get("location"), language)
    if place:
        entry.add("location", vText(place))
    description = in_language(facts.get("description"), language)
    if description:
        entry.add("description", vText(description))
    if facts.get("url"):
        entry.add("url", vUri(facts["url"]))
    entry.add("status", "CANCELLED" if facts.get("method") == "CANCEL" else "CONFIRMED")
    if facts.get("organizer"):
        entry.add("organizer", vCalAddress(f"mailto:{facts['organizer']}"))
    return entry


def _moment(value: datetime | str) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.astimezone(UTC)
