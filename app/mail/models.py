"""The outbox: one row per letter, written with the change that caused it. Knows no domain."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import IMPERSONAL, Base, new_id, one_of, personal

WAITED_FOR, SEAT, BULK = 0, 1, 2  # priorities: somebody sits and waits for it; it is about a seat; it goes to many
STATUSES = ("queued", "sending", "sent", "failed", "cancelled", "missed")
REASONS = ("bounced", "complained", "unsubscribed")


def _where(rows: str) -> dict[str, Any]:
    """An index of these rows alone, on both databases."""
    return {"sqlite_where": text(rows), "postgresql_where": text(rows)}


class Mail(Base):
    """A letter to one address. `key` says for whom, of what kind and for which occasion, and stands once.

    `context` is all that the template needs, so that a letter renders without asking the domain. A worker claims a
    row by writing its `lease`; a lease that ran out may be taken over. `handed_at` says when it was last about to go to
    the server, `answer` what the server said, `digest` (SHA-256) which bytes it took. What it says (`context`,
    `calendar`) goes at `body_deleted_at`, the record of it stays.
    """

    __tablename__ = "mails"
    __table_args__ = (
        one_of("status", *STATUSES),
        CheckConstraint("(status = 'sent') = (sent_at IS NOT NULL)", name="sent_has_time"),
        CheckConstraint("attempts >= 0", name="attempts_counted"),
        CheckConstraint("priority IN (0, 1, 2)", name="priority_known"),
        Index(
            "ix_mails_due",
            "priority",
            "due_at",
            sqlite_where=text("status IN ('queued', 'sending')"),
            postgresql_where=text("status IN ('queued', 'sending')"),
        ),
        # The lists of the outbox, of an event and of a person, newest first; what was sent today; what came back.
        Index("ix_mails_created_at", "created_at"),
        Index("ix_mails_event_id_created_at", "event_id", "created_at", **_where("event_id IS NOT NULL")),
        Index("ix_mails_person_id_created_at", "person_id", "created_at", **_where("person_id IS NOT NULL")),
        Index("ix_mails_sent_at", "sent_at", **_where("sent_at IS NOT NULL")),
        Index("ix_mails_failed", "created_at", **_where("status = 'failed'")),
        Index("ix_mails_again_of_id", "again_of_id", **_where("again_of_id IS NOT NULL")),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(String(200), unique=True, info=IMPERSONAL)
    template: Mapped[str] = mapped_column(String(80), info=IMPERSONAL)
    recipient: Mapped[str] = mapped_column(String(254), info=personal("e-mail", "1 year after sending"))
    recipient_name: Mapped[str] = mapped_column(String(200), default="", info=personal("name", "1 year after sending"))
    person_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    event_id: Mapped[str | None] = mapped_column(ForeignKey("events.id"))
    language: Mapped[str] = mapped_column(String(2), info=IMPERSONAL)
    context: Mapped[dict[str, Any]] = mapped_column(info=personal("what a letter says", "MAIL_BODY_DAYS after sending"))
    calendar: Mapped[dict[str, Any] | None] = mapped_column(info=IMPERSONAL)
    optional: Mapped[bool] = mapped_column(default=False)
    kind: Mapped[str] = mapped_column(String(20), default="", server_default="", info=IMPERSONAL)
    priority: Mapped[int] = mapped_column(SmallInteger, default=SEAT, server_default=str(SEAT))
    domain: Mapped[str] = mapped_column(String(255), default="", server_default="", info=IMPERSONAL)
    reader_zone: Mapped[str | None] = mapped_column(String(40), info=IMPERSONAL)
    again_of_id: Mapped[str | None] = mapped_column(ForeignKey("mails.id"))
    status: Mapped[str] = mapped_column(String(10), default="queued", info=IMPERSONAL)
    created_at: Mapped[datetime]
    not_before: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    due_at: Mapped[datetime]
    lease: Mapped[str | None] = mapped_column(String(32), info=IMPERSONAL)
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(Text, info=personal("e-mail in an error", "1 year after sending"))
    handed_at: Mapped[datetime | None]
    answer_code: Mapped[int | None] = mapped_column(SmallInteger)
    answer: Mapped[str | None] = mapped_column(Text, info=personal("e-mail in an answer", "1 year after sending"))
    digest: Mapped[str | None] = mapped_column(String(64), info=IMPERSONAL)
    sent_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    body_deleted_at: Mapped[datetime | None]


class Suppression(Base):
    """An address that wants or can take no more mail, and why: it bounced, its reader called a letter spam or asked for
    no more. `kind` is the kind of letters that was unsubscribed, "" all optional ones (for a bounce everything).
    """

    __tablename__ = "mail_suppressions"
    __table_args__ = (
        one_of("reason", *REASONS),
        CheckConstraint("kind = '' OR reason = 'unsubscribed'", name="kind_of_letters"),
        UniqueConstraint("address", "reason", "kind"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    address: Mapped[str] = mapped_column(String(254), info=personal("e-mail", "while it bounces"))
    reason: Mapped[str] = mapped_column(String(20), info=IMPERSONAL)
    kind: Mapped[str] = mapped_column(String(20), default="", server_default="", info=IMPERSONAL)
    since: Mapped[datetime]
