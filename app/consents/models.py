"""Consent texts in versions, and what guardians answered to them."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text, true
from sqlalchemy.orm import Mapped, mapped_column

from app.db import IMPERSONAL, Base, Texts, new_id, one_of, personal

KINDS = ("participation", "transport", "photo", "medical")


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
    """A guardian's answer for one child and one event, in one language, bound to what was then planned.

    `bound_to` holds the destination, the times, the transport and the hazard class: a change of any of them lets the
    answer lapse and asks again. It stands until then, or until a guardian revokes it. A legal representative without
    a row among people (an institution's director) is named by `given_by_name`. On paper: who recorded it, and the scan.
    """

    __tablename__ = "consents"
    __table_args__ = (
        one_of("kind", *KINDS),
        Index("ix_consents_event_child", "event_id", "child_id"),
        Index(
            "uq_consents_standing",
            "event_id",
            "child_id",
            "guardian_id",
            "kind",
            unique=True,
            sqlite_where=text("revoked_at IS NULL AND lapsed_at IS NULL AND guardian_id IS NOT NULL"),
            postgresql_where=text("revoked_at IS NULL AND lapsed_at IS NULL AND guardian_id IS NOT NULL"),
        ),
        Index(
            "uq_consents_standing_institution",
            "event_id",
            "child_id",
            "kind",
            unique=True,
            sqlite_where=text("revoked_at IS NULL AND lapsed_at IS NULL AND guardian_id IS NULL"),
            postgresql_where=text("revoked_at IS NULL AND lapsed_at IS NULL AND guardian_id IS NULL"),
        ),
        CheckConstraint(
            "guardian_id IS NOT NULL OR (given_by_name <> '' AND institution_id IS NOT NULL)", name="given_by_somebody"
        ),
        one_of("channel", "page", "link", "paper", "institution", "api"),
        CheckConstraint("(channel = 'paper') = (recorded_by_id IS NOT NULL)", name="paper_has_recorder"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(20), info=IMPERSONAL)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"))
    child_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    guardian_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    given_by_name: Mapped[str] = mapped_column(
        String(200), default="", server_default="", info=personal("name", "as the consent")
    )
    institution_id: Mapped[str | None] = mapped_column(ForeignKey("institutions.id"))
    is_yes: Mapped[bool] = mapped_column(default=True, server_default=true())
    channel: Mapped[str] = mapped_column(String(12), default="page", server_default="page", info=IMPERSONAL)
    recorded_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    scan_key: Mapped[str | None] = mapped_column(String(60), info=personal("scan of a signed paper", "as the consent"))
    text_id: Mapped[str] = mapped_column(ForeignKey("consent_texts.id"))
    language: Mapped[str] = mapped_column(String(2), info=IMPERSONAL)
    bound_to: Mapped[dict[str, Any]] = mapped_column(info=IMPERSONAL)
    given_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    revoked_by_person_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    lapsed_at: Mapped[datetime | None]
