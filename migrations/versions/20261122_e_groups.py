"""Groups and buses: who rides where.

Revision: 20261122e, after 20261122d.
"""

import sqlalchemy as sa
from alembic import op

import app.columns

revision = "20261122e"
down_revision = "20261122d"
branch_labels = None
depends_on = None

WHEN = app.columns.UtcDateTime(timezone=True)


def upgrade() -> None:
    """Lists and closing for both, a driver's phone and plate, stops of a bus, who gets on where, the rules."""
    for table in ("groups", "buses"):
        with op.batch_alter_table(table) as batch_op:
            batch_op.add_column(sa.Column("closed_at", WHEN, nullable=True))
            batch_op.add_column(sa.Column("list_version", sa.Integer(), server_default="0", nullable=False))
            batch_op.add_column(sa.Column("list_digest", sa.String(length=64), server_default="", nullable=False))
            batch_op.add_column(sa.Column("published_at", WHEN, nullable=True))
    with op.batch_alter_table("groups") as batch_op:
        batch_op.create_check_constraint(op.f("ck_groups_capacity_positive"), "capacity > 0")
    with op.batch_alter_table("buses") as batch_op:
        batch_op.add_column(sa.Column("driver_phone", sa.String(length=20), server_default="", nullable=False))
        batch_op.add_column(sa.Column("plate", sa.String(length=20), server_default="", nullable=False))
        batch_op.add_column(sa.Column("leader_id", sa.String(length=16), nullable=True))
        batch_op.create_foreign_key(op.f("fk_buses_leader_id_people"), "people", ["leader_id"], ["id"])
    _new_tables()


def _new_tables() -> None:
    op.create_table(
        "bus_stops",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("bus_id", sa.String(length=16), nullable=False),
        sa.Column("direction", sa.String(length=4), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("place", app.columns.Json(), nullable=False),
        sa.Column("leaves_at", sa.Time(), nullable=False),
        sa.CheckConstraint("direction IN ('out', 'back')", name=op.f("ck_bus_stops_direction_known")),
        sa.ForeignKeyConstraint(["bus_id"], ["buses.id"], name=op.f("fk_bus_stops_bus_id_buses"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bus_stops")),
    )
    op.create_index("uq_bus_stops_position", "bus_stops", ["bus_id", "direction", "position"], unique=True)
    op.create_table(
        "pick_ups",
        sa.Column("place_id", sa.String(length=16), nullable=False),
        sa.Column("stop_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["place_id"], ["places.id"], name=op.f("fk_pick_ups_place_id_places"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["stop_id"], ["bus_stops.id"], name=op.f("fk_pick_ups_stop_id_bus_stops"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("place_id", name=op.f("pk_pick_ups")),
    )
    op.create_index(op.f("ix_pick_ups_stop_id"), "pick_ups", ["stop_id"], unique=False)
    op.create_table(
        "arrangements",
        sa.Column("event_id", sa.String(length=16), nullable=False),
        sa.Column("what", sa.String(length=6), nullable=False),
        sa.Column("rules", app.columns.Json(), nullable=False),
        sa.Column("arranged_at", WHEN, nullable=False),
        sa.Column("arranged_by_id", sa.String(length=16), nullable=True),
        sa.CheckConstraint("what IN ('groups', 'buses')", name=op.f("ck_arrangements_what_known")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_arrangements_event_id_events"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["arranged_by_id"], ["accounts.id"], name=op.f("fk_arrangements_arranged_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("event_id", "what", name=op.f("pk_arrangements")),
    )


def downgrade() -> None:
    """What stood before."""
    op.drop_table("arrangements")
    op.drop_table("pick_ups")
    op.drop_table("bus_stops")
    with op.batch_alter_table("buses") as batch_op:
        batch_op.drop_constraint(op.f("fk_buses_leader_id_people"), type_="foreignkey")
        for column in ("leader_id", "plate", "driver_phone"):
            batch_op.drop_column(column)
    with op.batch_alter_table("groups") as batch_op:
        batch_op.drop_constraint(op.f("ck_groups_capacity_positive"), type_="check")
    for table in ("groups", "buses"):
        with op.batch_alter_table(table) as batch_op:
            for column in ("published_at", "list_digest", "list_version", "closed_at"):
                batch_op.drop_column(column)
