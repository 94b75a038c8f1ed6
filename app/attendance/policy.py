"""Who may mark people present. Pure."""

from app.accounts.actor import COORDINATOR, HELPER, SAFETY_OFFICER, Actor
from app.events.models import Event


def can_mark(actor: Actor, event: Event) -> bool:
    """Coordinators and safety officers of its city or programme, and helpers of this event alone."""
    here = {"city": event.site.city, "programme_id": event.programme_id, "event_id": event.id}
    return actor.holds(COORDINATOR, SAFETY_OFFICER, HELPER, **here)
