"""Reads about sign-ups: the queue, one's own places, and what a person is told on the event's page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from app.accounts.actor import Actor
from app.db import Texts, db, forget_what_was_read
from app.errors import NotFound
from app.events.models import Event, Site
from app.events.policy import can_manage_event
from app.people.brigade_queries import colleague_ids
from app.people.models import Guardianship, Person
from app.people.queries import search_people
from app.rows import known_row, read
from app.signups.models import STANDING, Place, SignUp
from app.signups.policy import can_change_party, can_see_place

E, S, P = Event.__table__, Site.__table__, Person.__table__
C = P.alias("coordinator")
# What neither a rule nor a letter of a sign-up asks for is not read while others wait; who asks for it has it loaded.
SELDOM_ASKED = {
    E: (
        "description", "lunch_at", "lunch_cutoff_at", "gifts_order_by", "caterer_name", "caterer_email",
        "caterer_language", "series_id", "import_key", "created_at", "created_by_id", "published_at", "closed_at",
        "postponed_at", "completed_at", "cancelled_by_id",
    ),
    S: ("slug", "host", "facts", "adult_child_ratio", "created_at", "deactivated_at"),
    P: ("name_search", "indexed_as", "phone", "language_chosen_at", "created_at", "erased_at"),
}  # fmt: skip
READ = {table: [c.key for c in table.columns if c.key not in seldom] for table, seldom in SELDOM_ASKED.items()}
# Whom letters name to be called: read with the event, since every sign-up writes a letter.
CONTACT = ("id", "surname", "given_name", "patronymic", "phone", "deactivated_at")
LOCKED_EVENT = (
    select(*[table.c[name] for table in (E, S) for name in READ[table]], *[C.c[name] for name in CONTACT])
    .join(S, S.c.id == E.c.site_id)
    .outerjoin(C, C.c.id == E.c.coordinator_id)
    .where(E.c.id == bindparam("event_id"))
    .with_for_update(of=E)
)
PEOPLE = select(Person).where(Person.id.in_(bindparam("ids", expanding=True)))
# Sorted, so that two who lock the same people wait for each other instead of blocking each other for ever.
LOCKED_PEOPLE = (
    select(*[P.c[name] for name in READ[P]])
    .where(P.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(P.c.id)
    .with_for_update(key_share=True)
)
TAKES_TIME = ("published", "closed", "running")
AHEAD = select(func.sum(SignUp.waiting)).where(
    SignUp.event_id == bindparam("event_id"),
    SignUp.waiting > 0,
    SignUp.queue_number < bindparam("queue_number"),
)
WAITING = select(Event.id, Event.people_waiting).where(Event.id.in_(bindparam("event_ids", expanding=True)))
# Both ways name a place, and the event's id is taken from it as a value made up, not as a column with an index: so no
# database looks from the event's side, at everybody who comes to it, however few events it counted the last time.
BUSY = (
    select(Place.person_id, Event.id, Event.title)
    .join(Event, Event.id == Place.event_id.concat(""))
    .where(
        Place.person_id.in_(bindparam("people", expanding=True)),
        or_(
            and_(Place.event_id == bindparam("event_id"), Place.status.in_(STANDING)),
            and_(
                Place.status.in_(STANDING),
                Event.status.in_(TAKES_TIME),
                Event.date_precision == "minute",
                Event.starts_at < bindparam("ends_at"),
                Event.ends_at > bindparam("starts_at"),
            ),
        ),
    )
)


@dataclass(frozen=True)
class SpokenFor:
    """Those whom somebody may sign up: `family` is oneself and one's children, `brigade` one's colleagues."""

    family: frozenset[str] = frozenset()
    brigade: frozenset[str] = frozenset()


NOBODY = SpokenFor()


def spoken_for(actor: Actor) -> SpokenFor:
    """Whom the actor may speak for: two queries; ask only where somebody else than the actor is signed up."""
    if actor.person_id is None:
        return NOBODY
    return SpokenFor(frozenset(family_ids(actor)), frozenset(colleague_ids(actor.person_id)))


def signup_to_change(actor: Actor, signup_id: str) -> SignUp:
    """The sign-up for whoever leads it or coordinates the event; raises NotFound otherwise."""
    signup = signup_to_cancel(actor, signup_id)
    if not can_change_party(actor, signup):
        raise NotFound
    return signup


def signup_to_cancel(actor: Actor, signup_id: str) -> SignUp:
    """The sign-up if this actor leads it, is or has a child in it or coordinates the event; raises NotFound."""
    query = (
        select(SignUp)
        .where(SignUp.id == signup_id)
        .options(joinedload(SignUp.event).joinedload(Event.site), selectinload(SignUp.places).joinedload(Place.person))
    )
    signup = db.session.scalar(query)
    if signup is None or not _concerns(actor, signup):
        raise NotFound
    return signup


def callers(actor: Actor, q: str, *, limit: int) -> list[Person]:
    """Grown-ups of the coordinator's cities who may be meant by these words, for signing them up on the phone."""
    query = search_people(actor, q).where(Person.kind != "child", Person.deactivated_at.is_(None))
    return list(db.session.scalars(query.order_by(Person.name_sort, Person.id).limit(limit)))


def place_to_cancel(actor: Actor, place_id: str) -> Place:
    """A place of the actor, of the actor's child, or of a party that the actor leads or coordinates; or NotFound."""
    place = db.session.get(Place, place_id)
    if place is None or not can_see_place(actor, place, family=family_ids(actor)):
        raise NotFound
    return place


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


