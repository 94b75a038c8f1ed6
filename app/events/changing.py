"""Changing the plan of an event inside a transaction that is already open: the rules, the audit, the calendar."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from app.accounts.actor import Actor
from app.audit.operations import differences, record
from app.db import db
from app.errors import N_, Invalid, require
from app.events.drafts import EventDraft, draft_of, planned_values, problems, version_of
from app.events.errors import CapacityBelowSeated, StaleForm
from app.events.lifecycle import after
from app.events.models import Event, Programme, Site
from app.events.policy import can_plan_in
from app.people.models import City, Institution, Person

# A calendar that holds the event must hear of a change of these.
IN_CALENDARS = {"starts_at", "ends_at", "site_id", "title", "meeting_point"}
Changes = dict[str, tuple[object, object]]


def apply_changes(event: Event, values: Mapping[str, Any], *, now: datetime, actor: Actor) -> Changes:
    """Sets these columns of a locked event and writes them down; returns what changed as {field: (before, after)}.

    `values` may carry `version`, the word that version_of() gave when the form was opened. Raises Invalid by field,
    CapacityBelowSeated, StaleForm, IsCancelled, and NotAllowed for a move to where the actor plans nothing.
    """
    wanted = dict(values)
    version = wanted.pop("version", None)
    if version is not None and version != version_of(event):
        raise StaleForm
    after("change", event.status)
    draft = replace(draft_of(event), **wanted)
    site = site_for(draft, actor, moved_from=event)
    if draft.capacity is not None and draft.capacity < event.seats_taken:
        raise CapacityBelowSeated(seated=event.seats_taken)
    changes = differences(event, planned_values(draft))
    if not changes:
        return {}
    for name, value in planned_values(draft).items():
        setattr(event, name, value)
    if "site_id" in changes:
        event.site = site
        event.timezone = zone_of(site)
    if "coordinator_id" in changes:
        db.session.flush()
        db.session.expire(event, ["coordinator"])
    event.calendar_sequence += bool(IN_CALENDARS & changes.keys())
    record(actor, "change", event, now=now, changes=changes)
    return changes


def begin_event(draft: EventDraft, *, now: datetime, actor: Actor) -> Event:
    """A new draft in its site's time zone, not yet written down; raises Invalid by field, NotAllowed."""
    site = site_for(draft, actor)
    event = Event(**planned_values(draft), timezone=zone_of(site), created_at=now, created_by_id=actor.account_id)
    db.session.add(event)
    db.session.flush()
    return event


def site_for(draft: EventDraft, actor: Actor, *, moved_from: Event | None = None) -> Site:
    """The site of a draft that holds; raises Invalid by field, NotAllowed where the actor plans nothing."""
    site, programme = db.session.get(Site, draft.site_id), db.session.get(Programme, draft.programme_id)
    missing = {}
    if site is None:
        missing["site_id"] = N_("Choose a place.")
    if programme is None:
        missing["programme_id"] = N_("Choose a programme.")
    if draft.coordinator_id and db.session.get(Person, draft.coordinator_id) is None:
        missing["coordinator_id"] = N_("Choose one of the list.")
    if draft.institution_id and db.session.get(Institution, draft.institution_id) is None:
        missing["institution_id"] = N_("Choose one of the list.")
    if any(db.session.get(City, slug) is None for slug in draft.cities):
        missing["cities"] = N_("Choose one of the list.")
    if site is None or missing:
        raise Invalid(missing)
    found = problems(draft, site)
    if found:
        raise Invalid(found)
    stays = moved_from is not None and (moved_from.site_id, moved_from.programme_id) == (site.id, draft.programme_id)
    require(stays or can_plan_in(actor, city=site.city, programme_id=draft.programme_id))
    return site


def zone_of(site: Site) -> str:
    """The zone whose clocks hang at the site."""
    city = db.session.get(City, site.city)
    return city.timezone if city else "Asia/Almaty"
