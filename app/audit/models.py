"""Who did what, when: entries are only ever added. The values lie beside, in a row that erasure may delete."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import IMPERSONAL, Base, new_id, personal


class AuditEntry(Base):
    """One act. `object_type` is a table's noun, `fields` the names of what changed, never their values."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index("ix_audit_entries_object", "object_type", "object_id", "at"),)

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    at: Mapped[datetime] = mapped_column(index=True)
    actor_account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    verb: Mapped[str] = mapped_column(String(60), info=IMPERSONAL)
    object_type: Mapped[str] = mapped_column(String(40), info=IMPERSONAL)
    object_id: Mapped[str] = mapped_column(String(40), info=IMPERSONAL)
    fields: Mapped[list[str]] = mapped_column(default=list, info=IMPERSONAL)
    seal: Mapped[str | None] = mapped_column(String(64), info=IMPERSONAL)


class AuditValues(Base):
    """What the fields of one entry were and became: {field: [before, after]}."""

    __tablename__ = "audit_values"

    entry_id: Mapped[str] = mapped_column(ForeignKey("audit_entries.id", ondelete="CASCADE"), primary_key=True)
    changes: Mapped[dict[str, Any]] = mapped_column(info=personal("what was changed about a person", "3 years"))
