"""Who decides whether an event sets out. Pure."""

from app.accounts.actor import SAFETY_OFFICER, Actor
from app.desk.departure.readiness import SAFETY_LINES
from app.events.models import Event
from app.events.policy import can_manage_event


def can_see_board(actor: Actor, event: Event) -> bool:
    """Coordinators and safety officers of the place."""
    return can_manage_event(actor, event) or is_safety_officer(actor, event)


def can_enter_weather(actor: Actor, event: Event) -> bool:
    """The limit is the safety officer's word; the coordinator can't set it."""
    return is_safety_officer(actor, event)


def can_read_weather(actor: Actor, event: Event) -> bool:
    """Whoever stands there may write down what it is like."""
    return can_see_board(actor, event)


def can_brief(actor: Actor, event: Event) -> bool:
    """Whoever answers for the day may write down that people were briefed."""
    return can_see_board(actor, event)


def can_override(actor: Actor, event: Event, line: str) -> bool:
    """A coordinator any line, a safety officer those of safety."""
    return can_manage_event(actor, event) or (line in SAFETY_LINES and is_safety_officer(actor, event))


def can_depart(actor: Actor, event: Event) -> bool:
    """Who runs the day gives the sign."""
    return can_manage_event(actor, event)


def is_safety_officer(actor: Actor, event: Event) -> bool:
    """Here; admins are everything."""
    return actor.holds(SAFETY_OFFICER, city=event.site.city, programme_id=event.programme_id, event_id=event.id)
