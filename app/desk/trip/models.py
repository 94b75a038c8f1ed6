"""The way there and home: rides, departures with their frozen manifests, hand-overs, adults who may collect a child.

What stands here follows from the log of the day (trip_settling.py); only collectors and codes are written by pages.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.columns import EncryptedText
from app.db import IMPERSONAL, Base, new_id, one_of, personal
from app.desk.trip.rules import CODE, COLLECTOR, COMPLETE, COORDINATOR, GUARDIAN, LEFT_WITHOUT

AFTER_THE_EVENT, EVIDENCE = "1 year after the event", "3 years after the event"
ONE_OF_TWO = "(place_id IS NULL) <> (walk_in_id IS NULL)"
STANDS = "undone_by_id IS NULL"


def _one_standing(name: str, *columns: str) -> Index:
    """At most one such row stands."""
    stands = text(f"{STANDS} AND {columns[0]} IS NOT NULL")
    return Index(name, *columns, unique=True, sqlite_where=stands, postgresql_where=stands)


class Boarding(Base):
    """Somebody got into a bus on one leg (no bus: on foot). `id` is that of the operation.

    `undone_by_id` names what took it back, or the ride that speaks for this one.
    """

    __tablename__ = "boardings"
    __table_args__ = (
        CheckConstraint(ONE_OF_TWO, name="of_one"),
        _one_standing("uq_boardings_place", "place_id", "leg"),
        _one_standing("uq_boardings_walk_in", "walk_in_id", "leg"),
        Index("ix_boardings_event_leg", "event_id", "leg"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"))
    place_id: Mapped[str | None] = mapped_column(ForeignKey("places.id"))
    walk_in_id: Mapped[str | None] = mapped_column(ForeignKey("walk_ins.id", ondelete="CASCADE"))
    bus_id: Mapped[str | None] = mapped_column(ForeignKey("buses.id"))
    leg: Mapped[str] = mapped_column(String(40), info=IMPERSONAL)
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    undone_by_id: Mapped[str | None] = mapped_column(String(36), info=IMPERSONAL)


class LegDeparture(Base):
    """A bus left on one leg with these people: never changed, but for who confirmed it and that it was taken back.

    `version` counts what was said of this bus and leg, in the order in which it came. `people` and `missing` are
    [{"place_id", "name", "child", "group"}] as they stood then.
    """

    __tablename__ = "leg_departures"
    __table_args__ = (
        one_of("decision", COMPLETE, LEFT_WITHOUT),
        CheckConstraint("version > 0", name="version_positive"),
        CheckConstraint("(confirmed_at IS NULL) = (confirmed_by_id IS NULL)", name="confirmed_by_somebody"),
        CheckConstraint("confirmed_by_id <> account_id", name="two_people"),
        Index("uq_leg_departures_version", "event_id", "bus_id", "leg", "version", unique=True),
        # A bus that is none is never the same as another to an index.
        Index(
            "uq_leg_departures_on_foot",
            "event_id",
            "leg",
            "version",
            unique=True,
            sqlite_where=text("bus_id IS NULL"),
            postgresql_where=text("bus_id IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"))
    bus_id: Mapped[str | None] = mapped_column(ForeignKey("buses.id"))
    leg: Mapped[str] = mapped_column(String(40), info=IMPERSONAL)
    version: Mapped[int]
    decision: Mapped[str] = mapped_column(String(12), info=IMPERSONAL)
    reason: Mapped[str] = mapped_column(String(200), default="", info=personal("a reason in words", EVIDENCE))
    people: Mapped[list[dict[str, Any]]] = mapped_column(info=personal("manifest", AFTER_THE_EVENT))
    missing: Mapped[list[dict[str, Any]]] = mapped_column(info=personal("manifest", AFTER_THE_EVENT))
    departed_at: Mapped[datetime]
    account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    confirmed_at: Mapped[datetime | None]
    confirmed_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    undone_by_id: Mapped[str | None] = mapped_column(String(36), info=IMPERSONAL)


class HandOver(Base):
    """A child was handed over: to whom, by what right, when, by whom. `id` is that of the operation."""

    __tablename__ = "hand_overs"
    __table_args__ = (
        one_of("how", GUARDIAN, COLLECTOR, CODE, COORDINATOR),
        CheckConstraint(ONE_OF_TWO, name="of_one"),
        _one_standing("uq_hand_overs_place", "place_id"),
        _one_standing("uq_hand_overs_walk_in", "walk_in_id"),
        Index("ix_hand_overs_event_id", "event_id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"))
    place_id: Mapped[str | None] = mapped_column(ForeignKey("places.id"))
    walk_in_id: Mapped[str | None] = mapped_column(ForeignKey("walk_ins.id", ondelete="CASCADE"))
    how: Mapped[str] = mapped_column(String(12), info=IMPERSONAL)
    receiver: Mapped[str | None] = mapped_column(EncryptedText, info=personal("who took a child over", EVIDENCE))
    is_proved: Mapped[bool]
    at: Mapped[datetime]
    account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    undone_by_id: Mapped[str | None] = mapped_column(String(36), info=IMPERSONAL)


class Collector(Base):
    """An adult whom a guardian lets collect a child, from one event or from any. Guardians need not be listed."""

    __tablename__ = "collectors"
    __table_args__ = (CheckConstraint("name <> ''", name="has_a_name"),)

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    child_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    event_id: Mapped[str | None] = mapped_column(ForeignKey("events.id"))
    name: Mapped[str] = mapped_column(String(100), info=personal("name", "until removed"))
    phone: Mapped[str] = mapped_column(String(20), default="", info=personal("phone", "until removed"))
    relation: Mapped[str] = mapped_column(String(60), default="", info=personal("relation", "until removed"))
    entered_at: Mapped[datetime]
    entered_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    removed_at: Mapped[datetime | None]
    removed_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))


class CollectionCode(Base):
    """The one-time code of a child's place was changed or used. The code itself is worked out, not kept: without a
    row it is that of generation 0."""

    __tablename__ = "collection_codes"
    __table_args__ = (CheckConstraint("generation >= 0", name="generation_not_negative"),)

    place_id: Mapped[str] = mapped_column(ForeignKey("places.id"), primary_key=True)
    generation: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
