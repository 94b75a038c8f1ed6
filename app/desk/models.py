"""What coordinators keep beside a roster: views of it that they named, labels and notes on places."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import IMPERSONAL, Base, filled_index, new_id, personal

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
