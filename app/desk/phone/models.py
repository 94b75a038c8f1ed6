"""Phones that took an event along: one row for each account, event and browser that may hand over what it recorded."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.columns import EncryptedText
from app.db import IMPERSONAL, Base, new_id, personal

STANDS = text("revoked_at IS NULL")


class DeskDevice(Base):
    """A phone with one event on it. Of its keys only hashes are kept; `envelope_key` opens what it sealed.

    `token_hash` is for reading and sending, `drop_hash` for handing sealed operations over and nothing else.
    """

    __tablename__ = "desk_devices"
    __table_args__ = (
        Index(
            "uq_desk_devices_standing",
            "event_id",
            "account_id",
            "install_id",
            unique=True,
            sqlite_where=STANDS,
            postgresql_where=STANDS,
        ),
        CheckConstraint("unsent >= 0", name="unsent_not_negative"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"))
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    session_id: Mapped[str | None] = mapped_column(ForeignKey("sessions.id", ondelete="SET NULL"), index=True)
    install_id: Mapped[str] = mapped_column(String(36), info=IMPERSONAL)
    name: Mapped[str] = mapped_column(String(60), default="", info=personal("browser", "1 year after the event"))
    language: Mapped[str] = mapped_column(String(2), default="kk", info=IMPERSONAL)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True, info=IMPERSONAL)
    drop_hash: Mapped[str] = mapped_column(String(64), unique=True, info=IMPERSONAL)
    proof_hash: Mapped[str] = mapped_column(String(64), info=IMPERSONAL)
    envelope_key: Mapped[str] = mapped_column(EncryptedText, info=personal("key of a phone", "1 year after the event"))
    powers: Mapped[list[str]] = mapped_column(info=IMPERSONAL)
    pin_salt: Mapped[str] = mapped_column(String(32), info=IMPERSONAL)
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    last_seen_at: Mapped[datetime | None]
    last_sent_at: Mapped[datetime | None]
    unsent: Mapped[int] = mapped_column(default=0)
    clock_off: Mapped[int] = mapped_column(default=0)  # seconds by which its clock runs ahead of ours
    version: Mapped[str] = mapped_column(String(16), default="", info=IMPERSONAL)
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    wiped_at: Mapped[datetime | None]
