"""Ways in: one-time codes, tokens of programs, shared computers, and failed tries counted per account and address."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import IMPERSONAL, Base, new_id, one_of, personal


class AccessCode(Base):
    """A single-use secret, mailed as a link or printed on a slip; only its SHA-256 is kept."""

    __tablename__ = "access_codes"
    __table_args__ = (one_of("purpose", "activation", "password"),)

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(20), info=IMPERSONAL)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True, info=IMPERSONAL)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class Token(Base):
    """A program's key to the JSON face, acting as its account; only its SHA-256 is kept."""

    __tablename__ = "tokens"

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    name: Mapped[str] = mapped_column(String(100), default="", info=IMPERSONAL)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True, info=IMPERSONAL)
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class FailedLogin(Base):
    """One wrong password; too many within a quarter of an hour slow the next try down."""

    __tablename__ = "failed_logins"

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    login: Mapped[str] = mapped_column(String(254), index=True, info=personal("e-mail or number", "1 day"))
    address: Mapped[str] = mapped_column(String(64), index=True, info=personal("network address", "1 day"))
    at: Mapped[datetime] = mapped_column(index=True)


class Kiosk(Base):
    """A shared computer that people log in at with number and PIN; only the SHA-256 of its cookie's secret is kept."""

    __tablename__ = "kiosks"
    __table_args__ = (CheckConstraint("name <> ''", name="has_a_name"),)

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(100), info=IMPERSONAL)
    city: Mapped[str] = mapped_column(ForeignKey("cities.slug"), index=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True, info=IMPERSONAL)
    created_at: Mapped[datetime]
    created_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
