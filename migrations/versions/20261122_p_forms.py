"""Forms of letters: what many share, kept so that each can be read again as it left.

Revision: 20261122p, after 20261122o.
"""

import sqlalchemy as sa
from alembic import op

import app.columns

revision = "20261122p"
down_revision = "20261122o"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds what is new."""
    op.create_table(
        "mail_forms",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("shape", sa.String(32), nullable=False),
        sa.Column("template", sa.String(80), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("parts", app.columns.Json(), nullable=False),
        sa.Column("created_at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_forms")),
    )
    op.create_index("ix_mail_forms_shape", "mail_forms", ["shape"])
    op.create_index("ix_mail_forms_seen_on", "mail_forms", ["seen_on"])


def downgrade() -> None:
    """Takes it away again."""
    op.drop_table("mail_forms")
