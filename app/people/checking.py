"""One row of a file: clean values, or the sentences that say why it is refused. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as with_default
from datetime import date
from functools import partial
from typing import Any

from app.errors import N_
from app.people.headings import REQUIRED
from app.people.sheets import Row
from app.people.values import (
    Unfit,
    read_birth_date,
    read_email,
    read_language,
    read_name,
    read_note,
    read_number,
    read_phone,
    read_size,
    read_text,
)

Reader = Callable[[Any], Any]
MISSING = {
    "personnel_number": N_("The personnel number is missing."),
    "surname": N_("The surname is missing."),
    "given_name": N_("The given name is missing."),
    "birth_date": N_("The date of birth is missing."),
    "guardian_number": N_("The parent's personnel number is missing."),
}
TWICE = N_("The personnel number %(number)s stands in this file twice.")


@dataclass(frozen=True)
class Refusal:
    """A field of a row that can't be: `why` % `params` is the sentence."""

    row: int
    field: str
    why: str
    params: Mapping[str, str | int] = with_default(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """As an import run keeps it."""
        return {"row": self.row, "field": self.field, "why": self.why, "params": dict(self.params)}


@dataclass(frozen=True)
class Checked:
    """One row: {field: clean value} for the columns that the file has, and what is wrong with it."""

    row: int
    values: dict[str, Any]
    refusals: list[Refusal]


def check_rows(rows: Iterable[Row], columns: Mapping[str, int], kind: str, *, today: date) -> list[Checked]:
    """Every row's values and refusals, in the order of the file; a personnel number counts for its first row only."""
    readers = _readers(today)
    seen: set[str] = set()
    checked = []
    for row in rows:
        one = _check_row(row, columns, kind, readers)
        number = one.values.get("personnel_number")
        if number in seen:
            one.refusals.append(Refusal(row.number, "personnel_number", TWICE, {"number": number}))
        elif number:
            seen.add(number)
        checked.append(one)
    return checked


def _check_row(row: Row, columns: Mapping[str, int], kind: str, readers: Mapping[str, Reader]) -> Checked:
    values: dict[str, Any] = {}
    refusals = []
    for name, column in columns.items():
        cell = row.cells[column] if column < len(row.cells) else None
        try:
            values[name] = readers[name](cell)
        except Unfit as unfit:
            refusals.append(Refusal(row.number, name, unfit.why, unfit.params))
            continue
        if not values[name] and name in REQUIRED[kind]:
            refusals.append(Refusal(row.number, name, MISSING[name]))
    return Checked(row.number, values, refusals)


def _readers(today: date) -> dict[str, Reader]:
    return {
        "personnel_number": read_number,
        "guardian_number": read_number,
        "surname": read_name,
        "given_name": read_name,
        "patronymic": read_name,
        "department": read_text,
        "birth_date": partial(read_birth_date, today=today),
        "email": read_email,
        "phone": read_phone,
        "language": read_language,
        "tshirt_size": read_size,
        "school_class": partial(read_text, longest=20),
        "medical_note": read_note,
    }
