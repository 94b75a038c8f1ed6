"""Calendar files (RFC 5545) from plain facts; all times in UTC, so that no reader needs our zone's history. Pure."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from icalendar import Alarm, Calendar, Event, vCalAddress, vText, vUri

from app.web.words import in_language

PRODUCT = "-//Torangy//Events//EN"
ALARMS = (timedelta(days=-1), timedelta(hours=-2))
READ_AGAIN = timedelta(hours=1)


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


def with_attendee(file: bytes, attendee: str, name: str = "") -> bytes:
    """The same file for one guest: what many letters share is made once, and this line without the library, which takes
    as long for it as the rest of a letter.
    """
    called = f';CN="{plain}"' if (plain := _in_quotes(name).replace("^", "^^")) else ""
    said = f"CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=FALSE{called}"
    line = _folded(f"ATTENDEE;{said}:mailto:{attendee}")
    return file.replace(b"BEGIN:VEVENT\r\n", b"BEGIN:VEVENT\r\n" + line + b"\r\n", 1)


def calendar_feed(many: Iterable[Mapping[str, Any]], language: str, *, name: str, now: datetime) -> bytes:
    """Many events in one file, for calendars that subscribe to an address; they look again after an hour."""
    calendar = _empty()
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", "Asia/Almaty")
    calendar.add("refresh-interval", READ_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vText(f"PT{READ_AGAIN.seconds // 3600}H"))
    for facts in many:
        calendar.add_component(_entry(facts, language, now=now))
    return bytes(calendar.to_ical())


def file_of_lines(entry: str) -> bytes:
    """A file of an entry that is shown line by line, without an address that was covered there."""
    lines = [line for line in entry.splitlines() if line and not (line.startswith("URL:") and "://" not in line)]
    return b"".join(_folded(line) + b"\r\n" for line in lines)


def _empty() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    return calendar


def _entry(facts: Mapping[str, Any], language: str, *, now: datetime | None) -> Event:
    entry, method = Event(), facts.get("method")
    entry.add("uid", facts["uid"])
    entry.add("sequence", int(facts.get("sequence") or 0))
    starts_at = _moment(facts["starts_at"])
    entry.add("dtstamp", now or starts_at)
    if now:
        entry.add("last-modified", now)
    entry.add("dtstart", starts_at)
    entry.add("dtend", _moment(facts["ends_at"]))
    title = in_language(facts["summary"], language)
    entry.add("summary", vText(title))
    for name, value in (("location", facts.get("location")), ("description", facts.get("description"))):
        if words := in_language(value, language):
            entry.add(name, vText(words))
    if facts.get("url"):
        entry.add("url", vUri(facts["url"]))
    entry.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    if facts.get("organizer"):
        entry.add("organizer", _organizer(str(facts["organizer"]), str(facts.get("organizer_name") or "")))
    if method != "CANCEL":
        for before in ALARMS:
            entry.add_component(_alarm(title, before))
    return entry


def _organizer(address: str, name: str) -> vCalAddress:
    """Our own address, by the name of whom to call: an answer to another one's would never arrive."""
    organizer = vCalAddress(f"mailto:{address}")
    if plain := _in_quotes(name):
        organizer.params["CN"] = vText(plain)
    return organizer


def _alarm(title: str, before: timedelta) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", vText(title))
    alarm.add("trigger", before)
    return alarm


def _folded(line: str) -> bytes:
    """In lines of 75 bytes, none of which parts a letter (RFC 5545, 3.1)."""
    rest, lines, room = line.encode(), [], 75
    while len(rest) > room:
        end = room
        while rest[end] & 0xC0 == 0x80:
            end -= 1
        lines.append(rest[:end])
        rest, room = rest[end:], 74
    return b"\r\n ".join([*lines, rest])


def _in_quotes(name: str) -> str:
    """A name as it may stand in a parameter: no quotes, no line breaks."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in name).replace('"', "'").split())


def _moment(value: datetime | str) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.astimezone(UTC)
