"""Money and plans: papers behind sums, sums read from files, corrections and payments as entries; agreed plans.

Revision: 20261123f, after 20261123e.
"""

import sqlalchemy as sa
from alembic import op

import app.columns

revision = "20261123f"
down_revision = "20261123e"
branch_labels = None
depends_on = None

MOMENT = app.columns.UtcDateTime()
TABLES = ("plan_reasons", "agreed_events", "agreed_plans", "expense_documents")
ADDED = ("import_key", "import_id", "settles_id", "corrects_id", "document_no")


def upgrade() -> None:
    """Adds what is new."""
    _imports()
    with op.batch_alter_table("expenses") as expenses:
        expenses.add_column(sa.Column("document_no", sa.String(60), server_default="", nullable=False))
        expenses.add_column(sa.Column("corrects_id", sa.String(16), nullable=True))
        expenses.add_column(sa.Column("settles_id", sa.String(16), nullable=True))
        expenses.add_column(sa.Column("import_id", sa.String(16), nullable=True))
        expenses.add_column(sa.Column("import_key", sa.String(70), nullable=True))
        for name, other in (("corrects_id", "expenses"), ("settles_id", "expenses"), ("import_id", "expense_imports")):
            expenses.create_foreign_key(op.f(f"fk_expenses_{name}_{other}"), other, [name], ["id"])
        expenses.create_unique_constraint(op.f("uq_expenses_corrects_id"), ["corrects_id"])
        expenses.create_unique_constraint(op.f("uq_expenses_import_key"), ["import_key"])
        expenses.create_check_constraint(op.f("ck_expenses_corrects_another"), "corrects_id <> id")
        expenses.create_check_constraint(
            op.f("ck_expenses_settled_by_payment"), "settles_id IS NULL OR stage = 'actual'"
        )
    op.create_index(op.f("ix_expenses_settles_id"), "expenses", ["settles_id"])
    _documents()
    _plans()
    _reasons()


def downgrade() -> None:
    """Takes it away again."""
    for name in TABLES:
        op.drop_table(name)
    op.drop_index(op.f("ix_expenses_settles_id"), table_name="expenses")
    with op.batch_alter_table("expenses") as expenses:
        expenses.drop_constraint(op.f("ck_expenses_settled_by_payment"), type_="check")
        expenses.drop_constraint(op.f("ck_expenses_corrects_another"), type_="check")
        expenses.drop_constraint(op.f("uq_expenses_import_key"), type_="unique")
        expenses.drop_constraint(op.f("uq_expenses_corrects_id"), type_="unique")
        for name, other in (("corrects_id", "expenses"), ("settles_id", "expenses"), ("import_id", "expense_imports")):
            expenses.drop_constraint(op.f(f"fk_expenses_{name}_{other}"), type_="foreignkey")
        for name in ADDED:
            expenses.drop_column(name)
    op.drop_table("expense_imports")


def _imports() -> None:
    op.create_table(
        "expense_imports",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("file_key", sa.String(60), nullable=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("unit", sa.String(10), nullable=False),
        sa.Column("created", sa.Integer, server_default="0", nullable=False),
        sa.Column("total_tenge", sa.BigInteger, server_default="0", nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("started_by_id", sa.String(16), nullable=True),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.CheckConstraint("unit IN ('tenge', 'thousand')", name=op.f("ck_expense_imports_unit_known")),
        sa.CheckConstraint("created >= 0", name=op.f("ck_expense_imports_created_not_negative")),
        sa.ForeignKeyConstraint(
            ["started_by_id"], ["accounts.id"], name=op.f("fk_expense_imports_started_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expense_imports")),
    )
    op.create_index(op.f("ix_expense_imports_started_by_id"), "expense_imports", ["started_by_id"])
    read = sa.text("finished_at IS NOT NULL")
    op.create_index(
        "uq_expense_imports_digest",
        "expense_imports",
        ["digest"],
        unique=True,
        sqlite_where=read,
        postgresql_where=read,
    )


def _documents() -> None:
    op.create_table(
        "expense_documents",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("expense_id", sa.String(16), nullable=False),
        sa.Column("file_key", sa.String(60), nullable=False),
        sa.Column("media_type", sa.String(40), nullable=False),
        sa.Column("size_bytes", sa.Integer, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("kept_at", MOMENT, nullable=False),
        sa.Column("kept_by_id", sa.String(16), nullable=True),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "media_type IN ('application/pdf', 'image/jpeg', 'image/png')",
            name=op.f("ck_expense_documents_media_type_known"),
        ),
        sa.CheckConstraint("size_bytes > 0", name=op.f("ck_expense_documents_size_positive")),
        sa.ForeignKeyConstraint(["expense_id"], ["expenses.id"], name=op.f("fk_expense_documents_expense_id_expenses")),
        sa.ForeignKeyConstraint(["kept_by_id"], ["accounts.id"], name=op.f("fk_expense_documents_kept_by_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expense_documents")),
    )
    op.create_index("ix_expense_documents_expense_id", "expense_documents", ["expense_id"])


def _plans() -> None:
    op.create_table(
        "agreed_plans",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("programme_id", sa.String(16), nullable=False),
        sa.Column("half", sa.String(6), nullable=False),
        sa.Column("budget_tenge", sa.BigInteger, nullable=False),
        sa.Column("agreed_at", MOMENT, nullable=False),
        sa.Column("agreed_by_id", sa.String(16), nullable=True),
        sa.CheckConstraint("budget_tenge >= 0", name=op.f("ck_agreed_plans_budget_not_negative")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programmes.id"], name=op.f("fk_agreed_plans_programme_id_programmes")
        ),
        sa.ForeignKeyConstraint(["agreed_by_id"], ["accounts.id"], name=op.f("fk_agreed_plans_agreed_by_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreed_plans")),
    )
    op.create_index("ix_agreed_plans_half", "agreed_plans", ["half", "programme_id", "agreed_at"])
    precisions = "date_precision IN ('minute', 'day', 'month', 'half-year', 'year')"
    op.create_table(
        "agreed_events",
        sa.Column("plan_id", sa.String(16), nullable=False),
        sa.Column("event_id", sa.String(16), nullable=False),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("date_precision", sa.String(10), nullable=False),
        sa.Column("planned_tenge", sa.BigInteger, nullable=False),
        sa.CheckConstraint(precisions, name=op.f("ck_agreed_events_date_precision_known")),
        sa.CheckConstraint("planned_tenge >= 0", name=op.f("ck_agreed_events_budget_not_negative")),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["agreed_plans.id"], ondelete="CASCADE", name=op.f("fk_agreed_events_plan_id_agreed_plans")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_agreed_events_event_id_events")),
        sa.PrimaryKeyConstraint("plan_id", "event_id", name=op.f("pk_agreed_events")),
    )
    op.create_index("ix_agreed_events_event_id", "agreed_events", ["event_id"])


def _reasons() -> None:
    op.create_table(
        "plan_reasons",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("event_id", sa.String(16), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("text", sa.String(300), nullable=False),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.Column("said_by_id", sa.String(16), nullable=True),
        sa.CheckConstraint("kind IN ('slipped', 'dropped')", name=op.f("ck_plan_reasons_kind_known")),
        sa.CheckConstraint("text <> ''", name=op.f("ck_plan_reasons_text_said")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_plan_reasons_event_id_events")),
        sa.ForeignKeyConstraint(["said_by_id"], ["accounts.id"], name=op.f("fk_plan_reasons_said_by_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_reasons")),
    )
    op.create_index("ix_plan_reasons_event_id", "plan_reasons", ["event_id", "said_at"])
