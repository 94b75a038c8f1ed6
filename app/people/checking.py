"""One row of a file: clean values, or the sentences that say why it is refused. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as with_default
from datetime import date
from functools import lru_cache, partial
from typing import Any

from app.errors import N_
from app.people.headings import FULL_NAME, REQUIRED
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
# Columns in which thousands of rows say the same.
REPEATED = set("surname given_name patronymic department birth_date language tshirt_size school_class".split())
KNOWN = 4096
TWICE = N_("The personnel number %(number)s stands in this file twice.")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A field of a row that can't be: `why` % `params` is the sentence."""

    row: int
    field: str
    why: str
    params: Mapping[str, str | int] = with_default(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """As an import run keeps it."""
        return {"row": self.row, "field": self.field, "why": self.why, "params": dict(self.params)}


@dataclass(frozen=True, slots=True)
class Checked:
    """One row: {field: clean value} for the columns that the file has, and what is wrong with it."""

    row: int
    values: dict[str, Any]
    refusals: list[Refusal]


def check_rows(rows: Iterable[Row], columns: Mapping[str, int], kind: str, *, today: date) -> list[Checked]:
    """Every row's values and refusals, in the order of the file; a personnel number counts for its first row only."""
    return list(checked_rows(rows, columns, kind, today=today))


def checked_rows(rows: Iterable[Row], columns: Mapping[str, int], kind: str, *, today: date) -> Iterator[Checked]:
    """The same, one at a time."""
    readers = _readers(today)
    seen: set[str] = set()
    for row in rows:
        one = _check_row(row, columns, kind, readers)
        number = one.values.get("personnel_number")
        if number in seen:
            one.refusals.append(Refusal(row.number, "personnel_number", TWICE, {"number": number}))
        elif number:
            seen.add(number)
        yield one


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
    if FULL_NAME in values:
        values |= _parts_of(values.pop(FULL_NAME))
        missing = [part for part in ("surname", "given_name") if not values[part]]
        refusals += [Refusal(row.number, FULL_NAME, MISSING[part]) for part in missing[:1]]
    return Checked(row.number, values, refusals)


def _parts_of(full_name: str) -> dict[str, str]:
    """Surname, given name and the rest, in the order in which papers write them."""
    surname, given_name, patronymic = [*full_name.split(maxsplit=2), "", "", ""][:3]
    return {"surname": surname, "given_name": given_name, "patronymic": patronymic}


def _readers(today: date) -> dict[str, Reader]:
    readers = _all_readers(today)
    return {name: _knowing(reader) if name in REPEATED else reader for name, reader in readers.items()}


def _knowing(reader: Reader) -> Reader:
    """It reads what it read before at once; 1, 1.0 and True are alike to a dictionary, and not to a reader."""
    return lru_cache(KNOWN, typed=True)(reader)


def _all_readers(today: date) -> dict[str, Reader]:
    return {
        "personnel_number": read_number,
        "guardian_number": read_number,
        "surname": read_name,
        "given_name": read_name,
        "patronymic": read_name,
        FULL_NAME: read_name,
        "department": read_text,
        "birth_date": partial(read_birth_date, today=today),
        "email": read_email,
        "phone": read_phone,
        "language": read_language,
        "tshirt_size": read_size,
        "school_class": partial(read_text, longest=20),
        "medical_note": read_note,
    }
