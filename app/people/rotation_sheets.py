"""Files of rotation calendars: who works from which day to which. Pure; headings in Russian, Kazakh or English."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.errors import N_
from app.people.checking import MISSING, Refusal
from app.people.headings import EMPLOYEE_COLUMNS, ColumnMissing
from app.people.names import fold
from app.people.sheets import Row, read_sheet
from app.people.values import Unfit, read_date, read_number

LONGEST = timedelta(days=120)
YEARS = range(2000, 2100)
# field: its headings; the first one is what a refusal asks for.
COLUMNS = {
    "personnel_number": EMPLOYEE_COLUMNS["personnel_number"],
    "starts_on": ("С", "С даты", "Начало", "Дата начала", "Бастап", "Басталуы", "Басы", "From", "Start", "First day"),
    "ends_on": ("По", "По дату", "Конец", "Дата окончания", "Дейін", "Аяқталуы", "Соңы", "To", "Until", "Last day"),
}
NOTHING_THERE = {
    "personnel_number": MISSING["personnel_number"],
    "starts_on": N_("The first day is missing."),
    "ends_on": N_("The last day is missing."),
}
BACKWARDS = N_("The last day is before the first.")
TOO_LONG = N_("These are more than 120 days. Check the dates.")
WRONG_YEAR = N_("Check the year.")
TWICE = N_("These days overlap those in row %(row)s.")
READERS: dict[str, Callable[[Any], Any]] = {
    "personnel_number": read_number,
    "starts_on": read_date,
    "ends_on": read_date,
}


@dataclass(frozen=True)
class Stretch:
    """One row: whose work, its first and its last day."""

    row: int
    number: str
    starts_on: date
    ends_on: date


def stretches_in(content: bytes) -> tuple[list[Stretch], list[Refusal]]:
    """The rows that can be, and why the others can't. Raises UnreadableFile, ColumnMissing."""
    sheet = read_sheet(content)
    columns = _columns(sheet.headings)
    good: list[Stretch] = []
    refused: list[Refusal] = []
    taken: dict[str, list[Stretch]] = {}
    for row in sheet.rows:
        stretch, wrong = _stretch(row, columns)
        if stretch is None:
            refused += wrong
        elif before := next((other for other in taken.get(stretch.number, ()) if _overlap(stretch, other)), None):
            refused.append(Refusal(row.number, "starts_on", TWICE, {"row": before.row}))
        else:
            taken.setdefault(stretch.number, []).append(stretch)
            good.append(stretch)
    return good, refused


def _columns(headings: list[str]) -> dict[str, int]:
    wanted = {fold(heading): field for field, names in COLUMNS.items() for heading in names}
    found: dict[str, int] = {}
    for number, heading in enumerate(headings):
        if field := wanted.get(fold(heading)):
            found.setdefault(field, number)
    for field, names in COLUMNS.items():
        if field not in found:
            raise ColumnMissing(column=names[0])
    return found


def _stretch(row: Row, columns: Mapping[str, int]) -> tuple[Stretch | None, list[Refusal]]:
    values: dict[str, Any] = {}
    wrong: list[Refusal] = []
    for field, column in columns.items():
        try:
            values[field] = READERS[field](row.cells[column] if column < len(row.cells) else None)
        except Unfit as unfit:
            wrong.append(Refusal(row.number, field, unfit.why, unfit.params))
            continue
        if not values[field]:
            wrong.append(Refusal(row.number, field, NOTHING_THERE[field]))
    if wrong:
        return None, wrong
    stretch = Stretch(row.number, values["personnel_number"], values["starts_on"], values["ends_on"])
    field, why = _odd(stretch)
    return (None, [Refusal(row.number, field, why)]) if why else (stretch, [])


def _odd(stretch: Stretch) -> tuple[str, str]:
    """The field and the sentence of what can't be about these days; empty if they can."""
    for field, day in (("starts_on", stretch.starts_on), ("ends_on", stretch.ends_on)):
        if day.year not in YEARS:
            return field, WRONG_YEAR
    if stretch.ends_on < stretch.starts_on:
        return "ends_on", BACKWARDS
    return ("ends_on", TOO_LONG) if stretch.ends_on - stretch.starts_on >= LONGEST else ("", "")


def _overlap(one: Stretch, other: Stretch) -> bool:
    return one.starts_on <= other.ends_on and other.starts_on <= one.ends_on
