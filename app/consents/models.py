"""Consent texts in versions, and what guardians answered to them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import IMPERSONAL, Base, Texts, new_id, one_of

KINDS = ("participation", "photo")


class ConsentText(Base):
    """What a guardian agrees to, word for word; a change is a new version."""

    __tablename__ = "consent_texts"
    __table_args__ = (
        one_of("kind", *KINDS),
        Index("uq_consent_texts_version", "kind", "version", unique=True),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(20), info=IMPERSONAL)
    version: Mapped[int]
    text: Mapped[Texts] = mapped_column(info=IMPERSONAL)
    published_at: Mapped[datetime]


class Consent(Base):
    """A guardian's yes for one child and one event, in one language, bound to what was then planned.

    `bound_to` holds the destination, the start and the hazard class: a change of any of them asks again.
    """

    __tablename__ = "consents"
    __table_args__ = (
        one_of("kind", *KINDS),
        Index(
            "uq_consents_standing",
            "event_id",
            "child_id",
            "guardian_id",
            "kind",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(20), info=IMPERSONAL)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"), index=True)
    child_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    guardian_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    text_id: Mapped[str] = mapped_column(ForeignKey("consent_texts.id"))
    language: Mapped[str] = mapped_column(String(2), info=IMPERSONAL)
    bound_to: Mapped[dict[str, Any]] = mapped_column(info=IMPERSONAL)
    given_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
