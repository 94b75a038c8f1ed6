"""Thanks after an event: letters, certificates, what groups brought in, and a survey without names.

Revision: 20261123i, after 20261123h.
"""

import sqlalchemy as sa
from alembic import op

import app.columns

revision = "20261123i"
down_revision = "20261123h"
branch_labels = None
depends_on = None

MOMENT = app.columns.UtcDateTime()


def upgrade() -> None:
    """Adds what is new."""
    _thanks()
    _certificates()
    _group_waste()
    _survey()


def downgrade() -> None:
    """Takes it away again."""
    for name in ("survey_answers", "survey_ballots", "group_waste", "certificates", "thanks"):
        op.drop_table(name)


def _thanks() -> None:
    accounts = ("letters_off_by_id", "survey_off_by_id", "survey_ended_by_id")
    op.create_table(
        "thanks",
        sa.Column("event_id", sa.String(16), nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("cursor", sa.String(40), nullable=True),
        sa.Column("queued", sa.Integer, server_default="0", nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("missed_reason", sa.String(20), nullable=True),
        sa.Column("letters_off_at", MOMENT, nullable=True),
        sa.Column("letters_off_by_id", sa.String(16), nullable=True),
        sa.Column("survey_off_at", MOMENT, nullable=True),
        sa.Column("survey_off_by_id", sa.String(16), nullable=True),
        sa.Column("survey_ends_at", MOMENT, nullable=True),
        sa.Column("survey_ended_at", MOMENT, nullable=True),
        sa.Column("survey_ended_by_id", sa.String(16), nullable=True),
        sa.CheckConstraint("queued >= 0", name=op.f("ck_thanks_counted")),
        sa.CheckConstraint(
            "missed_reason IS NULL OR finished_at IS NOT NULL", name=op.f("ck_thanks_missed_is_finished")
        ),
        sa.CheckConstraint("(due_at IS NULL) = (closed_at IS NULL)", name=op.f("ck_thanks_due_after_closing")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_thanks_event_id_events")),
        *(
            sa.ForeignKeyConstraint([name], ["accounts.id"], name=op.f(f"fk_thanks_{name}_accounts"))
            for name in accounts
        ),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_thanks")),
    )
    due, runs = sa.text("due_at IS NOT NULL AND finished_at IS NULL"), sa.text("survey_ended_at IS NULL")
    op.create_index("ix_thanks_due", "thanks", ["due_at"], sqlite_where=due, postgresql_where=due)
    op.create_index("ix_thanks_survey_open", "thanks", ["survey_ends_at"], sqlite_where=runs, postgresql_where=runs)


def _certificates() -> None:
    op.create_table(
        "certificates",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("code", sa.String(12), nullable=False),
        sa.Column("place_id", sa.String(16), nullable=False),
        sa.Column("event_id", sa.String(16), nullable=False),
        sa.Column("issued_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_certificates_place_id_places")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_certificates_event_id_events")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates")),
        sa.UniqueConstraint("code", name=op.f("uq_certificates_code")),
        sa.UniqueConstraint("place_id", name=op.f("uq_certificates_place_id")),
    )
    op.create_index(op.f("ix_certificates_event_id"), "certificates", ["event_id"])


def _group_waste() -> None:
    op.create_table(
        "group_waste",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("event_id", sa.String(16), nullable=False),
        sa.Column("group_id", sa.String(16), nullable=False),
        sa.Column("kilograms", app.columns.Thousandths(), nullable=False),
        sa.Column("method", sa.String(10), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("recorded_by_id", sa.String(16), nullable=True),
        sa.Column("replaced_by_id", sa.String(16), nullable=True),
        sa.CheckConstraint("method IN ('weighed', 'estimated')", name=op.f("ck_group_waste_method_known")),
        sa.CheckConstraint("kilograms >= 0", name=op.f("ck_group_waste_kilograms_not_negative")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_group_waste_event_id_events")),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_group_waste_group_id_groups")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["accounts.id"], name=op.f("fk_group_waste_recorded_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_waste")),
    )
    stands = sa.text("replaced_by_id IS NULL")
    op.create_index(
        "uq_group_waste_standing", "group_waste", ["group_id"], unique=True, sqlite_where=stands,
        postgresql_where=stands,
    )  # fmt: skip
    op.create_index("ix_group_waste_event_id", "group_waste", ["event_id"])


def _survey() -> None:
    op.create_table(
        "survey_ballots",
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("event_id", sa.String(16), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_survey_ballots_event_id_events")),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_survey_ballots")),
    )
    op.create_index(op.f("ix_survey_ballots_event_id"), "survey_ballots", ["event_id"])
    op.create_table(
        "survey_answers",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("event_id", sa.String(16), nullable=False),
        sa.Column("scale", sa.Integer, nullable=False),
        sa.Column("choice", sa.String(12), nullable=False),
        sa.Column("word", sa.String(200), nullable=False),
        sa.CheckConstraint("scale BETWEEN 1 AND 5", name=op.f("ck_survey_answers_scale_known")),
        sa.CheckConstraint(
            "choice IN ('nothing', 'organisation', 'transport', 'equipment', 'food', 'time')",
            name=op.f("ck_survey_answers_choice_known"),
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_survey_answers_event_id_events")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_answers")),
    )
    op.create_index(op.f("ix_survey_answers_event_id"), "survey_answers", ["event_id"])
