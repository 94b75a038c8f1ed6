"""When a freed seat is given at once, when it is offered, and until when an offer stands. Pure; nights don't count."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.events.models import Event

QUIET_FROM, QUIET_UNTIL = time(22), time(8)


def offers_at(event: Event, now: datetime) -> bool:
    """Whether a seat that comes free now is offered, rather than given at once.

    By "late-offer" it is given at once until so many hours before the start, and offered from then on.
    """
    if event.promotion == "late-offer":
        return event.starts_at - now <= timedelta(hours=event.offer_from_hours)
    return event.promotion == "offer"


def offer_end(event: Event, now: datetime) -> datetime | None:
    """When an offer made now ends; None while none can be made."""
    return offer_until(hours=event.offer_hours, starts_at=event.starts_at, timezone=event.timezone, now=now)


def is_quiet(at: datetime, timezone: str) -> bool:
    """Whether people sleep then: from 22:00 until 08:00 by the clocks of the event's place."""
    clock = at.astimezone(ZoneInfo(timezone)).time()
    return clock >= QUIET_FROM or clock < QUIET_UNTIL


def offer_until(*, hours: int, starts_at: datetime, timezone: str, now: datetime) -> datetime | None:
    """When an offer made now ends: after so many waking hours, at the latest at the start; None if none can be made.

    An offer is neither made nor ended at night: hours of the night don't count, and where the event begins at night,
    it ends at 22:00 before.
    """
    if now >= starts_at or is_quiet(now, timezone):
        return None
    last = _last_waking(starts_at, timezone)
    ends = min(_after_waking(now, timedelta(hours=hours), timezone), last)
    return ends if ends > now else None


def _after_waking(begins: datetime, waking: timedelta, timezone: str) -> datetime:
    """So much waking time later; an end at 22:00 sharp becomes 08:00, because nobody answers at the stroke."""
    at = begins
    while True:
        evening = _clock_of(at, QUIET_FROM, timezone)
        if at + waking < evening:
            return at + waking
        waking -= evening - at
        at = _clock_of(evening + timedelta(hours=12), QUIET_UNTIL, timezone)


def _last_waking(at: datetime, timezone: str) -> datetime:
    """The moment itself, or the evening before a moment at night: the last minute before 22:00."""
    if not is_quiet(at, timezone):
        return at
    evening = _clock_of(at, QUIET_FROM, timezone)
    if evening > at:
        evening = _clock_of(at - timedelta(days=1), QUIET_FROM, timezone)
    return evening - timedelta(minutes=1)


def _clock_of(at: datetime, clock: time, timezone: str) -> datetime:
    """That clock time on the local day of `at`."""
    zone = ZoneInfo(timezone)
    return datetime.combine(at.astimezone(zone).date(), clock, zone).astimezone(at.tzinfo)
