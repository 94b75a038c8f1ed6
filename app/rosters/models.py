"""Groups and buses of one event, where a bus stops, the rules they were filled by, and that it has set out."""

from datetime import datetime, time
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import IMPERSONAL, Base, Texts, new_id, one_of, personal
from app.people.models import Person

AFTER_THE_EVENT = "1 year after the event"


class Group(Base):
    """People who stay together under one leader.

    `list_version` counts the lists that the leader was sent, `list_digest` tells whether the last one still holds.
    A closed one is empty and takes nobody.
    """

    __tablename__ = "groups"
    __table_args__ = (
        Index("uq_groups_name", "event_id", "name", unique=True),
        CheckConstraint("capacity > 0", name="capacity_positive"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"))
    name: Mapped[str] = mapped_column(String(60), info=IMPERSONAL)
    leader_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    capacity: Mapped[int | None]
    closed_at: Mapped[datetime | None]
    list_version: Mapped[int] = mapped_column(default=0, server_default="0")
    list_digest: Mapped[str] = mapped_column(String(64), default="", server_default="", info=IMPERSONAL)
    published_at: Mapped[datetime | None]

    leader: Mapped[Person | None] = relationship()


class Bus(Base):
    """A bus of one event, with whom to call on the way. Its list, leader and closing are as a group's.

    A firm with an e-mail hears of another day by letter.
    """

    __tablename__ = "buses"
    __table_args__ = (
        Index("uq_buses_name", "event_id", "name", unique=True),
        CheckConstraint("seats > 0", name="seats_positive"),
        one_of("firm_language", "kk", "ru", "en"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"))
    name: Mapped[str] = mapped_column(String(60), info=IMPERSONAL)
    seats: Mapped[int | None]
    driver: Mapped[str] = mapped_column(String(200), default="", info=personal("name", AFTER_THE_EVENT))
    driver_phone: Mapped[str] = mapped_column(
        String(20), default="", server_default="", info=personal("phone", AFTER_THE_EVENT)
    )
    plate: Mapped[str] = mapped_column(String(20), default="", server_default="", info=IMPERSONAL)
    firm: Mapped[str] = mapped_column(
        String(200), default="", server_default="", info=personal("name", AFTER_THE_EVENT)
    )
    firm_email: Mapped[str] = mapped_column(
        String(254), default="", server_default="", info=personal("e-mail", AFTER_THE_EVENT)
    )
    firm_language: Mapped[str] = mapped_column(String(2), default="kk", server_default="kk", info=IMPERSONAL)
    leader_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    closed_at: Mapped[datetime | None]
    list_version: Mapped[int] = mapped_column(default=0, server_default="0")
    list_digest: Mapped[str] = mapped_column(String(64), default="", server_default="", info=IMPERSONAL)
    published_at: Mapped[datetime | None]

    leader: Mapped[Person | None] = relationship()
    stops: Mapped[list["BusStop"]] = relationship(order_by="BusStop.direction.desc(), BusStop.position")

    @property
    def capacity(self) -> int | None:
        """Its seats, under the word that a group has for them."""
        return self.seats


class BusStop(Base):
    """Where a bus takes people in on the way out, or lets them off on the way back, by the clock of that place.

    A time of the day and no date: when the event moves to another day, the bus still stops at ten past eight.
    """

    __tablename__ = "bus_stops"
    __table_args__ = (
        one_of("direction", "out", "back"),
        Index("uq_bus_stops_position", "bus_id", "direction", "position", unique=True),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    bus_id: Mapped[str] = mapped_column(ForeignKey("buses.id", ondelete="CASCADE"))
    direction: Mapped[str] = mapped_column(String(4), default="out", info=IMPERSONAL)
    position: Mapped[int]
    place: Mapped[Texts] = mapped_column(info=IMPERSONAL)
    leaves_at: Mapped[time]


class PickUp(Base):
    """Where one person gets on. It counts while they are in that bus."""

    __tablename__ = "pick_ups"

    place_id: Mapped[str] = mapped_column(ForeignKey("places.id", ondelete="CASCADE"), primary_key=True)
    stop_id: Mapped[str] = mapped_column(ForeignKey("bus_stops.id", ondelete="CASCADE"), index=True)


class Departure(Base):
    """The event set out: once, and somebody said so. From then on nobody moves it or calls it off."""

    __tablename__ = "departures"

    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"), primary_key=True)
    departed_at: Mapped[datetime]
    departed_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    people: Mapped[int]


class Arrangement(Base):
    """By which rules the groups, or the buses, of an event were filled last; what is unmet is said against them."""

    __tablename__ = "arrangements"
    __table_args__ = (one_of("what", "groups", "buses"),)

    event_id: Mapped[str] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"), primary_key=True)
    what: Mapped[str] = mapped_column(String(6), primary_key=True, info=IMPERSONAL)
    rules: Mapped[dict[str, Any]] = mapped_column(info=IMPERSONAL)
    arranged_at: Mapped[datetime]
    arranged_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
