"""Writing down what was achieved; putting a wrong figure right without hiding that it was wrong."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import db, lock, transaction
from app.events.models import Event
from app.impact.errors import AlreadyWithdrawn
from app.impact.numbers import Written, grouped
from app.impact.outcomes.doubts import check_possible, doubt
from app.impact.outcomes.errors import (
    NothingToReport,
    NotYet,
    OutcomeReplaced,
    UnknownMethod,
    UnknownMetric,
    UnlikelyFigure,
    WithdrawnMeanwhile,
)
from app.impact.outcomes.figures import read_figure
from app.impact.outcomes.merging import merge
from app.impact.outcomes.metric_queries import metric_of
from app.impact.outcomes.metrics import RECOUNTED, MetricFacts
from app.impact.outcomes.models import METHODS, Outcome
from app.impact.outcomes.replacing import end_of_chain, standing_recount, take_place, what_it_recounted
from app.impact.outcomes.words import SPECIES_NAMES


@dataclass(frozen=True)
class Ground:
    """How a figure was found out: method, source (`evidence`), who said so on which day, whose work it was."""

    method: str
    detail: str = ""
    evidence: str = ""
    said_by: str = ""
    said_on: date | None = None
    by_contractor: bool = False
    contractor: str = ""
    species: str = ""

    def values(self) -> dict[str, Any]:
        """As the columns hold it."""
        return {
            "method": self.method,
            "detail": self.detail.strip()[:200],
            "evidence": self.evidence.strip()[:300],
            "said_by": self.said_by.strip()[:200],
            "said_on": self.said_on,
            "by_contractor": self.by_contractor,
            "contractor": self.contractor.strip()[:200] if self.by_contractor else "",
            "species": self.species,
        }


FIELDS = ("quantity", "unit", "density", "base_quantity")
GROUND = tuple(Ground("").values())


def record_outcome(
    event: Event,
    *,
    metric: str,
    quantity: Written,
    unit: str,
    method: str,
    density: Written = "",
    detail: str = "",
    evidence: str = "",
    said_by: str = "",
    said_on: date | None = None,
    by_contractor: bool = False,
    contractor: str = "",
    species: str = "",
    sure: bool = False,
    now: datetime,
    actor: Actor,
) -> Outcome:
    """Adds a reported figure to the event, in the unit in which it was said; cubic metres with the density given.

    `sure` says that a figure which looks like a slip, or stands already, is right. A recount takes the place of the
    one before. Raises a WrongFigure, UnknownMetric, UnknownUnit, NoUnit, UnknownMethod, NotYet or NothingToReport.
    """
    ground = Ground(method, detail, evidence, said_by, said_on, by_contractor, contractor, species)
    with transaction() as session:
        lock(event)
        if event.status == "cancelled":
            raise NothingToReport
        facts = metric_of(metric)
        if facts.is_retired:
            raise UnknownMetric
        row = Outcome(event_id=event.id, recorded_at=now, recorded_by_id=actor.account_id)
        _fill(row, facts, _read(event, facts, quantity, unit, density, ground, sure=sure, now=now))
        check_possible(row)
        if not sure:
            doubt(row, event, language=actor.language)
        earlier = standing_recount(row) if metric in RECOUNTED else None
        if earlier is None:
            session.add(row)
            session.flush()
        else:
            take_place(earlier, row, later=_day_of(row) >= _day_of(earlier))
        record(actor, "record", row, now=now)
    return row


def correct_outcome(
    outcome: Outcome,
    *,
    quantity: Written,
    unit: str,
    method: str,
    density: Written = "",
    detail: str = "",
    evidence: str = "",
    said_by: str = "",
    said_on: date | None = None,
    by_contractor: bool = False,
    contractor: str = "",
    species: str = "",
    reason: str = "",
    sure: bool = False,
    now: datetime,
    actor: Actor,
) -> Outcome:
    """Puts a new figure in the place of a wrong one; the wrong one stays to be seen and counts no longer.

    `outcome` is what its author had before them. Where somebody corrected it since, both corrections are put together;
    if they say different things of the same, raises OutcomeReplaced. Raises as record_outcome() too, and
    WithdrawnMeanwhile.
    """
    ground = Ground(method, detail, evidence, said_by, said_on, by_contractor, contractor, species)
    with transaction():
        event = _locked_event(outcome)
        lock(outcome)
        newest = end_of_chain(outcome)
        if newest.withdrawn_at is not None:
            raise WithdrawnMeanwhile
        facts = metric_of(outcome.metric)
        mine = _read(event, facts, quantity, unit, density, ground, sure=sure, now=now)
        values = _together(outcome, newest, mine)
        if newest is not outcome and values == _values(newest):
            return newest
        row = Outcome(event_id=event.id, recorded_at=now, recorded_by_id=actor.account_id, corrects_id=newest.id)
        row.reason = reason.strip()[:200]
        _fill(row, facts, values)
        check_possible(row, instead_of=newest)
        take_place(newest, row)
        before, after = (f"{one.quantity.normalize():f} {one.unit}" for one in (newest, row))
        record(actor, "correct", row, now=now, changes={"quantity": (before, after)})
    return row


def withdraw_outcome(outcome: Outcome, *, now: datetime, actor: Actor) -> None:
    """Takes a figure out of every total; what it had corrected doesn't come back, an earlier recount does.

    Raises AlreadyWithdrawn, or OutcomeReplaced where a correction took its place.
    """
    with transaction():
        _locked_event(outcome)
        lock(outcome)
        if outcome.withdrawn_at is not None:
            raise AlreadyWithdrawn
        if outcome.replaced_by_id is not None:
            raise OutcomeReplaced
        outcome.withdrawn_at, outcome.withdrawn_by_id = now, actor.account_id
        db.session.flush()
        earlier = what_it_recounted(outcome) if outcome.metric in RECOUNTED else None
        if earlier is not None:
            earlier.replaced_by_id = None
        record(actor, "withdraw", outcome, now=now, changes={"withdrawn_at": (None, now)})


def _day_of(row: Outcome) -> date:
    return row.said_on or row.recorded_at.date()


def _locked_event(outcome: Outcome) -> Event:
    event = db.session.get_one(Event, outcome.event_id)
    lock(event)
    return event


def _read(
    event: Event,
    facts: MetricFacts,
    written: Written,
    unit: str,
    density: Written,
    ground: Ground,
    *,
    sure: bool,
    now: datetime,
) -> dict[str, Any]:
    """The columns of a figure and its ground."""
    reading = read_figure(written, metric=facts, unit=unit, density=density)
    if ground.method not in METHODS:
        raise UnknownMethod
    if ground.said_on is not None and ground.said_on > now.astimezone(ZoneInfo(event.timezone)).date():
        raise NotYet
    if reading.is_doubtful and not sure:
        raise UnlikelyFigure(figure=f"{grouped(reading.quantity)}\u00a0{reading.unit}")
    figure: dict[str, Any] = {name: getattr(reading, name) for name in FIELDS}
    values = figure | ground.values()
    known = facts.by_species and ground.species in SPECIES_NAMES
    return values | {"species": ground.species if known else ""}


def _together(seen: Outcome, newest: Outcome, mine: dict[str, Any]) -> dict[str, Any]:
    """Mine, or mine and theirs put together; raises OutcomeReplaced where they don't go together."""
    if newest is seen:
        return mine
    merged = merge(_as_said(_values(seen)), _as_said(_values(newest)), _as_said(mine))
    if merged.conflicts:
        raise OutcomeReplaced
    figure = dict(zip(FIELDS, merged.values["figure"], strict=True))
    return figure | {name: merged.values[name] for name in GROUND}


def _as_said(values: dict[str, Any]) -> dict[str, Any]:
    """Number, unit and density are one thing: half of one figure with half of another is none."""
    figure: tuple[Decimal | str | None, ...] = tuple(values[name] for name in FIELDS)
    return {"figure": figure} | {name: values[name] for name in GROUND}


def _values(row: Outcome) -> dict[str, Any]:
    return {name: getattr(row, name) for name in (*FIELDS, *GROUND)}


def _fill(row: Outcome, facts: MetricFacts, values: dict[str, Any]) -> None:
    row.metric, row.own_metric = facts.key, facts.key if facts.is_own else None
    for name, value in values.items():
        setattr(row, name, value)
