"""Who may look at groups and buses, and who may read one list. Pure."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.accounts.actor import COORDINATOR, SAFETY_OFFICER, Actor
from app.events.models import Event
from app.rosters.models import Bus, Group


def can_see_groups(actor: Actor, event: Event) -> bool:
    """Coordinators and safety officers here: it names children."""
    where = {"city": event.site.city, "programme_id": event.programme_id, "event_id": event.id}
    return actor.holds(COORDINATOR, SAFETY_OFFICER, **where)


def can_read_list(actor: Actor, event: Event, container: Group | Bus) -> bool:
    """They, and whoever leads this very group or bus."""
    leads = actor.person_id is not None and actor.person_id == container.leader_id
    return leads or can_see_groups(actor, event)


def is_around(event: Event, now: datetime) -> bool:
    """From the day before an event to the day after it, at its own place: when leaders and medics need to know."""
    zone, day = ZoneInfo(event.timezone), timedelta(days=1)
    return event.local_date - day <= now.astimezone(zone).date() <= event.ends_at.astimezone(zone).date() + day
