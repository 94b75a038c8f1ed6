"""The roster: saved views, labels, notes.

Revision: 20261122g, after 20261122f.
"""

import sqlalchemy as sa
from alembic import op

import app.columns

revision = "20261122g"
down_revision = "20261122f"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Three tables of their own; nothing that stood is touched."""
    _views()
    _labels()
    _notes()


def _views() -> None:
    op.create_table(
        "roster_views",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("account_id", sa.String(16), nullable=False),
        sa.Column("event_id", sa.String(16), nullable=True),
        sa.Column("city", sa.String(40), nullable=True),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("query", app.columns.Json(), nullable=False),
        sa.Column("created_at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_roster_views_has_a_name")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_roster_views_account_id_accounts")),
        sa.ForeignKeyConstraint(["city"], ["cities.slug"], name=op.f("fk_roster_views_city_cities")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_roster_views_event_id_events")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_views")),
    )
    op.create_index("uq_roster_views_name", "roster_views", ["account_id", "name"], unique=True)
    filled = sa.text("city IS NOT NULL")
    op.create_index("ix_roster_views_city", "roster_views", ["city"], sqlite_where=filled, postgresql_where=filled)


def _labels() -> None:
    op.create_table(
        "place_labels",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("place_id", sa.String(16), nullable=False),
        sa.Column("event_id", sa.String(16), nullable=False),
        sa.Column("label", sa.String(40), nullable=False),
        sa.Column("created_at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.String(16), nullable=True),
        sa.CheckConstraint("label <> ''", name=op.f("ck_place_labels_not_empty")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["accounts.id"], name=op.f("fk_place_labels_created_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_place_labels_event_id_events")),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_place_labels_place_id_places")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_labels")),
    )
    op.create_index("uq_place_labels_label", "place_labels", ["place_id", "label"], unique=True)
    op.create_index("ix_place_labels_event", "place_labels", ["event_id", "label"])


def _notes() -> None:
    op.create_table(
        "place_notes",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("place_id", sa.String(16), nullable=False),
        sa.Column("text", sa.String(500), nullable=False),
        sa.Column("at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.String(16), nullable=True),
        sa.CheckConstraint("text <> ''", name=op.f("ck_place_notes_not_empty")),
        sa.ForeignKeyConstraint(["by_id"], ["accounts.id"], name=op.f("fk_place_notes_by_id_accounts")),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_place_notes_place_id_places")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_notes")),
    )
    op.create_index("ix_place_notes_place_id", "place_notes", ["place_id"])


def downgrade() -> None:
    """As before."""
    for table in ("place_notes", "place_labels", "roster_views"):
        op.drop_table(table)
