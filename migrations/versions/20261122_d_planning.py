"""Planning: series, checklists, files of a season.

Revision: 20261122d, after 20261122c.
"""

import sqlalchemy as sa
from alembic import op

import app.columns

revision = "20261122d"
down_revision = "20261122c"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the tables, and to events what ties them to a series and to a row of a file."""
    op.create_table(
        "event_series",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("created_at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.String(length=16), nullable=True),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_event_series_weekday_known")),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_event_series_days_in_order")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["accounts.id"], name=op.f("fk_event_series_created_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_series")),
    )
    op.create_table(
        "checklist_items",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("event_id", sa.String(length=16), nullable=False),
        sa.Column("text", app.columns.Json(), nullable=False),
        sa.Column("days_before", sa.Integer(), nullable=False),
        sa.Column("created_at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("done_at", app.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.String(length=16), nullable=True),
        sa.CheckConstraint("days_before BETWEEN 0 AND 365", name=op.f("ck_checklist_items_days_before_sane")),
        sa.CheckConstraint(
            "done_at IS NOT NULL OR done_by_id IS NULL", name=op.f("ck_checklist_items_done_by_needs_time")
        ),
        sa.ForeignKeyConstraint(["done_by_id"], ["accounts.id"], name=op.f("fk_checklist_items_done_by_id_accounts")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_checklist_items_event_id_events"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_items")),
    )
    with op.batch_alter_table("checklist_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_checklist_items_event_id"), ["event_id"], unique=False)
    op.create_table(
        "season_imports",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("file_key", sa.String(length=40), nullable=True),
        sa.Column("created", sa.Integer(), server_default="0", nullable=False),
        sa.Column("started_at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("started_by_id", sa.String(length=16), nullable=True),
        sa.Column("finished_at", app.columns.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["started_by_id"], ["accounts.id"], name=op.f("fk_season_imports_started_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_season_imports")),
    )
    with op.batch_alter_table("season_imports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_season_imports_started_by_id"), ["started_by_id"], unique=False)
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.add_column(sa.Column("series_id", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("import_key", sa.String(length=60), nullable=True))
        batch_op.create_index(batch_op.f("ix_events_series_id"), ["series_id"], unique=False)
        batch_op.create_index("uq_events_import_key", ["programme_id", "import_key"], unique=True)
        batch_op.create_foreign_key(
            batch_op.f("fk_events_series_id_event_series"), "event_series", ["series_id"], ["id"]
        )


def downgrade() -> None:
    """Takes it away."""
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_events_series_id_event_series"), type_="foreignkey")
        batch_op.drop_index("uq_events_import_key")
        batch_op.drop_index(batch_op.f("ix_events_series_id"))
        batch_op.drop_column("import_key")
        batch_op.drop_column("series_id")
    op.drop_table("season_imports")
    op.drop_table("checklist_items")
    op.drop_table("event_series")
