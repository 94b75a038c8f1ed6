"""What is to be done before the events that lie ahead, a part of it done already."""

from datetime import datetime

from sqlalchemy import select

from app.db import db
from app.events.checklists import add_items
from app.events.kind_defaults import start_of_kind
from app.events.models import Event


def add_checklists(*, now: datetime) -> None:
    """The list of its kind for each event ahead, the lines that were due before today ticked off but for the last."""
    ahead = select(Event).where(Event.starts_at > now, Event.status == "published").order_by(Event.starts_at)
    for event in db.session.scalars(ahead):
        due = add_items(event, start_of_kind(event.kind).checklist, now=now)
        late = [item for item in due if item.is_overdue_on(now.date())]
        for item in late[:-1]:
            item.done_at = now
