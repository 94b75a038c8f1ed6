"""Who reads a letter about a party, and what the letter calls the people in it."""

from collections.abc import Iterable, Sequence
from hashlib import sha256

from app.events.models import Event
from app.mail.outbox import Recipient
from app.people.recipients import Guardians, recipients_of
from app.signups.models import Place, SignUp


def by_reader(
    event: Event, places: Iterable[Place], *, guardians: Guardians | None = None
) -> list[tuple[Recipient, list[Place]]]:
    """Who reads, and which places concern them; a family with one address gets one letter."""
    readers: dict[Recipient, list[Place]] = {}
    places = list(places)
    reachable = recipients_of([place.person for place in places], on=event.local_date, guardians=guardians)
    for place in places:
        for recipient in reachable[place.person_id]:
            readers.setdefault(recipient, []).append(place)
    return list(readers.items())


def deciders(signup: SignUp, places: Sequence[Place]) -> list[Recipient]:
    """Who may answer for the whole party: its leader and the guardians of its children, each once.

    Where none of them has an address, everybody of the party who can be reached is asked.
    """
    day = signup.event.local_date
    asked = {signup.leader_id: signup.leader} if signup.leader.deactivated_at is None else {}
    asked |= {place.person_id: place.person for place in places if place.person.is_minor_on(day)}
    reachable = recipients_of(asked.values(), on=day)
    found = [recipient for person_id in asked for recipient in reachable[person_id]]
    return list(dict.fromkeys(found)) or [reader for reader, _ in by_reader(signup.event, places)]


def named_to(reader: Recipient, signup: SignUp, places: Sequence[Place]) -> list[str]:
    """The first names that this reader may read: grown-ups of the own party, children only by those who decide."""
    own = dict(by_reader(signup.event, places)).get(reader, [])
    leads, day = reader.person_id == signup.leader_id, signup.event.local_date
    return first_names(place for place in places if place in own or (leads and not place.person.is_minor_on(day)))


def who(reader: Recipient) -> str:
    """The reader's part of a letter's key: a key is kept for long, so no address stands in it."""
    return reader.person_id or sha256(reader.address.lower().encode()).hexdigest()[:16]


def first_names(places: Iterable[Place]) -> list[str]:
    """As a family calls its own."""
    return [place.person.given_name or place.person.surname for place in places]
