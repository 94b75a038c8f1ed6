"""A gift or a piece of kit moved on a page: into the log of the day, and from there into the ledgers. The same way as
from a phone.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import or_, select

from app.accounts.actor import Actor
from app.attendance.days import DayClosed, closed_question
from app.attendance.entry_ids import EntryIdTaken
from app.attendance.ledger import adopted as adopted_marks
from app.attendance.ledger import question_of
from app.attendance.log import (
    COLUMNS,
    KNOWN,
    OF_WALK_IN,
    TABLE,
    append,
    known_among,
    operation_from,
    operations_from,
    questions_of,
)
from app.attendance.marking import tell_of
from app.attendance.operation import DECISIONS, NOTHING, Operation, said_of
from app.db import connection, db
from app.gifts.gift_rules import Gifts, gifts_of_person
from app.gifts.settling import Whose, adopted, held_question, name_entries, settle_gifts
from app.prepared import all_rows_of
from app.signups.models import Place

COMES_BACK = ("return", "kit_back")


class _Known(NamedTuple):
    """What the log has of a place, what only the ledgers have, whether the id is taken, whether the day is closed."""

    logged: list[Operation]
    marks: list[Operation]
    gifts: list[Operation]
    is_taken: bool
    is_closed: bool

    @property
    def operations(self) -> list[Operation]:
        return [*self.logged, *self.marks, *self.gifts]


def say_gift(
    place: Place,
    kind: str,
    *,
    entry_id: str,
    at: datetime,
    now: datetime,
    actor: Actor,
    names: str | None = None,
    body: Mapping[str, Any] = NOTHING,
) -> Gifts:
    """Writes one operation about this place down and settles what the person has; returns that.

    Inside a transaction() that holds the place's lock; what may be said the caller has checked. Raises EntryIdTaken,
    and DayClosed for what isn't coming back: that it may do on any day.
    """
    db.session.flush()
    key, known = f"p:{place.id}", _known_of(place, entry_id)
    if known.is_taken:
        raise EntryIdTaken
    if known.is_closed and kind not in COMES_BACK:
        raise DayClosed
    after = frozenset(one.id for one in said_of(key, known.operations).counts)
    told = {name: value for name, value in body.items() if value}
    spoken = Operation(entry_id, kind, key, at, at, told, names, after, account_id=actor.account_id)
    append([*known.marks, *known.gifts, spoken], event_id=place.event_id, now=now)
    name_entries(known.gifts)
    said = said_of(key, [*known.operations, spoken])
    found = gifts_of_person(said)
    settle_gifts(place.event_id, {key: Whose(said, found, place.person_id)}, now=now)
    tell_of(place, [*known.operations, spoken], now=now)
    return found


def gifts_at(place: Place) -> Gifts:
    """What the person of this place has, gave back and was lent, by all that was said."""
    return gifts_of_person(said_of(f"p:{place.id}", _known_of(place, "").operations))


def operations_at(event_id: str, kinds: Iterable[str], *, key: str | None = None) -> list[Operation]:
    """What was said of these kinds at an event, or about one key of it, with all that was decided about operations."""
    query = select(*COLUMNS).where(TABLE.c.event_id == event_id, TABLE.c.kind.in_((*kinds, *DECISIONS)))
    if key:
        named = select(TABLE.c.id).where(TABLE.c.event_id == event_id, TABLE.c.key == key)
        query = query.where(or_(TABLE.c.key == key, TABLE.c.names.in_(named)))
    return [operation_from(row) for row in db.session.execute(query)]


def _known_of(place: Place, entry_id: str) -> _Known:
    key, event_id = f"p:{place.id}", place.event_id
    asked = [
        (KNOWN, {"ids": [entry_id]}),
        closed_question(event_id),
        question_of([place.id]),
        held_question(event_id, [place.person_id]),
        (OF_WALK_IN, {"event_id": event_id, "place_id": place.id}),
        *questions_of(event_id, [key], [entry_id]),
    ]
    taken, closed, entries, rows, *said = all_rows_of(connection(), asked)
    logged = operations_from(said)
    marks, gifts = adopted_marks(entries, logged), adopted(rows, logged, key)
    # What was said of the same person under another key is in the log there.
    elsewhere = known_among([one.id for one in gifts])
    gifts = [one for one in gifts if one.id not in elsewhere]
    return _Known(logged, marks, gifts, bool(taken), bool(closed))
