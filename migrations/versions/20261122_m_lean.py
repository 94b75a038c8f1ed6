"""Fewer indexes of the two tables that grow with every sign-up: each one is pages to read and write under the lock.

Nobody asks for acts by who did them alone, or by their object: history asks by event and by person. The index by time
serves what ends after a term, and only entries with values have one. Answers about consents are always asked for by
event, with or without the child.

Revision: 20261122m, after 20261122l.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122m"
down_revision = "20261122l"
branch_labels = None
depends_on = None

# What each index was made of.
GONE = {
    "ix_audit_entries_at": ("audit_entries", ["at"]),
    "ix_audit_entries_actor_account_id": ("audit_entries", ["actor_account_id"]),
    "ix_audit_entries_object": ("audit_entries", ["object_type", "object_id", "at"]),
    "ix_consents_event_id": ("consents", ["event_id"]),
    "ix_consents_child_id": ("consents", ["child_id"]),
    "ix_consents_guardian_id": ("consents", ["guardian_id"]),
}


def upgrade() -> None:
    """Drops what no question needs; two others do the work of three."""
    for name, (table, _) in GONE.items():
        op.drop_index(name, table)
    filled = sa.text("fields <> '[]'")
    op.create_index("ix_audit_entries_at", "audit_entries", ["at"], sqlite_where=filled, postgresql_where=filled)
    op.create_index("ix_consents_event_child", "consents", ["event_id", "child_id"])


def downgrade() -> None:
    """As it was."""
    op.drop_index("ix_consents_event_child", "consents")
    op.drop_index("ix_audit_entries_at", "audit_entries")
    for name, (table, columns) in GONE.items():
        op.create_index(name, table, columns)
