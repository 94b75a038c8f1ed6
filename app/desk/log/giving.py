"""Who hands operations over: an account with what it may do at this event's desk, from a phone or a program."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.accounts.actor import Actor
from app.events.models import Event

BEFORE_THE_DAY = timedelta(hours=24)
TAKEN_FOR = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Giver:
    """`powers` are desk_powers of app/desk/roster/policy.py; `device` is the phone's name, `device_id` its row."""

    actor: Actor
    powers: frozenset[str]
    device: str = ""
    device_id: str | None = None


@dataclass(frozen=True, slots=True)
class EventFacts:
    """What operations are judged by of an event; plain, because a transaction forgets rows that were read before."""

    id: str
    starts_at: datetime
    ends_at: datetime
    timezone: str
    local_date: date
    capacity: int | None

    @property
    def zone(self) -> ZoneInfo:
        """Of its place."""
        return ZoneInfo(self.timezone)

    def corrected(self, at: datetime, ahead: timedelta, *, now: datetime) -> datetime:
        """The phone's moment by our clock, `ahead` being how far the phone's runs ahead; within what can be."""
        return min(max(at - ahead, self.starts_at - BEFORE_THE_DAY), now)

    def takes_until(self) -> datetime:
        """Phones may come back with what they recorded for so long."""
        return self.ends_at + TAKEN_FOR


def facts_of(event: Event) -> EventFacts:
    """The same of a row."""
    return EventFacts(event.id, event.starts_at, event.ends_at, event.timezone, event.local_date, event.capacity)
