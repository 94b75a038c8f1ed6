"""Tries of letters, destinations that wait, processes that send.

Revision: 20261122o, after 20261122n.
"""

import sqlalchemy as sa
from alembic import op

import app.columns

revision = "20261122o"
down_revision = "20261122n"
branch_labels = None
depends_on = None

MOMENT = app.columns.UtcDateTime(timezone=True)


def upgrade() -> None:
    """Adds what is new."""
    op.create_table(
        "mail_attempts",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("mail_id", sa.String(16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=False),
        sa.Column("worker", sa.String(16), nullable=False),
        sa.Column("what", sa.String(10), nullable=False),
        sa.Column("code", sa.SmallInteger(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "what IN ('refused', 'dropped', 'unsure', 'unwritable', 'died')", name=op.f("ck_mail_attempts_what_known")
        ),
        sa.ForeignKeyConstraint(
            ["mail_id"], ["mails.id"], name=op.f("fk_mail_attempts_mail_id_mails"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_attempts")),
    )
    op.create_index("ix_mail_attempts_mail_id_at", "mail_attempts", ["mail_id", "at"])
    op.create_table(
        "mail_destinations",
        sa.Column("domain", sa.String(255), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("paused_until", MOMENT, nullable=False),
        sa.Column("probe", sa.String(32), nullable=True),
        sa.Column("code", sa.SmallInteger(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.CheckConstraint("failures > 0", name=op.f("ck_mail_destinations_failures_counted")),
        sa.PrimaryKeyConstraint("domain", name=op.f("pk_mail_destinations")),
    )
    op.create_table(
        "worker_beats",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("host", sa.String(120), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('idle', 'sending', 'paused', 'ended')", name=op.f("ck_worker_beats_state_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worker_beats")),
    )


def downgrade() -> None:
    """Takes it away again."""
    for name in ("worker_beats", "mail_destinations", "mail_attempts"):
        op.drop_table(name)
