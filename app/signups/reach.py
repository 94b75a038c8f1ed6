"""Whom no letter reaches: nobody loses a seat for that, but somebody must hand the ticket over."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.db import db
from app.events.models import Event
from app.mail.models import Suppression
from app.mail.outbox import Recipient
from app.people.recipients import guardians_by_child, recipients_of
from app.signups.models import STANDING, Place, SignUp

AT_ONCE = 500


def without_letters(signups: Iterable[SignUp]) -> dict[str, list[Place]]:
    """{sign-up's id: its standing places about which nobody has an e-mail to write to}; only those with some."""
    rows = list(signups)
    places = [place for signup in rows for place in signup.standing_places]
    minors = {place.person_id for place in places if place.person.is_minor_on(place.signup.event.local_date)}
    guardians = guardians_by_child(minors)
    reached = {
        signup.id: recipients_of(
            [place.person for place in signup.standing_places], on=signup.event.local_date, guardians=guardians
        )
        for signup in rows
    }
    dead = bounced_among(one for by_person in reached.values() for readers in by_person.values() for one in readers)
    found = {signup.id: _beyond(signup.standing_places, reached[signup.id], dead) for signup in rows}
    return {signup_id: places for signup_id, places in found.items() if places}


def unreached_at(event: Event) -> list[Place]:
    """Everybody at this event about whom no letter can be sent, by name; for the coordinator."""
    query = (
        select(Place)
        .where(Place.event_id == event.id, Place.status.in_(STANDING))
        .options(joinedload(Place.person), joinedload(Place.signup).joinedload(SignUp.leader))
    )
    places = unreached_among(event, list(db.session.scalars(query)))
    return sorted(places, key=lambda place: (place.person.name_sort, place.id))


def bounced_among(readers: Iterable[Recipient]) -> set[str]:
    """Those of their addresses, in small letters, that take no mail: what is sent there comes back."""
    addresses = sorted({reader.address.lower() for reader in readers})
    found = set[str]()
    for first in range(0, len(addresses), AT_ONCE):
        some = addresses[first : first + AT_ONCE]
        dead = select(Suppression.address).where(Suppression.address.in_(some), Suppression.reason == "bounced")
        found.update(db.session.scalars(dead))
    return found


def unreached_among(event: Event, places: list[Place]) -> list[Place]:
    """Those of these places about which nobody reads: no address, or none that takes letters."""
    reached = recipients_of([place.person for place in places], on=event.local_date)
    dead = bounced_among(reader for readers in reached.values() for reader in readers)
    return _beyond(places, reached, dead)


def _beyond(places: Iterable[Place], reached: Mapping[str, list[Recipient]], dead: set[str]) -> list[Place]:
    return [place for place in places if all(one.address.lower() in dead for one in reached[place.person_id])]
