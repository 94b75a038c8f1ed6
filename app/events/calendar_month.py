"""A month on paper: weeks from Monday to Sunday, each day with its holiday and what is on. Pure."""

from calendar import Calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.db import Texts
from app.events.holidays import holidays_between
from app.events.models import Event


@dataclass(frozen=True)
class CalendarDay:
    """One square of the grid."""

    date: date
    is_of_month: bool
    holiday: Texts | None
    events: Sequence[Event]


def month_named(word: str | None, today: date) -> date:
    """The first day of "2026-05"; of the present month where the word says nothing that can be."""
    try:
        month = date.fromisoformat(f"{word}-01") if word else today
    except ValueError:
        month = today
    return month.replace(day=1) if 1990 <= month.year < 2100 else today.replace(day=1)


def neighbours(month: date) -> tuple[date, date]:
    """The first days of the month before and the month after."""
    return (month - timedelta(days=1)).replace(day=1), (month + timedelta(days=32)).replace(day=1)


def span_of(month: date) -> tuple[date, date]:
    """The first and the last day that the grid shows: whole weeks."""
    days = list(Calendar().itermonthdates(month.year, month.month))
    return days[0], days[-1]


def weeks_of(month: date, events: Iterable[Event]) -> list[list[CalendarDay]]:
    """The grid, each event on the day on which it begins."""
    first, last = span_of(month)
    named, on = holidays_between(first, last), list(events)
    return [
        [
            CalendarDay(day, day.month == month.month, named.get(day), [one for one in on if one.local_date == day])
            for day in week
        ]
        for week in Calendar().monthdatescalendar(month.year, month.month)
    ]
