"""Groups and buses that people of one event are placed in."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import IMPERSONAL, Base, new_id, personal


class Group(Base):
    """People who stay together under one leader."""

    __tablename__ = "groups"
    __table_args__ = (Index("uq_groups_name", "event_id", "name", unique=True),)

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"))
    name: Mapped[str] = mapped_column(String(60), info=IMPERSONAL)
    leader_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    capacity: Mapped[int | None]


class Bus(Base):
    """A bus of one event."""

    __tablename__ = "buses"
    __table_args__ = (
        Index("uq_buses_name", "event_id", "name", unique=True),
        CheckConstraint("seats > 0", name="seats_positive"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"))
    name: Mapped[str] = mapped_column(String(60), info=IMPERSONAL)
    seats: Mapped[int | None]
    driver: Mapped[str] = mapped_column(String(200), default="", info=personal("name", "1 year after the event"))
