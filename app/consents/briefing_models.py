"""Briefings: who was told how to stay safe, before they go where it is dangerous, and who signed that they were."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.columns import EncryptedText
from app.db import IMPERSONAL, Base, new_id, one_of, personal

HAZARDS = ("none", "raised", "high")


class Briefing(Base):
    """One briefing about one site's hazard: of one group, or of everybody at the event where none is named.

    `version` is that of the text, as the journal of briefings asks; `operation_id` that of the phone which recorded it.
    """

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
    version: Mapped[str] = mapped_column(String(20), default="1", server_default="1", info=IMPERSONAL)
    language: Mapped[str] = mapped_column(String(2), default="kk", server_default="kk", info=IMPERSONAL)
    instructor: Mapped[str] = mapped_column(
        String(120), default="", server_default="", info=personal("name of whoever briefed", "3 years")
    )
    operation_id: Mapped[str | None] = mapped_column(String(36), unique=True, info=IMPERSONAL)


class BriefingSignature(Base):
    """One person signed with a finger that they were briefed; `id` is that of the operation. Once for each version."""

    __tablename__ = "briefing_signatures"
    __table_args__ = (
        Index("uq_briefing_signatures_version", "place_id", "version", unique=True),
        Index("ix_briefing_signatures_event_id", "event_id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"))
    place_id: Mapped[str] = mapped_column(ForeignKey("places.id"))
    version: Mapped[str] = mapped_column(String(20), info=IMPERSONAL)
    language: Mapped[str] = mapped_column(String(2), info=IMPERSONAL)
    strokes: Mapped[str] = mapped_column(EncryptedText, info=personal("signature", "3 years after the event"))
    signed_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
