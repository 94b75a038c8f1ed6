"""What moving, postponing or cancelling an event changed, kept so that one press within a minute takes it back."""

from datetime import datetime
from math import ceil
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import IMPERSONAL, Base, new_id, one_of

KINDS = ("move", "postpone", "cancel")


class EventChange(Base):
    """One such change of one event. `before` says what each row it touched was and became, and which rows it added;
    no row of a person is in it but by id. Its letters wait until `undoable_until`."""

    __tablename__ = "event_changes"
    __table_args__ = (
        one_of("kind", *KINDS),
        Index("ix_event_changes_event", "event_id", "made_at"),
        CheckConstraint("undoable_until > made_at", name="undoable_for_a_while"),
        CheckConstraint("undone_at >= made_at", name="undone_afterwards"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"))
    kind: Mapped[str] = mapped_column(String(10), info=IMPERSONAL)
    made_at: Mapped[datetime]
    made_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    undoable_until: Mapped[datetime]
    before: Mapped[dict[str, Any]] = mapped_column(info=IMPERSONAL)
    letters: Mapped[int] = mapped_column(default=0)
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))

    def is_undoable_at(self, now: datetime) -> bool:
        """Whether its letters still wait."""
        return self.undone_at is None and now < self.undoable_until

    def seconds_left(self, now: datetime) -> int:
        """In which it can be taken back; the last one begun counts as one."""
        return ceil((self.undoable_until - now).total_seconds()) if self.is_undoable_at(now) else 0
