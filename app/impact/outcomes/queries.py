"""Reads of results: entry by entry, in chains of corrections, against the plan, and since a report went out."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from app.accounts.models import Account
from app.attendance.hour_models import HoursEntry
from app.attendance.models import AttendanceEntry
from app.db import db
from app.errors import NotFound
from app.events.models import OPEN_TO_SEE, Event, Programme
from app.gifts.models import HandOut
from app.impact.outcomes.changes import Change, Entry, TotalChange, changes_since, totals_since
from app.impact.outcomes.metric_queries import metrics_known
from app.impact.outcomes.metrics import RECOUNTED
from app.impact.outcomes.models import Outcome, OutcomeFile, OwnMetric, ReportMark, Target
from app.impact.outcomes.sheet import Said
from app.people.models import Person
from app.signups.models import Place


@dataclass(frozen=True)
class OutcomeLine:
    """An outcome on its event's page: the row, the newer one that took its place, and what proves it."""

    row: Outcome
    replaced_by_id: str | None
    files: tuple[OutcomeFile, ...] = ()
    is_recounted: bool = False

    @property
    def counts(self) -> bool:
        """Whether it is in the totals."""
        return self.row.counts


def outcomes_of(event_ids: Sequence[str]) -> list[OutcomeLine]:
    """Everything that was reported for these events, corrected and withdrawn figures too, oldest first."""
    rows = db.session.scalars(select(Outcome).where(Outcome.event_id.in_(event_ids))).all()
    return _lines(rows)


def chain_of(outcome: Outcome) -> list[OutcomeLine]:
    """The figure with all that it corrected and that corrected it, oldest first."""
    same = select(Outcome).where(Outcome.event_id == outcome.event_id, Outcome.metric == outcome.metric)
    lines = {line.row.id: line for line in _lines(db.session.scalars(same).all())}
    before, found = outcome.corrects_id, [lines[outcome.id]]
    while before is not None:
        found.insert(0, lines[before])
        before = lines[before].row.corrects_id
    corrections = {line.row.corrects_id: line for line in lines.values() if line.row.corrects_id}
    while found[-1].row.id in corrections:
        found.append(corrections[found[-1].row.id])
    return found


def outcome_of(outcome_id: str) -> Outcome:
    """An outcome; raises NotFound."""
    row = db.session.get(Outcome, outcome_id)
    if row is None:
        raise NotFound
    return row


def proof_of(file_id: str) -> tuple[OutcomeFile, Outcome]:
    """A photo or document that is still kept, and its figure; raises NotFound."""
    row = db.session.get(OutcomeFile, file_id)
    if row is None or row.removed_at is not None:
        raise NotFound
    return row, outcome_of(row.outcome_id)


def own_metric_of(key: str) -> OwnMetric:
    """A coordinators' metric; raises NotFound."""
    row = db.session.get(OwnMetric, key)
    if row is None:
        raise NotFound
    return row


def targets_of(event_id: str) -> dict[str, Target]:
    """{metric: what is planned of it} at an event."""
    query = select(Target).where(Target.event_id == event_id, Target.replaced_at.is_(None))
    return {row.metric: row for row in db.session.scalars(query)}


def figures_said(lines: Iterable[OutcomeLine]) -> list[Said]:
    """The figures that count, as plain values."""
    return [
        Said(line.row.metric, line.row.base_quantity, line.row.by_contractor, line.row.species)
        for line in lines
        if line.counts
    ]


def plans_said(targets: Iterable[Target], *, ends_at: datetime) -> list[Said]:
    """The plans as plain values, with a mark on those that were made when all was over."""
    return [Said(row.metric, row.base_quantity, after_the_event=row.recorded_at > ends_at) for row in targets]


def names_of(account_ids: Collection[str | None]) -> dict[str, str]:
    """{account: whose it is}."""
    query = select(Account.id, Person).join(Person, Person.id == Account.person_id).where(Account.id.in_(account_ids))
    return {account_id: person.full_name for account_id, person in db.session.execute(query)}


