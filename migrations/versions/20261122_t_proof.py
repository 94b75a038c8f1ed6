"""Proof of mail: lists by event and person newest first, what was sent today, what came back, bodies with a term.

Revision: 20261122t, after 20261122s.
"""

import sqlalchemy as sa
from alembic import op

import app.columns

revision = "20261122t"
down_revision = "20261122s"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_mails_created_at", ("created_at",), None),
    ("ix_mails_event_id_created_at", ("event_id", "created_at"), "event_id IS NOT NULL"),
    ("ix_mails_person_id_created_at", ("person_id", "created_at"), "person_id IS NOT NULL"),
    ("ix_mails_sent_at", ("sent_at",), "sent_at IS NOT NULL"),
    ("ix_mails_failed", ("created_at",), "status = 'failed'"),
    ("ix_mails_again_of_id", ("again_of_id",), "again_of_id IS NOT NULL"),
)


def upgrade() -> None:
    """A column that says when the body went; indexes in the order in which letters are listed."""
    op.add_column("mails", sa.Column("body_deleted_at", app.columns.UtcDateTime(timezone=True), nullable=True))
    for name in ("event_id", "person_id"):
        op.drop_index(f"ix_mails_{name}", table_name="mails")
    for name, columns, rows in INDEXES:
        where = sa.text(rows) if rows else None
        op.create_index(name, "mails", list(columns), sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """As it was."""
    for name, _columns, _rows in INDEXES:
        op.drop_index(name, table_name="mails")
    for name in ("event_id", "person_id"):
        op.create_index(f"ix_mails_{name}", "mails", [name])
    op.drop_column("mails", "body_deleted_at")
