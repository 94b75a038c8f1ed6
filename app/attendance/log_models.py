"""The log of what people said on the day, on phones and pages: only ever added to. And whether that day is closed."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, FetchedValue, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.attendance.operation import KINDS
from app.columns import EncryptedText
from app.db import IMPERSONAL, Base, filled_index, one_of, personal


class DeskOperation(Base):
    """One thing that somebody said. `id` is a UUID made by the phone, `at` its clock, `corrected_at` what ours makes
    of it, `recorded_at` when it came.

    `key` is what it is about, `names` the operation that it takes back, answers or confirms, `after` what stood when
    it was said. What stands is worked out from all of one key and written to the ledgers, never here.
    `tx` is the transaction that wrote it: whoever asks what is new must not skip one that began early and ended late.
    """

    __tablename__ = "desk_operations"
    __table_args__ = (
        one_of("kind", *KINDS),
        Index("ix_desk_operations_feed", "event_id", "tx", "number"),
        Index("ix_desk_operations_key", "event_id", "key"),
        filled_index("ix_desk_operations_place_id", "place_id"),
        filled_index("ix_desk_operations_names", "names"),
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    tx: Mapped[int] = mapped_column(BigInteger, server_default=FetchedValue())
    id: Mapped[str] = mapped_column(String(36), unique=True, info=IMPERSONAL)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"))
    kind: Mapped[str] = mapped_column(String(20), info=IMPERSONAL)
    key: Mapped[str] = mapped_column(String(120), info=IMPERSONAL)
    place_id: Mapped[str | None] = mapped_column(ForeignKey("places.id"))
    names: Mapped[str | None] = mapped_column(String(36), info=IMPERSONAL)
    after: Mapped[list[str]] = mapped_column(info=IMPERSONAL)
    at: Mapped[datetime]
    corrected_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    device_id: Mapped[str | None] = mapped_column(ForeignKey("desk_devices.id", ondelete="SET NULL"))
    device: Mapped[str] = mapped_column(String(60), default="", info=personal("phone of a helper", "1 year"))
    verified_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    body: Mapped[dict[str, Any]] = mapped_column(
        info=personal("what was recorded on the day", "1 year after the event")
    )
    secret: Mapped[str | None] = mapped_column(
        EncryptedText, info=personal("incident, signature, receiver of a child", "3 years after the event")
    )
    late_at: Mapped[datetime | None]  # the day was closed when it came; an operation of its own accepts it


class DeskDay(Base):
    """A coordinator closed the day of an event; without a row it is open. Marks never lock it."""

    __tablename__ = "desk_days"
    __table_args__ = (CheckConstraint("reopened_at IS NULL OR reopened_at >= closed_at", name="closed_first"),)

    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"), primary_key=True)
    closed_at: Mapped[datetime]
    closed_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    note: Mapped[str] = mapped_column(String(500), default="", info=personal("a note", "3 years after the event"))
    reopened_at: Mapped[datetime | None]

    @property
    def is_closed(self) -> bool:
        """Whether what comes now comes late."""
        return self.reopened_at is None
