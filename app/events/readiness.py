"""What an event still lacks: what must be there before people see it, and what a coordinator should think of. Pure."""

from datetime import datetime

from app.errors import N_
from app.events.models import Event

LANGUAGES = ("kk", "ru", "en")
TRIPS = ("excursion", "visit")


def before_publishing(event: Event, now: datetime) -> list[str]:
    """Sentences for what keeps it from being published; empty when it may be."""
    gaps = []
    if event.starts_at <= now:
        gaps.append(N_("Its date is in the past. Move the date, or record it as taken place."))
    if event.date_precision == "minute" and event.capacity is None:
        gaps.append(N_("Say how many seats there are."))
    if event.signup_closes_at is not None and event.signup_closes_at <= now:
        gaps.append(N_("Its sign-up would already be over. Move the last day of sign-up."))
    return gaps


def to_think_of(event: Event, now: datetime) -> list[str]:
    """Short words for what is missing on the planning page, most pressing first; nothing for what is over."""
    if event.status in ("completed", "cancelled") or event.is_past_at(now):
        return [N_("Not closed off: did it take place?")] if event.status in ("published", "closed", "running") else []
    missing = before_publishing(event, now) if event.status in ("draft", "postponed") else []
    if event.date_precision != "minute":
        missing.append(N_("No exact time"))
    if event.coordinator_id is None:
        missing.append(N_("No coordinator"))
    if event.kind in TRIPS and not event.stops:
        missing.append(N_("No stops"))
    if any(not event.title.get(code) for code in LANGUAGES):
        missing.append(N_("Title not in all three languages"))
    return missing
