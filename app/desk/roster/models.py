"""What coordinators keep beside a roster: views of it that they named, labels and notes on places, messages."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import IMPERSONAL, Base, Texts, filled_index, new_id, personal
from app.events.models import Event

LONGEST_NAME, LONGEST_LABEL, LONGEST_NOTE = 60, 40, 500


class RosterView(Base):
    """Filters, order and columns of a roster under a name; for one event or, without one, for all.

    Private, or shared with whoever coordinates `city`. Saving under the same name replaces it.
    """

    __tablename__ = "roster_views"
    __table_args__ = (
        CheckConstraint("name <> ''", name="has_a_name"),
        Index("uq_roster_views_name", "account_id", "name", unique=True),
        filled_index("ix_roster_views_city", "city"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    event_id: Mapped[str | None] = mapped_column(ForeignKey("events.id"))
    city: Mapped[str | None] = mapped_column(ForeignKey("cities.slug"))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME), info=IMPERSONAL)
    query: Mapped[dict[str, str]] = mapped_column(info=personal("what was searched for", "until removed"))
    created_at: Mapped[datetime]


class PlaceLabel(Base):
    """A word by which a coordinator marks people of an event: speaks at the opening, brings a tent."""

    __tablename__ = "place_labels"
    __table_args__ = (
        CheckConstraint("label <> ''", name="not_empty"),
        Index("uq_place_labels_label", "place_id", "label", unique=True),
        Index("ix_place_labels_event", "event_id", "label"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    place_id: Mapped[str] = mapped_column(ForeignKey("places.id"))
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"))
    label: Mapped[str] = mapped_column(String(LONGEST_LABEL), info=personal("label", "as the place"))
    created_at: Mapped[datetime]
    created_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))


class PlaceNote(Base):
    """What a coordinator wrote down about somebody at one event; other coordinators of the event read it."""

    __tablename__ = "place_notes"
    __table_args__ = (CheckConstraint("text <> ''", name="not_empty"), Index("ix_place_notes_place_id", "place_id"))

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    place_id: Mapped[str] = mapped_column(ForeignKey("places.id"))
    text: Mapped[str] = mapped_column(String(LONGEST_NOTE), info=personal("note", "as the place"))
    at: Mapped[datetime]
    by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))


class Message(Base):
    """What a coordinator writes to a part of a roster, at once or at `send_at`.

    The part is asked for anew when it leaves: `people_then` and `letters_then` are what was counted when it was
    written, `people` and `letters` what became of it. `cursor` is the last place of whom the letter was written.
    """

    __tablename__ = "messages"
    __table_args__ = (
        CheckConstraint("finished_at IS NULL OR cancelled_at IS NULL", name="sent_or_cancelled"),
        CheckConstraint("cancelled_at IS NULL OR started_at IS NULL", name="cancelled_before_it_left"),
        CheckConstraint("people >= 0 AND letters >= 0", name="counted"),
        Index(
            "ix_messages_due",
            "send_at",
            sqlite_where=text("finished_at IS NULL AND cancelled_at IS NULL"),
            postgresql_where=text("finished_at IS NULL AND cancelled_at IS NULL"),
        ),
        Index("ix_messages_event", "event_id", "send_at"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    batch: Mapped[str] = mapped_column(String(36), unique=True, info=IMPERSONAL)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"))
    query: Mapped[dict[str, str]] = mapped_column(info=personal("what was searched for", "1 year after the event"))
    subject: Mapped[Texts] = mapped_column(info=personal("what a coordinator wrote", "1 year after the event"))
    text: Mapped[Texts] = mapped_column(info=personal("what a coordinator wrote", "1 year after the event"))
    footer: Mapped[Texts] = mapped_column(
        default=dict, info=personal("what a coordinator wrote", "1 year after the event")
    )
    send_at: Mapped[datetime]
    people_then: Mapped[int]
    letters_then: Mapped[int]
    people: Mapped[int] = mapped_column(default=0)
    letters: Mapped[int] = mapped_column(default=0)
    cursor: Mapped[str] = mapped_column(String(16), default="", info=IMPERSONAL)
    created_at: Mapped[datetime]
    created_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancelled_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))

    event: Mapped[Event] = relationship()

    @property
    def state(self) -> str:
        """planned, leaving, sent or cancelled."""
        if self.cancelled_at:
            return "cancelled"
        return "sent" if self.finished_at else "leaving" if self.started_at else "planned"
