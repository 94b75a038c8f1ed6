"""What a file of people changes, or would: one row for each person whom it touches."""

from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import IMPERSONAL, Base, one_of, personal

VERBS = ("new", "changed", "moved", "left")


class ImportChange(Base):
    """One difference between a file and what is known; `changes` is {field: [before, after]}."""

    __tablename__ = "import_changes"
    __table_args__ = (one_of("verb", *VERBS),)

    run_id: Mapped[str] = mapped_column(ForeignKey("import_runs.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    verb: Mapped[str] = mapped_column(String(10), info=IMPERSONAL)
    row: Mapped[int | None]
    name: Mapped[str] = mapped_column(String(310), info=personal("name", "30 days"))
    personnel_number: Mapped[str | None] = mapped_column(String(40), info=personal("personnel number", "30 days"))
    changes: Mapped[dict[str, Any]] = mapped_column(default=dict, info=personal("values of a person", "30 days"))
