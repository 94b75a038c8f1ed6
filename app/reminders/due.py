"""When an event's reminders are due, and what to do about one at a given moment. Pure: no database, no clock.

Days are counted on the calendar of the event's own place: a day before 09:40 is 09:40, also across a change of the
clocks. Nothing is sent in quiet hours.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

DAYS_BEFORE = {"7d": 7, "1d": 1}
QUIET_FROM, QUIET_UNTIL = time(22), time(8)
# A letter a week ahead makes sense while there is time to plan; nearer, the one of the last day says it all.
LEAST_LEFT = {"7d": timedelta(days=2), "1d": timedelta(0)}

TOO_LATE = "too-late"
NIGHT_UNTIL_START = "night-until-start"


@dataclass(frozen=True)
class Reminder:
    """One reminder of one event: its kind and when it should leave."""

    kind: str
    due_at: datetime


@dataclass(frozen=True)
class Verdict:
    """What to do now: wait, send, or let it go for this reason."""

    what: Literal["wait", "send", "miss"]
    reason: str | None = None


def reminders_of(starts_at: datetime, timezone: str) -> list[Reminder]:
    """Both reminders of an event that starts then, the earlier first."""
    return [Reminder(kind, due_at(starts_at, timezone, days)) for kind, days in DAYS_BEFORE.items()]


def due_at(starts_at: datetime, timezone: str, days: int) -> datetime:
    """So many days earlier by the clock on the event's wall, moved out of the night."""
    zone = ZoneInfo(timezone)
    on_the_wall = starts_at.astimezone(zone).replace(tzinfo=None) - timedelta(days=days)
    return after_quiet_hours(on_the_wall.replace(tzinfo=zone), timezone)


def after_quiet_hours(moment: datetime, timezone: str) -> datetime:
    """The moment itself by day; in the night, eight in the morning."""
    zone = ZoneInfo(timezone)
    local = moment.astimezone(zone)
    if QUIET_UNTIL <= local.time() < QUIET_FROM:
        return moment
    day = local.date() + timedelta(days=1) if local.time() >= QUIET_FROM else local.date()
    return datetime.combine(day, QUIET_UNTIL, tzinfo=zone)


def decide(reminder: Reminder, *, starts_at: datetime, timezone: str, now: datetime) -> Verdict:
    """Sends what is due and still makes sense; one that was slept over and helps nobody any more is missed."""
    if now < reminder.due_at:
        return Verdict("wait")
    if starts_at - now <= LEAST_LEFT[reminder.kind]:
        return Verdict("miss", TOO_LATE)
    morning = after_quiet_hours(now, timezone)
    if morning == now:
        return Verdict("send")
    return Verdict("wait") if starts_at - morning > LEAST_LEFT[reminder.kind] else Verdict("miss", NIGHT_UNTIL_START)


def days_ahead(starts_at: datetime, timezone: str, *, now: datetime) -> int:
    """0 today, 1 tomorrow, by the calendar of the event's place."""
    return (_local_day(starts_at, timezone) - _local_day(now, timezone)).days


def _local_day(moment: datetime, timezone: str) -> date:
    return moment.astimezone(ZoneInfo(timezone)).date()
