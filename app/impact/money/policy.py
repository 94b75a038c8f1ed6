"""Who may write money down. Pure.

Money for one event is the event's coordinators', like its results. Money of a whole programme belongs to all of its
cities, so it takes somebody who coordinates each of them.
"""

from collections.abc import Iterable

from app.accounts.actor import COORDINATOR, MANAGEMENT, Actor
from app.events.models import Event, Programme
from app.impact.outcomes.policy import can_record_outcome


def can_record_expense(actor: Actor, programme: Programme, *, cities: Iterable[str], event: Event | None) -> bool:
    """For an event as for its results; for the whole programme a coordinator of all `cities` in which it has events."""
    if event is not None:
        return can_record_outcome(actor, event)
    within = [actor.holds(COORDINATOR, city=city, programme_id=programme.id) for city in cities]
    return actor.holds(COORDINATOR, programme_id=programme.id) or (bool(within) and all(within))


def may_see_budget(actor: Actor) -> bool:
    """What is left of a plan is for those who plan and those who answer for it."""
    return actor.has_role(COORDINATOR, MANAGEMENT)
