"""Words to search by, in whose history an act stands, delegation, the role of management.

Revision: 20261122i, after 20261122h.
"""

import sqlalchemy as sa
from alembic import op

import app.columns

revision = "20261122i"
down_revision = "20261122h"
branch_labels = None
depends_on = None

SUBJECTS = ("event_id", "person_id")
# table: how the acts that stand in the log find their event and their person
KNOWN = {
    "events": ("id", None),
    "people": (None, "id"),
    "accounts": (None, "person_id"),
    "guardianships": (None, "child_id"),
    "brigades": (None, "leader_id"),
    "brigade_members": (None, "person_id"),
    "places": ("event_id", "person_id"),
    "signups": ("event_id", "leader_id"),
    "questions": ("event_id", None),
    "invitations": ("event_id", None),
    "consents": ("event_id", "child_id"),
    "hand_outs": ("event_id", "person_id"),
    "stock_entries": ("event_id", "person_id"),
    "outcomes": ("event_id", None),
    "expenses": ("event_id", None),
    "tasks": ("event_id", "person_id"),
    "mails": ("event_id", "person_id"),
}
ROLES_BEFORE = "role IN ('employee', 'coordinator', 'gift_keeper', 'safety_officer', 'admin')"
ROLES = "role IN ('employee', 'coordinator', 'gift_keeper', 'safety_officer', 'admin', 'helper', 'management')"
UNINDEXED = "name_search || coalesce(email, '') <> indexed_as"


def upgrade() -> None:
    """Words to find people, events and sites by."""
    _search_up()
    _history_up()
    _delegation_up()


def downgrade() -> None:
    """Takes them away again."""
    _delegation_down()
    _history_down()
    _search_down()


def _word() -> sa.String:
    return sa.String(100).with_variant(sa.String(100, collation="C"), "postgresql")


def _search_up() -> None:
    op.add_column("people", sa.Column("indexed_as", sa.String(1100), server_default="", nullable=False))
    op.create_index(
        "ix_people_unindexed",
        "people",
        ["id"],
        sqlite_where=sa.text(UNINDEXED),
        postgresql_where=sa.text(UNINDEXED),
    )
    op.create_table(
        "person_words",
        sa.Column("word", _word(), nullable=False),
        sa.Column("person_id", sa.String(16), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_person_words_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("word", "person_id", name=op.f("pk_person_words")),
    )
    op.create_index("ix_person_words_person", "person_words", ["person_id", "word"])
    op.create_table(
        "search_words",
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("word", _word(), nullable=False),
        sa.Column("object_id", sa.String(16), nullable=False),
        sa.CheckConstraint("kind IN ('event', 'site')", name=op.f("ck_search_words_kind_known")),
        sa.PrimaryKeyConstraint("kind", "word", "object_id", name=op.f("pk_search_words")),
    )
    op.create_index("ix_search_words_object", "search_words", ["object_id", "kind", "word"])
    op.create_table(
        "search_sources",
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("object_id", sa.String(16), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('event', 'site')", name=op.f("ck_search_sources_kind_known")),
        sa.PrimaryKeyConstraint("kind", "object_id", name=op.f("pk_search_sources")),
    )


def _search_down() -> None:
    for table in ("search_sources", "search_words", "person_words"):
        op.drop_table(table)
    op.drop_index("ix_people_unindexed", "people")
    with op.batch_alter_table("people") as batch_op:
        batch_op.drop_column("indexed_as")


def _history_up() -> None:
    for name in (*SUBJECTS, "for_account_id"):
        op.add_column("audit_entries", sa.Column(name, sa.String(16), nullable=True))
    for name in SUBJECTS:
        filled = sa.text(f"{name} IS NOT NULL")
        index = f"ix_audit_entries_{name.removesuffix('_id')}"
        op.create_index(index, "audit_entries", [name, "at"], sqlite_where=filled, postgresql_where=filled)
    for table, columns in KNOWN.items():
        for name, column in zip(SUBJECTS, columns, strict=True):
            if column:
                op.execute(
                    f"UPDATE audit_entries SET {name} = (SELECT t.{column} FROM {table} t WHERE t.id = object_id) "
                    f"WHERE object_type = '{table}'"
                )


def _history_down() -> None:
    for name in SUBJECTS:
        op.drop_index(f"ix_audit_entries_{name.removesuffix('_id')}", "audit_entries")
    with op.batch_alter_table("audit_entries") as batch_op:
        for name in (*SUBJECTS, "for_account_id"):
            batch_op.drop_column(name)


def _delegation_up() -> None:
    op.create_table(
        "delegations",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("from_account_id", sa.String(16), nullable=False),
        sa.Column("to_account_id", sa.String(16), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("created_at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", app.columns.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("from_on <= until_on", name=op.f("ck_delegations_days_in_order")),
        sa.CheckConstraint("from_account_id <> to_account_id", name=op.f("ck_delegations_two_people")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_delegations_has_a_reason")),
        sa.ForeignKeyConstraint(
            ["from_account_id"], ["accounts.id"], name=op.f("fk_delegations_from_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(["to_account_id"], ["accounts.id"], name=op.f("fk_delegations_to_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegations")),
    )
    for name in ("from_account_id", "to_account_id"):
        op.create_index(op.f(f"ix_delegations_{name}"), "delegations", [name])
    with op.batch_alter_table("grants") as batch_op:
        batch_op.add_column(sa.Column("valid_from", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("valid_until", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("lent_by_id", sa.String(16), nullable=True))
        batch_op.add_column(sa.Column("delegation_id", sa.String(16), nullable=True))
        batch_op.create_foreign_key(op.f("fk_grants_lent_by_id_accounts"), "accounts", ["lent_by_id"], ["id"])
        batch_op.create_foreign_key(
            op.f("fk_grants_delegation_id_delegations"), "delegations", ["delegation_id"], ["id"]
        )
        batch_op.create_check_constraint(op.f("ck_grants_days_in_order"), "valid_from <= valid_until")
        batch_op.create_check_constraint(op.f("ck_grants_not_lent_to_oneself"), "lent_by_id <> account_id")
        batch_op.drop_constraint(op.f("ck_grants_role_known"), type_="check")
        batch_op.create_check_constraint(op.f("ck_grants_role_known"), ROLES)
        for name in ("lent_by_id", "delegation_id"):
            batch_op.create_index(op.f(f"ix_grants_{name}"), [name])


def _delegation_down() -> None:
    """Roles that were lent or are unknown to the code before go: it would take them for permanent."""
    op.execute("DELETE FROM grants WHERE role IN ('helper', 'management') OR lent_by_id IS NOT NULL")
    with op.batch_alter_table("grants") as batch_op:
        for name in ("lent_by_id", "delegation_id"):
            batch_op.drop_index(op.f(f"ix_grants_{name}"))
        for name in ("days_in_order", "not_lent_to_oneself", "role_known"):
            batch_op.drop_constraint(op.f(f"ck_grants_{name}"), type_="check")
        batch_op.create_check_constraint(op.f("ck_grants_role_known"), ROLES_BEFORE)
        batch_op.drop_constraint(op.f("fk_grants_lent_by_id_accounts"), type_="foreignkey")
        batch_op.drop_constraint(op.f("fk_grants_delegation_id_delegations"), type_="foreignkey")
        for name in ("valid_from", "valid_until", "lent_by_id", "delegation_id"):
            batch_op.drop_column(name)
    op.drop_table("delegations")
