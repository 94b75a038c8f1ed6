"""What a letter is about, how soon it must go, what the server said.

Revision: 20261122n, after 20261122m.
"""

import sqlalchemy as sa
from alembic import op

import app.columns

revision = "20261122n"
down_revision = "20261122m"
branch_labels = None
depends_on = None

MOMENT = app.columns.UtcDateTime(timezone=True)
OPEN = sa.text("status IN ('queued', 'sending')")
ADDED = (
    "kind", "priority", "domain", "reader_zone", "again_of_id", "handed_at", "answer_code", "answer", "digest",
)  # fmt: skip


def upgrade() -> None:
    """Adds what is new; letters that wait already keep their order."""
    op.drop_index("ix_mails_due", "mails")
    with op.batch_alter_table("mails") as mails:
        mails.add_column(sa.Column("kind", sa.String(20), server_default="", nullable=False))
        mails.add_column(sa.Column("priority", sa.SmallInteger(), server_default="1", nullable=False))
        mails.add_column(sa.Column("domain", sa.String(255), server_default="", nullable=False))
        mails.add_column(sa.Column("reader_zone", sa.String(40), nullable=True))
        mails.add_column(sa.Column("again_of_id", sa.String(16), nullable=True))
        mails.add_column(sa.Column("handed_at", MOMENT, nullable=True))
        mails.add_column(sa.Column("answer_code", sa.SmallInteger(), nullable=True))
        mails.add_column(sa.Column("answer", sa.Text(), nullable=True))
        mails.add_column(sa.Column("digest", sa.String(64), nullable=True))
        mails.create_foreign_key(op.f("fk_mails_again_of_id_mails"), "mails", ["again_of_id"], ["id"])
        mails.create_check_constraint(op.f("ck_mails_priority_known"), "priority IN (0, 1, 2)")
    _index("priority", "due_at")


def downgrade() -> None:
    """Takes it away again."""
    op.drop_index("ix_mails_due", "mails")
    with op.batch_alter_table("mails") as mails:
        mails.drop_constraint(op.f("ck_mails_priority_known"), type_="check")
        mails.drop_constraint(op.f("fk_mails_again_of_id_mails"), type_="foreignkey")
        for name in ADDED:
            mails.drop_column(name)
    _index("due_at")


def _index(*columns: str) -> None:
    op.create_index("ix_mails_due", "mails", list(columns), sqlite_where=OPEN, postgresql_where=OPEN)
