"""What a day needs of its people: sections, roles with a least and a most, who takes them on, and who can what.
Here too: what the caterer was told."""

from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import IMPERSONAL, Base, Texts, new_id, one_of, personal
from app.events.models import Event, Shift
from app.people.models import UNTIL_ERASED, Person
from app.signups.models import Place

ROLES = ("section_leader", "first_aid", "water", "driver", "other")
SKILLS = ("first_aid", "driver", "other")


class LunchOrder(Base):
    """The numbers that the caterer was told at one moment: {diet: people}; never changed, a newer one follows it.

    `cutoff_at` is set on the one that the worker sent at that moment by itself: once for each moment.
    """

    __tablename__ = "lunch_orders"
    __table_args__ = (
        CheckConstraint("total >= 0 AND number > 0", name="counted"),
        Index("uq_lunch_orders_number", "event_id", "number", unique=True),
        Index("uq_lunch_orders_cutoff", "event_id", "cutoff_at", unique=True),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"))
    number: Mapped[int]
    counts: Mapped[dict[str, Any]] = mapped_column(info=IMPERSONAL)
    total: Mapped[int]
    cutoff_at: Mapped[datetime | None]
    sent_at: Mapped[datetime]
    sent_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))


class Section(Base):
    """A piece of the coast, or another part of the place, that people are told to work on."""

    __tablename__ = "sections"
    __table_args__ = (
        CheckConstraint("length_m > 0", name="length_positive"),
        Index("ix_sections_event", "event_id", "position"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"))
    position: Mapped[int]
    name: Mapped[Texts] = mapped_column(info=IMPERSONAL)
    length_m: Mapped[int | None]


class Need(Base):
    """So many people in one role, in a shift and a section or wherever the day takes them."""

    __tablename__ = "needs"
    __table_args__ = (
        one_of("role", *ROLES),
        CheckConstraint("minimum >= 0 AND maximum >= minimum AND maximum > 0", name="bounds_in_order"),
        CheckConstraint("role <> 'other' OR title IS NOT NULL", name="other_has_a_title"),
        Index("ix_needs_event", "event_id", "position"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"))
    position: Mapped[int]
    shift_id: Mapped[str | None] = mapped_column(ForeignKey("shifts.id"), index=True)
    section_id: Mapped[str | None] = mapped_column(ForeignKey("sections.id"), index=True)
    role: Mapped[str] = mapped_column(String(20), info=IMPERSONAL)
    title: Mapped[Texts | None] = mapped_column(info=IMPERSONAL)
    minimum: Mapped[int]
    maximum: Mapped[int]
    skill: Mapped[str] = mapped_column(String(20), default="", info=IMPERSONAL)

    event: Mapped[Event] = relationship()
    shift: Mapped[Shift | None] = relationship()
    section: Mapped[Section | None] = relationship()


class Duty(Base):
    """Somebody takes a role on: chosen by themselves, or placed by a coordinator.

    Either by the place that they have, or as a person who comes to work and needs no seat (a driver, a clinic's medic).
    """

    __tablename__ = "duties"
    __table_args__ = (
        one_of("how", "chosen", "placed"),
        CheckConstraint("(place_id IS NULL) <> (person_id IS NULL)", name="place_or_person"),
        CheckConstraint("person_id IS NULL OR how = 'placed'", name="named_by_coordinator"),
        Index("uq_duties_place", "need_id", "place_id", unique=True),
        Index("uq_duties_person", "need_id", "person_id", unique=True),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    need_id: Mapped[str] = mapped_column(ForeignKey("needs.id"))
    place_id: Mapped[str | None] = mapped_column(ForeignKey("places.id"), index=True)
    person_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"), index=True)
    how: Mapped[str] = mapped_column(String(10), info=IMPERSONAL)
    taken_at: Mapped[datetime]
    taken_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))

    need: Mapped[Need] = relationship()
    place: Mapped[Place | None] = relationship()
    person: Mapped[Person | None] = relationship()

    @property
    def holder(self) -> Person:
        """Who does it."""
        return cast(Person, self.place.person if self.place else self.person)

    @property
    def event_id(self) -> str:
        """Where it is done."""
        return self.need.event_id


class PersonSkill(Base):
    """What somebody can do and until when that is proved, as a coordinator saw it."""

    __tablename__ = "person_skills"
    __table_args__ = (
        one_of("skill", *SKILLS),
        Index("uq_person_skills_skill", "person_id", "skill", unique=True),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    skill: Mapped[str] = mapped_column(String(20), info=personal("a skill", UNTIL_ERASED))
    valid_until: Mapped[date | None] = mapped_column(info=personal("a skill's last day", UNTIL_ERASED))
    entered_at: Mapped[datetime]
    entered_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))

    person: Mapped[Person] = relationship()
