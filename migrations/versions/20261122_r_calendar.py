"""Calendars by secret addresses, messages that leave later, the language of institutions' contacts.

Revision: 20261122r, after 20261122q.
"""

import sqlalchemy as sa
from alembic import op

import app.columns

revision = "20261122r"
down_revision = "20261122q"
branch_labels = None
depends_on = None

MOMENT = app.columns.UtcDateTime(timezone=True)
JSON = app.columns.Json()
STANDING = sa.text("ended_at IS NULL")
OPEN = sa.text("finished_at IS NULL AND cancelled_at IS NULL")


def upgrade() -> None:
    """Adds what is new."""
    _calendar_links()
    _messages()
    with op.batch_alter_table("institutions") as institutions:
        institutions.add_column(sa.Column("contact_language", sa.String(2), server_default="kk", nullable=False))
        institutions.create_check_constraint(
            op.f("ck_institutions_contact_language_known"), "contact_language IN ('kk', 'ru', 'en')"
        )


def downgrade() -> None:
    """Takes it away again."""
    with op.batch_alter_table("institutions") as institutions:
        institutions.drop_constraint(op.f("ck_institutions_contact_language_known"), type_="check")
        institutions.drop_column("contact_language")
    op.drop_table("messages")
    op.drop_table("calendar_links")


def _calendar_links() -> None:
    op.create_table(
        "calendar_links",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("person_id", sa.String(16), nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_calendar_links_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_links")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_calendar_links_secret_hash")),
    )
    op.create_index(
        "uq_calendar_links_standing", "calendar_links", ["person_id"], unique=True,
        sqlite_where=STANDING, postgresql_where=STANDING,
    )  # fmt: skip


def _messages() -> None:
    texts = ("query", "subject", "text", "footer")
    op.create_table(
        "messages",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("batch", sa.String(36), nullable=False),
        sa.Column("event_id", sa.String(16), nullable=False),
        *(sa.Column(name, JSON, nullable=False) for name in texts),
        sa.Column("send_at", MOMENT, nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("people_then", "letters_then")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("people", "letters")),
        sa.Column("cursor", sa.String(16), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by_id", sa.String(16), nullable=True),
        *(sa.Column(name, MOMENT, nullable=True) for name in ("started_at", "finished_at", "cancelled_at")),
        sa.Column("cancelled_by_id", sa.String(16), nullable=True),
        sa.CheckConstraint("finished_at IS NULL OR cancelled_at IS NULL", name=op.f("ck_messages_sent_or_cancelled")),
        sa.CheckConstraint(
            "cancelled_at IS NULL OR started_at IS NULL", name=op.f("ck_messages_cancelled_before_it_left")
        ),
        sa.CheckConstraint("people >= 0 AND letters >= 0", name=op.f("ck_messages_counted")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_messages_event_id_events")),
        sa.ForeignKeyConstraint(["created_by_id"], ["accounts.id"], name=op.f("fk_messages_created_by_id_accounts")),
        sa.ForeignKeyConstraint(
            ["cancelled_by_id"], ["accounts.id"], name=op.f("fk_messages_cancelled_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("batch", name=op.f("uq_messages_batch")),
    )
    op.create_index("ix_messages_due", "messages", ["send_at"], sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index("ix_messages_event", "messages", ["event_id", "send_at"])
