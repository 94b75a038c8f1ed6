"""What phones said against each other and a coordinator has to look at; and people who came without a seat."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import IMPERSONAL, Base, filled_index, new_id, one_of, personal

OPEN = text("solved_at IS NULL AND gone_at IS NULL")
LOW, HIGH = "low", "high"


class DeskConflict(Base):
    """Two sides of one thing. `word` ("kind|key|part") stays the same when a third side comes.

    Gone when the sides no longer contradict each other, solved when a coordinator said which holds, and why.
    """

    __tablename__ = "desk_conflicts"
    __table_args__ = (
        one_of("severity", LOW, HIGH),
        Index("uq_desk_conflicts_word", "event_id", "word", unique=True),
        Index("ix_desk_conflicts_open", "event_id", "found_at", sqlite_where=OPEN, postgresql_where=OPEN),
        filled_index("ix_desk_conflicts_place_id", "place_id"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"))
    word: Mapped[str] = mapped_column(String(200), info=IMPERSONAL)
    kind: Mapped[str] = mapped_column(String(30), info=IMPERSONAL)
    key: Mapped[str] = mapped_column(String(120), info=IMPERSONAL)
    place_id: Mapped[str | None] = mapped_column(ForeignKey("places.id"))
    operations: Mapped[list[str]] = mapped_column(info=IMPERSONAL)
    severity: Mapped[str] = mapped_column(String(4), info=IMPERSONAL)
    found_at: Mapped[datetime]
    gone_at: Mapped[datetime | None]
    solved_at: Mapped[datetime | None]
    solved_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    choice: Mapped[str] = mapped_column(String(36), default="", info=IMPERSONAL)
    reason: Mapped[str] = mapped_column(
        String(200), default="", info=personal("a reason in words", "3 years after the event")
    )

    @property
    def is_open(self) -> bool:
        """Whether somebody has to look at it."""
        return self.solved_at is None and self.gone_at is None


class WalkIn(Base):
    """Somebody who came without a place; `id` is that of the operation. `place_id` once they have a seat."""

    __tablename__ = "walk_ins"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"), index=True)
    person_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    place_id: Mapped[str | None] = mapped_column(ForeignKey("places.id"), index=True)
    surname: Mapped[str] = mapped_column(String(100), info=personal("name", "1 year after the event"))
    given_name: Mapped[str] = mapped_column(String(100), default="", info=personal("name", "1 year after the event"))
    phone: Mapped[str] = mapped_column(String(20), default="", info=personal("phone", "1 year after the event"))
    personnel_number: Mapped[str] = mapped_column(
        String(20), default="", info=personal("personnel number", "1 year after the event")
    )
    birth_date: Mapped[date | None] = mapped_column(info=personal("birthday", "1 year after the event"))
    is_child: Mapped[bool] = mapped_column(default=False)
    came_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    undone_at: Mapped[datetime | None]
