"""The plan of an event's reminders: so many days or hours before, and to whom. Pure: plain values, JSON in and out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

DAYS, HOURS = "d", "h"
UNITS = (DAYS, HOURS)
# The longest that a reminder may be planned ahead.
MOST = {DAYS: 60, HOURS: 72}
MOST_LINES = 8
# Those who go (for children their guardians), those who look after them or work there, who receives us, who sends them.
CONFIRMED, ESCORTS, HOSTS, INSTITUTIONS = "confirmed", "escorts", "hosts", "institutions"
AUDIENCES = (CONFIRMED, ESCORTS, HOSTS, INSTITUTIONS)


@dataclass(frozen=True)
class Planned:
    """One reminder of the plan. `since`: when somebody added it; nobody gets one whose moment had passed by then."""

    amount: int
    unit: str
    audiences: tuple[str, ...]
    since: datetime | None = None

    @property
    def key(self) -> str:
        """Its name within the plan: 7d, 1d, 2h."""
        return f"{self.amount}{self.unit}"


USUAL = (
    Planned(7, DAYS, (CONFIRMED, ESCORTS)),
    Planned(1, DAYS, AUDIENCES),
    Planned(2, HOURS, (CONFIRMED, ESCORTS)),
)


def plan_of(kept: Sequence[Mapping[str, Any]] | None) -> list[Planned]:
    """What the event's column means; nothing kept is the usual plan, an empty list is none at all."""
    return list(USUAL) if kept is None else [_read(line) for line in kept]


def to_keep(lines: Iterable[Planned]) -> list[dict[str, Any]]:
    """The plan as the event's column keeps it, the earliest reminder first."""
    return [_written(line) for line in in_order(lines)]


def in_order(lines: Iterable[Planned]) -> list[Planned]:
    """The earliest reminder first."""
    return sorted(lines, key=lambda line: (line.amount * (24 if line.unit == DAYS else 1), line.unit), reverse=True)


def changed_plan(old: Sequence[Planned], new: Sequence[Planned], *, now: datetime) -> list[Planned]:
    """The new lines, each knowing since when it is planned: those that stood before keep their time."""
    known = {line.key: line.since for line in old}
    return [Planned(line.amount, line.unit, _known(line.audiences), known.get(line.key, now)) for line in in_order(new)]


def _known(audiences: Iterable[str]) -> tuple[str, ...]:
    wanted = set(audiences)
    return tuple(one for one in AUDIENCES if one in wanted)


def _read(line: Mapping[str, Any]) -> Planned:
    since = line.get("since")
    return Planned(
        int(line["amount"]), line["unit"], _known(line["audiences"]), datetime.fromisoformat(since) if since else None
    )


def _written(line: Planned) -> dict[str, Any]:
    kept: dict[str, Any] = {"amount": line.amount, "unit": line.unit, "audiences": list(line.audiences)}
    return kept | ({"since": line.since.isoformat()} if line.since else {})
