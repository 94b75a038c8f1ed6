"""Who is thanked: whoever came, for children their guardians, for pupils of nobody else their institution."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.db import db
from app.events.models import Event
from app.impact.thanks.shares import Came, Share, shares_of, who_came
from app.mail.outbox import Recipient
from app.people.models import City, Person
from app.people.recipients import recipients_of
from app.signups.readers import who

AT_ONCE = 200


@dataclass(frozen=True)
class Reader:
    """One letter: to whom, about whom with which share, in whose zone it is night, and how many came in all."""

    to: Recipient
    came: Sequence[Came]
    shares: dict[str, Share]
    zone: str
    people: int


@dataclass(frozen=True)
class Batch:
    """A step's readers; `cursor` says where the next step goes on, None after the last one."""

    readers: Sequence[Reader]
    cursor: str | None

    @property
    def place_ids(self) -> set[str]:
        """The places that these letters speak of."""
        return {place.id for reader in self.readers for place, _ in reader.came}


def next_batch(event: Event, cursor: str | None) -> Batch:
    """The readers after the cursor, in the order of their part of the key."""
    there = who_came(event)
    readers = [each for each in readers_of(event, there) if who(each[0]) > (cursor or "")]
    page = readers[:AT_ONCE]
    shares = shares_of(place for _, came in page for place, _ in came)
    zones = _zones([to.person_id for to, _ in page if to.person_id])
    found = [Reader(to, came, shares, zones.get(to.person_id or "", event.timezone), len(there)) for to, came in page]
    return Batch(found, who(page[-1][0]) if len(readers) > AT_ONCE else None)


def readers_of(event: Event, there: Sequence[Came]) -> list[tuple[Recipient, list[Came]]]:
    """Who gets a letter and about whom."""
    reachable = recipients_of([person for _, person in there], on=event.local_date)
    readers: dict[str, tuple[Recipient, list[Came]]] = {}
    for place, person in there:
        for recipient in reachable[person.id]:
            readers.setdefault(who(recipient), (recipient, []))[1].append((place, person))
    return [readers[key] for key in sorted(readers)]


def _zones(person_ids: Sequence[str]) -> dict[str, str]:
    """{person's id: the zone whose clock hangs at their home}."""
    query = select(Person.id, City.timezone).join(City, City.slug == Person.city).where(Person.id.in_(person_ids))
    return {row[0]: row[1] for row in db.session.execute(query)} if person_ids else {}
