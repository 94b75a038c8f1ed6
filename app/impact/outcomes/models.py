"""Outcomes (what was reported, with its ground), what was planned, and what proves a figure."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String, and_, text
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from app.columns import Millionths, Thousandths
from app.db import IMPERSONAL, Base, new_id, one_of, personal
from app.impact.outcomes.metrics import METRICS, base_factor

METHODS = ("measured", "weighed", "counted", "estimated", "reported")
KNOWN_METRIC = (
    f"metric IN ({', '.join(repr(name) for name in METRICS)}) OR own_metric IS NOT NULL AND metric = own_metric"
)
STANDING = text("replaced_by_id IS NULL AND withdrawn_at IS NULL")
STANDING_RECOUNT = text("metric = 'trees_alive' AND replaced_by_id IS NULL AND withdrawn_at IS NULL")
STANDING_PLAN = text("replaced_at IS NULL")


def _base_of(context: DefaultExecutionContext) -> Decimal:
    """Of a row that was made without it: its quantity in the metric's base unit."""
    row: dict[str, Any] = context.get_current_parameters()
    return Decimal(row["quantity"]) * base_factor(row["metric"], row["unit"], row.get("density"))


class OwnMetric(Base):
    """Something that coordinators count besides what comes with the house. Its key never changes, its name may."""

    __tablename__ = "own_metrics"
    __table_args__ = (CheckConstraint("unlikely_above IS NULL OR unlikely_above > 0", name="unlikely_above_positive"),)

    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    texts: Mapped[dict[str, str]] = mapped_column(info=IMPERSONAL)
    unit: Mapped[str] = mapped_column(String(20), info=IMPERSONAL)
    sums: Mapped[bool] = mapped_column(default=True)
    unlikely_above: Mapped[Decimal | None] = mapped_column(Thousandths)
    created_at: Mapped[datetime]
    created_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    deactivated_at: Mapped[datetime | None]


class Outcome(Base):
    """A figure reported for an event: quantity, unit, how it was found and who said so. A correction is a new row.

    `base_quantity` is the same in the metric's base unit (cubic metres by `density`, tonnes in one), exact, so that
    totals are sums. A row counts while nothing took its place (`replaced_by_id`: a correction or a later recount) and
    nobody withdrew it.
    """

    __tablename__ = "outcomes"
    __table_args__ = (
        CheckConstraint(KNOWN_METRIC, name="metric_known"),
        one_of("method", *METHODS),
        CheckConstraint("quantity >= 0", name="quantity_not_negative"),
        CheckConstraint("base_quantity >= 0", name="base_quantity_not_negative"),
        CheckConstraint("(unit = 'm3') = (density IS NOT NULL)", name="density_of_volume"),
        CheckConstraint("density IS NULL OR density > 0", name="density_positive"),
        CheckConstraint("by_contractor OR contractor = ''", name="contractor_named_for_contractors_work"),
        CheckConstraint("corrects_id <> id AND replaced_by_id <> id", name="replaces_another"),
        Index("ix_outcomes_event_metric", "event_id", "metric"),
        Index("ix_outcomes_standing", "metric", "event_id", sqlite_where=STANDING, postgresql_where=STANDING),
        Index(
            "uq_outcomes_recount",
            "event_id",
            "detail",
            unique=True,
            sqlite_where=STANDING_RECOUNT,
            postgresql_where=STANDING_RECOUNT,
        ),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"))
    metric: Mapped[str] = mapped_column(String(40), info=IMPERSONAL)
    own_metric: Mapped[str | None] = mapped_column(ForeignKey("own_metrics.key"))
    quantity: Mapped[Decimal] = mapped_column(Thousandths)
    unit: Mapped[str] = mapped_column(String(20), info=IMPERSONAL)
    density: Mapped[Decimal | None] = mapped_column(Thousandths)
    base_quantity: Mapped[Decimal] = mapped_column(Millionths, default=_base_of)
    species: Mapped[str] = mapped_column(String(20), default="", info=IMPERSONAL)
    method: Mapped[str] = mapped_column(String(20), info=IMPERSONAL)
    detail: Mapped[str] = mapped_column(String(200), default="", info=IMPERSONAL)
    evidence: Mapped[str] = mapped_column(String(300), default="", info=IMPERSONAL)
    said_by: Mapped[str] = mapped_column(String(200), default="", info=personal("name", "10 years"))
    said_on: Mapped[date | None] = mapped_column(info=IMPERSONAL)
    by_contractor: Mapped[bool] = mapped_column(default=False)
    contractor: Mapped[str] = mapped_column(String(200), default="", info=personal("name", "10 years"))
    reason: Mapped[str] = mapped_column(String(200), default="", info=personal("free text", "10 years"))
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    corrects_id: Mapped[str | None] = mapped_column(ForeignKey("outcomes.id"), unique=True)
    replaced_by_id: Mapped[str | None] = mapped_column(ForeignKey("outcomes.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))

    @property
    def counts(self) -> bool:
        """Whether it is in the totals."""
        return self.withdrawn_at is None and self.replaced_by_id is None

    @classmethod
    def counting(cls) -> ColumnElement[bool]:
        """For queries: the rows that are in the totals."""
        return and_(cls.withdrawn_at.is_(None), cls.replaced_by_id.is_(None))


class OutcomeFile(Base):
    """A photo or a document that proves a figure: its bytes lie in the file store, its name is not kept."""

    __tablename__ = "outcome_files"
    __table_args__ = (
        one_of("media_type", "application/pdf", "image/jpeg"),
        CheckConstraint("size > 0", name="size_positive"),
        Index("ix_outcome_files_outcome_id", "outcome_id"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    outcome_id: Mapped[str] = mapped_column(ForeignKey("outcomes.id"))
    key: Mapped[str] = mapped_column(String(60), unique=True, info=personal("photo or document", "10 years"))
    media_type: Mapped[str] = mapped_column(String(30), info=IMPERSONAL)
    size: Mapped[int]
    added_at: Mapped[datetime]
    added_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    removed_at: Mapped[datetime | None]


class Target(Base):
    """What an event is to bring of one metric. A new plan is a new row; the old one stays to be seen."""

    __tablename__ = "outcome_targets"
    __table_args__ = (
        CheckConstraint(KNOWN_METRIC, name="metric_known"),
        CheckConstraint("quantity >= 0", name="quantity_not_negative"),
        Index(
            "uq_outcome_targets_standing",
            "event_id",
            "metric",
            unique=True,
            sqlite_where=STANDING_PLAN,
            postgresql_where=STANDING_PLAN,
        ),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"))
    metric: Mapped[str] = mapped_column(String(40), info=IMPERSONAL)
    own_metric: Mapped[str | None] = mapped_column(ForeignKey("own_metrics.key"))
    quantity: Mapped[Decimal] = mapped_column(Thousandths)
    unit: Mapped[str] = mapped_column(String(20), info=IMPERSONAL)
    density: Mapped[Decimal | None] = mapped_column(Thousandths)
    base_quantity: Mapped[Decimal] = mapped_column(Millionths, default=_base_of)
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    replaced_at: Mapped[datetime | None]


class ReportMark(Base):
    """A report that went out: what came or changed since is asked from its moment on."""

    __tablename__ = "report_marks"
    __table_args__ = (CheckConstraint("name <> ''", name="name_given"),)

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(120), info=IMPERSONAL)
    programme_id: Mapped[str | None] = mapped_column(ForeignKey("programmes.id"))
    marked_at: Mapped[datetime]
    marked_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
