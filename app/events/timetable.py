"""The list as a timetable: months, in them days, in them events. Pure; texts in the language that is told."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from app.events.models import Event
from app.web.dates import local_date, month_year, time_range, when


@dataclass(frozen=True)
class Row:
    """One event in the list; `state` is what its seat column says (see state_of)."""

    event: Event
    time: str
    state: str


@dataclass(frozen=True)
class Day:
    """One date and its events; no date where only the month or less is known."""

    date: date | None
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class Month:
    """A heading ("Қазан 2026", "2023 ж. екінші жартыжылдық") and its days."""

    heading: str
    days: list[Day] = field(default_factory=list)


def timetable(events: Iterable[Event], language: str, *, now: datetime) -> list[Month]:
    """The events in their order, parted where month or day changes."""
    months: list[Month] = []
    for event in events:
        heading, day = _heading(event, language), _day(event)
        if not months or months[-1].heading != heading:
            months.append(Month(heading))
        days = months[-1].days
        if not days or days[-1].date != day:
            days.append(Day(day))
        days[-1].rows.append(Row(event, time_of(event), state_of(event, now)))
    return months


def time_of(event: Event) -> str:
    """09:00–13:00 where the time is known, else nothing."""
    return time_range(event.starts_at, event.ends_at, event.timezone) if event.date_precision == "minute" else ""


def state_of(event: Event, now: datetime) -> str:
    """One of: draft, cancelled, postponed, past, not_open, closed, invitation, open."""
    if event.status in ("draft", "cancelled", "postponed"):
        return event.status
    if event.status == "completed" or event.is_past_at(now):
        return "past"
    if event.audience == "institution":
        return "invitation"
    if event.is_open_at(now):
        return "open"
    opens_later = event.status == "published" and event.signup_opens_at is not None and event.signup_opens_at > now
    return "not_open" if opens_later else "closed"


def _day(event: Event) -> date | None:
    return local_date(event.starts_at, event.timezone) if event.date_precision in ("minute", "day") else None


def _heading(event: Event, language: str) -> str:
    if event.date_precision in ("half-year", "year"):
        return when(event.starts_at, event.ends_at, event.date_precision, event.timezone, language)
    return month_year(event.starts_at, language, event.timezone)
