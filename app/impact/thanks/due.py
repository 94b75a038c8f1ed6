"""When thanks leave, how long their survey runs, and what to do at a given moment. Pure: no database, no clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from app.mail.quiet_hours import after_quiet_hours

# So long a coordinator may still mend a mark, or open the day again, before anybody is thanked.
PAUSE = timedelta(hours=2)
# Thanks that come later than this after the day was closed, or after the event, thank nobody.
LATEST = timedelta(days=14)
LONG_AGO = timedelta(days=60)
SURVEY_LASTS = timedelta(days=14)

TOO_LATE, OFF = "too-late", "off"


@dataclass(frozen=True)
class Verdict:
    """What to do now: wait, write to the next readers, or let it be, for this reason."""

    what: Literal["wait", "send", "miss"]
    reason: str | None = None


def due_at(closed_at: datetime, timezone: str) -> datetime:
    """When the letters leave, once a coordinator closed the day: out of the night of the event's own place."""
    return after_quiet_hours(closed_at + PAUSE, timezone)


def survey_ends_at(closed_at: datetime) -> datetime:
    """Until when the survey of a day that was closed then takes answers."""
    return closed_at + SURVEY_LASTS


def decide(*, closed_at: datetime, ended_at: datetime, is_off: bool, timezone: str, now: datetime) -> Verdict:
    """Sends what is due while it is still thanks; `ended_at` is the end of the event."""
    if now < due_at(closed_at, timezone):
        return Verdict("wait")
    if is_off:
        return Verdict("miss", OFF)
    if now > closed_at + LATEST or closed_at > ended_at + LONG_AGO:
        return Verdict("miss", TOO_LATE)
    return Verdict("send") if after_quiet_hours(now, timezone) == now else Verdict("wait")
