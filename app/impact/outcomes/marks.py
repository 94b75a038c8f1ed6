"""Reports that went out: from their moment on, what came or changed is asked."""

from datetime import datetime

from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import transaction
from app.events.models import Programme
from app.impact.outcomes.errors import NoMarkName
from app.impact.outcomes.models import ReportMark


def mark_report(name: str, *, programme: Programme | None = None, now: datetime, actor: Actor) -> ReportMark:
    """Keeps that a report went out now, of everything or of one programme. Raises NoMarkName."""
    with transaction() as session:
        row = ReportMark(name=name.strip()[:120], programme_id=programme.id if programme else None)
        if not row.name:
            raise NoMarkName
        row.marked_at, row.marked_by_id = now, actor.account_id
        session.add(row)
        session.flush()
        record(actor, "mark_report", row, now=now)
    return row
