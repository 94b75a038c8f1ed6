"""Who receives us or guides us on a trip: people outside, invited by letter, without a login."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import IMPERSONAL, Base, new_id, one_of, personal
from app.events.models import Event, Stop

HOST_KINDS = ("host", "guide")
ANSWERS = ("confirmed", "declined")
A_YEAR_AFTER = "1 year after the event"


class Host(Base):
    """A host of one stop, or of the whole trip; or a guide.

    An answer counts for the day that was asked about (`asked_for_at`): once the event moved, it is asked for anew.
    `link_number` ends the links that went to an address which is no longer theirs.
    """

    __tablename__ = "hosts"
    __table_args__ = (
        one_of("kind", *HOST_KINDS),
        one_of("language", "kk", "ru", "en"),
        CheckConstraint("name <> ''", name="has_a_name"),
        CheckConstraint("confirmed_at IS NULL OR declined_at IS NULL", name="one_answer"),
        CheckConstraint("(invited_at IS NULL) = (asked_for_at IS NULL)", name="invited_for_a_day"),
        Index(
            "uq_hosts_email",
            "event_id",
            "email",
            unique=True,
            sqlite_where=text("email <> '' AND removed_at IS NULL"),
            postgresql_where=text("email <> '' AND removed_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"), index=True)
    stop_id: Mapped[str | None] = mapped_column(ForeignKey("stops.id", ondelete="SET NULL"), index=True)
    kind: Mapped[str] = mapped_column(String(10), info=IMPERSONAL)
    name: Mapped[str] = mapped_column(String(200), info=personal("name", A_YEAR_AFTER))
    email: Mapped[str] = mapped_column(String(254), default="", info=personal("e-mail", A_YEAR_AFTER))
    phone: Mapped[str] = mapped_column(String(20), default="", info=personal("phone", A_YEAR_AFTER))
    language: Mapped[str] = mapped_column(String(2), default="kk", info=IMPERSONAL)
    note: Mapped[str] = mapped_column(String(500), default="", info=personal("a note", A_YEAR_AFTER))
    answer_note: Mapped[str] = mapped_column(String(500), default="", info=personal("an answer", A_YEAR_AFTER))
    link_number: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    created_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    invited_at: Mapped[datetime | None]
    asked_for_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]
    list_sent_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]

    event: Mapped[Event] = relationship()
    stop: Mapped[Stop | None] = relationship()

    @property
    def state(self) -> str:
        """One of: new, invited, confirmed, declined."""
        if self.declined_at is not None:
            return "declined"
        if self.confirmed_at is not None:
            return "confirmed"
        return "new" if self.invited_at is None else "invited"
