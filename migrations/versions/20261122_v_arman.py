"""What an import doubts; letters to hosts and institutions are a kind of their own.

Revision: 20261122v, after 20261122u.
"""

import sqlalchemy as sa
from alembic import op

import app.columns

revision = "20261122v"
down_revision = "20261122u"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds what is new; letters to hosts and institutions were counted among the reminders."""
    with op.batch_alter_table("import_runs") as batch_op:
        batch_op.add_column(sa.Column("warnings", app.columns.Json(), server_default="[]", nullable=False))
    op.execute("UPDATE mails SET kind = 'visit' WHERE template = 'reminders/visit'")


def downgrade() -> None:
    """Takes it away again."""
    op.execute("UPDATE mails SET kind = 'reminder' WHERE template = 'reminders/visit'")
    with op.batch_alter_table("import_runs") as batch_op:
        batch_op.drop_column("warnings")
