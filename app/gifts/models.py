"""Gift items, the stock ledger (on hand is a sum), what an event gives, and hand-outs."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import IMPERSONAL, Base, Texts, filled_index, new_id, one_of, personal
from app.gifts.entitlement import ALL, FOR_WHOM

ENTRY_KINDS = (
    "receipt", "transfer", "reservation", "hand_out", "exchange", "return", "loss", "correction", "kit_out", "kit_back",
)  # fmt: skip


class GiftItem(Base):
    """A thing that is given, with the sizes it comes in (one empty size where there are none)."""

    __tablename__ = "gift_items"

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    slug: Mapped[str] = mapped_column(String(60), unique=True, info=IMPERSONAL)
    name: Mapped[Texts] = mapped_column(info=IMPERSONAL)
    sizes: Mapped[list[str]] = mapped_column(default=list, info=IMPERSONAL)
    created_at: Mapped[datetime]
    deactivated_at: Mapped[datetime | None]


class EventGift(Base):
    """An event gives this item, one to each person present: to all, to children or to adults, of these ages."""

    __tablename__ = "event_gifts"
    __table_args__ = (
        one_of("for_whom", *FOR_WHOM),
        CheckConstraint("min_age IS NULL OR max_age IS NULL OR min_age <= max_age", name="ages_in_order"),
    )

    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"), primary_key=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("gift_items.id"), primary_key=True)
    for_whom: Mapped[str] = mapped_column(String(8), default=ALL, server_default=ALL, info=IMPERSONAL)
    min_age: Mapped[int | None]
    max_age: Mapped[int | None]

    item: Mapped[GiftItem] = relationship()


class EventKit(Base):
    """An event lends this item: it goes out and must come back."""

    __tablename__ = "event_kit"

    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"), primary_key=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("gift_items.id"), primary_key=True)


class StockEntry(Base):
    """So many came or went: a signed quantity of one item and size at one store.

    `operation_id` is what was said on the day that moved it, `desk_table` the table where.
    """

    __tablename__ = "stock_entries"
    __table_args__ = (
        one_of("kind", *ENTRY_KINDS),
        CheckConstraint("quantity <> 0", name="quantity_not_zero"),
        Index("ix_stock_entries_item", "item_id", "size", "store"),
        filled_index("ix_stock_entries_operation_id", "operation_id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("gift_items.id"))
    size: Mapped[str] = mapped_column(String(10), default="", info=IMPERSONAL)
    store: Mapped[str] = mapped_column(ForeignKey("cities.slug"))
    kind: Mapped[str] = mapped_column(String(12), info=IMPERSONAL)
    quantity: Mapped[int]
    event_id: Mapped[str | None] = mapped_column(ForeignKey("events.id"), index=True)
    person_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    operation_id: Mapped[str | None] = mapped_column(String(36), info=IMPERSONAL)
    desk_table: Mapped[str | None] = mapped_column(String(40), info=IMPERSONAL)
    note: Mapped[str] = mapped_column(String(200), default="", info=IMPERSONAL)
    at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))


class HandOut(Base):
    """A person got an item, once per event. `id` is made by the phone; taking it back marks the row, and it stays."""

    __tablename__ = "hand_outs"
    __table_args__ = (
        Index(
            "uq_hand_outs_standing",
            "event_id",
            "person_id",
            "item_id",
            unique=True,
            sqlite_where=text("undone_at IS NULL"),
            postgresql_where=text("undone_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("gift_items.id"))
    size: Mapped[str] = mapped_column(String(10), default="", info=personal("clothing size", "1 year after the event"))
    collected_by: Mapped[str] = mapped_column(String(200), default="", info=personal("name", "1 year after the event"))
    at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
