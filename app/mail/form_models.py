"""Forms of letters: all that the letters of an event share, kept so that each of them can be read again as it left."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import IMPERSONAL, Base, personal


class MailForm(Base):
    """A letter with gaps. `id` is the digest of `parts`: pieces of subject, text and HTML, the calendar file, and
    `slots`, the places in a letter's context that fill the gaps. `shape` is known from a letter's row alone: its form
    is among the few of that shape. `seen_on` is a day on which it was used.
    """

    __tablename__ = "mail_forms"
    __table_args__ = (Index("ix_mail_forms_shape", "shape"), Index("ix_mail_forms_seen_on", "seen_on"))

    id: Mapped[str] = mapped_column(String(32), primary_key=True, info=IMPERSONAL)
    shape: Mapped[str] = mapped_column(String(32), info=IMPERSONAL)
    template: Mapped[str] = mapped_column(String(80), info=IMPERSONAL)
    language: Mapped[str] = mapped_column(String(2), info=IMPERSONAL)
    parts: Mapped[dict[str, Any]] = mapped_column(info=personal("who to call, in a letter", "MAIL_BODY_DAYS after use"))
    created_at: Mapped[datetime]
    seen_on: Mapped[date] = mapped_column(info=IMPERSONAL)