def seen_places(actor: Actor, signups: Iterable[SignUp]) -> dict[str, list[Place]]:
    """{sign-up's id: its standing places of whom the actor reads the name and the ticket}."""
    family = family_ids(actor)
    return {
        signup.id: [place for place in signup.standing_places if can_see_place(actor, place, family=family)]
        for signup in signups
    }


def event_named(event_id: str) -> Event:
    """The event with its site, for whoever may know of it: the operation asks. Raises NotFound."""
    event = db.session.get(Event, event_id, options=[joinedload(Event.site)])
    if event is None:
        raise NotFound
    return event


def locked_event(event_id: str) -> Event:
    """The event with its site and its coordinator, its row locked until the transaction ends. Raises NotFound."""
    forget_what_was_read()
    found = read(LOCKED_EVENT, {"event_id": event_id})
    if not found:
        raise NotFound
    site_at, contact_at = len(READ[E]), len(READ[E]) + len(READ[S])
    event = known_row(Event, found[0][:site_at], READ[E])
    set_committed_value(event, "site", known_row(Site, found[0][site_at:contact_at], READ[S]))
    contact = known_row(Person, found[0][contact_at:], CONTACT) if event.coordinator_id else None
    set_committed_value(event, "coordinator", contact)
    return event


def locked_people(person_ids: Sequence[str]) -> list[Person]:
    """The same people as people_named() says, for a sign-up: nobody gets two places at once at two events."""
    rows = read(LOCKED_PEOPLE, {"ids": list(person_ids)}) if person_ids else []
    return _in_order([known_row(Person, row, READ[P]) for row in rows], person_ids)


def people_named(person_ids: Sequence[str]) -> list[Person]:
    """The people of these ids in the order given, each once; raises NotFound for an id that is nobody's."""
    return _in_order(db.session.scalars(PEOPLE, {"ids": list(person_ids)}), person_ids)


def _in_order(people: Iterable[Person], person_ids: Sequence[str]) -> list[Person]:
    found = {person.id: person for person in people}
    if len(found) != len(set(person_ids)):
        raise NotFound
    return [found[person_id] for person_id in dict.fromkeys(person_ids)]


def busy_with(event: Event, person_ids: Sequence[str]) -> dict[str, tuple[str, Texts]]:
    """{person's id: (event's id, title)} for those with a standing place here, or a seat elsewhere at that time."""
    values = {"people": list(person_ids), "event_id": event.id, "starts_at": event.starts_at, "ends_at": event.ends_at}
    rows = db.session.execute(BUSY, values)
    return {person_id: (event_id, title) for person_id, event_id, title in rows}


def busy_elsewhere(event: Event, person_ids: Sequence[str]) -> dict[str, tuple[str, Texts]]:
    """{person's id: (event's id, title)} for those who have a seat at another event at that time."""
    values = {"people": list(person_ids), "event_id": event.id, "starts_at": event.starts_at, "ends_at": event.ends_at}
    rows = db.session.execute(BUSY, values)
    return {person_id: (event_id, title) for person_id, event_id, title in rows if event_id != event.id}


def people_ahead_of(signup: SignUp) -> int:
    """How many people wait in front of this party."""
    values = {"event_id": signup.event_id, "queue_number": signup.queue_number}
    return db.session.scalar(AHEAD, values) or 0


def people_ahead(signups: Iterable[SignUp]) -> dict[str, int]:
    """{sign-up's id: how many people wait in front of it} for those that wait, in one query."""
    ids = [signup.id for signup in signups if signup.waiting]
    others = aliased(SignUp)
    in_front = (others.event_id == SignUp.event_id, others.waiting > 0, others.queue_number < SignUp.queue_number)
    ahead = select(func.sum(others.waiting)).where(*in_front).correlate(SignUp).scalar_subquery()
    query = select(SignUp.id, ahead).where(SignUp.id.in_(ids))
    return {signup_id: people or 0 for signup_id, people in db.session.execute(query)} if ids else {}


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
    ahead = people_ahead({places[0].signup for places in grouped.values()})
    for (event_id, signup_id, status), places in grouped.items():
        names = ["" if p.person_id == actor.person_id else p.person.given_name for p in places]
        position = ahead[signup_id] + 1 if status == "waiting" else None
        states.setdefault(event_id, []).append((status, names, position))
    return states


def my_signups(actor: Actor, *, now: datetime, past: bool = False, limit: int = 50) -> list[SignUp]:
    """Parties that the actor leads or has somebody in, ahead (soonest first) or past (latest first)."""
    family = family_ids(actor)
    mine = select(Place.signup_id).where(Place.person_id.in_(family))
    own = SignUp.id.in_(mine) | (SignUp.leader_id == actor.person_id)
    when = Event.ends_at <= now if past else Event.ends_at > now
    order = Event.starts_at.desc() if past else Event.starts_at.asc()
    query = (
        select(SignUp)
        .join(Event, Event.id == SignUp.event_id)
        .where(own, when, SignUp.cancelled_at.is_(None) | (Event.status == "cancelled"))
        .options(
            joinedload(SignUp.event).joinedload(Event.site),
            selectinload(SignUp.places).joinedload(Place.person),
        )
        .order_by(order, SignUp.id)
        .limit(limit)
    )
    found = db.session.scalars(query).unique()
    return [signup for signup in found if any(can_see_place(actor, place, family=family) for place in signup.places)]


def _concerns(actor: Actor, signup: SignUp) -> bool:
    """A leader whose party is gone sees it still; one who no longer decides for any of it does not."""
    if can_manage_event(actor, signup.event):
        return True
    family = family_ids(actor)
    return any(can_see_place(actor, place, family=family) for place in signup.places)
