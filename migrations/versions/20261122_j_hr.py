"""What each file of people would change, its columns as a person assigned them, and the nightly folder.

Revision: 20261122j, after 20261122i.
"""

import sqlalchemy as sa
from alembic import op

import app.columns

revision = "20261122j"
down_revision = "20261122i"
branch_labels = None
depends_on = None

MOMENT = app.columns.UtcDateTime(timezone=True)


def upgrade() -> None:
    """Adds what is new."""
    with op.batch_alter_table("import_runs") as runs:
        runs.add_column(sa.Column("moves", sa.Integer(), server_default="0", nullable=False))
        runs.add_column(sa.Column("held_at", MOMENT, nullable=True))
        runs.add_column(sa.Column("confirmed_at", MOMENT, nullable=True))
        runs.add_column(sa.Column("applied_as_id", sa.String(16), nullable=True))
        runs.add_column(sa.Column("checksum", sa.String(64), nullable=True))
        runs.add_column(sa.Column("reported_at", MOMENT, nullable=True))
        runs.create_foreign_key(
            op.f("fk_import_runs_applied_as_id_import_runs"),
            "import_runs",
            ["applied_as_id"],
            ["id"],
            ondelete="SET NULL",
        )
        runs.create_unique_constraint(op.f("uq_import_runs_checksum"), ["checksum"])
    op.create_table(
        "import_changes",
        sa.Column("run_id", sa.String(16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("verb", sa.String(10), nullable=False),
        sa.Column("row", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(310), nullable=False),
        sa.Column("personnel_number", sa.String(40), nullable=True),
        sa.Column("changes", app.columns.Json(), nullable=False),
        sa.CheckConstraint("verb IN ('new', 'changed', 'moved', 'left')", name=op.f("ck_import_changes_verb_known")),
        sa.ForeignKeyConstraint(
            ["run_id"], ["import_runs.id"], name=op.f("fk_import_changes_run_id_import_runs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "number", name=op.f("pk_import_changes")),
    )


def downgrade() -> None:
    """Takes it away again."""
    op.drop_table("import_changes")
    with op.batch_alter_table("import_runs") as runs:
        runs.drop_constraint(op.f("uq_import_runs_checksum"), type_="unique")
        runs.drop_constraint(op.f("fk_import_runs_applied_as_id_import_runs"), type_="foreignkey")
        for name in ("reported_at", "checksum", "applied_as_id", "confirmed_at", "held_at", "moves"):
            runs.drop_column(name)
