"""Which badges somebody earned in a programme in one year. Pure. A programme that turned none on gives none."""

from collections.abc import Collection
from dataclasses import dataclass

THREE, TEN_HOURS = 3, 10 * 60


@dataclass(frozen=True)
class Part:
    """What somebody did in one programme in one year. `events_before` are those of all the years before it."""

    events: int
    minutes: int = 0
    with_child: bool = False
    events_before: int = 0


def earned(turned_on: Collection[str], part: Part) -> list[str]:
    """The keys of the badges, in the order of app/events/badges.py."""
    reached = {
        "first": part.events > 0 and part.events_before == 0,
        "three": part.events >= THREE,
        "ten-hours": part.minutes >= TEN_HOURS,
        "family": part.with_child,
    }
    return [key for key, is_reached in reached.items() if is_reached and key in turned_on]