@dataclass(frozen=True)
class CountedHere:
    """What this system counted itself at one event: seats, people, minutes of closed days, gifts handed out."""

    confirmed: int
    present: int
    minutes: int
    gifts: int


def counted_here(event_id: str) -> CountedHere:
    """Of one event."""
    places = select(func.count()).where(Place.status == "confirmed", Place.event_id == event_id)
    here = (AttendanceEntry.kind == "check_in", AttendanceEntry.undone_by_id.is_(None))
    present = select(func.count()).where(AttendanceEntry.event_id == event_id, *here)
    given = select(func.coalesce(func.sum(HoursEntry.minutes), 0))
    minutes = given.where(HoursEntry.event_id == event_id, HoursEntry.replaced_by_id.is_(None))
    gifts = select(func.count()).where(HandOut.event_id == event_id, HandOut.undone_at.is_(None))
    row = db.session.execute(
        select(*(part.scalar_subquery() for part in (places, present, minutes, gifts)))  # one question for all
    ).one()
    return CountedHere(*(int(value) for value in row))


def marks() -> Sequence[ReportMark]:
    """The reports that went out, newest first."""
    return db.session.scalars(select(ReportMark).order_by(ReportMark.marked_at.desc())).all()


@dataclass(frozen=True)
class Since:
    """What happened since a report went out; events by their id, for their titles."""

    changes: Sequence[Change[Outcome]]
    totals: dict[str, TotalChange]
    events: dict[str, Event] = field(default_factory=dict)


def since(moment: datetime, *, programme_id: str | None = None, hidden: bool = True) -> Since:
    """What came, was corrected or withdrawn since the moment, perhaps in one programme, at events that all may see.

    `hidden`: with events that only people who are known here may know of.
    """
    shown = _shown(programme_id) if hidden else _shown(programme_id).where(Event.is_hidden.is_(False))
    entries = [_entry(row) for row in db.session.scalars(shown)]
    changes = changes_since(entries, moment)
    ids = {change.entry.row.event_id for change in changes}
    query = select(Event).options(joinedload(Event.site)).where(Event.id.in_(ids))
    summed = {key for key, metric in metrics_known().items() if metric.sums}
    totals = {key: total for key, total in totals_since(entries, moment).items() if key in summed}
    return Since(changes, totals, {event.id: event for event in db.session.scalars(query)})


def _shown(programme_id: str | None) -> Select[Outcome]:
    query = select(Outcome).join(Event, Event.id == Outcome.event_id)
    query = query.join(Programme, Programme.id == Event.programme_id)
    query = query.where(Event.status.in_(OPEN_TO_SEE), Programme.deactivated_at.is_(None))
    return query.where(Event.programme_id == programme_id) if programme_id else query


def _entry(row: Outcome) -> Entry[Outcome]:
    same = f"{row.event_id} {row.metric} {row.detail}" if row.metric in RECOUNTED else ""
    return Entry(
        row.id,
        row.metric,
        row.base_quantity,
        row.recorded_at,
        row.withdrawn_at,
        row.corrects_id,
        row.replaced_by_id,
        row,
        same,
    )


def _lines(rows: Sequence[Outcome]) -> list[OutcomeLine]:
    order = list(metrics_known())
    rows = sorted(rows, key=lambda row: (row.recorded_at, order.index(row.metric), row.id))
    kept = select(OutcomeFile).where(OutcomeFile.removed_at.is_(None), OutcomeFile.outcome_id.in_([r.id for r in rows]))
    files: dict[str, list[OutcomeFile]] = {}
    for file in db.session.scalars(kept.order_by(OutcomeFile.added_at, OutcomeFile.id)):
        files.setdefault(file.outcome_id, []).append(file)
    corrected = {row.corrects_id for row in rows}
    return [
        OutcomeLine(
            row,
            row.replaced_by_id,
            tuple(files.get(row.id, ())),
            is_recounted=row.replaced_by_id is not None and row.id not in corrected,
        )
        for row in rows
    ]
