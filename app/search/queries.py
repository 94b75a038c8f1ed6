"""What somebody may see and means by some typed words: people, events, sites."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, case, exists, or_, select, true
from sqlalchemy.orm import joinedload

from app.accounts.actor import COORDINATOR, Actor
from app.db import db
from app.events.models import OPEN_TO_SEE, Event, Site
from app.events.queries import managed_by
from app.people.models import Person
from app.people.names import fold
from app.people.queries import search_people, visible_people
from app.people.words import LONGEST, begins, first_meant_by
from app.search.models import SearchWord

OF_EACH = 10
LONGEST_QUESTION = 100


@dataclass(frozen=True)
class Found:
    """What was found, up to ten of a kind; `more` names the kinds of which there are more."""

    people: Sequence[Person] = ()
    events: Sequence[Event] = ()
    sites: Sequence[Site] = ()
    more: frozenset[str] = frozenset()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was found."""
        return not (self.people or self.events or self.sites)


def found_for(actor: Actor, q: str, *, now: datetime, limit: int = OF_EACH) -> Found:
    """People of one's cities and one's family, events that one may see, sites for those who plan.

    Each typed word begins a word of the name, in any spelling and order. Strangers find no people at all.
    """
    typed = fold(q[:LONGEST_QUESTION]).split()
    if not typed:
        return Found()
    people = _people(actor, q[:LONGEST_QUESTION], limit) if actor.is_signed_in else []
    events = list(db.session.scalars(_events(actor, typed, now).limit(limit + 1)))
    sites = list(db.session.scalars(_sites(typed).limit(limit + 1))) if actor.has_role(COORDINATOR) else []
    kinds: dict[str, Sequence[object]] = {"people": people, "events": events, "sites": sites}
    more = frozenset(kind for kind, rows in kinds.items() if len(rows) > limit)
    return Found(people[:limit], events[:limit], sites[:limit], more)


def _people(actor: Actor, q: str, limit: int) -> list[Person]:
    """Those who left come last. One word may mean thousands: where it does, the first that are met are enough."""
    order = (Person.deactivated_at.is_not(None), Person.name_sort, Person.id)
    queries = [search_people(actor, q)]
    if len(fold(q).split()) == 1:
        queries.insert(0, visible_people(actor).where(first_meant_by(q)))
    found: list[Person] = []
    for query in queries:
        if len(found) <= limit:
            found = list(db.session.scalars(query.order_by(*order).limit(limit + 1)))
    return found


def _events(actor: Actor, typed: list[str], now: datetime) -> Select[Event]:
    """What is ahead comes first, the soonest of it; then what was, the latest of it."""
    ahead = Event.ends_at > now
    order = (ahead.desc(), case((ahead, Event.starts_at)), Event.starts_at.desc(), Event.id)
    query = select(Event).join(Event.site).options(joinedload(Event.site))
    public = true() if actor.is_signed_in else Event.is_hidden.is_(False)
    query = query.where(or_(and_(Event.status.in_(OPEN_TO_SEE), public), managed_by(actor)))
    return query.where(*_meant("event", Event.id.expression, typed)).order_by(*order)


def _sites(typed: list[str]) -> Select[Site]:
    return (
        select(Site)
        .where(Site.deactivated_at.is_(None), *_meant("site", Site.id.expression, typed))
        .order_by(Site.slug)
    )


def _meant(kind: str, object_id: ColumnElement[str], typed: list[str]) -> list[ColumnElement[bool]]:
    words = SearchWord.__table__
    conditions: list[ColumnElement[bool]] = []
    for word in typed:
        one = words.alias()
        of_it = (one.c.kind == kind, one.c.object_id == object_id, begins(one.c.word, word[:LONGEST]))
        conditions.append(exists().where(*of_it))
    return conditions
