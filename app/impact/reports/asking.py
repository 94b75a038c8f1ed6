"""What of the report somebody asks for, as it stands in the address: programme, city, year, kind, department."""

from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from app.errors import NotFound
from app.impact.reports.report import Asked

NAMES = ("programme", "city", "year", "kind", "department")
LONGEST = 200


@dataclass(frozen=True)
class Wanted:
    """The filter as the address has it; None is all."""

    programme: str | None = None
    city: str | None = None
    year: str | None = None
    kind: str | None = None
    department: str | None = None

    @property
    def address(self) -> dict[str, Any]:
        """For an address that asks for the same."""
        return {name: value for name in NAMES if (value := getattr(self, name))}

    @property
    def asked(self) -> Asked:
        """The same as the rules take it; raises NotFound for a year that is none."""
        if self.year is not None and not (self.year.isascii() and self.year.isdecimal() and len(self.year) == 4):
            raise NotFound
        return Asked(int(self.year) if self.year else None, self.city, self.kind)


def wanted(args: "MultiDict[str, str]") -> Wanted:
    """What the address asks for; raises NotFound for what is too long to be a name."""
    found = {name: args.get(name) or None for name in NAMES}
    if any(len(value) > LONGEST for value in found.values() if value):
        raise NotFound
    return Wanted(**found)
