"""Logins: accounts, their sessions, and the grants that say what they may do and where."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.actor import ROLES
from app.db import IMPERSONAL, Base, new_id, one_of, personal


class Account(Base):
    """One login of one person. No password until it is activated."""

    __tablename__ = "accounts"

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200), info=personal("password, hashed", "while active"))
    pin_hash: Mapped[str | None] = mapped_column(String(200), info=personal("PIN, hashed", "while active"))
    pin_set_at: Mapped[datetime | None]
    # Ten bits of the PIN's digest: enough for a phone without signal to catch a slip, too few to find the PIN by.
    pin_check: Mapped[int | None] = mapped_column(SmallInteger)
    pin_check_salt: Mapped[str | None] = mapped_column(String(32), info=personal("salt of a PIN", "while active"))
    created_at: Mapped[datetime]
    activated_at: Mapped[datetime | None]
    deactivated_at: Mapped[datetime | None]
    is_demo: Mapped[bool] = mapped_column(default=False)

    @property
    def is_active(self) -> bool:
        """Whether one can log in with it."""
        return self.activated_at is not None and self.deactivated_at is None


class Session(Base):
    """A logged-in browser. The id is the SHA-256 of the secret in its cookie."""

    __tablename__ = "sessions"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    device: Mapped[str] = mapped_column(String(200), default="", info=personal("browser", "90 days"))


class Grant(Base):
    """A role with its scope: a city, a programme, one event on one day; empty means everywhere.

    It may hold only from a day to a day. One that is lent while its holder is away names them and the delegation.
    `scope_key` joins the three into one word, so that the database can refuse the same grant twice.
    """

    __tablename__ = "grants"
    __table_args__ = (
        one_of("role", *ROLES),
        CheckConstraint("valid_from <= valid_until", name="days_in_order"),
        CheckConstraint("lent_by_id <> account_id", name="not_lent_to_oneself"),
        Index(
            "uq_grants_standing",
            "account_id",
            "role",
            "scope_key",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    role: Mapped[str] = mapped_column(String(20), info=IMPERSONAL)
    scope_key: Mapped[str] = mapped_column(String(80), default="", info=IMPERSONAL)
    city: Mapped[str | None] = mapped_column(ForeignKey("cities.slug"))
    programme_id: Mapped[str | None] = mapped_column(ForeignKey("programmes.id"))
    event_id: Mapped[str | None] = mapped_column(ForeignKey("events.id"))
    valid_on: Mapped[date | None] = mapped_column(info=IMPERSONAL)
    valid_from: Mapped[date | None] = mapped_column(info=IMPERSONAL)
    valid_until: Mapped[date | None] = mapped_column(info=IMPERSONAL)
    lent_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    delegation_id: Mapped[str | None] = mapped_column(ForeignKey("delegations.id"), index=True)
    granted_at: Mapped[datetime]
    granted_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    revoked_at: Mapped[datetime | None]


class Delegation(Base):
    """Somebody is away from a day to a day; their deputy has their roles meanwhile, and cannot hand them on."""

    __tablename__ = "delegations"
    __table_args__ = (
        CheckConstraint("from_on <= until_on", name="days_in_order"),
        CheckConstraint("from_account_id <> to_account_id", name="two_people"),
        CheckConstraint("reason <> ''", name="has_a_reason"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    from_account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    to_account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    from_on: Mapped[date] = mapped_column(info=IMPERSONAL)
    until_on: Mapped[date] = mapped_column(info=IMPERSONAL)
    reason: Mapped[str] = mapped_column(String(200), info=personal("why somebody was away", "1 year after"))
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
