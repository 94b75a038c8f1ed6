"""The firm that a bus comes from, and where it reads of a change.

Revision: 20261122x, after 20261122v.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122x"
down_revision = "20261122v"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds what is new."""
    with op.batch_alter_table("buses") as buses:
        buses.add_column(sa.Column("firm", sa.String(200), server_default="", nullable=False))
        buses.add_column(sa.Column("firm_email", sa.String(254), server_default="", nullable=False))
        buses.add_column(sa.Column("firm_language", sa.String(2), server_default="kk", nullable=False))
        buses.create_check_constraint(op.f("ck_buses_firm_language_known"), "firm_language IN ('kk', 'ru', 'en')")


def downgrade() -> None:
    """Takes it away again."""
    with op.batch_alter_table("buses") as buses:
        buses.drop_constraint(op.f("ck_buses_firm_language_known"), type_="check")
        for name in ("firm_language", "firm_email", "firm"):
            buses.drop_column(name)
