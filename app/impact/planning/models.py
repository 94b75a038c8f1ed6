"""Plans of half-years as they were agreed, and why something of them slipped or was dropped. Entries are only added."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import IMPERSONAL, Base, new_id, one_of
from app.events.models import PRECISIONS

REASONED = ("slipped", "dropped")


class AgreedPlan(Base):
    """One programme's plan of one half-year (`half` is 2031-1 or 2031-2). Agreeing anew adds a row; the last counts."""

    __tablename__ = "agreed_plans"
    __table_args__ = (
        CheckConstraint("budget_tenge >= 0", name="budget_not_negative"),
        Index("ix_agreed_plans_half", "half", "programme_id", "agreed_at"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    programme_id: Mapped[str] = mapped_column(ForeignKey("programmes.id"))
    half: Mapped[str] = mapped_column(String(6), info=IMPERSONAL)
    budget_tenge: Mapped[int] = mapped_column(BigInteger)
    agreed_at: Mapped[datetime]
    agreed_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))


class AgreedEvent(Base):
    """An event as it stood when the plan was agreed: its first day, how exactly that was known, its budget."""

    __tablename__ = "agreed_events"
    __table_args__ = (
        one_of("date_precision", *PRECISIONS),
        CheckConstraint("planned_tenge >= 0", name="budget_not_negative"),
        Index("ix_agreed_events_event_id", "event_id"),
    )

    plan_id: Mapped[str] = mapped_column(ForeignKey("agreed_plans.id", ondelete="CASCADE"), primary_key=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"), primary_key=True)
    starts_on: Mapped[date] = mapped_column(info=IMPERSONAL)
    date_precision: Mapped[str] = mapped_column(String(10), info=IMPERSONAL)
    planned_tenge: Mapped[int] = mapped_column(BigInteger)


class PlanReason(Base):
    """Why an event slipped or was dropped; the last one said counts."""

    __tablename__ = "plan_reasons"
    __table_args__ = (
        one_of("kind", *REASONED),
        CheckConstraint("text <> ''", name="text_said"),
        Index("ix_plan_reasons_event_id", "event_id", "said_at"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"))
    kind: Mapped[str] = mapped_column(String(10), info=IMPERSONAL)
    text: Mapped[str] = mapped_column(String(300), info=IMPERSONAL)
    said_at: Mapped[datetime]
    said_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
