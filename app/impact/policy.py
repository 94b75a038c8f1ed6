"""Who may write results and money down. Pure.

A result, and money for one event, are the event's coordinators'. Money of a whole programme belongs to all of its
cities, so it takes somebody who coordinates each of them.
"""

from collections.abc import Iterable

from app.accounts.actor import COORDINATOR, Actor
from app.events.models import Event, Programme


def can_record_outcome(actor: Actor, event: Event) -> bool:
    """Coordinators of the event's city or programme, or of this event alone."""
    return actor.holds(COORDINATOR, city=event.site.city, programme_id=event.programme_id, event_id=event.id)


def can_record_expense(actor: Actor, programme: Programme, *, cities: Iterable[str], event: Event | None) -> bool:
    """For an event as for its results; for the whole programme a coordinator of all `cities` in which it has events."""
    if event is not None:
        return can_record_outcome(actor, event)
    within = [actor.holds(COORDINATOR, city=city, programme_id=programme.id) for city in cities]
    return actor.holds(COORDINATOR, programme_id=programme.id) or (bool(within) and all(within))


def can_see_sources(actor: Actor) -> bool:
    """Who said a figure, suppliers and notes are for coordinators; the figures themselves are for everybody."""
    return actor.has_role(COORDINATOR)
