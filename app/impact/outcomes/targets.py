"""What an event is to bring: planned per metric, so that what came can be held against it."""

from datetime import datetime

from sqlalchemy import select

from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import db, lock, transaction
from app.events.models import Event
from app.impact.numbers import Written, grouped
from app.impact.outcomes.errors import NothingToReport, TargetChanged, UnknownMetric, UnlikelyFigure
from app.impact.outcomes.figures import read_figure
from app.impact.outcomes.metric_queries import metric_of
from app.impact.outcomes.metrics import MetricFacts
from app.impact.outcomes.models import Target


def plan_outcome(
    event: Event,
    *,
    metric: str,
    quantity: Written,
    unit: str = "",
    seen: str | None = None,
    sure: bool = False,
    now: datetime,
    actor: Actor,
) -> Target | None:
    """Plans so much of a metric, in place of what was planned before; an empty figure takes the plan away.

    `seen` is the plan that its author had before them ("" for none, None where nobody looked). Raises as a figure
    does, TargetChanged where another plan stands by now, NothingToReport.
    """
    with transaction() as session:
        lock(event)
        if event.status == "cancelled":
            raise NothingToReport
        facts = metric_of(metric)
        if facts.is_retired:
            raise UnknownMetric
        old = _standing(event.id, metric)
        if seen is not None and seen != (old.id if old else ""):
            raise TargetChanged(theirs=_said(old))
        row = None
        if str(quantity).strip():
            row = _target(event, facts, quantity, unit, sure=sure)
            row.recorded_at, row.recorded_by_id = now, actor.account_id
        if old is not None:
            old.replaced_at = now
            session.flush()
        if row is not None:
            session.add(row)
            session.flush()
        _log(old, row, now=now, actor=actor)
    return row


def _target(event: Event, facts: MetricFacts, written: Written, unit: str, *, sure: bool) -> Target:
    reading = read_figure(written, metric=facts, unit=unit or facts.unit)
    if reading.is_doubtful and not sure:
        raise UnlikelyFigure(figure=f"{grouped(reading.quantity)}\u00a0{reading.unit}")
    row = Target(event_id=event.id, metric=facts.key, own_metric=facts.key if facts.is_own else None)
    row.quantity, row.unit, row.density = reading.quantity, reading.unit, reading.density
    row.base_quantity = reading.base_quantity
    return row


def _standing(event_id: str, metric: str) -> Target | None:
    query = select(Target).where(Target.event_id == event_id, Target.metric == metric, Target.replaced_at.is_(None))
    return db.session.scalar(query)


def _said(target: Target | None) -> str:
    return f"{grouped(target.quantity)}\u00a0{target.unit}" if target else "—"


def _log(old: Target | None, new: Target | None, *, now: datetime, actor: Actor) -> None:
    thing = new or old
    if thing is not None:
        before, after = (f"{one.quantity.normalize():f} {one.unit}" if one else None for one in (old, new))
        record(actor, "plan_outcome", thing, now=now, changes={"quantity": (before, after)})
