"""Who closes an event's day and looks after its safety. Pure."""

from app.accounts.actor import Actor
from app.desk.departure.policy import can_see_board
from app.events.models import Event
from app.events.policy import can_manage_event


def can_close_day(actor: Actor, event: Event) -> bool:
    """Who runs the day."""
    return can_manage_event(actor, event)


def can_see_safety(actor: Actor, event: Event) -> bool:
    """Briefings with signatures, incidents: coordinators and safety officers of the place, nobody else."""
    return can_see_board(actor, event)
