"""Sign-ups (a party) and places (one person in it). A place's status is the truth, a sign-up's is derived."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import IMPERSONAL, Base, new_id, new_ticket, one_of, personal
from app.events.models import Event
from app.people.models import Person

PLACE_STATUSES = ("confirmed", "waiting", "offered", "declined", "cancelled")
STANDING = ("confirmed", "waiting", "offered")
SEATED = ("confirmed", "offered")


class SignUp(Base):
    """A party that goes together: all seated or all waiting. `queue_number` orders those who came for one event."""

    __tablename__ = "signups"
    __table_args__ = (
        Index("uq_signups_queue", "event_id", "queue_number", unique=True),
        CheckConstraint("queue_number > 0", name="queue_number_positive"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"))
    leader_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    accept_fewer: Mapped[bool] = mapped_column(default=False)
    queue_number: Mapped[int]
    created_at: Mapped[datetime]
    created_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    cancelled_at: Mapped[datetime | None]
    cancelled_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))

    event: Mapped[Event] = relationship()
    leader: Mapped[Person] = relationship()
    places: Mapped[list["Place"]] = relationship(back_populates="signup", order_by="Place.position")

    @property
    def status(self) -> str:
        """confirmed, offered, waiting or cancelled: the best that one of its places has."""
        statuses = {place.status for place in self.places}
        return next((status for status in ("confirmed", "offered", "waiting") if status in statuses), "cancelled")

    @property
    def standing_places(self) -> list["Place"]:
        """Those who still go or hope to."""
        return [place for place in self.places if place.is_standing]


class Place(Base):
    """One person in a party, with the ticket that lets them in."""

    __tablename__ = "places"
    __table_args__ = (
        one_of("status", *PLACE_STATUSES),
        one_of("role", "participant", "escort"),
        Index(
            "uq_places_one_per_person",
            "event_id",
            "person_id",
            unique=True,
            sqlite_where=text("status IN ('confirmed', 'waiting', 'offered')"),
            postgresql_where=text("status IN ('confirmed', 'waiting', 'offered')"),
        ),
        Index("ix_places_event_status", "event_id", "status"),
        CheckConstraint(
            "(status IN ('cancelled', 'declined')) = (cancelled_at IS NOT NULL)", name="cancelled_has_time"
        ),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    signup_id: Mapped[str] = mapped_column(ForeignKey("signups.id"), index=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    position: Mapped[int] = mapped_column(default=1)
    status: Mapped[str] = mapped_column(String(10), info=IMPERSONAL)
    role: Mapped[str] = mapped_column(String(12), default="participant", info=IMPERSONAL)
    ticket: Mapped[str] = mapped_column(
        String(8), unique=True, default=new_ticket, info=personal("ticket", "as the place")
    )
    tshirt_size: Mapped[str] = mapped_column(String(10), default="", info=personal("clothing size", "as the place"))
    shift_id: Mapped[str | None] = mapped_column(ForeignKey("shifts.id"))
    group_id: Mapped[str | None] = mapped_column(ForeignKey("groups.id"), index=True)
    bus_id: Mapped[str | None] = mapped_column(ForeignKey("buses.id"), index=True)
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    promoted_at: Mapped[datetime | None]
    offer_expires_at: Mapped[datetime | None]
    consent_due_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancelled_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    cancel_reason: Mapped[str | None] = mapped_column(String(40), info=IMPERSONAL)

    signup: Mapped[SignUp] = relationship(back_populates="places")
    person: Mapped[Person] = relationship()
    event: Mapped[Event] = relationship()

    @property
    def is_standing(self) -> bool:
        """Whether the person still goes or hopes to."""
        return self.status in STANDING

    @property
    def is_confirmed(self) -> bool:
        """Whether the seat is theirs."""
        return self.status == "confirmed"

    @property
    def is_waiting(self) -> bool:
        """Whether they are in the queue."""
        return self.status == "waiting"

    @property
    def printed_ticket(self) -> str:
        """The code in two fours, as people read it aloud."""
        return f"{self.ticket[:4]} {self.ticket[4:]}"
