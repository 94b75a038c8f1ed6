"""The due times of reminders as rows, what became of each, and the days on which coordinators' digests were made."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import IMPERSONAL, Base, new_id
from app.events.models import Event

STANDS = text("dropped_at IS NULL")


class ReminderRun(Base):
    """One reminder (7d, 1d, 2h) of one event for one start: when it is due and what became of it.

    `occasion` counts the moves of the event, `occurrence` is the start that it speaks of; one of another start is
    dropped, and the event moved back there reminds anew. `cursor` says how far its readers are written to; `skipped`
    are readers whose own night lasts until the start.
    """

    __tablename__ = "reminder_runs"
    __table_args__ = (
        Index(
            "uq_reminder_runs_once", "event_id", "kind", "occasion",
            unique=True, sqlite_where=STANDS, postgresql_where=STANDS,
        ),
        Index(
            "ix_reminder_runs_due", "due_at",
            sqlite_where=text("finished_at IS NULL AND dropped_at IS NULL"),
            postgresql_where=text("finished_at IS NULL AND dropped_at IS NULL"),
        ),
        CheckConstraint("queued >= 0 AND skipped >= 0", name="counted"),
        CheckConstraint("missed_reason IS NULL OR finished_at IS NOT NULL", name="missed_is_finished"),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"))
    kind: Mapped[str] = mapped_column(String(10), info=IMPERSONAL)
    occurrence: Mapped[datetime]
    occasion: Mapped[int] = mapped_column(default=0, server_default="0")
    due_at: Mapped[datetime]
    planned_at: Mapped[datetime | None]
    cursor: Mapped[str | None] = mapped_column(String(40), info=IMPERSONAL)
    queued: Mapped[int] = mapped_column(default=0)
    skipped: Mapped[int] = mapped_column(default=0, server_default="0")
    finished_at: Mapped[datetime | None]
    dropped_at: Mapped[datetime | None]
    missed_reason: Mapped[str | None] = mapped_column(String(60), info=IMPERSONAL)

    event: Mapped[Event] = relationship()


class DigestDay(Base):
    """A day on which a coordinator's digest was made, once; `lines` is 0 where there was nothing to say."""

    __tablename__ = "digest_days"
    __table_args__ = (
        Index("uq_digest_days_once", "account_id", "day", unique=True),
        CheckConstraint("lines >= 0", name="lines_counted"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    day: Mapped[date] = mapped_column(info=IMPERSONAL)
    made_at: Mapped[datetime]
    lines: Mapped[int] = mapped_column(default=0)
