"""The check-in log: entries made on phones, each with the id that the phone gave it. Only ever added to."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import IMPERSONAL, Base, one_of, personal

KINDS = ("check_in", "check_out", "absent", "excused", "undo")


class AttendanceEntry(Base):
    """One tap at the door. `id` is a UUID made by the phone, `at` the phone's clock, `recorded_at` ours.

    An undo is an entry of its own; the undone one then names it, so that one check-in at most stands per place.
    """

    __tablename__ = "attendance_entries"
    __table_args__ = (
        one_of("kind", *KINDS),
        Index(
            "uq_attendance_entries_standing",
            "place_id",
            "kind",
            unique=True,
            sqlite_where=text("undone_by_id IS NULL AND kind <> 'undo'"),
            postgresql_where=text("undone_by_id IS NULL AND kind <> 'undo'"),
        ),
        Index("ix_attendance_entries_event", "event_id", "kind", "undone_by_id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"))
    place_id: Mapped[str] = mapped_column(ForeignKey("places.id"))
    kind: Mapped[str] = mapped_column(String(12), info=IMPERSONAL)
    at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    device: Mapped[str] = mapped_column(String(60), default="", info=personal("phone of a helper", "1 year"))
    reason: Mapped[str] = mapped_column(String(200), default="", info=personal("why a mark was changed", "1 year"))
    undone_by_id: Mapped[str | None] = mapped_column(ForeignKey("attendance_entries.id"))
