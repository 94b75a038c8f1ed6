"""HR's own columns: what a person said of them, and files that wait for that.

Revision: 20261122k, after 20261122j.
"""

import sqlalchemy as sa
from alembic import op

import app.columns

revision = "20261122k"
down_revision = "20261122j"
branch_labels = None
depends_on = None

FIELDS = (
    "personnel_number surname given_name patronymic department birth_date email phone language tshirt_size full_name "
    "ignore guardian_number school_class medical_note"
).split()


def upgrade() -> None:
    """Adds the table, and to runs what they read from which column and what they wait for."""
    listed = ", ".join(f"'{field}'" for field in FIELDS)
    op.create_table(
        "import_mappings",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("heading", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("field", sa.String(length=20), nullable=False),
        sa.Column("assigned_at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("assigned_by_id", sa.String(length=16), nullable=True),
        sa.CheckConstraint("kind IN ('employees', 'children')", name=op.f("ck_import_mappings_kind_known")),
        sa.CheckConstraint(f"field IN ({listed})", name=op.f("ck_import_mappings_field_known")),
        sa.ForeignKeyConstraint(
            ["assigned_by_id"], ["accounts.id"], name=op.f("fk_import_mappings_assigned_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_mappings")),
    )
    op.create_index(op.f("ix_import_mappings_assigned_by_id"), "import_mappings", ["assigned_by_id"], unique=False)
    op.create_index("uq_import_mappings_heading", "import_mappings", ["kind", "heading"], unique=True)
    with op.batch_alter_table("import_runs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("columns", app.columns.Json(), nullable=True))
        batch_op.add_column(sa.Column("unknown_columns", app.columns.Json(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("columns_asked_at", app.columns.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("columns_assigned_at", app.columns.UtcDateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Takes it away again; a file that waits is forgotten."""
    op.execute("DELETE FROM import_runs WHERE columns_asked_at IS NOT NULL AND finished_at IS NULL")
    with op.batch_alter_table("import_runs", schema=None) as batch_op:
        batch_op.drop_column("columns_assigned_at")
        batch_op.drop_column("columns_asked_at")
        batch_op.drop_column("unknown_columns")
        batch_op.drop_column("columns")
    op.drop_index("uq_import_mappings_heading", table_name="import_mappings")
    op.drop_index(op.f("ix_import_mappings_assigned_by_id"), table_name="import_mappings")
    op.drop_table("import_mappings")
