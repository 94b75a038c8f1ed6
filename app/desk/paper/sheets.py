"""Printed lists to tick on: each keeps who stands on which line, until it is typed in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select

from app.accounts.actor import Actor
from app.db import db, lock, transaction
from app.desk.paper.models import TickSheet
from app.errors import NotFound, require
from app.events.models import Event
from app.events.policy import can_see_roster
from app.people.models import Person
from app.signups.models import Place


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """A sheet as a plain value: a transaction forgets rows that were read before."""

    number: int
    place_ids: tuple[str, ...]
    printed_at: datetime

    @property
    def label(self) -> str:
        """What stands as the device of what is typed in from it."""
        return f"№ {self.number}"


def keep_sheet(event: Event, place_ids: Sequence[str], *, now: datetime, actor: Actor) -> int:
    """The number of the sheet with these lines: the last one, if it is the same list, else a new one."""
    with transaction() as session:
        lock(event)
        require(can_see_roster(actor, event))
        last = session.scalars(_sheets(event.id).limit(1)).first()
        if last is not None and last.place_ids == list(place_ids):
            return last.number
        number = last.number + 1 if last else 1
        session.add(
            TickSheet(
                event_id=event.id, number=number, place_ids=list(place_ids), printed_at=now,
                printed_by_id=actor.account_id,
            )
        )  # fmt: skip
    return number


def sheets_of(event: Event) -> list[SheetFacts]:
    """All of an event, the newest first."""
    return [_facts(row) for row in db.session.scalars(_sheets(event.id))]


def sheet_of(event: Event, number: int) -> SheetFacts:
    """One of them; raises NotFound."""
    found = db.session.scalar(_sheets(event.id).where(TickSheet.number == number))
    if found is None:
        raise NotFound
    return _facts(found)


def names_on(place_ids: Sequence[str]) -> dict[str, str]:
    """{place's id: name}."""
    query = select(Place.id, Person).join(Person, Person.id == Place.person_id).where(Place.id.in_(place_ids))
    return {row.id: row.Person.full_name for row in db.session.execute(query)}


def _sheets(event_id: str) -> Select[TickSheet]:
    return select(TickSheet).where(TickSheet.event_id == event_id).order_by(TickSheet.number.desc())


def _facts(row: TickSheet) -> SheetFacts:
    return SheetFacts(row.number, tuple(row.place_ids), row.printed_at)
