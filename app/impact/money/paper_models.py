"""What stands behind sums: the papers that prove them, and the files from which they were read."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import IMPERSONAL, Base, new_id, one_of

MEDIA_TYPES = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


class ExpenseDocument(Base):
    """An invoice, a receipt, an act: kept in the file store under `file_key`, taken off by `withdrawn_at`.

    The name under which somebody had it isn't kept; `digest` is SHA-256, so that the same paper isn't kept twice.
    """

    __tablename__ = "expense_documents"
    __table_args__ = (
        one_of("media_type", *MEDIA_TYPES),
        CheckConstraint("size_bytes > 0", name="size_positive"),
        Index("ix_expense_documents_expense_id", "expense_id"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    expense_id: Mapped[str] = mapped_column(ForeignKey("expenses.id"))
    file_key: Mapped[str] = mapped_column(String(60), info=IMPERSONAL)
    media_type: Mapped[str] = mapped_column(String(40), info=IMPERSONAL)
    size_bytes: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64), info=IMPERSONAL)
    kept_at: Mapped[datetime]
    kept_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    withdrawn_at: Mapped[datetime | None]

    @property
    def ending(self) -> str:
        """pdf, jpg or png."""
        return MEDIA_TYPES[self.media_type]


class ExpenseImport(Base):
    """A spreadsheet of sums: kept until its entries are made. `unit` is what its sums are in where no row says it.

    `digest` is SHA-256 of the file: one that was read can't be read again.
    """

    __tablename__ = "expense_imports"
    __table_args__ = (
        one_of("unit", "tenge", "thousand"),
        CheckConstraint("created >= 0", name="created_not_negative"),
        Index(
            "uq_expense_imports_digest",
            "digest",
            unique=True,
            sqlite_where=text("finished_at IS NOT NULL"),
            postgresql_where=text("finished_at IS NOT NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    file_name: Mapped[str] = mapped_column(String(200), info=IMPERSONAL)
    file_key: Mapped[str | None] = mapped_column(String(60), info=IMPERSONAL)
    digest: Mapped[str] = mapped_column(String(64), info=IMPERSONAL)
    unit: Mapped[str] = mapped_column(String(10), info=IMPERSONAL)
    created: Mapped[int] = mapped_column(default=0, server_default="0")
    total_tenge: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    started_at: Mapped[datetime]
    started_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    finished_at: Mapped[datetime | None]
