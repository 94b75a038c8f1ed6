"""Briefings: who was told how to stay safe, before they go where it is dangerous."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import IMPERSONAL, Base, new_id, one_of, personal

HAZARDS = ("none", "raised", "high")


class Briefing(Base):
    """One briefing about one site's hazard: of one group, or of everybody at the event where none is named."""

    __tablename__ = "briefings"
    __table_args__ = (
        one_of("hazard_class", *HAZARDS),
        CheckConstraint("text <> ''", name="says_something"),
        Index("ix_briefings_event", "event_id", "group_id"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"))
    site_id: Mapped[str] = mapped_column(ForeignKey("sites.id"))
    hazard_class: Mapped[str] = mapped_column(String(10), info=IMPERSONAL)
    group_id: Mapped[str | None] = mapped_column(ForeignKey("groups.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(Text, info=personal("words of whoever briefed", "3 years"))
    given_at: Mapped[datetime]
    given_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
