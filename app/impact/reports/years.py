"""In which years an event lies at its own place, said to the database: alike for a total and for its entries."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, case, func, literal, select

from app.db import db
from app.events.models import Event

Span = tuple[str, int, int]  # a zone, the first and the last year of the events there
Bounds = Sequence[Span]


def year_bounds() -> list[Span]:
    """For each zone of an event the years between which the events there lie, one more on either side."""
    query = select(Event.timezone, func.min(Event.starts_at), func.max(Event.ends_at)).group_by(Event.timezone)
    return [(zone, first.year - 1, last.year + 1) for zone, first, last in db.session.execute(query)]


def first_year(bounds: Bounds) -> ColumnElement[int]:
    """The year in which an event begins."""
    return _year(bounds, lambda start: Event.starts_at < start)


def last_year(bounds: Bounds) -> ColumnElement[int]:
    """The year in which it ends; what ends at midnight ends in the year before."""
    return _year(bounds, lambda start: Event.ends_at <= start)


def year_begins(year: int, zone: str) -> datetime:
    """The first moment of a year there."""
    return datetime(year, 1, 1, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def years_of(starts_at: datetime, ends_at: datetime, zone: str) -> tuple[int, int]:
    """The same for one event, outside the database."""
    there = ZoneInfo(zone)
    first = starts_at.astimezone(there).year
    return first, max(first, (ends_at - timedelta(microseconds=1)).astimezone(there).year)


def _year(bounds: Bounds, is_before: Callable[[datetime], ColumnElement[bool]]) -> ColumnElement[int]:
    if not bounds:
        return literal(0)
    zones = {zone: _halved(zone, first, last, is_before) for zone, first, last in bounds}
    if len(zones) == 1:
        return next(iter(zones.values()))
    return case(zones, value=Event.timezone, else_=literal(0))


def _halved(zone: str, first: int, last: int, is_before: Callable[[datetime], ColumnElement[bool]]) -> Any:
    """Before or after the middle, and so on: four comparisons for ten years."""
    if first == last:
        return literal(first)
    middle = (first + last) // 2
    before, after = _halved(zone, first, middle, is_before), _halved(zone, middle + 1, last, is_before)
    return case((is_before(year_begins(middle + 1, zone)), before), else_=after)
