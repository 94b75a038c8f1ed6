"""Lean indexes: of columns that are mostly empty only what is filled; every sign-up writes into all the others.

Revision: 20261122c, after 20261122b.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122c"
down_revision = "20261122b"
branch_labels = None
depends_on = None

MOSTLY_EMPTY = (("places", "group_id"), ("places", "bus_id"), ("signups", "invitation_id"))


def upgrade() -> None:
    """Leaves the empty ones out."""
    for table, column in MOSTLY_EMPTY:
        filled = sa.text(f"{column} IS NOT NULL")
        op.drop_index(f"ix_{table}_{column}", table_name=table)
        op.create_index(f"ix_{table}_{column}", table, [column], sqlite_where=filled, postgresql_where=filled)


def downgrade() -> None:
    """Takes them in again."""
    for table, column in MOSTLY_EMPTY:
        op.drop_index(f"ix_{table}_{column}", table_name=table)
        op.create_index(f"ix_{table}_{column}", table, [column])
