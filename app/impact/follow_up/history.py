"""The lines of a follow-up's history: written inside the transaction of the act, never changed."""

from datetime import date, datetime
from typing import Any

from app.accounts.actor import Actor
from app.db import db, new_id
from app.impact.follow_up.evidence import Kept
from app.tasks.models import Task, TaskEntry


def write_entry(
    task: Task,
    kind: str,
    *,
    now: datetime,
    actor: Actor,
    note: str = "",
    changes: dict[str, Any] | None = None,
    kept: Kept | None = None,
    occasion: str | None = None,
    by_owner: bool = False,
) -> TaskEntry:
    """One line more, kept with the act or not at all."""
    entry = TaskEntry(id=new_id(), task_id=task.id, at=now, kind=kind, account_id=actor.account_id)
    entry.by_owner, entry.occasion, entry.note = by_owner, occasion, note
    entry.changes = {name: [_plain(one) for one in pair] for name, pair in (changes or {}).items()}
    if kept is not None:
        entry.file_key, entry.media_type, entry.file_name = kept.key, kept.media_type, kept.name
    db.session.add(entry)
    db.session.flush()
    return entry


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
