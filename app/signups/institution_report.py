"""What a file of pupils would do to a list, row by row, before anything is done. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from app.people.checking import Checked, Refusal
from app.signups.institution_seating import Entry

NEW, KNOWN, LISTED, TWICE, REFUSED = "new", "known", "listed", "twice", "refused"


@dataclass(frozen=True)
class ReportRow:
    """One row: `state` says what becomes of it, `refusals` why it can't be."""

    number: int
    state: str
    entry: Entry | None = None
    refusals: Sequence[Refusal] = ()


@dataclass(frozen=True)
class Report:
    """All rows of a file, and how many of them would be added."""

    rows: Sequence[ReportRow]

    def count(self, *states: str) -> int:
        """How many rows are in one of these states."""
        return sum(row.state in states for row in self.rows)

    @property
    def added(self) -> int:
        """Rows that come onto the list if nobody marks a namesake."""
        return self.count(NEW, KNOWN)

    @property
    def doubtful(self) -> list[ReportRow]:
        """Rows of a name and birthday that are there already: the contact may say that it is somebody else."""
        return [row for row in self.rows if row.state in (KNOWN, LISTED, TWICE)]

    @property
    def refused(self) -> list[ReportRow]:
        """Rows that can't be read."""
        return [row for row in self.rows if row.state == REFUSED]


def report_of(
    checked: Sequence[Checked], entries: Sequence[Entry], *, listed: Collection[str], known: Collection[str]
) -> Report:
    """`listed` and `known` are keys of those on the list, and of those whom the institution brought before."""
    by_row = {entry.row: entry for entry in entries}
    seen: set[str] = set()
    rows = []
    for one in checked:
        entry = by_row.get(one.row)
        if entry is None:
            rows.append(ReportRow(one.row, REFUSED, refusals=one.refusals))
            continue
        state = LISTED if entry.key in listed else TWICE if entry.key in seen else KNOWN if entry.key in known else NEW
        seen.add(entry.key)
        rows.append(ReportRow(one.row, state, entry))
    return Report(rows)
