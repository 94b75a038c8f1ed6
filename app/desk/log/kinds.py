"""What each kind of operation may say: who may say it, what it may be about, and what of its body is kept. Pure.

A room adds its kinds to KINDS; what a body may hold is in app/desk/log/bodies.py.
"""

from collections.abc import Mapping
from typing import Any

from app.desk.log.bodies import (
    ANYTHING,
    GIVE,
    LEAD,
    MANAGE,
    MARK,
    NEW,
    PERSON,
    SAFETY,
    Kind,
    Malformed,
    Raw,
    day,
    fields,
    text,
    yes_no,
)
from app.desk.safety.kinds import SAFETY_KINDS
from app.desk.tables.kinds import GIFTS
from app.desk.trip.kinds import TRIP


def _of_walk_in(raw: Raw) -> dict[str, Any]:
    """What stands in the subject itself: who came; beside it why a child was let in."""
    subject = raw.get("subject")
    told = subject.get("walk_in") if isinstance(subject, Mapping) else raw.get("walk_in")
    if not isinstance(told, Mapping):
        raise Malformed("walk_in")
    return _WALK_IN({"reason": raw.get("reason"), **told})


_WALK_IN = fields(
    text("surname", 100, needed=True),
    text("given_name", 100),
    text("phone", 20),
    text("personnel_number", 20),
    day("birth_date"),
    yes_no("is_child"),
    text("reason"),
)
_mark = Kind(frozenset({MARK}), PERSON, fields(text("gate", 40), text("reason"), yes_no("live")))
MARKS = {
    "check_in": _mark,
    "check_out": _mark,
    "absent": _mark,
    "excused": _mark,
    "walk_in": Kind(frozenset({MARK}), frozenset({NEW}), _of_walk_in),
    "undo": Kind(frozenset({MARK, GIVE, LEAD, MANAGE, SAFETY}), ANYTHING, fields(text("reason"))),
}
KINDS: dict[str, Kind] = {**MARKS, **GIFTS, **TRIP, **SAFETY_KINDS}
