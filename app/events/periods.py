"""From what people say (a day, two clock times, "in May") to moments, in the zone of the place. Pure."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MIDNIGHT = time(0, 0)


def moment(day: date, clock: time, timezone: str) -> datetime:
    """That time of that day on the clocks of the zone."""
    return datetime.combine(day, clock, tzinfo=ZoneInfo(timezone))


def end_of(day: date, timezone: str) -> datetime:
    """The midnight that ends the day."""
    return moment(day + timedelta(days=1), MIDNIGHT, timezone)


def period(first: date, last: date, precision: str, timezone: str) -> tuple[datetime, datetime]:
    """Beginning and end of the days, months, half-years or years in which these two days lie."""
    return moment(_first_day(first, precision), MIDNIGHT, timezone), moment(
        _day_after(last, precision), MIDNIGHT, timezone
    )


def local_day(at: datetime, timezone: str) -> date:
    """The day on which the moment falls there."""
    return at.astimezone(ZoneInfo(timezone)).date()


def local_clock(at: datetime, timezone: str) -> time:
    """What the clocks there show."""
    return at.astimezone(ZoneInfo(timezone)).time().replace(second=0, microsecond=0)


def on_another_day(at: datetime, days: int, timezone: str) -> datetime:
    """The same time on the clocks there, so many days later; summers and new offsets don't move it."""
    local = at.astimezone(ZoneInfo(timezone))
    return datetime.combine(local.date() + timedelta(days=days), local.time(), tzinfo=local.tzinfo)


def _first_day(day: date, precision: str) -> date:
    if precision == "month":
        return day.replace(day=1)
    if precision == "half-year":
        return date(day.year, 1 if day.month <= 6 else 7, 1)
    return date(day.year, 1, 1) if precision == "year" else day


def _day_after(day: date, precision: str) -> date:
    if precision == "month":
        return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    if precision == "half-year":
        return date(day.year, 7, 1) if day.month <= 6 else date(day.year + 1, 1, 1)
    return date(day.year + 1, 1, 1) if precision == "year" else day + timedelta(days=1)
