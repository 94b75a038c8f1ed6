"""Who is reminded: readers page by page of those who go, then who works there, who receives us, who sends people.

A page is 300 places, so that ten thousand readers are found in steps of the same size. Whoever reads for several
gets one letter about all of them, with the first page that names one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Subquery, func, select
from sqlalchemy.orm import contains_eager, joinedload

from app.db import db
from app.events.mail_facts import event_path
from app.events.models import Event
from app.events.trip_models import Host
from app.mail.outbox import Recipient
from app.people.models import City, Guardianship, Institution, Person
from app.people.recipients import recipients_of
from app.reminders.plans import CONFIRMED, ESCORTS, HOSTS, INSTITUTIONS
from app.rosters.duty_standing import staff_of
from app.rosters.host_queries import host_token
from app.signups.answer_links import list_path
from app.signups.models import Invitation, InvitationContact, Place, SignUp
from app.signups.readers import who

PLACES_AT_ONCE = 300
ROLES = {CONFIRMED: "participant", ESCORTS: "escort"}
AFTER_PLACES = "~"  # after every id

Going = tuple[Place, Person]


@dataclass(frozen=True)
class Reader:
    """One letter to write: to whom, about whom, and in whose zone it is night. Outsiders have their own page."""

    to: Recipient
    zone: str
    going: Sequence[Going] = ()
    url: str = "/my"
    people: int | None = None


@dataclass(frozen=True)
class Batch:
    """A step's readers; `cursor` says where the next step goes on, None after the last one."""

    readers: Sequence[Reader]
    cursor: str | None

    @property
    def place_ids(self) -> set[str]:
        """The places that these letters speak of."""
        return {place.id for reader in self.readers for place, _ in reader.going}


def next_batch(event: Event, audiences: Sequence[str], *, due_at: datetime, cursor: str | None) -> Batch:
    """The readers after the cursor; who had no seat yet when the reminder was due is not among them."""
    roles = [ROLES[one] for one in audiences if one in ROLES]
    if cursor != AFTER_PLACES and roles:
        page = _page(event, roles, due_at, cursor or "")
        following = page[-1][0].id if len(page) == PLACES_AT_ONCE else AFTER_PLACES
        return Batch(_concerned(event, page), following)
    found: list[Reader] = []
    if ESCORTS in audiences:
        found += _staff(event)
    if HOSTS in audiences:
        found += _hosts(event)
    if INSTITUTIONS in audiences:
        found += _contacts(event)
    return Batch(found, None)


def readers_of(event: Event, going: Iterable[Going]) -> list[tuple[Recipient, list[Going]]]:
    """Who gets a letter and about whom, in the order of their ids."""
    seats = list(going)
    reachable = recipients_of([person for _, person in seats], on=event.local_date)
    readers: dict[str, tuple[Recipient, list[Going]]] = {}
    for place, person in seats:
        for recipient in reachable[person.id]:
            readers.setdefault(who(recipient), (recipient, []))[1].append((place, person))
    return [readers[key] for key in sorted(readers)]


def still_going(place_ids: Iterable[str]) -> set[str]:
    """Those of the places whose seat is theirs, asked under the event's lock."""
    return set(db.session.scalars(select(Place.id).where(Place.id.in_(place_ids), Place.status == "confirmed")))


def _page(event: Event, roles: Sequence[str], due_at: datetime, after: str) -> list[Going]:
    query = _going(event).where(
        Place.id > after, Place.role.in_(roles), func.coalesce(Place.confirmed_at, Place.created_at) <= due_at
    )
    rows = db.session.execute(query.order_by(Place.id).limit(PLACES_AT_ONCE))
    return [(place, person) for place, person in rows]


def _concerned(event: Event, page: Sequence[Going]) -> list[Reader]:
    """The readers of these places, each with everybody of theirs who goes."""
    readers = {who(to): to for to, _ in readers_of(event, page)}
    if not readers:
        return []
    whole = [(to, going) for to, going in readers_of(event, _all_of(event, page, readers)) if who(to) in readers]
    zones = _zones([to.person_id for to, _ in whole if to.person_id])
    return [Reader(to, zones.get(to.person_id or "", event.timezone), going) for to, going in whole]


