"""What a file of people changes, or would: one row for each person whom it touches; and what its columns mean."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import IMPERSONAL, Base, new_id, one_of, personal
from app.people.headings import COLUMNS, assignable

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


class ImportMapping(Base):
    """What a person said once of a column that our headings don't know: the next file with it isn't asked about.

    `heading` is folded, `title` as the file writes it.
    """

    __tablename__ = "import_mappings"
    __table_args__ = (
        one_of("kind", *COLUMNS),
        one_of("field", *dict.fromkeys(field for kind in COLUMNS for field in assignable(kind))),
        Index("uq_import_mappings_heading", "kind", "heading", unique=True),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(20), info=IMPERSONAL)
    heading: Mapped[str] = mapped_column(String(200), info=IMPERSONAL)
    title: Mapped[str] = mapped_column(String(200), info=IMPERSONAL)
    field: Mapped[str] = mapped_column(String(20), info=IMPERSONAL)
    assigned_at: Mapped[datetime]
    assigned_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"), index=True)
