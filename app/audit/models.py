"""Who did what, when: entries are only ever added. The values lie beside, in a row that erasure may delete."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import IMPERSONAL, Base, new_id, personal

# Acts that change what the public page shows: it asks for the newest of them and for their number. An index holds
# them alone, so that what hundreds write at once pays nothing for it.
SHOWN = (
    "object_type IN ('cities', 'events', 'expenses', 'outcomes', 'own_metrics', 'pictures', 'programmes', 'sites')"
    " OR verb = 'correct_hours'"
)


class AuditEntry(Base):
    """One act. `object_type` is a table's noun, `fields` the names of what changed, never their values.

    `event_id` and `person_id` say in whose history it stands, where the row itself knew; `for_account_id` names whose
    grant was lent to the one who acted.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (
        # Those with values beside them, which have a term. What hundreds write at once has none.
        Index(
            "ix_audit_entries_at",
            "at",
            sqlite_where=text("fields <> '[]'"),
            postgresql_where=text("fields <> '[]'"),
        ),
        Index(
            "ix_audit_entries_event",
            "event_id",
            "at",
            sqlite_where=text("event_id IS NOT NULL"),
            postgresql_where=text("event_id IS NOT NULL"),
        ),
        Index(
            "ix_audit_entries_person",
            "person_id",
            "at",
            sqlite_where=text("person_id IS NOT NULL"),
            postgresql_where=text("person_id IS NOT NULL"),
        ),
        Index("ix_audit_entries_shown", "at", sqlite_where=text(SHOWN), postgresql_where=text(SHOWN)),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    at: Mapped[datetime]
    actor_account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    verb: Mapped[str] = mapped_column(String(60), info=IMPERSONAL)
    object_type: Mapped[str] = mapped_column(String(40), info=IMPERSONAL)
    object_id: Mapped[str] = mapped_column(String(40), info=IMPERSONAL)
    event_id: Mapped[str | None] = mapped_column(String(16), info=IMPERSONAL)
    person_id: Mapped[str | None] = mapped_column(String(16), info=IMPERSONAL)
    for_account_id: Mapped[str | None] = mapped_column(String(16), info=IMPERSONAL)
    fields: Mapped[list[str]] = mapped_column(default=list, info=IMPERSONAL)
    seal: Mapped[str | None] = mapped_column(String(64), info=IMPERSONAL)


class AuditValues(Base):
    """What the fields of one entry were and became: {field: [before, after]}."""

    __tablename__ = "audit_values"

    entry_id: Mapped[str] = mapped_column(ForeignKey("audit_entries.id", ondelete="CASCADE"), primary_key=True)
    changes: Mapped[dict[str, Any]] = mapped_column(info=personal("what was changed about a person", "3 years"))
