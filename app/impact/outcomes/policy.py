"""Who may write results down, look at their proofs, and add what is counted. Pure."""

from app.accounts.actor import COORDINATOR, MANAGEMENT, Actor
from app.events.models import Event


def can_record_outcome(actor: Actor, event: Event) -> bool:
    """Coordinators of the event's city or programme, or of this event alone."""
    return actor.holds(COORDINATOR, city=event.site.city, programme_id=event.programme_id, event_id=event.id)


def can_open_proofs(actor: Actor) -> bool:
    """Slips and photos may show people: coordinators and management open them, others read that there is one."""
    return actor.has_role(COORDINATOR, MANAGEMENT)


def can_add_metrics(actor: Actor) -> bool:
    """Metrics are shared by all cities, like the list of gifts: any coordinator adds one."""
    return actor.has_role(COORDINATOR)


def can_mark_reports(actor: Actor) -> bool:
    """Whoever sends reports: coordinators and management."""
    return actor.has_role(COORDINATOR, MANAGEMENT)
