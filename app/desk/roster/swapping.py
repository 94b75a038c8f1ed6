"""Two parties of one size change places: one that waits gets the seats, one that has them the place in the queue."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.actor import Actor
from app.attendance.queries import attendance_of_places
from app.audit.operations import record
from app.db import db, lock, new_id, transaction
from app.desk.roster.batch_errors import CantSwap, IsHereAlready
from app.desk.roster.mails import mail_swapped
from app.errors import NotFound, require
from app.events.models import Event
from app.events.policy import can_manage_event
from app.signups.errors import EventHasBegun
from app.signups.line import count, join_line, log_move, next_number
from app.signups.mails import take_swapped_letters_back
from app.signups.models import Place, SignUp
from app.signups.queries import people_ahead_of
from app.signups.seating import seat

PUT = ("group_id", "bus_id", "shift_id", "section_id")


def swap_parties(event: Event, seated_id: str, waiting_id: str, *, now: datetime, actor: Actor) -> None:
    """The waiting party takes the seats of the seated one, which takes its number in the queue; both are told.

    Raises CantSwap unless one is confirmed, the other waits and both are of one size; IsHereAlready, EventHasBegun.
    """
    with transaction():
        lock(event)
        require(can_manage_event(actor, event))
        if event.starts_at <= now:
            raise EventHasBegun
        seated, waiting = _party(event, seated_id), _party(event, waiting_id)
        going, coming = seated.standing_places, waiting.standing_places
        _check(going, coming)
        _exchange(event, seated, waiting, now=now)
        take_swapped_letters_back(event, going, coming, now=now)
        occasion, position = new_id(), people_ahead_of(seated) + 1
        mail_swapped(event, coming, letter="desk/seat_gained", occasion=occasion, position=None, now=now)
        mail_swapped(event, going, letter="desk/seat_given", occasion=occasion, position=position, now=now)
        record(actor, "swap", seated, now=now, changes={"status": ("confirmed", "waiting")})
        record(actor, "swap", waiting, now=now, changes={"status": ("waiting", "confirmed")})


def waiting_parties(event: Event, size: int) -> list[SignUp]:
    """Those that wait as a whole and are of this size, in the order of the queue."""
    query = (
        select(SignUp)
        .where(SignUp.event_id == event.id, SignUp.waiting == size)
        .options(joinedload(SignUp.leader), selectinload(SignUp.places).joinedload(Place.person))
        .order_by(SignUp.queue_number)
        .limit(50)
    )
    return [party for party in db.session.scalars(query) if len(party.standing_places) == size]


def _party(event: Event, signup_id: str) -> SignUp:
    query = (
        select(SignUp)
        .where(SignUp.id == signup_id, SignUp.event_id == event.id)
        .options(selectinload(SignUp.places).joinedload(Place.person))
        .execution_options(populate_existing=True)
    )
    found = db.session.scalar(query)
    if found is None:
        raise NotFound
    return found


def _check(going: list[Place], coming: list[Place]) -> None:
    alike = len(going) == len(coming) and going and all(place.is_confirmed for place in going)
    if not alike or not all(place.is_waiting for place in coming):
        raise CantSwap
    marks = attendance_of_places([place.id for place in going])
    for place in going:
        if place.id in marks and marks[place.id].was_here:
            raise IsHereAlready(name=place.person.short_name)


def _exchange(event: Event, seated: SignUp, waiting: SignUp, *, now: datetime) -> None:
    going, coming = seated.standing_places, waiting.standing_places
    log_move(waiting, "seated", people=len(coming), reason="swapped", now=now)
    number, own = waiting.queue_number, seated.queue_number
    for party, new in ((seated, next_number(event)), (waiting, own), (seated, number)):
        party.queue_number = new
        db.session.flush()
    for old, new_place in zip(going, coming, strict=True):
        for name in PUT:
            setattr(new_place, name, getattr(old, name))
            setattr(old, name, None)
        old.confirmed_at = None
        new_place.promoted_at = now
    count(event, seats=-len(going))
    join_line(event, seated, going)
    log_move(seated, "moved", people=len(going), reason="swapped", now=now)
    seat(event, coming, now=now)
    db.session.flush()
