"""Planning an event and taking it from draft to completed: one function for each intention."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import lock, transaction
from app.events.changing import Changes, apply_changes, begin_event
from app.events.drafts import EventDraft
from app.events.errors import NotBegun, NotReady
from app.events.lifecycle import after
from app.events.models import Event
from app.events.readiness import before_publishing


def create_event(draft: EventDraft, *, now: datetime, actor: Actor) -> Event:
    """A new draft in its site's time zone; raises Invalid by field, NotAllowed where the actor plans nothing."""
    with transaction():
        event = begin_event(draft, now=now, actor=actor)
        record(actor, "create", event, now=now)
    return event


def change_event(event: Event, values: Mapping[str, Any], *, now: datetime, actor: Actor) -> Changes:
    """Changes the plan. Seats that a higher capacity adds are given by whoever knows the sign-ups, not here."""
    with transaction():
        lock(event)
        return apply_changes(event, values, now=now, actor=actor)


def publish_event(event: Event, *, now: datetime, actor: Actor) -> None:
    """Everybody sees it from now on; raises NotReady with what is missing, or the error that names its state."""
    with transaction():
        lock(event)
        make_public(event, now=now, actor=actor)


def make_public(event: Event, *, now: datetime, actor: Actor) -> None:
    """The same for a locked event. A plain function: who must be told of a new day is known further right."""
    status = after("publish", event.status)
    if gaps := before_publishing(event, now):
        raise NotReady(gaps[0])
    _become(event, status, "publish", now=now, actor=actor)
    event.published_at = event.published_at or now
    event.postponed_at = None


def close_event(event: Event, *, now: datetime, actor: Actor) -> None:
    """No more sign-ups; those who are in stay in."""
    with transaction():
        lock(event)
        _become(event, after("close", event.status), "close", now=now, actor=actor)
        event.closed_at = now


def reopen_event(event: Event, *, now: datetime, actor: Actor) -> None:
    """Sign-ups are taken again."""
    with transaction():
        lock(event)
        _become(event, after("reopen", event.status), "reopen", now=now, actor=actor)
        event.closed_at = None


def put_off(event: Event, *, now: datetime, actor: Actor) -> None:
    """It won't be on its day. A plain function: who must be told is known further right, in rosters."""
    _become(event, after("postpone", event.status), "postpone", now=now, actor=actor)
    event.postponed_at = now
    event.calendar_sequence += 1


def complete_event(event: Event, *, now: datetime, actor: Actor) -> None:
    """It took place; a draft of the past is recorded so. Raises NotBegun before its beginning."""
    with transaction():
        lock(event)
        status = after("complete", event.status)
        if event.starts_at > now:
            raise NotBegun
        _become(event, status, "complete", now=now, actor=actor)
        event.completed_at = now


def _become(event: Event, status: str, verb: str, *, now: datetime, actor: Actor) -> None:
    record(actor, verb, event, now=now, changes={"status": (event.status, status)})
    event.status = status