def _all_of(event: Event, page: Sequence[Going], readers: dict[str, Recipient]) -> list[Going]:
    """Everybody of theirs, each way of belonging asked by itself: of several joined by "or" a server reads the whole
    event for every page.
    """
    ids = [reader.person_id for reader in readers.values() if reader.person_id]
    children = select(Guardianship.child_id).where(Guardianship.guardian_id.in_(ids), Guardianship.ended_at.is_(None))
    theirs = [Place.person_id.in_({*ids, *db.session.scalars(children)})]
    if len(ids) < len(readers):  # institutions read for pupils of whom nobody else hears
        theirs.append(Person.institution_id.in_({person.institution_id for _, person in page if person.institution_id}))
    found = {
        place.id: (place, person) for each in theirs for place, person in db.session.execute(_going(event).where(each))
    }
    return sorted(found.values(), key=lambda going: (going[0].signup_id, going[0].position, going[0].id))


def _going(event: Event) -> Any:
    query = select(Place, Person).join(Person, Person.id == Place.person_id)
    return query.where(Place.event_id == event.id, Place.status == "confirmed")


def _zones(person_ids: Sequence[str]) -> dict[str, str]:
    """{person's id: the zone whose clock hangs at their home}."""
    query = select(Person.id, City.timezone).join(City, City.slug == Person.city).where(Person.id.in_(person_ids))
    return {row[0]: row[1] for row in db.session.execute(query)} if person_ids else {}


def _staff(event: Event) -> list[Reader]:
    people = {person.id: person for person, _need in db.session.execute(staff_of(event)) if person.email}
    zones = _zones(list(people))
    return [
        Reader(
            Recipient(one.email or "", one.short_name, one.language, one.id, one.given_name),
            zones.get(one.id, event.timezone),
            url=event_path(event),
        )
        for one in people.values()
    ]


def _hosts(event: Event) -> list[Reader]:
    """Those who said that they receive us; the names stand behind their link alone."""
    query = select(Host).where(
        Host.event_id == event.id, Host.removed_at.is_(None), Host.confirmed_at.is_not(None), Host.email != ""
    )
    hosts = db.session.scalars(query.options(joinedload(Host.event)).order_by(Host.created_at, Host.id)).all()
    people = _seated(event) if hosts else 0
    return [
        Reader(
            Recipient(host.email, host.name, host.language),
            event.timezone,
            url=f"/hosts/{host_token(host)}",
            people=people,
        )
        for host in hosts
    ]


def _contacts(event: Event) -> list[Reader]:
    """Who holds a link to a list with somebody on it; without an own address they hear through the institution's."""
    going = _people_by_invitation(event)
    query = (
        select(InvitationContact, going.c.people, City.timezone)
        .join(InvitationContact.invitation)
        .join(going, going.c.invitation_id == Invitation.id)
        .join(Institution, Institution.id == Invitation.institution_id)
        .outerjoin(City, City.slug == Institution.city)
        .where(Invitation.revoked_at.is_(None), InvitationContact.revoked_at.is_(None))
        .options(contains_eager(InvitationContact.invitation).options(joinedload(Invitation.event)))
        .order_by(InvitationContact.name, InvitationContact.id)
    )
    return [
        Reader(
            Recipient(contact.email, contact.name, contact.language),
            zone or event.timezone,
            url=list_path(contact),
            people=people,
        )
        for contact, people, zone in db.session.execute(query)
    ]


def _people_by_invitation(event: Event) -> Subquery:
    query = select(SignUp.invitation_id, func.count().label("people")).join(Place, Place.signup_id == SignUp.id)
    here = (SignUp.event_id == event.id, SignUp.invitation_id.is_not(None), Place.status == "confirmed")
    return query.where(*here).group_by(SignUp.invitation_id).subquery()


def _seated(event: Event) -> int:
    query = select(func.count()).where(Place.event_id == event.id, Place.status == "confirmed")
    return db.session.scalar(query) or 0
