"""Outcomes in depth: own metrics, density, species, who replaced what; proofs, plans, reports that went out.

What stands is told its figure in base units, and by which correction it was replaced.

Revision: 20261123e, after 20261123d.
"""

import sqlalchemy as sa
from alembic import op

import app.columns

revision = "20261123e"
down_revision = "20261123d"
branch_labels = None
depends_on = None

MOMENT = app.columns.UtcDateTime()
EXACT, FINE = app.columns.Thousandths(), app.columns.Millionths()
BEFORE = ("waste_removed", "coast_cleaned", "trees_planted", "fish_released", "participants", "children")
NOW_KNOWN = (
    "waste_removed", "coast_cleaned", "coast_walked", "trees_planted", "trees_alive", "fish_released",
    "participants", "children", "hours", "gifts",
)  # fmt: skip
KNOWN = f"metric IN ({', '.join(repr(name) for name in NOW_KNOWN)}) OR own_metric IS NOT NULL AND metric = own_metric"
# How the programme of 2022-2023 said its species while there was no word for it.
CARP = "тұқы · карп · carp"
NEW_COLUMNS = (
    "withdrawn_by_id", "replaced_by_id", "reason", "contractor", "said_on", "species", "base_quantity", "density",
    "own_metric",
)  # fmt: skip


def upgrade() -> None:
    """Adds what is new, and fills it for what stands."""
    _own_metrics()
    with op.batch_alter_table("outcomes") as outcomes:
        outcomes.drop_constraint(op.f("ck_outcomes_metric_known"), type_="check")
        outcomes.add_column(sa.Column("own_metric", sa.String(40), nullable=True))
        outcomes.add_column(sa.Column("density", EXACT, nullable=True))
        outcomes.add_column(sa.Column("base_quantity", FINE, nullable=False, server_default="0"))
        outcomes.add_column(sa.Column("species", sa.String(20), nullable=False, server_default=""))
        outcomes.add_column(sa.Column("said_on", sa.Date, nullable=True))
        outcomes.add_column(sa.Column("contractor", sa.String(200), nullable=False, server_default=""))
        outcomes.add_column(sa.Column("reason", sa.String(200), nullable=False, server_default=""))
        outcomes.add_column(sa.Column("replaced_by_id", sa.String(16), nullable=True))
        outcomes.add_column(sa.Column("withdrawn_by_id", sa.String(16), nullable=True))
    _tell_what_stands()
    with op.batch_alter_table("outcomes") as outcomes:
        for name in ("base_quantity", "species", "contractor", "reason"):
            outcomes.alter_column(name, server_default=None)
        _rules(outcomes)
    _outcome_indexes()
    _files()
    _targets()
    _marks()


def downgrade() -> None:
    """Takes it away again; figures of own and of new metrics go with it, and cubic metres become their tonnes."""
    for name in ("report_marks", "outcome_targets", "outcome_files"):
        op.drop_table(name)
    op.drop_index("uq_outcomes_recount", table_name="outcomes")
    op.drop_index("ix_outcomes_standing", table_name="outcomes")
    _give_up_what_is_new()
    with op.batch_alter_table("outcomes") as outcomes:
        for name in (
            "metric_known", "base_quantity_not_negative", "density_of_volume", "density_positive",
            "contractor_named_for_contractors_work", "replaces_another",
        ):  # fmt: skip
            outcomes.drop_constraint(op.f(f"ck_outcomes_{name}"), type_="check")
        outcomes.drop_constraint(op.f("fk_outcomes_own_metric_own_metrics"), type_="foreignkey")
        outcomes.drop_constraint(op.f("fk_outcomes_replaced_by_id_outcomes"), type_="foreignkey")
        outcomes.drop_constraint(op.f("fk_outcomes_withdrawn_by_id_accounts"), type_="foreignkey")
        for name in NEW_COLUMNS:
            outcomes.drop_column(name)
        outcomes.create_check_constraint(op.f("ck_outcomes_metric_known"), _among(BEFORE))
    op.drop_table("own_metrics")


def _among(metrics: tuple[str, ...]) -> str:
    return f"metric IN ({', '.join(repr(name) for name in metrics)})"


