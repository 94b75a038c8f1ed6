"""The coordinators' own metrics: added, renamed, retired. Figures keep their metric for ever."""

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from app.accounts.actor import Actor
from app.audit.operations import differences, record
from app.db import Texts, db, lock, new_id, transaction
from app.impact.outcomes.errors import MetricKnown, NoMetricName, UnitFixed, UnknownUnit
from app.impact.outcomes.metric_queries import is_used, metrics_known
from app.impact.outcomes.metrics import BY_KEY, OWN_UNITS
from app.impact.outcomes.models import OwnMetric

LONGEST_KEY = 40


def add_metric(
    texts: Texts, *, unit: str, sums: bool = True, unlikely_above: Decimal | None = None, now: datetime, actor: Actor
) -> OwnMetric:
    """Something else is counted from now on. Raises NoMetricName, MetricKnown, UnknownUnit."""
    with transaction() as session:
        named = _checked(texts, but=None)
        _check_unit(unit)
        row = OwnMetric(key=_key(named), texts=named, unit=unit, sums=sums, unlikely_above=unlikely_above)
        row.created_at, row.created_by_id = now, actor.account_id
        session.add(row)
        session.flush()
        record(actor, "add_metric", row, now=now, changes={"texts": (None, named)})
    return row


def change_metric(
    metric: OwnMetric,
    texts: Texts,
    *,
    unit: str,
    sums: bool,
    unlikely_above: Decimal | None,
    now: datetime,
    actor: Actor,
) -> None:
    """Another name, another limit; another unit only while nothing stands in it. Raises as add_metric(), UnitFixed."""
    with transaction():
        lock(metric)
        named = _checked(texts, but=metric.key)
        _check_unit(unit)
        if unit != metric.unit and is_used(metric.key):
            raise UnitFixed
        wanted = {"texts": named, "unit": unit, "sums": sums, "unlikely_above": unlikely_above}
        changed = differences(metric, wanted)
        for field, value in wanted.items():
            setattr(metric, field, value)
        if changed:
            record(actor, "change_metric", metric, now=now, changes=changed)


def retire_metric(metric: OwnMetric, *, now: datetime, actor: Actor) -> None:
    """It is offered no longer, its figures stay. Done twice, it is offered again."""
    with transaction():
        lock(metric)
        metric.deactivated_at = None if metric.deactivated_at else now
        record(actor, "retire_metric" if metric.deactivated_at else "revive_metric", metric, now=now)


def _checked(texts: Mapping[str, str], *, but: str | None) -> Texts:
    named = {code: text.strip()[:80] for code, text in texts.items() if text.strip()}
    if not named:
        raise NoMetricName
    for other in metrics_known().values():
        same = other.texts and any(other.texts.get(code, "").lower() == text.lower() for code, text in named.items())
        if same and other.key != but:
            raise MetricKnown
    return named


def _check_unit(unit: str) -> None:
    if unit not in OWN_UNITS:
        raise UnknownUnit(units=", ".join(OWN_UNITS))


def _key(texts: Mapping[str, str]) -> str:
    """For programs: from the English name where there is one and it is free, else random."""
    plain = re.sub(r"[^a-z0-9]+", "_", texts.get("en", "").lower()).strip("_")[:LONGEST_KEY].strip("_")
    free = len(plain) > 1 and plain not in BY_KEY and db.session.get(OwnMetric, plain) is None
    return plain if free else f"own_{new_id()}"
