"""The trip: hosts, lunches, legs, sections.

Revision: 20261122f, after 20261122e.
"""

import sqlalchemy as sa
from alembic import op

import app.columns

revision = "20261122f"
down_revision = "20261122e"
branch_labels = None
depends_on = None

AT = app.columns.UtcDateTime(timezone=True)
JSON = app.columns.Json(none_as_null=True)
HOSTS_STAND = sa.text("email <> '' AND removed_at IS NULL")
HAS_SECTION = sa.text("section_id IS NOT NULL")


def upgrade() -> None:
    """Adds what is new."""
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.add_column(sa.Column("lunch_at", AT, nullable=True))
        batch_op.add_column(sa.Column("lunch_cutoff_at", AT, nullable=True))
        batch_op.add_column(sa.Column("caterer_name", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("caterer_email", sa.String(length=254), nullable=True))
        batch_op.add_column(sa.Column("caterer_language", sa.String(length=2), server_default="kk", nullable=False))
    with op.batch_alter_table("stops", schema=None) as batch_op:
        batch_op.add_column(sa.Column("topics", JSON, server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("instructions", JSON, server_default="[]", nullable=False))
    _trip()
    _day()


def _trip() -> None:
    op.create_table(
        "hosts",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("event_id", sa.String(length=16), nullable=False),
        sa.Column("stop_id", sa.String(length=16), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("answer_note", sa.String(length=500), nullable=False),
        sa.Column("link_number", sa.Integer(), nullable=False),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("created_by_id", sa.String(length=16), nullable=True),
        *(
            sa.Column(name, AT, nullable=True)
            for name in ("invited_at", "asked_for_at", "confirmed_at", "declined_at", "list_sent_at", "removed_at")
        ),
        sa.CheckConstraint("kind IN ('host', 'guide')", name=op.f("ck_hosts_kind_known")),
        sa.CheckConstraint("language IN ('kk', 'ru', 'en')", name=op.f("ck_hosts_language_known")),
        sa.CheckConstraint("name <> ''", name=op.f("ck_hosts_has_a_name")),
        sa.CheckConstraint("confirmed_at IS NULL OR declined_at IS NULL", name=op.f("ck_hosts_one_answer")),
        sa.CheckConstraint("(invited_at IS NULL) = (asked_for_at IS NULL)", name=op.f("ck_hosts_invited_for_a_day")),
        sa.ForeignKeyConstraint(["created_by_id"], ["accounts.id"], name=op.f("fk_hosts_created_by_id_accounts")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_hosts_event_id_events")),
        sa.ForeignKeyConstraint(["stop_id"], ["stops.id"], name=op.f("fk_hosts_stop_id_stops"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hosts")),
    )
    op.create_index(op.f("ix_hosts_event_id"), "hosts", ["event_id"])
    op.create_index(op.f("ix_hosts_stop_id"), "hosts", ["stop_id"])
    op.create_index(
        "uq_hosts_email",
        "hosts",
        ["event_id", "email"],
        unique=True,
        sqlite_where=HOSTS_STAND,
        postgresql_where=HOSTS_STAND,
    )
    op.create_table(
        "lunch_orders",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("event_id", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("counts", JSON, nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("cutoff_at", AT, nullable=True),
        sa.Column("sent_at", AT, nullable=False),
        sa.Column("sent_by_id", sa.String(length=16), nullable=True),
        sa.CheckConstraint("total >= 0 AND number > 0", name=op.f("ck_lunch_orders_counted")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_lunch_orders_event_id_events")),
        sa.ForeignKeyConstraint(["sent_by_id"], ["accounts.id"], name=op.f("fk_lunch_orders_sent_by_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lunch_orders")),
    )
    op.create_index("uq_lunch_orders_number", "lunch_orders", ["event_id", "number"], unique=True)
    op.create_index("uq_lunch_orders_cutoff", "lunch_orders", ["event_id", "cutoff_at"], unique=True)


def _day() -> None:
    op.create_table(
        "sections",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("event_id", sa.String(length=16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", JSON, nullable=False),
        sa.Column("length_m", sa.Integer(), nullable=True),
        sa.CheckConstraint("length_m > 0", name=op.f("ck_sections_length_positive")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_sections_event_id_events")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sections")),
    )
    op.create_index("ix_sections_event", "sections", ["event_id", "position"])
    op.create_table(
        "needs",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("event_id", sa.String(length=16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("shift_id", sa.String(length=16), nullable=True),
        sa.Column("section_id", sa.String(length=16), nullable=True),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("title", JSON, nullable=True),
        sa.Column("minimum", sa.Integer(), nullable=False),
        sa.Column("maximum", sa.Integer(), nullable=False),
        sa.Column("skill", sa.String(length=20), nullable=False),
        sa.CheckConstraint(
            "role IN ('section_leader', 'first_aid', 'water', 'driver', 'other')", name=op.f("ck_needs_role_known")
        ),
        sa.CheckConstraint(
            "minimum >= 0 AND maximum >= minimum AND maximum > 0", name=op.f("ck_needs_bounds_in_order")
        ),
        sa.CheckConstraint("role <> 'other' OR title IS NOT NULL", name=op.f("ck_needs_other_has_a_title")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_needs_event_id_events")),
        sa.ForeignKeyConstraint(["section_id"], ["sections.id"], name=op.f("fk_needs_section_id_sections")),
        sa.ForeignKeyConstraint(["shift_id"], ["shifts.id"], name=op.f("fk_needs_shift_id_shifts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_needs")),
    )
    op.create_index("ix_needs_event", "needs", ["event_id", "position"])
    op.create_index(op.f("ix_needs_shift_id"), "needs", ["shift_id"])
    op.create_index(op.f("ix_needs_section_id"), "needs", ["section_id"])
    op.create_table(
        "duties",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("need_id", sa.String(length=16), nullable=False),
        sa.Column("place_id", sa.String(length=16), nullable=False),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("taken_at", AT, nullable=False),
        sa.Column("taken_by_id", sa.String(length=16), nullable=True),
        sa.CheckConstraint("how IN ('chosen', 'placed')", name=op.f("ck_duties_how_known")),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name=op.f("fk_duties_need_id_needs")),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_duties_place_id_places")),
        sa.ForeignKeyConstraint(["taken_by_id"], ["accounts.id"], name=op.f("fk_duties_taken_by_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duties")),
    )
    op.create_index("uq_duties_place", "duties", ["need_id", "place_id"], unique=True)
    op.create_index(op.f("ix_duties_place_id"), "duties", ["place_id"])
    op.create_table(
        "person_skills",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.String(length=16), nullable=False),
        sa.Column("skill", sa.String(length=20), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("entered_at", AT, nullable=False),
        sa.Column("entered_by_id", sa.String(length=16), nullable=True),
        sa.CheckConstraint("skill IN ('first_aid', 'driver', 'other')", name=op.f("ck_person_skills_skill_known")),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["accounts.id"], name=op.f("fk_person_skills_entered_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_person_skills_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_skills")),
    )
    op.create_index("uq_person_skills_skill", "person_skills", ["person_id", "skill"], unique=True)
    with op.batch_alter_table("places", schema=None) as batch_op:
        batch_op.add_column(sa.Column("section_id", sa.String(length=16), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_places_section_id_sections"), "sections", ["section_id"], ["id"])
        batch_op.create_index(
            "ix_places_section_id",
            ["section_id"],
            unique=False,
            sqlite_where=HAS_SECTION,
            postgresql_where=HAS_SECTION,
        )


def downgrade() -> None:
    """Takes it away again."""
    with op.batch_alter_table("places", schema=None) as batch_op:
        batch_op.drop_index("ix_places_section_id")
        batch_op.drop_constraint(batch_op.f("fk_places_section_id_sections"), type_="foreignkey")
        batch_op.drop_column("section_id")
    for table in ("person_skills", "duties", "needs", "sections", "lunch_orders", "hosts"):
        op.drop_table(table)
    with op.batch_alter_table("stops", schema=None) as batch_op:
        batch_op.drop_column("instructions")
        batch_op.drop_column("topics")
    with op.batch_alter_table("events", schema=None) as batch_op:
        for name in ("caterer_language", "caterer_email", "caterer_name", "lunch_cutoff_at", "lunch_at"):
            batch_op.drop_column(name)
