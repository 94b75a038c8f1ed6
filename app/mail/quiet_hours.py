"""The night of whoever reads: from 22:00 until 08:00 by their own clocks no optional letter leaves. Pure."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

QUIET_FROM, QUIET_UNTIL = time(22), time(8)


def after_quiet_hours(moment: datetime, timezone: str) -> datetime:
    """The moment itself by day; in the night, eight in the morning."""
    zone = ZoneInfo(timezone)
    local = moment.astimezone(zone)
    if QUIET_UNTIL <= local.time() < QUIET_FROM:
        return moment
    day = local.date() + timedelta(days=1) if local.time() >= QUIET_FROM else local.date()
    return datetime.combine(day, QUIET_UNTIL, tzinfo=zone).astimezone(UTC)


def is_night(moment: datetime, timezone: str | None) -> bool:
    """Whether a letter of then would wake its reader; one without a zone wakes nobody."""
    return timezone is not None and after_quiet_hours(moment, timezone) != moment
