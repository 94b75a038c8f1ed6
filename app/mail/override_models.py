"""A coordinator's own words in a letter about one event. Rows are never changed: new words end the old ones."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import IMPERSONAL, Base, new_id, one_of

LANGUAGES = ("kk", "ru", "en")
_STANDING = text("ended_at IS NULL")


class LetterOverride(Base):
    """Subject and first words of one letter in one language, from when until when."""

    __tablename__ = "letter_overrides"
    __table_args__ = (
        one_of("language", *LANGUAGES),
        CheckConstraint("length(subject) > 0 AND length(words) > 0", name="said_something"),
        CheckConstraint("length(words) <= 2000", name="words_not_too_long"),
        Index(
            "uq_letter_overrides_standing", "event_id", "template", "language", unique=True,
            sqlite_where=_STANDING, postgresql_where=_STANDING,
        ),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"))
    template: Mapped[str] = mapped_column(String(80), info=IMPERSONAL)
    language: Mapped[str] = mapped_column(String(2), info=IMPERSONAL)
    subject: Mapped[str] = mapped_column(String(150), info=IMPERSONAL)
    words: Mapped[str] = mapped_column(Text, info=IMPERSONAL)
    created_at: Mapped[datetime]
    created_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    ended_at: Mapped[datetime | None]
