"""Outcomes (what was reported, with its ground) and expenses in whole tenge."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.columns import Thousandths
from app.db import IMPERSONAL, Base, new_id, one_of, personal

METHODS = ("measured", "weighed", "counted", "estimated", "reported")
METRICS = {
    "waste_removed": "t",
    "coast_cleaned": "km",
    "trees_planted": "plants",
    "fish_released": "fish",
    "participants": "people",
    "children": "people",
}
STAGES = ("planned", "committed", "actual")


class Outcome(Base):
    """A figure reported for an event: quantity, unit, how it was found and who said so. A correction is a new row."""

    __tablename__ = "outcomes"
    __table_args__ = (
        one_of("metric", *METRICS),
        one_of("method", *METHODS),
        CheckConstraint("quantity >= 0", name="quantity_not_negative"),
        Index("ix_outcomes_event_metric", "event_id", "metric"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"))
    metric: Mapped[str] = mapped_column(String(40), info=IMPERSONAL)
    quantity: Mapped[Decimal] = mapped_column(Thousandths)
    unit: Mapped[str] = mapped_column(String(20), info=IMPERSONAL)
    method: Mapped[str] = mapped_column(String(20), info=IMPERSONAL)
    detail: Mapped[str] = mapped_column(String(200), default="", info=IMPERSONAL)
    evidence: Mapped[str] = mapped_column(String(300), default="", info=IMPERSONAL)
    said_by: Mapped[str] = mapped_column(String(200), default="", info=personal("name", "10 years"))
    by_contractor: Mapped[bool] = mapped_column(default=False)
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    corrects_id: Mapped[str | None] = mapped_column(ForeignKey("outcomes.id"), unique=True)
    withdrawn_at: Mapped[datetime | None]


class Expense(Base):
    """Money of a programme, perhaps for one event: planned, committed or spent. Whole tenge."""

    __tablename__ = "expenses"
    __table_args__ = (
        one_of("stage", *STAGES),
        CheckConstraint("amount_tenge > 0", name="amount_positive"),
        Index("ix_expenses_programme", "programme_id", "stage"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    programme_id: Mapped[str] = mapped_column(ForeignKey("programmes.id"))
    event_id: Mapped[str | None] = mapped_column(ForeignKey("events.id"), index=True)
    stage: Mapped[str] = mapped_column(String(12), default="actual", info=IMPERSONAL)
    amount_tenge: Mapped[int] = mapped_column(BigInteger)
    category: Mapped[str] = mapped_column(String(40), info=IMPERSONAL)
    supplier: Mapped[str] = mapped_column(String(200), default="", info=IMPERSONAL)
    note: Mapped[str] = mapped_column(String(300), default="", info=IMPERSONAL)
    spent_on: Mapped[date | None] = mapped_column(info=IMPERSONAL)
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    withdrawn_at: Mapped[datetime | None]
