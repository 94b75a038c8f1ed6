"""The same plan on another day: everything of it, and nobody who signed up. A clone is a draft and sends nothing."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import transaction
from app.errors import N_, Invalid
from app.events.changing import begin_event
from app.events.drafts import EARLIEST, LATEST, EventDraft, draft_of
from app.events.models import Event
from app.events.periods import local_day, on_another_day
from app.events.plan_rows import copy_plan_rows

MOMENTS = ("starts_at", "ends_at", "signup_opens_at", "signup_closes_at", "cancel_closes_at")
LEAST_DAYS_AHEAD = 14
# Said on the page of the trip, not in the form of the plan.
LUNCH = ("caterer_name", "caterer_email", "caterer_language")
FURTHER_MOMENTS = ("lunch_at", "lunch_cutoff_at", "gifts_order_by")


def clone_event(event: Event, day: date | None = None, *, now: datetime, actor: Actor) -> Event:
    """A draft with the same plan on that day (by default the same weekday, two weeks ahead at least).

    Raises Invalid for a day that can't be, NotAllowed where the actor plans nothing.
    """
    with transaction():
        clone = copy_to(event, day or usual_day(event, now), now=now, actor=actor)
        record(actor, "clone", clone, now=now, changes={"cloned_from": (None, event.id)})
    return clone


def copy_to(event: Event, day: date, *, now: datetime, actor: Actor) -> Event:
    """The same in an open transaction, not yet written down: a plain function, series use it too."""
    if not EARLIEST.year <= day.year < LATEST.year:
        raise Invalid({"day": N_("Check the year.")})
    days = (day - event.local_date).days
    clone = begin_event(moved(draft_of(event), days, event.timezone), now=now, actor=actor)
    for name in LUNCH:
        setattr(clone, name, getattr(event, name))
    for name in FURTHER_MOMENTS:
        at = getattr(event, name)
        setattr(clone, name, on_another_day(at, days, event.timezone) if at else None)
    if event.reminder_plan is not None:  # whose lines stood from the beginning, there
        clone.reminder_plan = [{name: line[name] for name in line if name != "since"} for line in event.reminder_plan]
    copy_plan_rows(event, clone, days=days, now=now)
    return clone


def moved(draft: EventDraft, days: int, timezone: str) -> EventDraft:
    """The plan so many days later, at the same times of day. Pure."""
    at = {name: getattr(draft, name) for name in MOMENTS}
    later: dict[str, Any] = {name: on_another_day(moment, days, timezone) for name, moment in at.items() if moment}
    return replace(draft, **later)


def usual_day(event: Event, now: datetime) -> date:
    """The first of its weekdays that leaves two weeks to plan. Pure."""
    earliest = local_day(now, event.timezone) + timedelta(days=LEAST_DAYS_AHEAD)
    return earliest + timedelta(days=(event.local_date.weekday() - earliest.weekday()) % 7)
