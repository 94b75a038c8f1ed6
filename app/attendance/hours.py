"""How long somebody was a volunteer: from the marks at the door, or from the plan where one is missing. Pure."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple

from app.attendance.hour_models import LONGEST_DAY, MARKS, PLAN

# Whoever comes to look, to learn or to celebrate is a visitor.
VOLUNTEERING = ("cleanup", "planting", "stocking")
AROUND = timedelta(hours=1)  # so much before and after the plan counts


class Plan(NamedTuple):
    """When the event, or this person's shift, is to begin and to end."""

    starts_at: datetime
    ends_at: datetime


class Counted(NamedTuple):
    """Whole minutes, and where they come from."""

    minutes: int
    source: str


def minutes_of(arrived: datetime | None, left: datetime | None, plan: Plan) -> Counted | None:
    """None for whoever never came. With both marks what lies between them, up to an hour before and after the plan;
    without a leaving from the arrival, or the planned beginning if that is later, to the planned end."""
    if arrived is None:
        return None
    if left is None:
        return Counted(_between(max(arrived, plan.starts_at), plan.ends_at), PLAN)
    first, last = plan.starts_at - AROUND, plan.ends_at + AROUND
    return Counted(_between(max(arrived, first), min(left, last)), MARKS)


def counts_hours(event_kind: str, hazard: str, *, is_minor: bool) -> bool:
    """Whether somebody is a volunteer there: never a visitor, and no minor where it is dangerous."""
    return event_kind in VOLUNTEERING and not (is_minor and hazard != "none")


def spoken_hours(minutes: Collection[int] | int) -> str:
    """As 3:45; of several their sum."""
    total = minutes if isinstance(minutes, int) else sum(minutes)
    return f"{total // 60}:{total % 60:02d}"


def _between(start: datetime, end: datetime) -> int:
    return min(max(0, int((end - start).total_seconds() // 60)), LONGEST_DAY)
