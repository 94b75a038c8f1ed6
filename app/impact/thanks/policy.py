"""Who may have a certificate and answer, and who reads what was said. Pure."""

from collections.abc import Collection
from datetime import date

from app.accounts.actor import COORDINATOR, MANAGEMENT, Actor
from app.events.models import Event, Programme
from app.people.models import Person


def may_speak_for(reader_id: str | None, person: Person, *, children: Collection[str], today: date) -> bool:
    """A grown-up for oneself; for somebody under age today only those who decide for them, not the child."""
    if reader_id is None:
        return False
    return person.id in children if person.is_minor_on(today) else person.id == reader_id


def can_read_results(actor: Actor, event: Event) -> bool:
    """Those who plan there and those who read its figures."""
    here = {"city": event.site.city, "programme_id": event.programme_id, "event_id": event.id}
    return actor.holds(COORDINATOR, MANAGEMENT, **here)


def can_read_words(actor: Actor, event: Event) -> bool:
    """What people wrote in words may name somebody: for coordinators alone."""
    return actor.holds(COORDINATOR, city=event.site.city, programme_id=event.programme_id, event_id=event.id)


def can_read_programme(actor: Actor, programme: Programme) -> bool:
    """Sums over a programme's events reach across cities, and name nobody: whoever coordinates or reads figures."""
    return actor.has_role(COORDINATOR, MANAGEMENT) and programme.deactivated_at is None
