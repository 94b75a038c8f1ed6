""" "I can't come", by the link of a letter: its reader gives back the places that the letter named, and no others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import db, lock, transaction
from app.errors import NotFound
from app.events.models import Event
from app.people.models import Person
from app.signups.answer_links import leaving_by
from app.signups.checking import check_cancel
from app.signups.errors import EventHasBegun
from app.signups.mails import mail_cancelled
from app.signups.models import Place, SignUp
from app.signups.queries import family_ids
from app.signups.seating import free, promote


@dataclass(frozen=True)
class Leaving:
    """What the link is about: the event, its reader, the places of it that the reader still decides about."""

    event: Event
    reader: Actor
    places: Sequence[Place]

    @property
    def standing(self) -> list[Place]:
        """Those who still go or wait."""
        return [place for place in self.places if place.is_standing]


def leaving_of(token: str, *, now: datetime) -> Leaving:
    """What a link asks. Raises LinkWrong, LinkExpired, and NotFound once its reader has no say about any of them."""
    place_ids, person_id = leaving_by(token, now=now)
    reader = _reader(person_id)
    places = _theirs(place_ids, reader)
    if not places:
        raise NotFound
    return Leaving(places[0].event, reader, places)


def cannot_come(token: str, *, now: datetime) -> int:
    """Frees these places, tells whom it concerns and promotes from the queue; says how many were freed.

    None the second time, when nothing is left to free. Raises EventHasBegun, LinkWrong, LinkExpired, NotFound, and
    what keeps people from cancelling late.
    """
    event_id = leaving_of(token, now=now).event.id
    with transaction():
        event = db.session.get_one(Event, event_id)
        lock(event)
        asked = leaving_of(token, now=now)
        places = asked.standing
        if not places:
            return 0
        if event.starts_at <= now:
            raise EventHasBegun
        check_cancel(event, asked.reader, now=now, places=places)
        free(event, places, reason="own", now=now, actor=asked.reader)
        mail_cancelled(event, places, reason="own", now=now)
        for signup in {place.signup_id: place.signup for place in places}.values():
            gone = [place for place in places if place.signup_id == signup.id]
            changes = {"places": (len(gone), 0), "by_link_of": (None, asked.reader.person_id)}
            record(asked.reader, "cancel_signup", signup, now=now, changes=changes)
        promote(event, now=now, actor=asked.reader, cause="own")
        return len(places)


def _reader(person_id: str) -> Actor:
    """Known by name, without any role: a coordinator's letter gives back the coordinator's own place alone."""
    person = db.session.get(Person, person_id)
    if person is None or person.deactivated_at is not None:
        raise NotFound
    return Actor(person_id=person.id, name=person.short_name, language=person.language, city=person.city)


def _theirs(place_ids: Sequence[str], reader: Actor) -> list[Place]:
    """The reader's own, and those of children for whom they decide today."""
    query = (
        select(Place)
        .where(Place.id.in_(place_ids), Place.person_id.in_(family_ids(reader)))
        .options(
            joinedload(Place.person),
            joinedload(Place.event).joinedload(Event.site),
            joinedload(Place.signup).selectinload(SignUp.places).joinedload(Place.person),
        )
        .order_by(Place.position, Place.id)
        .execution_options(populate_existing=True)
    )
    return list(db.session.scalars(query).unique())
