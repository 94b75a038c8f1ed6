"""Which metrics there are: those of the house and the coordinators' own."""

from sqlalchemy import select

from app.db import db
from app.impact.outcomes.errors import UnknownMetric
from app.impact.outcomes.metrics import BUILT_IN, BY_KEY, MetricFacts
from app.impact.outcomes.models import Outcome, OwnMetric, Target


def metrics_known() -> dict[str, MetricFacts]:
    """{key: metric} of all that figures may stand in, in the order of a report; retired ones last."""
    own = [own_facts(row) for row in db.session.scalars(select(OwnMetric).order_by(OwnMetric.created_at))]
    return {metric.key: metric for metric in (*BUILT_IN, *sorted(own, key=lambda metric: metric.is_retired))}


def metric_of(key: str) -> MetricFacts:
    """The metric, retired or not; raises UnknownMetric."""
    if key in BY_KEY:
        return BY_KEY[key]
    row = db.session.get(OwnMetric, key) if key else None
    if row is None:
        raise UnknownMetric
    return own_facts(row)


def own_facts(row: OwnMetric) -> MetricFacts:
    """An own metric as a plain value."""
    return MetricFacts(
        row.key,
        row.unit,
        row.unlikely_above,
        sums=row.sums,
        texts=row.texts,
        is_retired=row.deactivated_at is not None,
    )


def is_used(key: str) -> bool:
    """Whether figures or plans stand in this metric."""
    figure = select(Outcome.id).where(Outcome.metric == key).limit(1)
    plan = select(Target.id).where(Target.metric == key).limit(1)
    return db.session.scalar(figure) is not None or db.session.scalar(plan) is not None
