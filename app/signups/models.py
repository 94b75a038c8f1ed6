"""Sign-ups (a party) and places (one person in it). A place's status is the truth, a sign-up's is derived."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.columns import EncryptedText
from app.db import IMPERSONAL, Base, filled_index, new_id, new_ticket, one_of, personal
from app.events.models import Event
from app.people.models import Institution, Person

MOVES = ("seated", "offered", "accepted", "declined", "expired", "left", "grew", "shrank", "moved")
PLACE_STATUSES = ("confirmed", "waiting", "offered", "declined", "cancelled")
STANDING = ("confirmed", "waiting", "offered")
SEATED = ("confirmed", "offered")


class SignUp(Base):
    """A party that goes together: all seated or all waiting. `queue_number` orders those who came for one event.

    `waiting` counts its places that wait; whoever changes a place's status keeps it (app/signups/seating.py).
    """

    __tablename__ = "signups"
    __table_args__ = (
        filled_index("ix_signups_invitation_id", "invitation_id"),
        Index("uq_signups_queue", "event_id", "queue_number", unique=True),
        CheckConstraint("queue_number > 0", name="queue_number_positive"),
        CheckConstraint("waiting >= 0", name="waiting_not_negative"),
        Index(
            "ix_signups_waiting",
            "event_id",
            "queue_number",
            sqlite_where=text("waiting > 0"),
            postgresql_where=text("waiting > 0"),
        ),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"))
    leader_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    accept_fewer: Mapped[bool] = mapped_column(default=False)
    queue_number: Mapped[int]
    waiting: Mapped[int] = mapped_column(default=0, server_default="0")
    brigade_id: Mapped[str | None] = mapped_column(ForeignKey("brigades.id"))
    invitation_id: Mapped[str | None] = mapped_column(ForeignKey("invitations.id"))
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
    """One person in a party, with the ticket that lets them in.

    Offered: a seat is held until `offer_expires_at` for an answer of the party or for an approval, as `awaits` says.
    """

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
        filled_index("ix_places_group_id", "group_id"),
        filled_index("ix_places_bus_id", "bus_id"),
        filled_index("ix_places_section_id", "section_id"),
        one_of("awaits", "answer", "approval"),
        CheckConstraint("(status = 'offered') = (awaits IS NOT NULL)", name="offered_awaits_something"),
        CheckConstraint("status <> 'offered' OR offer_expires_at IS NOT NULL", name="offer_ends"),
        Index(
            "ix_places_offer",
            "offer_expires_at",
            sqlite_where=text("status = 'offered'"),
            postgresql_where=text("status = 'offered'"),
        ),
        Index(
            "ix_places_consent_due",
            "consent_due_at",
            sqlite_where=text("consent_due_at IS NOT NULL"),
            postgresql_where=text("consent_due_at IS NOT NULL"),
        ),
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
    awaits: Mapped[str | None] = mapped_column(String(10), info=IMPERSONAL)
    tshirt_size: Mapped[str] = mapped_column(String(10), default="", info=personal("clothing size", "as the place"))
    diet: Mapped[str] = mapped_column(String(20), default="", server_default="", info=personal("diet", "as the place"))
    medical_note: Mapped[str | None] = mapped_column(EncryptedText, info=personal("health", "14 days after the return"))
    shift_id: Mapped[str | None] = mapped_column(ForeignKey("shifts.id"))
    group_id: Mapped[str | None] = mapped_column(ForeignKey("groups.id"))
    bus_id: Mapped[str | None] = mapped_column(ForeignKey("buses.id"))
    section_id: Mapped[str | None] = mapped_column(ForeignKey("sections.id"))
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
    def is_offered(self) -> bool:
        """Whether a seat is held for them until somebody answers."""
        return self.status == "offered"

    @property
    def is_waiting(self) -> bool:
        """Whether they are in the queue."""
        return self.status == "waiting"

    @property
    def printed_ticket(self) -> str:
        """The code in two fours, as people read it aloud."""
        return f"{self.ticket[:4]} {self.ticket[4:]}"


class Offer(Base):
    """A seat offered to a waiting party until `expires_at`. Answered once: accepted, declined, expired, withdrawn."""

    __tablename__ = "offers"
    __table_args__ = (
        one_of("answer", "accepted", "declined", "expired", "withdrawn"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answer_has_time"),
        Index(
            "uq_offers_open",
            "signup_id",
            unique=True,
            sqlite_where=text("answered_at IS NULL"),
            postgresql_where=text("answered_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    signup_id: Mapped[str] = mapped_column(ForeignKey("signups.id"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answer: Mapped[str | None] = mapped_column(String(10), info=IMPERSONAL)
    answered_by_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))

    signup: Mapped[SignUp] = relationship()


class Approval(Base):
    """Somebody is asked whether a party may go; its seats are held until `due_at`. Answered once, like an offer."""

    __tablename__ = "approvals"
    __table_args__ = (
        one_of("answer", "approved", "refused", "expired", "withdrawn"),
        one_of("asked", "coordinator", "manager"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answer_has_time"),
        Index(
            "uq_approvals_open",
            "signup_id",
            unique=True,
            sqlite_where=text("answered_at IS NULL"),
            postgresql_where=text("answered_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    signup_id: Mapped[str] = mapped_column(ForeignKey("signups.id"))
    asked: Mapped[str] = mapped_column(String(12), info=IMPERSONAL)
    asked_person_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"), index=True)
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answer: Mapped[str | None] = mapped_column(String(10), info=IMPERSONAL)
    answered_by_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    note: Mapped[str] = mapped_column(String(500), default="", info=personal("why somebody may not go", "1 year"))

    signup: Mapped[SignUp] = relationship()


class QueueMove(Base):
    """One thing that happened in an event's queue: who, how many people, why. Only ever added to.

    `queue_number` is the party's at that moment: whoever waits behind it moved up by `people` when it was seated or
    left; whoever waits in front of it was passed over.
    """

    __tablename__ = "queue_moves"
    __table_args__ = (
        one_of("kind", *MOVES),
        Index("ix_queue_moves_event", "event_id", "number"),
        Index(
            "ix_queue_moves_passing",
            "event_id",
            "queue_number",
            sqlite_where=text("kind IN ('seated', 'offered')"),
            postgresql_where=text("kind IN ('seated', 'offered')"),
        ),
        CheckConstraint("people > 0", name="people_positive"),
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"))
    signup_id: Mapped[str] = mapped_column(ForeignKey("signups.id"), index=True)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(10), info=IMPERSONAL)
    queue_number: Mapped[int]
    people: Mapped[int]
    reason: Mapped[str] = mapped_column(String(40), default="", info=IMPERSONAL)


class QuestionAnswer(Base):
    """What a party, or one person of it, answered to a question of the event."""

    __tablename__ = "question_answers"
    __table_args__ = (
        Index(
            "uq_question_answers_party",
            "question_id",
            "signup_id",
            unique=True,
            sqlite_where=text("place_id IS NULL"),
            postgresql_where=text("place_id IS NULL"),
        ),
        Index("uq_question_answers_place", "question_id", "place_id", unique=True),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    question_id: Mapped[str] = mapped_column(ForeignKey("questions.id"))
    signup_id: Mapped[str] = mapped_column(ForeignKey("signups.id"), index=True)
    place_id: Mapped[str | None] = mapped_column(ForeignKey("places.id"), index=True)
    value: Mapped[str] = mapped_column(String(1000), info=personal("an answer", "as the place"))
    answered_at: Mapped[datetime]


class Invitation(Base):
    """An institution is asked to bring people to one event: so many seats are kept, names by `names_due_at`."""

    __tablename__ = "invitations"
    __table_args__ = (
        CheckConstraint("seats > 0", name="seats_positive"),
        Index(
            "uq_invitations_standing",
            "event_id",
            "institution_id",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"), index=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institutions.id"), index=True)
    seats: Mapped[int]
    names_due_at: Mapped[datetime]
    created_at: Mapped[datetime]
    created_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    revoked_at: Mapped[datetime | None]

    event: Mapped[Event] = relationship()
    institution: Mapped[Institution] = relationship()


class InvitationContact(Base):
    """Somebody at the institution who holds a link to its list; only the SHA-256 of the link's secret is kept."""

    __tablename__ = "invitation_contacts"
    __table_args__ = (
        one_of("language", "kk", "ru", "en"),
        Index(
            "uq_invitation_contacts_standing",
            "invitation_id",
            "email",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    invitation_id: Mapped[str] = mapped_column(ForeignKey("invitations.id"))
    name: Mapped[str] = mapped_column(String(200), info=personal("name", "1 year after the event"))
    email: Mapped[str] = mapped_column(String(254), info=personal("e-mail", "1 year after the event"))
    language: Mapped[str] = mapped_column(String(2), default="kk", info=IMPERSONAL)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True, info=IMPERSONAL)
    is_representative: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    invitation: Mapped[Invitation] = relationship()


class CalendarLink(Base):
    """The secret address of a person's own calendar; only the SHA-256 of its secret is kept. A new one ends the old."""

    __tablename__ = "calendar_links"
    __table_args__ = (
        Index(
            "uq_calendar_links_standing",
            "person_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True, info=IMPERSONAL)
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
