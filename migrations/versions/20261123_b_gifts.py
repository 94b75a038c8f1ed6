"""Gifts at several tables on the day: who is due what, what is lent, which operation moved a piece and at which table.

Revision: 20261123b, after 20261123a.
"""

from uuid import NAMESPACE_URL, uuid5

import sqlalchemy as sa
from alembic import op

import app.columns

revision = "20261123b"
down_revision = "20261123a"
branch_labels = None
depends_on = None

BEFORE = ("receipt", "transfer", "reservation", "hand_out", "exchange", "return", "loss", "correction")
NOW = (*BEFORE, "kit_out", "kit_back")
KINDS = "ck_stock_entries_kind_known"
FILLED = sa.text("operation_id IS NOT NULL")
ENTRIES = sa.table("stock_entries", sa.column("id", sa.String), sa.column("operation_id", sa.String))
GIVEN = sa.table("hand_outs", sa.column("id", sa.String))
AT_ONCE = 500


def upgrade() -> None:
    """Adds what is new; the entries of hand-outs so far say which hand-out or return moved them."""
    op.add_column("events", sa.Column("gifts_order_by", app.columns.UtcDateTime(), nullable=True))
    with op.batch_alter_table("event_gifts") as gifts:
        gifts.add_column(sa.Column("for_whom", sa.String(8), server_default="all", nullable=False))
        gifts.add_column(sa.Column("min_age", sa.Integer, nullable=True))
        gifts.add_column(sa.Column("max_age", sa.Integer, nullable=True))
        gifts.create_check_constraint(
            op.f("ck_event_gifts_for_whom_known"), "for_whom IN ('all', 'children', 'adults')"
        )
        gifts.create_check_constraint(
            op.f("ck_event_gifts_ages_in_order"), "min_age IS NULL OR max_age IS NULL OR min_age <= max_age"
        )
    op.create_table(
        "event_kit",
        sa.Column("event_id", sa.String(16), nullable=False),
        sa.Column("item_id", sa.String(16), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_event_kit_event_id_events")),
        sa.ForeignKeyConstraint(["item_id"], ["gift_items.id"], name=op.f("fk_event_kit_item_id_gift_items")),
        sa.PrimaryKeyConstraint("event_id", "item_id", name=op.f("pk_event_kit")),
    )
    with op.batch_alter_table("stock_entries") as entries:
        entries.add_column(sa.Column("operation_id", sa.String(36), nullable=True))
        entries.add_column(sa.Column("desk_table", sa.String(40), nullable=True))
        entries.drop_constraint(op.f(KINDS), type_="check")
        entries.create_check_constraint(op.f(KINDS), _one_of(NOW))
    op.create_index(
        "ix_stock_entries_operation_id",
        "stock_entries",
        ["operation_id"],
        sqlite_where=FILLED,
        postgresql_where=FILLED,
    )
    _name_operations()


def downgrade() -> None:
    """Takes it away again; what moved kit becomes a correction."""
    op.drop_index("ix_stock_entries_operation_id", "stock_entries")
    op.execute("UPDATE stock_entries SET kind = 'correction' WHERE kind IN ('kit_out', 'kit_back')")
    with op.batch_alter_table("stock_entries") as entries:
        entries.drop_constraint(op.f(KINDS), type_="check")
        entries.create_check_constraint(op.f(KINDS), _one_of(BEFORE))
        entries.drop_column("desk_table")
        entries.drop_column("operation_id")
    op.drop_table("event_kit")
    with op.batch_alter_table("event_gifts") as gifts:
        gifts.drop_constraint(op.f("ck_event_gifts_ages_in_order"), type_="check")
        gifts.drop_constraint(op.f("ck_event_gifts_for_whom_known"), type_="check")
        for name in ("max_age", "min_age", "for_whom"):
            gifts.drop_column(name)
    op.drop_column("events", "gifts_order_by")


def _one_of(kinds: tuple[str, ...]) -> str:
    return "kind IN (" + ", ".join(f"'{kind}'" for kind in kinds) + ")"


def _name_operations() -> None:
    connection = op.get_bind()
    named = []
    for (id_,) in connection.execute(sa.select(GIVEN.c.id)).all():
        back = _following(id_, "return")
        named += [{"entry": _following(id_, "hand_out"), "said": id_}, {"entry": back, "said": back}]
    say = sa.update(ENTRIES).where(ENTRIES.c.id == sa.bindparam("entry")).values(operation_id=sa.bindparam("said"))
    for first in range(0, len(named), AT_ONCE):
        connection.execute(say, named[first : first + AT_ONCE])


def _following(id_: str, what: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"torangy:{what}:{id_}"))
