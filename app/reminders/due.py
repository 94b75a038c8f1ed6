"""When an event's reminders are due, and what to do about one at a given moment. Pure: no database, no clock.

Days are counted on the calendar of the event's own place: a day before 09:40 is 09:40, also across a change of the
clocks. Hours are hours that pass. Nothing is sent in quiet hours, neither the event's nor the reader's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from app.mail.quiet_hours import after_quiet_hours
from app.reminders.plans import DAYS, Planned

# Whoever is reminded later than this before the start is on the way or won't come.
LEAST_LEFT = timedelta(minutes=30)

TOO_LATE = "too-late"
SUPERSEDED = "superseded"
NIGHT_UNTIL_START = "night-until-start"
ADDED_LATE = "added-late"


@dataclass(frozen=True)
class Due:
    """One reminder of one event: the moment that the plan names, and when it leaves, out of the night.

    One whose night lasts until the start never leaves: `is_dropped`.
    """

    line: Planned
    planned_for: datetime
    due_at: datetime
    is_dropped: bool = False

    @property
    def is_shifted(self) -> bool:
        """Whether quiet hours moved it."""
        return self.due_at != self.planned_for


@dataclass(frozen=True)
class Verdict:
    """What to do now: wait, send to these audiences, or let it go for this reason."""

    what: Literal["wait", "send", "miss"]
    reason: str | None = None
    audiences: tuple[str, ...] = ()


def due_times(plan: Sequence[Planned], starts_at: datetime, timezone: str) -> list[Due]:
    """When each reminder of the plan leaves for an event that starts then, the earliest first."""
    return sorted((_due(line, starts_at, timezone) for line in plan), key=lambda due: (due.due_at, due.planned_for))


def decide(due: Due, others: Sequence[Due], *, starts_at: datetime, timezone: str, now: datetime) -> Verdict:
    """Sends what is due and still makes sense; one that was slept over and helps nobody any more is missed.

    `others` are all reminders of the event: once half the time to the next one has passed, that one says it all.
    """
    if now < due.due_at:
        return Verdict("wait")
    if due.is_dropped:
        return Verdict("miss", NIGHT_UNTIL_START)
    if due.line.since is not None and due.line.since > due.due_at:
        return Verdict("miss", ADDED_LATE)
    morning = after_quiet_hours(now, timezone)
    if starts_at.astimezone(UTC) - morning < LEAST_LEFT:
        return Verdict("miss", TOO_LATE if morning == now else NIGHT_UNTIL_START)
    audiences = tuple(one for one in due.line.audiences if not _is_superseded(due, others, one, morning))
    if not audiences:
        return Verdict("miss", SUPERSEDED)
    return Verdict("send", audiences=audiences) if morning == now else Verdict("wait")


def may_read_at(now: datetime, timezone: str, *, starts_at: datetime) -> datetime | None:
    """When a letter of now may reach somebody in that zone; None if their night lasts until it helps no more."""
    morning = after_quiet_hours(now, timezone)
    return morning if morning == now or starts_at - morning >= LEAST_LEFT else None


def days_ahead(starts_at: datetime, timezone: str, *, now: datetime) -> int:
    """0 today, 1 tomorrow, by the calendar of the event's place."""
    return (_local_day(starts_at, timezone) - _local_day(now, timezone)).days


def _due(line: Planned, starts_at: datetime, timezone: str) -> Due:
    # In UTC: two moments of one zone are subtracted by their clocks, and those may be turned back in between.
    start, zone = starts_at.astimezone(UTC), ZoneInfo(timezone)
    planned_for = start - timedelta(hours=line.amount)
    if line.unit == DAYS:
        on_the_wall = start.astimezone(zone).replace(tzinfo=None) - timedelta(days=line.amount)
        planned_for = on_the_wall.replace(tzinfo=zone).astimezone(UTC)
    due_at = after_quiet_hours(planned_for, timezone)
    if due_at != planned_for and start - due_at < LEAST_LEFT:
        return Due(line, planned_for, planned_for, is_dropped=True)
    return Due(line, planned_for, due_at)


def _is_superseded(due: Due, others: Sequence[Due], audience: str, moment: datetime) -> bool:
    """Whether the next reminder to these people is so near at that moment that it says it all."""
    following = [other.due_at for other in others if audience in other.line.audiences and _is_after(other, due)]
    return bool(following) and min(following) - moment <= (min(following) - due.due_at) / 2


def _is_after(other: Due, due: Due) -> bool:
    """Whether it is planned for later, and will be sent."""
    if other.is_dropped or (other.line.since is not None and other.line.since > other.due_at):
        return False
    return (other.due_at, other.planned_for) > (due.due_at, due.planned_for)


def _local_day(moment: datetime, timezone: str) -> date:
    return moment.astimezone(ZoneInfo(timezone)).date()
