"""Who may see plans, agree them, and say why something of them changed. Pure."""

from collections.abc import Iterable

from app.accounts.actor import COORDINATOR, MANAGEMENT, Actor
from app.events.models import Event, Programme
from app.events.policy import can_manage_event, can_see_event
from app.impact.money.policy import can_record_expense


def can_see_planned(actor: Actor, event: Event) -> bool:
    """What is planned: management sees drafts too, a coordinator their own."""
    return can_see_event(actor, event) or actor.has_role(MANAGEMENT)


def can_agree(actor: Actor, programme: Programme, *, cities: Iterable[str]) -> bool:
    """The plan reaches across the programme's cities, like its money."""
    return can_record_expense(actor, programme, cities=cities, event=None)


def can_give_reason(actor: Actor, event: Event) -> bool:
    """Whoever coordinates the event."""
    return actor.has_role(COORDINATOR) and can_manage_event(actor, event)
