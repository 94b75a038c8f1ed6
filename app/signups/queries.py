"""Reads about sign-ups: the queue, one's own places, and what a person is told on the event's page."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.actor import Actor
from app.db import Texts, db
from app.errors import NotFound
from app.events.models import Event
from app.events.policy import can_manage_event
from app.people.models import Guardianship, Person
from app.signups.models import SEATED, STANDING, Place, SignUp

LOCKED_EVENT = (
    select(Event)
    .where(Event.id == bindparam("event_id"))
    .options(joinedload(Event.site, innerjoin=True))
    .with_for_update(of=Event)
    .execution_options(populate_existing=True)
)
PEOPLE = select(Person).where(Person.id.in_(bindparam("ids", expanding=True)))
TAKES_TIME = ("published", "closed", "running")
AHEAD = (
    select(func.count())
    .select_from(Place)
    .join(SignUp, SignUp.id == Place.signup_id)
    .where(
        Place.event_id == bindparam("event_id"),
        Place.status == "waiting",
        SignUp.queue_number < bindparam("queue_number"),
    )
)
WAITING = (
    select(Place.event_id, func.count())
    .where(Place.event_id.in_(bindparam("event_ids", expanding=True)), Place.status == "waiting")
    .group_by(Place.event_id)
)
BUSY = (
    select(Place.person_id, Event.id, Event.title)
    .join(Event, Event.id == Place.event_id)
    .where(
        Place.person_id.in_(bindparam("people", expanding=True)),
        or_(
            and_(Event.id == bindparam("event_id"), Place.status.in_(STANDING)),
            and_(
                Place.status.in_(SEATED),
                Event.status.in_(TAKES_TIME),
                Event.date_precision == "minute",
                Event.starts_at < bindparam("ends_at"),
                Event.ends_at > bindparam("starts_at"),
            ),
        ),
    )
)


def signup_to_cancel(actor: Actor, signup_id: str) -> SignUp:
    """The sign-up if this actor leads it, is guardian in it or coordinates the event; raises NotFound otherwise."""
    query = select(SignUp).where(SignUp.id == signup_id).options(joinedload(SignUp.event), selectinload(SignUp.places))
    signup = db.session.scalar(query)
    if signup is None or not _concerns(actor, signup):
        raise NotFound
    return signup


def place_of_family(actor: Actor, place_id: str) -> Place:
    """A place of the actor or the actor's child; raises NotFound otherwise."""
    place = db.session.get(Place, place_id)
    if place is None or place.person_id not in family_ids(actor):
        raise NotFound
    return place


def family_ids(actor: Actor) -> list[str]:
    """The actor and the children whom they decide for."""
    if actor.person_id is None:
        return []
    children = select(Guardianship.child_id).where(
        Guardianship.guardian_id == actor.person_id, Guardianship.ended_at.is_(None)
    )
    return [actor.person_id, *db.session.scalars(children)]


def event_named(event_id: str) -> Event:
    """The event with its site, for whoever may know of it: the operation asks. Raises NotFound."""
    event = db.session.get(Event, event_id, options=[joinedload(Event.site)])
    if event is None:
        raise NotFound
    return event


def locked_event(event_id: str) -> Event:
    """The event with its site, its row locked until the transaction ends. Raises NotFound."""
    event = db.session.scalar(LOCKED_EVENT, {"event_id": event_id})
    if event is None:
        raise NotFound
    return event


def people_named(person_ids: Sequence[str]) -> list[Person]:
    """The people of these ids in the order given, each once; raises NotFound for an id that is nobody's."""
    found = {person.id: person for person in db.session.scalars(PEOPLE, {"ids": list(person_ids)})}
    if len(found) != len(set(person_ids)):
        raise NotFound
    return [found[person_id] for person_id in dict.fromkeys(person_ids)]


def busy_with(event: Event, person_ids: Sequence[str]) -> dict[str, tuple[str, Texts]]:
    """{person's id: (event's id, title)} for those with a standing place here, or a seat elsewhere at that time."""
    values = {"people": list(person_ids), "event_id": event.id, "starts_at": event.starts_at, "ends_at": event.ends_at}
    rows = db.session.execute(BUSY, values)
    return {person_id: (event_id, title) for person_id, event_id, title in rows}


def people_ahead_of(signup: SignUp) -> int:
    """How many people wait in front of this party."""
    values = {"event_id": signup.event_id, "queue_number": signup.queue_number}
    return db.session.scalar(AHEAD, values) or 0


def waiting_counts(event_ids: Sequence[str]) -> dict[str, int]:
    """{event's id: how many people wait}, for lists."""
    return dict(db.session.execute(WAITING, {"event_ids": list(event_ids)}).all())


def my_states(actor: Actor, event_ids: Sequence[str]) -> dict[str, list[tuple[str, list[str], int | None]]]:
    """{event's id: [(status, names, position in the queue)]} for actor and children; "" is the actor's name."""
    family = family_ids(actor)
    if not family or not event_ids:
        return {}
    query = (
        select(Place)
        .where(Place.person_id.in_(family), Place.event_id.in_(event_ids), Place.status.in_(STANDING))
        .options(joinedload(Place.person), joinedload(Place.signup))
        .order_by(Place.event_id, Place.signup_id, Place.position)
    )
    states: dict[str, list[tuple[str, list[str], int | None]]] = {}
    grouped: dict[tuple[str, str, str], list[Place]] = {}
    for place in db.session.scalars(query):
        grouped.setdefault((place.event_id, place.signup_id, place.status), []).append(place)
    for (event_id, _, status), places in grouped.items():
        names = ["" if p.person_id == actor.person_id else p.person.given_name for p in places]
        position = people_ahead_of(places[0].signup) + 1 if status == "waiting" else None
        states.setdefault(event_id, []).append((status, names, position))
    return states


def my_signups(actor: Actor, *, now: datetime, past: bool = False, limit: int = 50) -> list[SignUp]:
    """Parties with the actor or the actor's children in them, ahead (soonest first) or past (latest first)."""
    family = family_ids(actor)
    mine = select(Place.signup_id).where(Place.person_id.in_(family))
    when = Event.ends_at <= now if past else Event.ends_at > now
    order = Event.starts_at.desc() if past else Event.starts_at.asc()
    query = (
        select(SignUp)
        .join(Event, Event.id == SignUp.event_id)
        .where(SignUp.id.in_(mine), when, SignUp.cancelled_at.is_(None) | (Event.status == "cancelled"))
        .options(
            joinedload(SignUp.event).joinedload(Event.site),
            selectinload(SignUp.places).joinedload(Place.person),
        )
        .order_by(order, SignUp.id)
        .limit(limit)
    )
    return list(db.session.scalars(query).unique())


def _concerns(actor: Actor, signup: SignUp) -> bool:
    family = set(family_ids(actor))
    return (
        signup.leader_id in family
        or any(place.person_id in family for place in signup.places)
        or can_manage_event(actor, signup.event)
    )
