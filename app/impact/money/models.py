"""Expenses in whole tenge."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import IMPERSONAL, Base, new_id, one_of

STAGES = ("planned", "committed", "actual")


class Expense(Base):
    """Money of a programme, perhaps for one event: planned, committed or spent. Whole tenge.

    A row counts while `withdrawn_at` is empty, so every total is a sum of rows. A correction is a new row that names
    the one it `corrects`; a payment names the order that it `settles`. Both take the old row out; what was ordered
    and not paid yet comes back as a row that corrects the order. `import_key` is what a line of a file is known by.
    """

    __tablename__ = "expenses"
    __table_args__ = (
        one_of("stage", *STAGES),
        CheckConstraint("amount_tenge > 0", name="amount_positive"),
        CheckConstraint("corrects_id <> id", name="corrects_another"),
        CheckConstraint("settles_id IS NULL OR stage = 'actual'", name="settled_by_payment"),
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
    document_no: Mapped[str] = mapped_column(String(60), default="", server_default="", info=IMPERSONAL)
    spent_on: Mapped[date | None] = mapped_column(info=IMPERSONAL)
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    withdrawn_at: Mapped[datetime | None]
    corrects_id: Mapped[str | None] = mapped_column(ForeignKey("expenses.id"), unique=True)
    settles_id: Mapped[str | None] = mapped_column(ForeignKey("expenses.id"), index=True)
    import_id: Mapped[str | None] = mapped_column(ForeignKey("expense_imports.id"))
    import_key: Mapped[str | None] = mapped_column(String(70), unique=True, info=IMPERSONAL)
