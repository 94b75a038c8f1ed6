"""Half-years: how they are named in addresses (2031-1, 2031-2), which days they hold. Pure."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

_NAME = re.compile(r"(20\d{2})-([12])", re.ASCII)


@dataclass(frozen=True, order=True)
class Half:
    """The first or the second half of a year."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Half":
        """The half-year in which a day lies."""
        return cls(day.year, 1 if day.month <= 6 else 2)

    @classmethod
    def named(cls, name: str) -> "Half | None":
        """The half-year of an address, None where it names none."""
        found = _NAME.fullmatch(name)
        return cls(int(found[1]), int(found[2])) if found else None

    @property
    def name(self) -> str:
        """As addresses and rows name it."""
        return f"{self.year}-{self.number}"

    @property
    def first_day(self) -> date:
        """1 January or 1 July."""
        return date(self.year, 1 if self.number == 1 else 7, 1)

    @property
    def last_day(self) -> date:
        """30 June or 31 December."""
        return self.next.first_day - timedelta(days=1)

    @property
    def next(self) -> "Half":
        """The one after it."""
        return Half(self.year, 2) if self.number == 1 else Half(self.year + 1, 1)

    @property
    def previous(self) -> "Half":
        """The one before it."""
        return Half(self.year, 1) if self.number == 2 else Half(self.year - 1, 2)

    @property
    def months(self) -> list[date]:
        """The first days of its six months."""
        return [date(self.year, month, 1) for month in range(self.first_day.month, self.first_day.month + 6)]

    def holds(self, day: date) -> bool:
        """Whether a day lies in it."""
        return Half.of(day) == self
