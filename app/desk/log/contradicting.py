"""All that contradicts in what was said: by the rules alone, and by what the server knows besides."""

from app.attendance.operation import Conflict
from app.consents.queries import covered_children
from app.db import db
from app.desk.log.held import Batch
from app.desk.log.judging import Facts, children_here, judge, without_place
from app.desk.trip.judging import judge_trip
from app.events.models import Event


def contradictions(batch: Batch) -> list[Conflict]:
    """Every conflict of what this batch is about."""
    return [*batch.merged.conflicts, *judge(batch, _facts(batch)), *judge_trip(batch)]


def _facts(batch: Batch) -> Facts:
    """What the server knows of those who are here; asked only where there is somebody of whom to ask."""
    children = children_here(batch)
    walked_in = without_place(batch)
    if not children and not walked_in:
        return Facts(frozenset(), None)
    event = db.session.get_one(Event, batch.event.id)
    free = None if event.capacity is None else max(0, event.capacity - event.seats_taken)
    return Facts(covered_children(event, children) if children else frozenset(), free)
