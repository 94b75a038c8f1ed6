"""Whom no letter reaches: nobody loses a seat for that, but somebody must hand the ticket over."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.db import db
from app.events.models import Event
from app.people.recipients import Guardians, guardians_by_child, recipients_of
from app.signups.models import STANDING, Place, SignUp


def without_letters(signups: Iterable[SignUp]) -> dict[str, list[Place]]:
    """{sign-up's id: its standing places about which nobody has an e-mail to write to}; only those with some."""
    found, rows = dict[str, list[Place]](), list(signups)
    places = [place for signup in rows for place in signup.standing_places]
    minors = {place.person_id for place in places if place.person.is_minor_on(place.signup.event.local_date)}
    guardians = guardians_by_child(minors)
    for signup in rows:
        places = _unreached(signup.event, signup.standing_places, guardians=guardians)
        if places:
            found[signup.id] = places
    return found


def unreached_at(event: Event) -> list[Place]:
    """Everybody at this event about whom no letter can be sent, by name; for the coordinator."""
    query = (
        select(Place)
        .where(Place.event_id == event.id, Place.status.in_(STANDING))
        .options(joinedload(Place.person), joinedload(Place.signup).joinedload(SignUp.leader))
    )
    places = _unreached(event, list(db.session.scalars(query)))
    return sorted(places, key=lambda place: (place.person.name_sort, place.id))


def _unreached(event: Event, places: list[Place], *, guardians: Guardians | None = None) -> list[Place]:
    reached = recipients_of([place.person for place in places], on=event.local_date, guardians=guardians)
    return [place for place in places if not reached[place.person_id]]
