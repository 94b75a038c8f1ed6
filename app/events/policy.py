"""Who may see an event, plan it, and read its roster. Pure: plain values in, yes or no out."""

from app.accounts.actor import COORDINATOR, GIFT_KEEPER, HELPER, SAFETY_OFFICER, SYSTEM, Actor
from app.events.models import Event, Programme, Site


def can_see_event(actor: Actor, event: Event) -> bool:
    """Anybody once it is published, or whoever is known here if it is hidden; a draft only those who plan it."""
    known = actor == SYSTEM or bool(actor.account_id or actor.person_id)
    return event.is_public or (event.is_visible and known) or can_manage_event(actor, event)


def can_manage_event(actor: Actor, event: Event) -> bool:
    """Coordinators of its city or programme, or of this event alone."""
    return _holds_here(actor, event, COORDINATOR)


def can_see_roster(actor: Actor, event: Event) -> bool:
    """Those who run the day: coordinators, safety officers, gift keepers here, and its helpers. It names children."""
    return _holds_here(actor, event, COORDINATOR, SAFETY_OFFICER, GIFT_KEEPER, HELPER)


def can_plan(actor: Actor) -> bool:
    """Whoever coordinates anything finds the planning page."""
    return actor.has_role(COORDINATOR)


def can_plan_in(actor: Actor, *, city: str, programme_id: str) -> bool:
    """New events only where one coordinates; a grant for one event gives no others. The system itself may (demo)."""
    return actor == SYSTEM or actor.holds(COORDINATOR, city=city, programme_id=programme_id)


def can_change_site(actor: Actor, site: Site) -> bool:
    """Its hazard rules bind everybody who comes to the city's site: the city's coordinators."""
    return can_create_site(actor, site.city)


def can_create_site(actor: Actor, city: str) -> bool:
    """Coordinators of that city."""
    return actor.holds(COORDINATOR, city=city)


def can_create_programme(actor: Actor) -> bool:
    """Any coordinator may begin a line of work; a grant for one event is not enough."""
    return actor.is_admin or any(s.role == COORDINATOR and not s.event_id and not s.programme_id for s in actor.scopes)


def can_change_programme(actor: Actor, programme: Programme) -> bool:
    """It reaches across cities: coordinators of all cities, or of this programme."""
    return actor.holds(COORDINATOR, programme_id=programme.id)


def _holds_here(actor: Actor, event: Event, *roles: str) -> bool:
    return actor.holds(*roles, city=event.site.city, programme_id=event.programme_id, event_id=event.id)
