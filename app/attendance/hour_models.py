"""Hours that volunteers gave: entries that are only ever added to."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import IMPERSONAL, Base, new_id, one_of, personal

MARKS, PLAN, CORRECTION = "marks", "plan", "correction"
LONGEST_DAY = 24 * 60  # minutes


class HoursEntry(Base):
    """Minutes of one person at one event, and where they come from: marks at the door, the plan, or a correction.

    A newer entry takes the place of the one before it, which then names it.
    """

    __tablename__ = "hours_entries"
    __table_args__ = (
        one_of("source", MARKS, PLAN, CORRECTION),
        CheckConstraint(f"minutes BETWEEN 0 AND {LONGEST_DAY}", name="minutes_of_one_day"),
        CheckConstraint("source <> 'correction' OR reason <> ''", name="corrected_with_reason"),
        Index(
            "uq_hours_entries_standing",
            "place_id",
            unique=True,
            sqlite_where=text("replaced_by_id IS NULL"),
            postgresql_where=text("replaced_by_id IS NULL"),
        ),
        Index("ix_hours_entries_event_id", "event_id", "replaced_by_id", "minutes"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"))
    place_id: Mapped[str] = mapped_column(ForeignKey("places.id"))
    minutes: Mapped[int]
    source: Mapped[str] = mapped_column(String(10), info=IMPERSONAL)
    reason: Mapped[str] = mapped_column(
        String(200), default="", info=personal("a reason in words", "3 years after the event")
    )
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    replaced_by_id: Mapped[str | None] = mapped_column(String(16), info=IMPERSONAL)
