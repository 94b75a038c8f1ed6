"""Follow-ups: who is to do it, how it stands, its history with what proves it; badges of a programme.

Revision: 20261123k, after 20261123i.
"""

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

import app.columns

revision = "20261123k"
down_revision = "20261123i"
branch_labels = None
depends_on = None

MOMENT = app.columns.UtcDateTime()
NEW_OF_TASKS = (
    "dropped_reason", "dropped_at", "started_at", "created_by_id", "version", "unreached_at", "next_step_on",
    "link_number", "owner_language", "owner_email", "owner_id",
)  # fmt: skip


def upgrade() -> None:
    """Adds what is new; what is open stays open, and nobody is reminded of what was written down before."""
    with op.batch_alter_table("tasks") as tasks:
        _columns(tasks)
        tasks.create_foreign_key(op.f("fk_tasks_owner_id_people"), "people", ["owner_id"], ["id"])
        tasks.create_foreign_key(op.f("fk_tasks_created_by_id_accounts"), "accounts", ["created_by_id"], ["id"])
        tasks.create_check_constraint(op.f("ck_tasks_owner_language_known"), "owner_language IN ('kk', 'ru', 'en')")
        one_owner = "owner_id IS NULL OR (owner = '' AND owner_email = '')"
        tasks.create_check_constraint(op.f("ck_tasks_one_owner"), one_owner)
        tasks.create_check_constraint(op.f("ck_tasks_dropped_is_over"), "dropped_at IS NULL OR done_at IS NOT NULL")
        with_reason = "(dropped_at IS NULL) = (dropped_reason = '')"
        tasks.create_check_constraint(op.f("ck_tasks_dropped_with_reason"), with_reason)
    op.create_index("ix_tasks_owner_id", "tasks", ["owner_id"])
    op.create_index("ix_tasks_kind_done", "tasks", ["kind", "done_at"])
    _filled_index("ix_tasks_next_step", "tasks", "next_step_on")
    _entries()
    with op.batch_alter_table("programmes") as programmes:
        programmes.add_column(sa.Column("badges", app.columns.Json(), server_default="[]", nullable=False))


def downgrade() -> None:
    """Takes it away again."""
    with op.batch_alter_table("programmes") as programmes:
        programmes.drop_column("badges")
    op.drop_table("task_entries")
    for name in ("ix_tasks_next_step", "ix_tasks_kind_done", "ix_tasks_owner_id"):
        op.drop_index(name, "tasks")
    with op.batch_alter_table("tasks") as tasks:
        for name in ("owner_language_known", "one_owner", "dropped_is_over", "dropped_with_reason"):
            tasks.drop_constraint(op.f(f"ck_tasks_{name}"), type_="check")
        tasks.drop_constraint(op.f("fk_tasks_created_by_id_accounts"), type_="foreignkey")
        tasks.drop_constraint(op.f("fk_tasks_owner_id_people"), type_="foreignkey")
        for name in NEW_OF_TASKS:
            tasks.drop_column(name)


def _columns(tasks: BatchOperations) -> None:
    for name, length, default in (
        ("owner_email", 254, ""),
        ("owner_language", 2, "kk"),
        ("dropped_reason", 500, ""),
    ):
        tasks.add_column(sa.Column(name, sa.String(length), server_default=default, nullable=False))
    for name in ("link_number", "version"):
        tasks.add_column(sa.Column(name, sa.Integer(), server_default="0", nullable=False))
    for name in ("owner_id", "created_by_id"):
        tasks.add_column(sa.Column(name, sa.String(16), nullable=True))
    tasks.add_column(sa.Column("next_step_on", sa.Date(), nullable=True))
    for name in ("unreached_at", "started_at", "dropped_at"):
        tasks.add_column(sa.Column(name, MOMENT, nullable=True))


def _entries() -> None:
    kinds = "'made', 'changed', 'moved', 'noted', 'answered', 'asked', 'told', 'reminded', 'unreached', 'escalated'"
    op.create_table(
        "task_entries",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("task_id", sa.String(16), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("account_id", sa.String(16), nullable=True),
        sa.Column("by_owner", sa.Boolean(), nullable=False),
        sa.Column("occasion", sa.String(40), nullable=True),
        sa.Column("note", sa.String(2000), nullable=False),
        sa.Column("changes", app.columns.Json(), nullable=False),
        sa.Column("file_key", sa.String(64), nullable=True),
        sa.Column("media_type", sa.String(40), nullable=True),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.CheckConstraint(f"kind IN ({kinds})", name=op.f("ck_task_entries_kind_known")),
        sa.CheckConstraint("(file_key IS NULL) = (media_type IS NULL)", name=op.f("ck_task_entries_file_has_type")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_task_entries_account_id_accounts")),
        sa.ForeignKeyConstraint(
            ["task_id"], ["tasks.id"], name=op.f("fk_task_entries_task_id_tasks"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_entries")),
    )
    op.create_index("uq_task_entries_occasion", "task_entries", ["task_id", "occasion"], unique=True)
    op.create_index("ix_task_entries_task", "task_entries", ["task_id", "at"])
    _filled_index("ix_task_entries_file", "task_entries", "file_key")


def _filled_index(name: str, table: str, column: str) -> None:
    filled = sa.text(f"{column} IS NOT NULL")
    op.create_index(name, table, [column], sqlite_where=filled, postgresql_where=filled)
