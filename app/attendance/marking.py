"""One mark made on a page: into the log of the day, and from there into the ledger. The same way as from a phone."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol

from app.accounts.actor import Actor
from app.attendance.days import DayClosed, closed_question
from app.attendance.entry_ids import EntryIdTaken
from app.attendance.errors import HandedOver
from app.attendance.ledger import adopted, question_of, settle_presence
from app.attendance.log import KNOWN, OF_WALK_IN, append, operations_from, questions_of
from app.attendance.operation import NOTHING, Operation, said_of
from app.attendance.presence_rules import Presence, presence_of
from app.db import connection, db
from app.prepared import all_rows_of
from app.signups.models import Place


class Notice(Protocol):
    """See set_notice()."""

    def __call__(self, place: Place, operations: Iterable[Operation], *, now: datetime) -> None:
        """Within the transaction that wrote the last of these."""


# What a room further on makes of it; set when the app is wired.
_noticed: dict[str, Notice] = {}


def set_notice(notice: Notice) -> None:
    """Has it called with the place and all that was ever said about it, within the transaction of each mark."""
    _noticed["notice"] = notice


def say(
    place: Place,
    kind: str,
    *,
    entry_id: str,
    at: datetime,
    now: datetime,
    actor: Actor,
    device: str = "",
    names: str | None = None,
    body: Mapping[str, Any] = NOTHING,
) -> Presence:
    """Writes one operation about this place down and settles how the person stands; returns that.

    Inside a transaction() that holds the place's lock; what may be said the caller has checked. Raises EntryIdTaken,
    DayClosed, and HandedOver where a child's hand-over would be taken back as if it were a mark.
    """
    db.session.flush()
    key, event_id = f"p:{place.id}", place.event_id
    questions = [*questions_of(event_id, [key], [entry_id]), question_of([place.id]), (KNOWN, {"ids": [entry_id]})]
    asked = [closed_question(event_id), (OF_WALK_IN, {"event_id": event_id, "place_id": place.id}), *questions]
    closed, *logged, entries, taken = all_rows_of(connection(), asked)
    if taken:
        raise EntryIdTaken
    if closed:
        raise DayClosed
    operations = operations_from(logged)
    if any(one.id == names and one.kind == "hand_over" for one in operations):
        raise HandedOver
    missing = adopted(entries, operations)
    before = [*operations, *missing]
    after = frozenset(one.id for one in said_of(key, before).counts)
    spoken = Operation(entry_id, kind, key, at, at, dict(body), names, after, device, actor.account_id)
    append([*missing, spoken], event_id=event_id, now=now)
    said = said_of(key, [*before, spoken])
    found = presence_of(said)
    settle_presence(event_id, {place.id: (said, found)}, entries, now=now)
    tell_of(place, [*before, spoken], now=now)
    return found


def tell_of(place: Place, operations: Iterable[Operation], *, now: datetime) -> None:
    """Calls what set_notice() was given, for whoever writes an operation of a page down."""
    for notice in _noticed.values():
        notice(place, operations, now=now)
