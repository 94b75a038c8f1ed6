"""Reports: who came and hours given are counted from indexes alone, over ten years of events.

Two indexes get a column or two at their end; there are no more of them than before.

Events may be kept from the public, and the public page asks the log in an index of its own whether anything that it
shows was changed (room face).

Revision: 20261123h, after 20261123g.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261123h"
down_revision = "20261123g"
branch_labels = None
depends_on = None

SHOWN = sa.text(
    "object_type IN ('cities', 'events', 'expenses', 'outcomes', 'own_metrics', 'pictures', 'programmes', 'sites')"
    " OR verb = 'correct_hours'"
)


def upgrade() -> None:
    """Makes them wider."""
    with op.batch_alter_table("events") as events:
        events.add_column(sa.Column("is_hidden", sa.Boolean, server_default=sa.false(), nullable=False))
    op.create_index("ix_audit_entries_shown", "audit_entries", ["at"], sqlite_where=SHOWN, postgresql_where=SHOWN)
    op.drop_index("ix_attendance_entries_event", table_name="attendance_entries")
    op.create_index("ix_attendance_entries_event", "attendance_entries", ["event_id", "kind", "undone_by_id"])
    op.drop_index("ix_hours_entries_event_id", table_name="hours_entries")
    op.create_index("ix_hours_entries_event_id", "hours_entries", ["event_id", "replaced_by_id", "minutes"])


def downgrade() -> None:
    """Makes them narrow again."""
    op.drop_index("ix_audit_entries_shown", table_name="audit_entries")
    with op.batch_alter_table("events") as events:
        events.drop_column("is_hidden")
    op.drop_index("ix_hours_entries_event_id", table_name="hours_entries")
    op.create_index("ix_hours_entries_event_id", "hours_entries", ["event_id"])
    op.drop_index("ix_attendance_entries_event", table_name="attendance_entries")
    op.create_index("ix_attendance_entries_event", "attendance_entries", ["event_id", "kind"])
