"""The line of those who wait for seats of one event: joining, leaving, who is next. The event's lock is held."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.db import db
from app.events.models import Event
from app.rows import set_columns
from app.signups.models import SEATED, STANDING, Place, QueueMove, SignUp
from app.signups.waiting_list import Member, Promotion, WaitingParty, promotions

AT_ONCE = 50
LINE = (
    select(SignUp.id, SignUp.queue_number, SignUp.waiting, SignUp.accept_fewer)
    .where(
        SignUp.event_id == bindparam("event_id"),
        SignUp.waiting > 0,
        SignUp.queue_number > bindparam("after"),
        or_(SignUp.waiting <= bindparam("at_most"), SignUp.accept_fewer),
    )
    .order_by(SignUp.queue_number)
    .limit(AT_ONCE)
)
PASSING = select(QueueMove.queue_number).where(
    QueueMove.event_id == bindparam("event_id"),
    QueueMove.kind.in_(("seated", "offered")),
    QueueMove.queue_number > bindparam("after"),
)
MEMBERS = (
    select(Place)
    .where(Place.signup_id.in_(bindparam("ids", expanding=True)), Place.status.in_(STANDING))
    .options(joinedload(Place.person))
    .order_by(Place.signup_id, Place.position)
)
PARTIES = (
    select(SignUp)
    .where(SignUp.id.in_(bindparam("ids", expanding=True)))
    .options(selectinload(SignUp.places).joinedload(Place.person))
)
ANY_SIZE = 1_000_000


class Row(NamedTuple):
    """A party as it stands in the line."""

    signup_id: str
    number: int
    waiting: int
    accept_fewer: bool


def join_line(event: Event, signup: SignUp, places: Sequence[Place]) -> None:
    """These people wait from now on."""
    for place in places:
        place.status = "waiting"
        place.awaits = None
    signup.waiting += len(places)
    count(event, waiting=len(places))


def leave_line(places: Iterable[Place]) -> int:
    """Those of them who waited wait no longer; call it before their status changes. Says how many, to be counted."""
    leaving = [place for place in places if place.is_waiting]
    for place in leaving:
        place.signup.waiting -= 1
    return len(leaving)


def next_number(event: Event) -> int:
    """The number of whoever comes now."""
    count(event, numbers=1)
    return event.last_queue_number


def count(event: Event, *, seats: int = 0, waiting: int = 0, numbers: int = 0) -> None:
    """So many seats are taken, people wait, numbers are given out more than before; at once in the table."""
    set_columns(
        event,
        seats_taken=event.seats_taken + seats,
        people_waiting=event.people_waiting + waiting,
        last_queue_number=event.last_queue_number + numbers,
    )


def log_move(signup: SignUp, kind: str, *, people: int, reason: str, now: datetime) -> None:
    """One more line in the story of the queue."""
    db.session.add(
        QueueMove(
            event_id=signup.event_id,
            signup_id=signup.id,
            at=now,
            kind=kind,
            queue_number=signup.queue_number,
            people=people,
            reason=reason,
        )
    )


def next_in_line(event: Event) -> list[tuple[SignUp, list[Place]]]:
    """The parties whose turn it is, with those of each who get seats; empty when none fits or seats are kept."""
    free = seats_to_give(event)
    if free <= 0:
        return []
    rows, given = line_after(event, 0), list[Promotion]()
    more = rows
    while more:
        given = promotions(free, parties_of(event, rows), pass_limit=event.pass_limit, capacity=event.capacity)
        if given or len(more) < AT_ONCE:
            break
        # The first fifty wait in vain; behind them only who fits is of interest, since the first that waits decides.
        more = line_after(event, rows[-1].number, at_most=free)
        rows = [*rows, *more]
    return _with_places(given)


def seats_to_give(event: Event) -> int:
    """How many seats are free for those who wait; where nobody counts seats, enough for all."""
    if not event.people_waiting:
        return 0
    return event.people_waiting if event.seats_free is None else event.seats_free


def line_after(event: Event, number: int, *, at_most: int = ANY_SIZE) -> list[Row]:
    """The next fifty parties of the line, or of those in it that are no larger than so many."""
    values = {"event_id": event.id, "after": number, "at_most": at_most}
    return [Row(*row) for row in db.session.execute(LINE, values)]


def parties_of(event: Event, rows: Sequence[Row]) -> list[WaitingParty]:
    """These parties as the choice between them needs them."""
    if not rows:
        return []
    passing = list(db.session.scalars(PASSING, {"event_id": event.id, "after": rows[0].number}))
    members = _members([row.signup_id for row in rows if row.accept_fewer and row.waiting > 1])
    return [_party(event, row, passing, members.get(row.signup_id, [])) for row in rows]


def _party(event: Event, row: Row, passing: Sequence[int], places: Sequence[Place]) -> WaitingParty:
    day = event.local_date
    minors = [place.person.is_minor_on(day) for place in places]
    waits = [place.is_waiting for place in places]
    seated = [minor for place, minor in zip(places, minors, strict=True) if place.status in SEATED]
    members = [
        Member(is_minor=minor, is_escort=place.role == "escort")
        for place, minor, waiting in zip(places, minors, waits, strict=True)
        if waiting
    ]
    return WaitingParty(
        row.signup_id,
        row.waiting,
        accept_fewer=row.accept_fewer,
        passed_over=sum(number > row.number for number in passing),
        members=members,
        has_adult=not all(seated) if seated else False,
        has_child=any(seated),
    )


def _members(signup_ids: Sequence[str]) -> dict[str, list[Place]]:
    if not signup_ids:
        return {}
    places = db.session.scalars(MEMBERS, {"ids": list(signup_ids)})
    return {signup_id: list(group) for signup_id, group in groupby(places, key=lambda place: place.signup_id)}


def _with_places(given: Sequence[Promotion]) -> list[tuple[SignUp, list[Place]]]:
    if not given:
        return []
    found = {signup.id: signup for signup in db.session.scalars(PARTIES, {"ids": [one.signup_id for one in given]})}
    going: dict[str, list[Place]] = defaultdict(list)
    for one in given:
        waiting = [place for place in found[one.signup_id].places if place.is_waiting]
        going[one.signup_id] = [waiting[index] for index in one.chosen]
    return [(found[one.signup_id], going[one.signup_id]) for one in given]
