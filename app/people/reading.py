"""The rows of one file, read and checked as they are taken: a large file is never held whole as rows."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from itertools import islice

from app.people.checking import Checked, checked_rows
from app.people.sheets import Table
from app.people.values import Unfit, read_number


class Reading:
    """A place in a file: taking goes on where it ended; to go back means to begin anew."""

    def __init__(self, table: Table, columns: Mapping[str, int], kind: str, *, today: date) -> None:
        self.table, self.columns, self.kind, self.today = table, columns, kind, today
        self._place = 0
        self._begin()

    def take(self, first: int, most: int) -> list[Checked]:
        """So many rows behind the first ones, less at the end."""
        if first < self._place:
            self._begin()
        for _ in islice(self._rows, first - self._place):
            pass
        taken = list(islice(self._rows, most))
        self._place = first + len(taken)
        return taken

    def numbers(self) -> set[str]:
        """All personnel numbers of the file, those of rows that are refused too."""
        column, found = self.columns["personnel_number"], set()
        for row in self.table.rows():
            with suppress(Unfit):
                found.add(read_number(row.cells[column] if column < len(row.cells) else None))
        return found

    def _begin(self) -> None:
        self._place = 0
        rows = checked_rows(self.table.rows(), self.columns, self.kind, today=self.today)
        self._rows: Iterator[Checked] = rows
