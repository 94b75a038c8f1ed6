"""What came, was corrected or withdrawn since a report went out, and what that did to each total. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Generic, TypeVar

from app.impact.outcomes.metrics import RECOUNTED

T = TypeVar("T")
ADDED, CORRECTED, RECOUNTED_AGAIN, WITHDRAWN = "added", "corrected", "recounted", "withdrawn"


@dataclass(frozen=True)
class Entry(Generic[T]):
    """An outcome as far as totals go; `row` is what it is shown by.

    `same` names what is counted again and again ("" where figures are added up): of those only the last counts.
    """

    id: str
    metric: str
    base_quantity: Decimal
    recorded_at: datetime
    withdrawn_at: datetime | None
    corrects_id: str | None
    replaced_by_id: str | None
    row: T
    same: str = ""


@dataclass(frozen=True)
class Change(Generic[T]):
    """One thing that happened: what stood before (None: nothing), what stands instead, and when."""

    kind: str
    at: datetime
    before: Entry[T] | None
    after: Entry[T] | None

    @property
    def entry(self) -> Entry[T]:
        """The one to name it by."""
        found = self.after or self.before
        assert found is not None
        return found


@dataclass(frozen=True)
class TotalChange:
    """A metric's total in the report that went out, and today."""

    metric: str
    before: Decimal
    after: Decimal

    @property
    def difference(self) -> Decimal:
        """What came to it; below zero where figures were taken back."""
        return self.after - self.before


def changes_since(entries: Iterable[Entry[T]], moment: datetime) -> list[Change[T]]:
    """Everything that happened after the moment, oldest first. A figure added and withdrawn since shows as both."""
    by_id = {entry.id: entry for entry in entries}
    found: list[Change[T]] = []
    for entry in by_id.values():
        if entry.recorded_at > moment:
            found.append(_arrival(entry, by_id))
        if entry.withdrawn_at is not None and entry.withdrawn_at > moment:
            found.append(Change(WITHDRAWN, entry.withdrawn_at, entry, None))
    return sorted(found, key=lambda change: (change.at, change.entry.id))


def totals_since(entries: Iterable[Entry[T]], moment: datetime) -> dict[str, TotalChange]:
    """{metric: its total at the moment and now}, for the metrics whose total changed."""
    entries = list(entries)
    before, after = _totals(_standing(entries, moment)), _totals(_standing(entries, None))
    return {
        metric: TotalChange(metric, before.get(metric, Decimal(0)), after.get(metric, Decimal(0)))
        for metric in sorted(before | after)
        if before.get(metric, 0) != after.get(metric, 0)
    }


def _arrival(entry: Entry[T], by_id: Mapping[str, Entry[T]]) -> Change[T]:
    corrected = by_id.get(entry.corrects_id or "")
    if corrected is not None:
        return Change(CORRECTED, entry.recorded_at, corrected, entry)
    earlier = [other for other in by_id.values() if other.replaced_by_id == entry.id and other.corrects_id != entry.id]
    if entry.metric in RECOUNTED and earlier:
        return Change(RECOUNTED_AGAIN, entry.recorded_at, earlier[0], entry)
    return Change(ADDED, entry.recorded_at, None, entry)


def _standing(entries: list[Entry[T]], moment: datetime | None) -> list[Entry[T]]:
    """What counted at the moment; without one, what counts now."""
    if moment is None:
        return [entry for entry in entries if entry.withdrawn_at is None and entry.replaced_by_id is None]
    there = {entry.id: entry for entry in entries if entry.recorded_at <= moment}
    standing = [entry for entry in there.values() if not _is_gone(entry, there, moment)]
    last = {entry.same: entry.id for entry in sorted(standing, key=lambda entry: entry.recorded_at)}
    return [entry for entry in standing if not entry.same or last[entry.same] == entry.id]


def _is_gone(entry: Entry[T], there: Mapping[str, Entry[T]], moment: datetime) -> bool:
    if entry.withdrawn_at is not None and entry.withdrawn_at <= moment:
        return True
    return entry.replaced_by_id in there


def _totals(entries: Iterable[Entry[T]]) -> dict[str, Decimal]:
    totals: dict[str, Decimal] = {}
    for entry in entries:
        totals[entry.metric] = totals.get(entry.metric, Decimal(0)) + entry.base_quantity
    return totals
