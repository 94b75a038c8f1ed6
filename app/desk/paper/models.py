"""Lists that were printed to tick on: which number of the paper is whom."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import IMPERSONAL, Base, new_id


class TickSheet(Base):
    """One printed list. `place_ids` stand in the order of its lines, so that 17 is the same person for ever."""

    __tablename__ = "tick_sheets"
    __table_args__ = (
        CheckConstraint("number > 0", name="number_positive"),
        Index("uq_tick_sheets_number", "event_id", "number", unique=True),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"))
    number: Mapped[int]
    place_ids: Mapped[list[str]] = mapped_column(info=IMPERSONAL)
    printed_at: Mapped[datetime]
    printed_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
