"""The way home: legs with their buses, who boarded, departures, hand-overs, collectors and codes.

Revision: 20261123c, after 20261123b.
"""

import sqlalchemy as sa
from alembic import op

import app.columns

revision = "20261123c"
down_revision = "20261123b"
branch_labels = None
depends_on = None

ID, UUID, MOMENT = sa.String(16), sa.String(36), app.columns.UtcDateTime()
ONE_OF_TWO = "(place_id IS NULL) <> (walk_in_id IS NULL)"


def upgrade() -> None:
    """Adds what is new."""
    _boardings()
    _departures()
    _hand_overs()
    _collectors()
    op.create_table(
        "collection_codes",
        sa.Column("place_id", ID, nullable=False),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("made_at", MOMENT, nullable=True),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.CheckConstraint("generation >= 0", name=op.f("ck_collection_codes_generation_not_negative")),
        _points("collection_codes", "place_id", "places"),
        sa.PrimaryKeyConstraint("place_id", name=op.f("pk_collection_codes")),
    )


def downgrade() -> None:
    """Takes it away again."""
    for name in ("collection_codes", "collectors", "hand_overs", "leg_departures", "boardings"):
        op.drop_table(name)


def _boardings() -> None:
    op.create_table(
        "boardings",
        sa.Column("id", UUID, nullable=False),
        *_about_somebody(),
        sa.Column("bus_id", ID, nullable=True),
        sa.Column("leg", sa.String(40), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("account_id", ID, nullable=True),
        sa.Column("undone_by_id", UUID, nullable=True),
        *_of_one("boardings"),
        _points("boardings", "bus_id", "buses"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_boardings")),
    )
    op.create_index("ix_boardings_event_leg", "boardings", ["event_id", "leg"])
    _one_standing("uq_boardings_place", "boardings", "place_id", "leg")
    _one_standing("uq_boardings_walk_in", "boardings", "walk_in_id", "leg")


def _departures() -> None:
    name = "leg_departures"
    op.create_table(
        name,
        sa.Column("id", UUID, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("bus_id", ID, nullable=True),
        sa.Column("leg", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("decision", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("people", app.columns.Json(), nullable=False),
        sa.Column("missing", app.columns.Json(), nullable=False),
        sa.Column("departed_at", MOMENT, nullable=False),
        sa.Column("account_id", ID, nullable=True),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("confirmed_by_id", ID, nullable=True),
        sa.Column("undone_by_id", UUID, nullable=True),
        sa.CheckConstraint("decision IN ('complete', 'left_without')", name=op.f("ck_leg_departures_decision_known")),
        sa.CheckConstraint("version > 0", name=op.f("ck_leg_departures_version_positive")),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by_id IS NULL)", name=op.f("ck_leg_departures_confirmed_by_somebody")
        ),
        sa.CheckConstraint("confirmed_by_id <> account_id", name=op.f("ck_leg_departures_two_people")),
        _points(name, "event_id", "events"),
        _points(name, "bus_id", "buses"),
        _points(name, "account_id", "accounts"),
        _points(name, "confirmed_by_id", "accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leg_departures")),
    )
    op.create_index(
        "uq_leg_departures_version",
        name,
        ["event_id", "bus_id", "leg", "version"],
        unique=True,
    )
    on_foot = sa.text("bus_id IS NULL")
    op.create_index(
        "uq_leg_departures_on_foot",
        name,
        ["event_id", "leg", "version"],
        unique=True,
        sqlite_where=on_foot,
        postgresql_where=on_foot,
    )


def _hand_overs() -> None:
    op.create_table(
        "hand_overs",
        sa.Column("id", UUID, nullable=False),
        *_about_somebody(),
        sa.Column("how", sa.String(12), nullable=False),
        sa.Column("receiver", app.columns.EncryptedText(), nullable=True),
        sa.Column("is_proved", sa.Boolean, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("account_id", ID, nullable=True),
        sa.Column("undone_by_id", UUID, nullable=True),
        sa.CheckConstraint(
            "how IN ('guardian', 'collector', 'code', 'coordinator')", name=op.f("ck_hand_overs_how_known")
        ),
        *_of_one("hand_overs"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_overs")),
    )
    op.create_index("ix_hand_overs_event_id", "hand_overs", ["event_id"])
    _one_standing("uq_hand_overs_place", "hand_overs", "place_id")
    _one_standing("uq_hand_overs_walk_in", "hand_overs", "walk_in_id")


def _collectors() -> None:
    name = "collectors"
    op.create_table(
        name,
        sa.Column("id", ID, nullable=False),
        sa.Column("child_id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("phone", sa.String(20), nullable=False),
        sa.Column("relation", sa.String(60), nullable=False),
        sa.Column("entered_at", MOMENT, nullable=False),
        sa.Column("entered_by_id", ID, nullable=True),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("removed_by_id", ID, nullable=True),
        sa.CheckConstraint("name <> ''", name=op.f("ck_collectors_has_a_name")),
        _points(name, "child_id", "people"),
        _points(name, "event_id", "events"),
        _points(name, "entered_by_id", "accounts"),
        _points(name, "removed_by_id", "accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collectors")),
    )
    op.create_index(op.f("ix_collectors_child_id"), name, ["child_id"])


def _about_somebody() -> list[sa.Column]:
    return [
        sa.Column("event_id", ID, nullable=False),
        sa.Column("place_id", ID, nullable=True),
        sa.Column("walk_in_id", UUID, nullable=True),
    ]


def _of_one(table: str) -> list[sa.Constraint]:
    return [
        sa.CheckConstraint(ONE_OF_TWO, name=op.f(f"ck_{table}_of_one")),
        _points(table, "event_id", "events"),
        _points(table, "place_id", "places"),
        sa.ForeignKeyConstraint(
            ["walk_in_id"], ["walk_ins.id"], name=op.f(f"fk_{table}_walk_in_id_walk_ins"), ondelete="CASCADE"
        ),
        _points(table, "account_id", "accounts"),
    ]


def _points(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def _one_standing(name: str, table: str, *columns: str) -> None:
    stands = sa.text(f"undone_by_id IS NULL AND {columns[0]} IS NOT NULL")
    op.create_index(name, table, list(columns), unique=True, sqlite_where=stands, postgresql_where=stands)
