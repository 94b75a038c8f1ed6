"""Changing an event that people have signed up for: more seats go to the queue in the same transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.accounts.actor import Actor
from app.db import lock, transaction
from app.events.changing import apply_changes
from app.events.models import Event
from app.signups.models import SignUp
from app.signups.seating import promote


def change_event(event: Event, values: Mapping[str, Any], *, now: datetime, actor: Actor) -> list[SignUp]:
    """Applies the changes that a coordinator made, and promotes into seats that came to be. Returns who got one."""
    with transaction():
        lock(event)
        apply_changes(event, values, now=now, actor=actor)
        return promote(event, now=now, actor=actor)
