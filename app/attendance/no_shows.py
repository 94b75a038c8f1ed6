"""Who had a seat and didn't come: absences of the last twelve months, for events that refuse after too many.

No absence counts before a coordinator closed the day.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from app.accounts.actor import Actor
from app.attendance.days import is_final
from app.attendance.queries import attendance_is
from app.db import db
from app.events.models import Event
from app.people.models import Person
from app.signups.appeal_queries import appealed
from app.signups.models import Place
from app.signups.queries import spoken_for

A_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Blocked:
    """One of the family whom this event refuses for it, and whether the coordinator was written to."""

    person: Person
    times: int
    has_appealed: bool


class AbsencesWhenAsked(Mapping[str, int]):
    """{person's id: times}, looked up when a rule first asks: most events have no such rule and pay for nothing."""

    def __init__(self, person_ids: Sequence[str], *, now: datetime) -> None:
        self._ids, self._now = person_ids, now
        self._found: dict[str, int] | None = None

    def __getitem__(self, person_id: str) -> int:
        return self._all()[person_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def _all(self) -> dict[str, int]:
        if self._found is None:
            self._found = no_shows_of(self._ids, now=self._now)
        return self._found


def no_shows_of(person_ids: Iterable[str], *, now: datetime) -> dict[str, int]:
    """{person's id: how often they were absent at events of the last twelve months whose day is closed}; one query."""
    query = (
        select(Place.person_id, func.count().label("times"))
        .join(Event, Event.id == Place.event_id)
        .where(
            Place.person_id.in_(list(person_ids)),
            Place.status == "confirmed",
            Event.starts_at > now - A_YEAR,
            Event.starts_at <= now,
            attendance_is("absent"),
            is_final(),
        )
        .group_by(Place.person_id)
    )
    return {row.person_id: row.times for row in db.session.execute(query)}


def blocked_of_family(event: Event, actor: Actor, *, now: datetime) -> list[Blocked]:
    """Those for whom the actor speaks whom this event refuses; nothing asked where it has no such rule."""
    if event.no_show_limit is None or actor.person_id is None:
        return []
    theirs = spoken_for(actor)
    times = no_shows_of(theirs.family | theirs.brigade, now=now)
    often = [person_id for person_id, count in times.items() if count >= event.no_show_limit]
    if not often:
        return []
    written = appealed(event.id, often)
    people = db.session.scalars(select(Person).where(Person.id.in_(often)).order_by(Person.name_sort, Person.id))
    return [Blocked(person, times[person.id], person.id in written) for person in people]
