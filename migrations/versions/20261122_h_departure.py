"""Go or no-go, and moves that can be undone.

Revision: 20261122h, after 20261122g.
"""

import sqlalchemy as sa
from alembic import op

import app.columns

revision = "20261122h"
down_revision = "20261122g"
branch_labels = None
depends_on = None

MOMENT = app.columns.UtcDateTime(timezone=True)


def upgrade() -> None:
    """Adds what is new."""
    _changes()
    _briefings()
    _weather()
    _departures()


def downgrade() -> None:
    """Takes it away again."""
    for table in ("departures", "departure_overrides", "weather_limits", "briefings", "event_changes"):
        op.drop_table(table)


def _changes() -> None:
    op.create_table(
        "event_changes",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("event_id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by_id", sa.String(length=16), nullable=True),
        sa.Column("undoable_until", MOMENT, nullable=False),
        sa.Column("before", app.columns.Json(), nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.Column("undone_by_id", sa.String(length=16), nullable=True),
        sa.CheckConstraint("kind IN ('move', 'postpone', 'cancel')", name=op.f("ck_event_changes_kind_known")),
        sa.CheckConstraint("undoable_until > made_at", name=op.f("ck_event_changes_undoable_for_a_while")),
        sa.CheckConstraint("undone_at >= made_at", name=op.f("ck_event_changes_undone_afterwards")),
        _to("event_changes", "event_id", "events"),
        _to("event_changes", "made_by_id", "accounts"),
        _to("event_changes", "undone_by_id", "accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_changes")),
    )
    op.create_index("ix_event_changes_event", "event_changes", ["event_id", "made_at"])


def _briefings() -> None:
    op.create_table(
        "briefings",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("event_id", sa.String(length=16), nullable=False),
        sa.Column("site_id", sa.String(length=16), nullable=False),
        sa.Column("hazard_class", sa.String(length=10), nullable=False),
        sa.Column("group_id", sa.String(length=16), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.Column("given_by_id", sa.String(length=16), nullable=True),
        sa.CheckConstraint("hazard_class IN ('none', 'raised', 'high')", name=op.f("ck_briefings_hazard_class_known")),
        sa.CheckConstraint("text <> ''", name=op.f("ck_briefings_says_something")),
        _to("briefings", "event_id", "events"),
        _to("briefings", "site_id", "sites"),
        _to("briefings", "group_id", "groups", ondelete="CASCADE"),
        _to("briefings", "given_by_id", "accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_briefings")),
    )
    op.create_index("ix_briefings_event", "briefings", ["event_id", "group_id"])


def _weather() -> None:
    op.create_table(
        "weather_limits",
        sa.Column("event_id", sa.String(length=16), nullable=False),
        sa.Column("wind_max", sa.Integer(), nullable=True),
        sa.Column("temperature_min", sa.Integer(), nullable=True),
        sa.Column("temperature_max", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=500), server_default="", nullable=False),
        sa.Column("entered_at", MOMENT, nullable=False),
        sa.Column("entered_by_id", sa.String(length=16), nullable=True),
        sa.Column("wind_read", sa.Integer(), nullable=True),
        sa.Column("temperature_read", sa.Integer(), nullable=True),
        sa.Column("read_at", MOMENT, nullable=True),
        sa.Column("read_by_id", sa.String(length=16), nullable=True),
        sa.CheckConstraint("wind_max BETWEEN 0 AND 60", name=op.f("ck_weather_limits_wind_sane")),
        sa.CheckConstraint("temperature_min BETWEEN -60 AND 60", name=op.f("ck_weather_limits_cold_sane")),
        sa.CheckConstraint("temperature_max BETWEEN -60 AND 60", name=op.f("ck_weather_limits_heat_sane")),
        sa.CheckConstraint("temperature_min <= temperature_max", name=op.f("ck_weather_limits_temperatures_in_order")),
        sa.CheckConstraint(
            "(read_at IS NULL) = (wind_read IS NULL AND temperature_read IS NULL)",
            name=op.f("ck_weather_limits_reading_has_time"),
        ),
        _to("weather_limits", "event_id", "events"),
        _to("weather_limits", "entered_by_id", "accounts"),
        _to("weather_limits", "read_by_id", "accounts"),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_weather_limits")),
    )


def _departures() -> None:
    op.create_table(
        "departure_overrides",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("event_id", sa.String(length=16), nullable=False),
        sa.Column("line", sa.String(length=20), nullable=False),
        sa.Column("found", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by_id", sa.String(length=16), nullable=True),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_departure_overrides_has_a_reason")),
        _to("departure_overrides", "event_id", "events"),
        _to("departure_overrides", "made_by_id", "accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_departure_overrides")),
    )
    op.create_index(op.f("ix_departure_overrides_event_id"), "departure_overrides", ["event_id"])
    op.create_table(
        "departures",
        sa.Column("event_id", sa.String(length=16), nullable=False),
        sa.Column("departed_at", MOMENT, nullable=False),
        sa.Column("departed_by_id", sa.String(length=16), nullable=True),
        sa.Column("people", sa.Integer(), nullable=False),
        _to("departures", "event_id", "events"),
        _to("departures", "departed_by_id", "accounts"),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_departures")),
    )


def _to(table: str, column: str, other: str, *, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), ondelete=ondelete
    )
