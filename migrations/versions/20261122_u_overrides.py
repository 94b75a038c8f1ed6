"""Coordinators' own words in the letters about an event.

Revision: 20261122u, after 20261122t.
"""

import sqlalchemy as sa
from alembic import op

import app.columns

revision = "20261122u"
down_revision = "20261122t"
branch_labels = None
depends_on = None

MOMENT = app.columns.UtcDateTime(timezone=True)
STANDING = sa.text("ended_at IS NULL")


def upgrade() -> None:
    """Adds what is new."""
    op.create_table(
        "letter_overrides",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("event_id", sa.String(16), nullable=False),
        sa.Column("template", sa.String(80), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("subject", sa.String(150), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by_id", sa.String(16), nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.CheckConstraint("language IN ('kk', 'ru', 'en')", name=op.f("ck_letter_overrides_language_known")),
        sa.CheckConstraint(
            "length(subject) > 0 AND length(words) > 0", name=op.f("ck_letter_overrides_said_something")
        ),
        sa.CheckConstraint("length(words) <= 2000", name=op.f("ck_letter_overrides_words_not_too_long")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_letter_overrides_event_id_events")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["accounts.id"], name=op.f("fk_letter_overrides_created_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_overrides")),
    )
    op.create_index(
        "uq_letter_overrides_standing", "letter_overrides", ["event_id", "template", "language"], unique=True,
        sqlite_where=STANDING, postgresql_where=STANDING,
    )  # fmt: skip


def downgrade() -> None:
    """Takes it away again."""
    op.drop_table("letter_overrides")
