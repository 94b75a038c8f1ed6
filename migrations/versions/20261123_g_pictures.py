"""Pictures of events, and people who want to be on none.

Revision: 20261123g, after 20261123f.
"""

import sqlalchemy as sa
from alembic import op

import app.columns

revision = "20261123g"
down_revision = "20261123f"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds both."""
    _pictures()
    _refusals()


def downgrade() -> None:
    """Takes them away again; the files of pictures stay in the store."""
    op.drop_table("photo_refusals")
    op.drop_table("pictures")


def _pictures() -> None:
    moment, texts = app.columns.UtcDateTime(), app.columns.Json()
    op.create_table(
        "pictures",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("event_id", sa.String(16), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("small_key", sa.String(60), nullable=False),
        sa.Column("medium_key", sa.String(60), nullable=False),
        sa.Column("large_key", sa.String(60), nullable=False),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        sa.Column("shows", sa.String(10), nullable=False),
        sa.Column("caption", texts, nullable=False),
        sa.Column("alt", texts, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("uploaded_at", moment, nullable=False),
        sa.Column("uploaded_by_id", sa.String(16), nullable=False),
        sa.Column("kept_at", moment, nullable=True),
        sa.Column("published_at", moment, nullable=True),
        sa.Column("published_by_id", sa.String(16), nullable=True),
        sa.Column("withdrawn_at", moment, nullable=True),
        sa.Column("withdrawn_by_id", sa.String(16), nullable=True),
        sa.Column("withdrawn_why", sa.String(20), nullable=False),
        sa.Column("removed_at", moment, nullable=True),
        sa.Column("removed_by_id", sa.String(16), nullable=True),
        sa.CheckConstraint("shows IN ('', 'nobody', 'agreed')", name=op.f("ck_pictures_shows_known")),
        sa.CheckConstraint(
            "withdrawn_why IN ('', 'second-thoughts', 'consent')", name=op.f("ck_pictures_withdrawn_why_known")
        ),
        sa.CheckConstraint("width > 0 AND height > 0", name=op.f("ck_pictures_has_a_size")),
        sa.CheckConstraint(
            "(published_at IS NULL) = (published_by_id IS NULL)", name=op.f("ck_pictures_published_by_somebody")
        ),
        sa.CheckConstraint("published_by_id <> uploaded_by_id", name=op.f("ck_pictures_second_look_by_another")),
        sa.CheckConstraint(
            "published_at IS NULL OR (kept_at IS NOT NULL AND removed_at IS NULL AND shows <> ''"
            " AND CAST(alt AS VARCHAR) <> '{}')",
            name=op.f("ck_pictures_published_is_ready"),
        ),
        sa.CheckConstraint(
            "published_at IS NULL OR withdrawn_at IS NULL", name=op.f("ck_pictures_published_or_withdrawn")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_pictures_event_id_events")),
        sa.ForeignKeyConstraint(["uploaded_by_id"], ["accounts.id"], name=op.f("fk_pictures_uploaded_by_id_accounts")),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["accounts.id"], name=op.f("fk_pictures_published_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["accounts.id"], name=op.f("fk_pictures_withdrawn_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(["removed_by_id"], ["accounts.id"], name=op.f("fk_pictures_removed_by_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pictures")),
    )
    filled, to_sweep = sa.text("published_at IS NOT NULL"), sa.text("kept_at IS NULL OR removed_at IS NOT NULL")
    op.create_index("uq_pictures_digest", "pictures", ["event_id", "digest"], unique=True)
    op.create_index(
        "ix_pictures_published_at", "pictures", ["published_at"], sqlite_where=filled, postgresql_where=filled
    )
    op.create_index(
        "ix_pictures_to_sweep", "pictures", ["uploaded_at"], sqlite_where=to_sweep, postgresql_where=to_sweep
    )


def _refusals() -> None:
    moment = app.columns.UtcDateTime()
    op.create_table(
        "photo_refusals",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("person_id", sa.String(16), nullable=False),
        sa.Column("said_at", moment, nullable=False),
        sa.Column("said_by_id", sa.String(16), nullable=True),
        sa.Column("withdrawn_at", moment, nullable=True),
        sa.Column("withdrawn_by_id", sa.String(16), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_photo_refusals_person_id_people")),
        sa.ForeignKeyConstraint(["said_by_id"], ["accounts.id"], name=op.f("fk_photo_refusals_said_by_id_accounts")),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["accounts.id"], name=op.f("fk_photo_refusals_withdrawn_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo_refusals")),
    )
    stands = sa.text("withdrawn_at IS NULL")
    op.create_index(
        "uq_photo_refusals_standing",
        "photo_refusals",
        ["person_id"],
        unique=True,
        sqlite_where=stands,
        postgresql_where=stands,
    )
    op.create_index("ix_photo_refusals_said_at", "photo_refusals", ["said_at"])
