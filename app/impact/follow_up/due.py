"""When somebody is reminded of a follow-up, and when its coordinator hears that nothing came of it. Pure.

Days are those of the calendar where it is to be done. Of what was slept over only the latest is made up for: three
reminders on one morning say no more than one.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.mail.quiet_hours import is_night

OWNER, COORDINATOR = "owner", "coordinator"


@dataclass(frozen=True)
class Step:
    """One reminder: so many days after the due day (before it: negative), and who gets it."""

    name: str
    days: int
    reader: str

    def day(self, due_on: date) -> date:
        """On which day."""
        return due_on + timedelta(days=self.days)

    def occasion(self, due_on: date) -> str:
        """What it is kept under: another due day is another occasion."""
        return f"{self.name}:{due_on.isoformat()}"


STEPS = (
    Step("ahead-7", -7, OWNER),
    Step("ahead-1", -1, OWNER),
    Step("late-1", 1, OWNER),
    Step("late-3", 3, COORDINATOR),
    Step("late-7", 7, OWNER),
    Step("late-14", 14, COORDINATOR),
)


def next_step_on(due_on: date | None, *, after: date) -> date | None:
    """The first day after this one on which somebody is to hear of it; None where nobody ever is."""
    days = [step.day(due_on) for step in STEPS] if due_on else []
    return min((day for day in days if day > after), default=None)


def due_steps(due_on: date | None, *, since: date, today: date, known: Collection[str]) -> list[Step]:
    """What is to be sent today: the latest for each reader of those planned from `since` on.

    `known` are the occasions that were seen to already: one of them, or an older one, never comes again.
    """
    if due_on is None:
        return []
    passed = [step for step in STEPS if step.day(due_on) <= today]
    latest = {step.reader: step for step in passed}  # STEPS are in the order of their days
    return [step for step in latest.values() if step.day(due_on) >= since and step.occasion(due_on) not in known]


def may_write(now: datetime, timezone: str) -> bool:
    """Whether nobody there is woken by a letter of this moment."""
    return not is_night(now, timezone)
