"""Safety and what comes after the day: incidents, briefings with signatures, hours, lists to tick on.

What was over before counts as closed.

Revision: 20261123d, after 20261123c.
"""

import sqlalchemy as sa
from alembic import op

import app.columns

revision = "20261123d"
down_revision = "20261123c"
branch_labels = None
depends_on = None

MOMENT = app.columns.UtcDateTime()


def upgrade() -> None:
    """Adds what is new."""
    with op.batch_alter_table("briefings") as briefings:
        briefings.add_column(sa.Column("version", sa.String(20), server_default="1", nullable=False))
        briefings.add_column(sa.Column("language", sa.String(2), server_default="kk", nullable=False))
        briefings.add_column(sa.Column("instructor", sa.String(120), server_default="", nullable=False))
        briefings.add_column(sa.Column("operation_id", sa.String(36), nullable=True))
        briefings.create_unique_constraint(op.f("uq_briefings_operation_id"), ["operation_id"])
    _signatures()
    _incidents()
    _hours()
    _sheets()
    _close_what_is_over()


def downgrade() -> None:
    """Takes it away again."""
    for name in ("tick_sheets", "hours_entries", "incident_photos", "incidents", "briefing_signatures"):
        op.drop_table(name)
    with op.batch_alter_table("briefings") as briefings:
        briefings.drop_constraint(op.f("uq_briefings_operation_id"), type_="unique")
        for name in ("operation_id", "instructor", "language", "version"):
            briefings.drop_column(name)


def _signatures() -> None:
    op.create_table(
        "briefing_signatures",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("event_id", sa.String(16), nullable=False),
        sa.Column("place_id", sa.String(16), nullable=False),
        sa.Column("version", sa.String(20), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("strokes", app.columns.EncryptedText(), nullable=False),
        sa.Column("signed_at", MOMENT, nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("recorded_by_id", sa.String(16), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_briefing_signatures_event_id_events")),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_briefing_signatures_place_id_places")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["accounts.id"], name=op.f("fk_briefing_signatures_recorded_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_briefing_signatures")),
    )
    op.create_index("uq_briefing_signatures_version", "briefing_signatures", ["place_id", "version"], unique=True)
    op.create_index("ix_briefing_signatures_event_id", "briefing_signatures", ["event_id"])


def _incidents() -> None:
    words = app.columns.EncryptedText()
    op.create_table(
        "incidents",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("event_id", sa.String(16), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("place", sa.String(200), nullable=False),
        sa.Column("people", app.columns.Json(), nullable=False),
        sa.Column("photos", app.columns.Json(), nullable=False),
        sa.Column("text", words, nullable=False),
        sa.Column("action", words, nullable=False),
        sa.Column("guardian_told_at", MOMENT, nullable=True),
        sa.Column("reported_by_id", sa.String(16), nullable=True),
        sa.Column("corrects_id", sa.String(36), nullable=True),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.CheckConstraint("kind IN ('incident', 'near_miss')", name=op.f("ck_incidents_kind_known")),
        sa.CheckConstraint("corrects_id <> id", name=op.f("ck_incidents_corrects_another")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_incidents_event_id_events")),
        sa.ForeignKeyConstraint(["reported_by_id"], ["accounts.id"], name=op.f("fk_incidents_reported_by_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
    )
    op.create_index(op.f("ix_incidents_event_id"), "incidents", ["event_id"])
    op.create_table(
        "incident_photos",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("event_id", sa.String(16), nullable=False),
        sa.Column("image", words, nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("recorded_by_id", sa.String(16), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_incident_photos_event_id_events")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["accounts.id"], name=op.f("fk_incident_photos_recorded_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_photos")),
    )
    op.create_index(op.f("ix_incident_photos_event_id"), "incident_photos", ["event_id"])


def _hours() -> None:
    op.create_table(
        "hours_entries",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("event_id", sa.String(16), nullable=False),
        sa.Column("place_id", sa.String(16), nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("source", sa.String(10), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("recorded_by_id", sa.String(16), nullable=True),
        sa.Column("replaced_by_id", sa.String(16), nullable=True),
        sa.CheckConstraint("source IN ('marks', 'plan', 'correction')", name=op.f("ck_hours_entries_source_known")),
        sa.CheckConstraint("minutes BETWEEN 0 AND 1440", name=op.f("ck_hours_entries_minutes_of_one_day")),
        sa.CheckConstraint(
            "source <> 'correction' OR reason <> ''", name=op.f("ck_hours_entries_corrected_with_reason")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_hours_entries_event_id_events")),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_hours_entries_place_id_places")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["accounts.id"], name=op.f("fk_hours_entries_recorded_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hours_entries")),
    )
    stands = sa.text("replaced_by_id IS NULL")
    op.create_index(
        "uq_hours_entries_standing",
        "hours_entries",
        ["place_id"],
        unique=True,
        sqlite_where=stands,
        postgresql_where=stands,
    )
    op.create_index("ix_hours_entries_event_id", "hours_entries", ["event_id"])


def _sheets() -> None:
    op.create_table(
        "tick_sheets",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("event_id", sa.String(16), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("place_ids", app.columns.Json(), nullable=False),
        sa.Column("printed_at", MOMENT, nullable=False),
        sa.Column("printed_by_id", sa.String(16), nullable=True),
        sa.CheckConstraint("number > 0", name=op.f("ck_tick_sheets_number_positive")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_tick_sheets_event_id_events")),
        sa.ForeignKeyConstraint(["printed_by_id"], ["accounts.id"], name=op.f("fk_tick_sheets_printed_by_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tick_sheets")),
    )
    op.create_index("uq_tick_sheets_number", "tick_sheets", ["event_id", "number"], unique=True)


def _close_what_is_over() -> None:
    """An absence counts against somebody once the day is closed; nobody could close one until now."""
    events = sa.table(
        "events",
        sa.column("id", sa.String),
        sa.column("status", sa.String),
        sa.column("ends_at", MOMENT),
        sa.column("completed_at", MOMENT),
    )
    days = sa.table(
        "desk_days", sa.column("event_id", sa.String), sa.column("closed_at", MOMENT), sa.column("note", sa.String)
    )
    over = sa.select(events.c.id, sa.func.coalesce(events.c.completed_at, events.c.ends_at), sa.literal(""))
    is_closed = sa.select(days.c.event_id).where(days.c.event_id == events.c.id).exists()
    rows = over.where(events.c.status == "completed", ~is_closed)
    op.get_bind().execute(sa.insert(days).from_select(["event_id", "closed_at", "note"], rows))
