"""Which reminders of an event have been queued, so that each is queued once even for those who sign up later."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import IMPERSONAL, Base, new_id


class ReminderRun(Base):
    """One reminder (7d, 1d) of one event for one start: when it was due and what became of it.

    `occurrence` is the start that it spoke of: a moved event is a new occurrence and reminds anew.
    """

    __tablename__ = "reminder_runs"
    __table_args__ = (Index("uq_reminder_runs_once", "event_id", "kind", "occurrence", unique=True),)

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"))
    kind: Mapped[str] = mapped_column(String(10), info=IMPERSONAL)
    occurrence: Mapped[datetime]
    due_at: Mapped[datetime]
    queued: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None]
    missed_reason: Mapped[str | None] = mapped_column(String(60), info=IMPERSONAL)
