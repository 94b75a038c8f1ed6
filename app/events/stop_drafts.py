"""What a coordinator says about the stops of a trip, as plain values, and whether a day can go like that. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from app.db import Texts
from app.errors import N_, Invalid
from app.events.models import Event, Stop

MOST_STOPS, MOST_LINES, LONGEST_LINE = 40, 40, 1000
COLUMNS = ("title", "site_id", "host", "arrives_at", "departs_at", "note", "topics", "instructions")


@dataclass(frozen=True)
class StopDraft:
    """One halt of the trip. With the `id` of a stop that stands it is that stop, whatever else is said of it."""

    title: Texts
    arrives_at: datetime | None = None
    note: Texts = field(default_factory=dict)
    departs_at: datetime | None = None
    site_id: str | None = None
    host: str = ""
    topics: Sequence[Texts] = ()
    instructions: Sequence[Texts] = ()
    id: str = ""


def stop_values(draft: StopDraft) -> dict[str, Any]:
    """The draft as {column: value}."""
    lists = {"topics": list(draft.topics), "instructions": list(draft.instructions)}
    return {name: getattr(draft, name) for name in COLUMNS} | lists


def stops_version(stops: Sequence[Stop]) -> str:
    """A word that changes with the trip: a form carries it, so that nobody overwrites another's work."""
    plain = [[stop.id, *(_sorted(getattr(stop, name)) for name in COLUMNS)] for stop in stops]
    return sha256(repr(plain).encode()).hexdigest()[:16]


def check_stops(stops: Sequence[StopDraft]) -> None:
    """Raises Invalid for the first stop that can't be so: without a name, too long, or out of its time."""
    if len(stops) > MOST_STOPS:
        raise Invalid({"stops": N_("A trip has up to %(most)s stops.")}, most=MOST_STOPS)
    left: datetime | None = None
    for number, stop in enumerate(stops, start=1):
        sentence = _named(stop) or _lines(stop) or _times(stop, left)
        if sentence:
            raise Invalid({"stops": sentence}, n=number, most=MOST_LINES)
        left = stop.departs_at or stop.arrives_at or left


def outside_of(event: Event, stops: Sequence[StopDraft]) -> list[int]:
    """The numbers of the stops before the beginning or after the end of the event, where its hours are known."""
    if event.date_precision != "minute":
        return []
    return [
        number for number, stop in enumerate(stops, start=1) if any(_lies_outside(event, at) for at in _known(stop))
    ]


def _named(stop: StopDraft) -> str | None:
    named = any(text.strip() for text in stop.title.values())
    return None if named else N_("Give each stop a name in one language at least.")


def _lines(stop: StopDraft) -> str | None:
    for lines in (stop.topics, stop.instructions):
        if len(lines) > MOST_LINES or any(len(text) > LONGEST_LINE for line in lines for text in line.values()):
            return N_("Stop %(n)s: up to %(most)s lines of topics or instructions, 1000 letters each.")
    return None


def _times(stop: StopDraft, left: datetime | None) -> str | None:
    known = _known(stop)
    if stop.arrives_at and stop.departs_at and stop.departs_at < stop.arrives_at:
        return N_("Stop %(n)s would be left before it is reached.")
    if left is not None and known and known[0] < left:
        return N_("Stop %(n)s would be reached before the stop above it is left. Check the times or the order.")
    return None


def _known(stop: StopDraft) -> list[datetime]:
    return [at for at in (stop.arrives_at, stop.departs_at) if at is not None]


def _lies_outside(event: Event, at: datetime) -> bool:
    return not event.starts_at <= at <= event.ends_at


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return sorted(value.items())
    return [_sorted(one) for one in value] if isinstance(value, list) else value
