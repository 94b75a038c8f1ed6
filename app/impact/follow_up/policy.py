"""Who may write a follow-up down, move it on and read it. Pure."""

from app.accounts.actor import COORDINATOR, Actor
from app.events.models import Event
from app.tasks.models import Task


def can_follow_up(actor: Actor, *, city: str | None, event: Event | None) -> bool:
    """Coordinators of the event, or of the city where no event stands behind it."""
    if event is not None:
        return actor.holds(COORDINATOR, city=event.site.city, programme_id=event.programme_id, event_id=event.id)
    return actor.holds(COORDINATOR, city=city)


def can_answer(actor: Actor, task: Task) -> bool:
    """Whoever is to do it answers for it, and nobody else does."""
    return actor.person_id is not None and actor.person_id == task.owner_id
