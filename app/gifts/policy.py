"""Who keeps the stock and who hands gifts out. Pure."""

from app.accounts.actor import COORDINATOR, GIFT_KEEPER, HELPER, SAFETY_OFFICER, Actor
from app.events.models import Event


def can_keep_stock(actor: Actor, store: str) -> bool:
    """Coordinators and gift keepers of that city."""
    return actor.holds(COORDINATOR, GIFT_KEEPER, city=store)


def can_change_items(actor: Actor) -> bool:
    """The list of items is one for all cities: whoever keeps the stock of any."""
    cities = actor.cities(COORDINATOR, GIFT_KEEPER)
    return cities is None or bool(cities)


def can_hand_out(actor: Actor, event: Event) -> bool:
    """Coordinators and gift keepers of its city or programme, and helpers of this event alone."""
    here = {"city": event.site.city, "programme_id": event.programme_id, "event_id": event.id}
    return actor.holds(COORDINATOR, GIFT_KEEPER, HELPER, **here)


def can_lend(actor: Actor, event: Event) -> bool:
    """Whoever hands gifts out there, and the safety officers: helmets and vests are theirs."""
    here = {"city": event.site.city, "programme_id": event.programme_id, "event_id": event.id}
    return can_hand_out(actor, event) or actor.holds(SAFETY_OFFICER, **here)