def _own_metrics() -> None:
    op.create_table(
        "own_metrics",
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("texts", app.columns.Json(), nullable=False),
        sa.Column("unit", sa.String(20), nullable=False),
        sa.Column("sums", sa.Boolean, nullable=False),
        sa.Column("unlikely_above", EXACT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by_id", sa.String(16), nullable=True),
        sa.Column("deactivated_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "unlikely_above IS NULL OR unlikely_above > 0", name=op.f("ck_own_metrics_unlikely_above_positive")
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["accounts.id"], name=op.f("fk_own_metrics_created_by_id_accounts")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_own_metrics")),
    )


def _tell_what_stands() -> None:
    """Thousandths become millionths of the base unit: a kilogram is a thousandth of a tonne."""
    op.execute("UPDATE outcomes SET base_quantity = quantity * CASE WHEN unit IN ('kg', 'm') THEN 1 ELSE 1000 END")
    op.execute(f"UPDATE outcomes SET species = 'carp', detail = '' WHERE detail = '{CARP}'")
    op.execute(
        "UPDATE outcomes SET replaced_by_id = (SELECT newer.id FROM outcomes newer WHERE newer.corrects_id = outcomes.id)"
    )


def _rules(outcomes: object) -> None:
    check = outcomes.create_check_constraint  # type: ignore[attr-defined]
    check(op.f("ck_outcomes_metric_known"), KNOWN)
    check(op.f("ck_outcomes_base_quantity_not_negative"), "base_quantity >= 0")
    check(op.f("ck_outcomes_density_of_volume"), "(unit = 'm3') = (density IS NOT NULL)")
    check(op.f("ck_outcomes_density_positive"), "density IS NULL OR density > 0")
    check(op.f("ck_outcomes_contractor_named_for_contractors_work"), "by_contractor OR contractor = ''")
    check(op.f("ck_outcomes_replaces_another"), "corrects_id <> id AND replaced_by_id <> id")
    key = outcomes.create_foreign_key  # type: ignore[attr-defined]
    key(op.f("fk_outcomes_own_metric_own_metrics"), "own_metrics", ["own_metric"], ["key"])
    key(op.f("fk_outcomes_replaced_by_id_outcomes"), "outcomes", ["replaced_by_id"], ["id"])
    key(op.f("fk_outcomes_withdrawn_by_id_accounts"), "accounts", ["withdrawn_by_id"], ["id"])


def _outcome_indexes() -> None:
    standing = sa.text("replaced_by_id IS NULL AND withdrawn_at IS NULL")
    op.create_index(
        "ix_outcomes_standing", "outcomes", ["metric", "event_id"], sqlite_where=standing, postgresql_where=standing
    )
    recount = sa.text("metric = 'trees_alive' AND replaced_by_id IS NULL AND withdrawn_at IS NULL")
    op.create_index(
        "uq_outcomes_recount",
        "outcomes",
        ["event_id", "detail"],
        unique=True,
        sqlite_where=recount,
        postgresql_where=recount,
    )


def _files() -> None:
    op.create_table(
        "outcome_files",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("outcome_id", sa.String(16), nullable=False),
        sa.Column("key", sa.String(60), nullable=False),
        sa.Column("media_type", sa.String(30), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("added_by_id", sa.String(16), nullable=True),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "media_type IN ('application/pdf', 'image/jpeg')", name=op.f("ck_outcome_files_media_type_known")
        ),
        sa.CheckConstraint("size > 0", name=op.f("ck_outcome_files_size_positive")),
        sa.ForeignKeyConstraint(["outcome_id"], ["outcomes.id"], name=op.f("fk_outcome_files_outcome_id_outcomes")),
        sa.ForeignKeyConstraint(["added_by_id"], ["accounts.id"], name=op.f("fk_outcome_files_added_by_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome_files")),
        sa.UniqueConstraint("key", name=op.f("uq_outcome_files_key")),
    )
    op.create_index("ix_outcome_files_outcome_id", "outcome_files", ["outcome_id"])


def _targets() -> None:
    op.create_table(
        "outcome_targets",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("event_id", sa.String(16), nullable=False),
        sa.Column("metric", sa.String(40), nullable=False),
        sa.Column("own_metric", sa.String(40), nullable=True),
        sa.Column("quantity", EXACT, nullable=False),
        sa.Column("unit", sa.String(20), nullable=False),
        sa.Column("density", EXACT, nullable=True),
        sa.Column("base_quantity", FINE, nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("recorded_by_id", sa.String(16), nullable=True),
        sa.Column("replaced_at", MOMENT, nullable=True),
        sa.CheckConstraint(KNOWN, name=op.f("ck_outcome_targets_metric_known")),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_outcome_targets_quantity_not_negative")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_outcome_targets_event_id_events")),
        sa.ForeignKeyConstraint(
            ["own_metric"], ["own_metrics.key"], name=op.f("fk_outcome_targets_own_metric_own_metrics")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["accounts.id"], name=op.f("fk_outcome_targets_recorded_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome_targets")),
    )
    standing = sa.text("replaced_at IS NULL")
    op.create_index(
        "uq_outcome_targets_standing",
        "outcome_targets",
        ["event_id", "metric"],
        unique=True,
        sqlite_where=standing,
        postgresql_where=standing,
    )


def _marks() -> None:
    op.create_table(
        "report_marks",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("programme_id", sa.String(16), nullable=True),
        sa.Column("marked_at", MOMENT, nullable=False),
        sa.Column("marked_by_id", sa.String(16), nullable=True),
        sa.CheckConstraint("name <> ''", name=op.f("ck_report_marks_name_given")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programmes.id"], name=op.f("fk_report_marks_programme_id_programmes")
        ),
        sa.ForeignKeyConstraint(["marked_by_id"], ["accounts.id"], name=op.f("fk_report_marks_marked_by_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_marks")),
    )


def _give_up_what_is_new() -> None:
    """Chains of corrections hang together by metric, so that none is torn."""
    op.execute(f"UPDATE outcomes SET detail = '{CARP}' WHERE species = 'carp' AND detail = ''")
    op.execute("UPDATE outcomes SET replaced_by_id = NULL")
    op.execute(f"UPDATE outcomes SET corrects_id = NULL WHERE NOT ({_among(BEFORE)})")
    op.execute(f"DELETE FROM outcomes WHERE NOT ({_among(BEFORE)})")
    # Rounded to a thousandth of a tonne: as fine as the table was.
    op.execute(
        "UPDATE outcomes SET quantity = (base_quantity + 500) / 1000, unit = 't', density = NULL WHERE unit = 'm3'"
    )
