"""Beginning an event from its kind: what the kind brings along is there from the start."""

from dataclasses import replace
from datetime import datetime

from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import db, transaction
from app.events.changing import begin_event
from app.events.checklists import add_items
from app.events.drafts import USUAL, EventDraft
from app.events.kind_defaults import KindDefaults
from app.events.models import Event, Question
from app.events.question_drafts import question_values


def start_event(draft: EventDraft, start: KindDefaults, *, now: datetime, actor: Actor) -> Event:
    """A new draft with the checklist and the questions of its kind; raises Invalid by field, NotAllowed."""
    with transaction():
        asked = {name: getattr(draft, name) or getattr(start, name) for name in USUAL}
        event = begin_event(replace(draft, **asked), now=now, actor=actor)
        bring_along(event, start, now=now)
        record(actor, "create", event, now=now)
    return event


def bring_along(event: Event, start: KindDefaults, *, now: datetime) -> None:
    """The rows that the kind brings, for an event just begun in an open transaction: a plain function."""
    add_items(event, start.checklist, now=now)
    for position, question in enumerate(start.questions, start=1):
        db.session.add(Question(event_id=event.id, position=position, created_at=now, **question_values(question)))
    db.session.flush()
