"""What the words of a file may mean: programmes and events by name, short name or id, as far as the actor may write."""

import hashlib
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.accounts.actor import Actor
from app.db import db
from app.errors import N_
from app.events.models import OPEN_TO_SEE, Event, Programme
from app.impact.money.models import Expense
from app.impact.money.policy import can_record_expense
from app.impact.money.sheet_rows import Problem
from app.people.names import fold

NOT_YOURS = N_("You don't write money down for this. Ask a coordinator of all its cities.")
UNKNOWN = N_("“%(value)s” is not among the programmes.")
NO_SUCH_EVENT = N_("“%(value)s” is no event of this programme.")
SEVERAL = N_("Several are called so. Write one of: %(names)s.")


@dataclass
class Places:
    """Programmes and events by folded name; counts equal lines, so that each has a key of its own."""

    actor: Actor
    programmes: dict[str, list[Programme]]
    events: dict[str, list[Event]]  # by programme id
    seen: Counter[str] = field(default_factory=Counter)

    def find(self, programme: str | None, event: str | None, found: list[Problem]) -> tuple[str, str | None] | None:
        """(programme id, event id) of a line; what is wrong is added to `found`."""
        if not programme:
            return None
        fitting = self.programmes.get(fold(programme), [])
        if len(fitting) != 1:
            found.append(_none_or_several("programme", programme, UNKNOWN, [one.slug for one in fitting]))
            return None
        [own] = fitting
        at = self._event(own, event, found) if event else None
        if found:
            return None
        cities = {one.site.city for one in self.events.get(own.id, [])}
        if not can_record_expense(self.actor, own, cities=cities, event=at):
            found.append(Problem("event" if at else "programme", NOT_YOURS))
            return None
        return own.id, at.id if at else None

    def key_of(self, row: Expense) -> str:
        """What a line is known by: what it says, and which of the equal lines of its file it is."""
        said = (row.programme_id, row.event_id, row.stage, row.amount_tenge, row.category, row.supplier)
        words = repr((*said, row.document_no, row.note, row.spent_on and row.spent_on.isoformat()))
        digest = hashlib.sha256(words.encode()).hexdigest()
        self.seen[digest] += 1
        return f"{digest}.{self.seen[digest]}"

    def _event(self, programme: Programme, said: str, found: list[Problem]) -> Event | None:
        wanted = fold(said)
        fitting = [one for one in self.events.get(programme.id, []) if wanted in _names(one)]
        if len(fitting) != 1:
            found.append(_none_or_several("event", said, NO_SUCH_EVENT, [one.slug or one.id for one in fitting]))
            return None
        return fitting[0]


def places_for(actor: Actor, names: Collection[str]) -> Places:
    """Reads the programmes that are named, with their events, drafts too: money is planned before all else."""
    wanted = {fold(name) for name in names if name}
    named: dict[str, list[Programme]] = {}
    for one in db.session.scalars(select(Programme).where(Programme.deactivated_at.is_(None))):
        for word in {fold(text) for text in (one.slug, one.id, *one.name.values()) if text} & wanted:
            named.setdefault(word, []).append(one)
    ids = {one.id for same in named.values() for one in same}
    query = select(Event).options(joinedload(Event.site)).where(Event.programme_id.in_(ids))
    events: dict[str, list[Event]] = {}
    for event in db.session.scalars(query.where(Event.status.in_((*OPEN_TO_SEE, "draft")))):
        events.setdefault(event.programme_id, []).append(event)
    return Places(actor, named, events)


def _names(event: Event) -> set[str]:
    """How a file may call an event: by its title, with its day where there are several of one name."""
    days = (f"{event.local_date:%d.%m.%Y}", event.local_date.isoformat())
    titles = [text for text in event.title.values() if text]
    dated = [f"{title} {day}" for title in titles for day in days]
    return {fold(text) for text in (event.id, event.slug or event.id, *titles, *dated)}


def _none_or_several(name: str, said: str, unknown: str, several: Sequence[Any]) -> Problem:
    if several:
        return Problem(name, SEVERAL, {"names": ", ".join(several[:8])})
    return Problem(name, unknown, {"value": said[:60]})
