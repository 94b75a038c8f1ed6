"""What a file changes, or would: kept for each run, so that a person sees it before it is applied."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlalchemy import Table, insert

from app.db import connection
from app.people.import_models import ImportChange
from app.people.models import ImportRun, Person
from app.prepared import write

SEEN = "surname given_name patronymic personnel_number city department institution_id birth_date email phone".split()
SEEN += ["language", "tshirt_size", "school_class"]


PARTS = ("surname", "given_name", "patronymic")
NEW = insert(cast(Table, ImportChange.__table__))


@dataclass(frozen=True, slots=True)
class Difference:
    """One person whom the file touches; `row` is None for one who isn't in it."""

    verb: str
    row: int | None
    name: str
    personnel_number: str | None
    changes: dict[str, list[str | None]]


def newcomer(name: str, personnel_number: str | None, row: int) -> Difference:
    """Somebody who was not known."""
    return Difference("new", row, name, personnel_number, {})


def change_of(person: Any, row: int, changes: Mapping[str, tuple[object, object]]) -> Difference:
    """Somebody of whom the file says something else; another department or city is a move."""
    seen = {field: [_plain(part) for part in pair] for field, pair in changes.items() if field in SEEN}
    verb = "moved" if any(changes.get(field, (None,))[0] for field in ("department", "city")) else "changed"
    names = {part: getattr(person, part) for part in PARTS}
    return Difference(verb, row, full_name(names), person.personnel_number, seen)


def full_name(values: Mapping[str, Any]) -> str:
    """Surname, given name, patronymic, as far as they are there."""
    return " ".join(filter(None, map(values.get, PARTS)))


def leaver(person: Person) -> Difference:
    """Somebody who isn't in a complete list."""
    return Difference("left", None, person.full_name, person.personnel_number, {})


def keep_differences(run: ImportRun, found: Sequence[Difference], *, after: int) -> None:
    """Writes them behind the `after` that stand already; part of the caller's transaction."""
    run.moves += sum(difference.verb == "moved" for difference in found)
    rows = [
        {
            "run_id": run.id, "number": after + place, "verb": one.verb, "row": one.row, "name": one.name,
            "personnel_number": one.personnel_number, "changes": one.changes,
        }
        for place, one in enumerate(found, start=1)
    ]  # fmt: skip
    if rows:
        write(connection(), NEW, rows)


def _plain(value: Any) -> str | None:
    if value is None or value == "":
        return None
    return value.isoformat() if isinstance(value, date) else str(value)
