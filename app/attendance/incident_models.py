"""What went wrong or nearly did: for the safety officer and the coordinator alone."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.columns import EncryptedText
from app.db import IMPERSONAL, Base, one_of, personal

TERM = "3 years after the event"
INCIDENT, NEAR_MISS = "incident", "near_miss"


class Incident(Base):
    """An incident or a near-miss; `id` is that of the operation. A correction is a new one that names the one before.

    `people` are ids of places, `photos` of photographs.
    """

    __tablename__ = "incidents"
    __table_args__ = (
        one_of("kind", INCIDENT, NEAR_MISS),
        CheckConstraint("corrects_id <> id", name="corrects_another"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10), info=IMPERSONAL)
    at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    where: Mapped[str] = mapped_column("place", String(200), default="", info=personal("where somebody was hurt", TERM))
    people: Mapped[list[str]] = mapped_column(default=list, info=personal("who was concerned", TERM))
    photos: Mapped[list[str]] = mapped_column(default=list, info=IMPERSONAL)
    text: Mapped[str] = mapped_column(EncryptedText, info=personal("what happened to somebody", TERM))
    action: Mapped[str] = mapped_column(EncryptedText, info=personal("what was done for somebody", TERM))
    guardian_told_at: Mapped[datetime | None]
    reported_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    corrects_id: Mapped[str | None] = mapped_column(String(36), info=IMPERSONAL)
    undone_at: Mapped[datetime | None]


class IncidentPhoto(Base):
    """A photograph of one as a sealed JPEG (base64), without what the camera wrote into it."""

    __tablename__ = "incident_photos"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"), index=True)
    image: Mapped[str] = mapped_column(EncryptedText, info=personal("photograph", TERM))
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
