"""Reminders as plans of an event, their due times as rows; the days of the digests.

Revision: 20261122q, after 20261122p.
"""

import sqlalchemy as sa
from alembic import op

import app.columns

revision = "20261122q"
down_revision = "20261122p"
branch_labels = None
depends_on = None

MOMENT = app.columns.UtcDateTime(timezone=True)
STANDS = sa.text("dropped_at IS NULL")
DUE = sa.text("finished_at IS NULL AND dropped_at IS NULL")
OF_ANOTHER_START = "occurrence <> (SELECT starts_at FROM events WHERE events.id = reminder_runs.event_id)"


def upgrade() -> None:
    """Adds what is new. What was done for a start that is no longer the event's is dropped."""
    op.add_column("events", sa.Column("reminder_plan", app.columns.Json(none_as_null=True), nullable=True))
    op.add_column("events", sa.Column("reminder_occasion", sa.Integer(), server_default="0", nullable=False))
    op.drop_index("uq_reminder_runs_once", "reminder_runs")
    with op.batch_alter_table("reminder_runs") as runs:
        runs.add_column(sa.Column("occasion", sa.Integer(), server_default="0", nullable=False))
        runs.add_column(sa.Column("planned_at", MOMENT, nullable=True))
        runs.add_column(sa.Column("cursor", sa.String(40), nullable=True))
        runs.add_column(sa.Column("skipped", sa.Integer(), server_default="0", nullable=False))
        runs.add_column(sa.Column("dropped_at", MOMENT, nullable=True))
        runs.create_check_constraint(op.f("ck_reminder_runs_counted"), "queued >= 0 AND skipped >= 0")
        runs.create_check_constraint(
            op.f("ck_reminder_runs_missed_is_finished"), "missed_reason IS NULL OR finished_at IS NOT NULL"
        )
    op.execute(f"UPDATE reminder_runs SET dropped_at = due_at WHERE {OF_ANOTHER_START}")
    op.create_index(
        "uq_reminder_runs_once", "reminder_runs", ["event_id", "kind", "occasion"], unique=True,
        sqlite_where=STANDS, postgresql_where=STANDS,
    )  # fmt: skip
    op.create_index("ix_reminder_runs_due", "reminder_runs", ["due_at"], sqlite_where=DUE, postgresql_where=DUE)
    _create_digest_days()


def downgrade() -> None:
    """Takes it away again: of what was done for one start twice only the last is kept."""
    op.drop_index("uq_digest_days_once", "digest_days")
    op.drop_table("digest_days")
    op.drop_index("ix_reminder_runs_due", "reminder_runs")
    op.drop_index("uq_reminder_runs_once", "reminder_runs")
    later = "SELECT MAX(other.id) FROM reminder_runs AS other GROUP BY other.event_id, other.kind, other.occurrence"
    op.execute(f"DELETE FROM reminder_runs WHERE dropped_at IS NOT NULL OR id NOT IN ({later})")
    with op.batch_alter_table("reminder_runs") as runs:
        runs.drop_constraint(op.f("ck_reminder_runs_missed_is_finished"), type_="check")
        runs.drop_constraint(op.f("ck_reminder_runs_counted"), type_="check")
        for name in ("dropped_at", "skipped", "cursor", "planned_at", "occasion"):
            runs.drop_column(name)
    op.create_index("uq_reminder_runs_once", "reminder_runs", ["event_id", "kind", "occurrence"], unique=True)
    op.drop_column("events", "reminder_occasion")
    op.drop_column("events", "reminder_plan")


def _create_digest_days() -> None:
    op.create_table(
        "digest_days",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("account_id", sa.String(16), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.CheckConstraint("lines >= 0", name=op.f("ck_digest_days_lines_counted")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_digest_days_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest_days")),
    )
    op.create_index("uq_digest_days_once", "digest_days", ["account_id", "day"], unique=True)
