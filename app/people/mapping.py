"""What a person says of HR's own columns: asked once, remembered for every later file, changed, forgotten."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.accounts.actor import Actor
from app.accounts.models import Account
from app.audit.operations import record
from app.db import db, lock, transaction
from app.errors import N_, DomainError, Invalid, NotFound, require
from app.people.headings import COLUMNS, FULL_NAME, IGNORE, IN_FULL_NAME, ColumnMissing, assignable, missing_field
from app.people.import_models import ImportMapping
from app.people.models import ImportRun, Person
from app.people.names import fold
from app.people.policy import can_import, can_map_columns
from app.people.queries import run_city
from app.people.sheets import Table
from app.people.values import tidy

EXAMPLES = 2
LONGEST = 40  # characters of an example
LOOKED_AT = 50  # rows
UNKNOWN_KIND = N_("Choose employees or children.")


class TwoColumns(DomainError):
    """One field is read from one column."""

    type = "two-columns"
    title = N_("Two columns for one thing")
    message = N_("Two columns can't both be “%(column)s”. Leave one of them out.")
    status = 422


class StillMissing(ColumnMissing):
    """What was said of the columns leaves one out that must be there."""

    message = N_("No column holds “%(column)s” yet, and without it nobody can be read.")
    field = "mapping"


class NoSuchColumn(DomainError):
    """A heading that the file hasn't."""

    type = "no-such-column"
    message = N_("The file has no column “%(column)s”.")
    status = 422


class NoSuchField(DomainError):
    """Nothing that we keep of people."""

    type = "no-such-field"
    message = N_("A column can't be “%(field)s”.")
    status = 422


class NotAsked(DomainError):
    """Its columns were explained already, or its file is no longer kept."""

    type = "columns-not-asked"
    title = N_("Nothing to say")
    message = N_("This file doesn't wait for anything to be said of its columns. Read the file again.")


def assign_columns(run: ImportRun, said: Mapping[str, str], *, now: datetime, actor: Actor) -> None:
    """What the unknown columns of a waiting file hold ({heading: field}); it is read on, and all of it is remembered.

    Raises NotAsked, NoSuchColumn, NoSuchField, TwoColumns, StillMissing.
    """
    with transaction():
        lock(run)
        require(can_import(actor, city=run_city(run)))
        if not run.waits_for_columns or run.file_key is None or run.finished_at:
            raise NotAsked
        numbers = {fold(one["heading"]): one["number"] for one in reversed(run.unknown_columns)}
        columns = with_assigned(dict(run.columns or {}), numbers, said, run.kind)
        run.columns, run.unknown_columns, run.columns_assigned_at = columns, [], now
        record(actor, "assign_columns", run, now=now)
        remember(run.kind, said, now=now, actor=actor)


def change_mapping(mapping: ImportMapping, field: str, *, now: datetime, actor: Actor) -> None:
    """From the next file on the column holds this. Raises NoSuchField."""
    with transaction():
        lock(mapping)
        require(can_map_columns(actor))
        _check_field(field, mapping.kind)
        _set(mapping, field, now=now, actor=actor)


def forget_mapping(mapping: ImportMapping, *, now: datetime, actor: Actor) -> None:
    """The next file with this column is asked about again."""
    with transaction() as session:
        lock(mapping)
        require(can_map_columns(actor))
        record(actor, "forget_mapping", mapping, now=now, changes={"field": (mapping.field, None)})
        session.delete(mapping)


def mappings() -> list[ImportMapping]:
    """All that is remembered, by kind of file and heading."""
    return list(db.session.scalars(select(ImportMapping).order_by(ImportMapping.kind, ImportMapping.title)))


def remembered_of(run: ImportRun) -> list[ImportMapping]:
    """What was remembered, before it was read or for it, of columns that hold what the file has."""
    until = run.columns_assigned_at or run.started_at
    holds = set(run.columns or ()) | {IGNORE}
    return [one for one in mappings() if one.kind == run.kind and one.field in holds and one.assigned_at <= until]


def sayers(found: Collection[ImportMapping]) -> dict[str, str]:
    """{mapping's id: who said it last}; nothing where that was a command, or somebody who was erased."""
    accounts = {one.assigned_by_id: "" for one in found if one.assigned_by_id}
    query = select(Account.id, Person).join(Person, Person.id == Account.person_id).where(Account.id.in_(accounts))
    accounts |= {account_id: person.short_name for account_id, person in db.session.execute(query)}
    return {one.id: accounts.get(one.assigned_by_id or "", "") for one in found}


def mapping_of(mapping_id: str) -> ImportMapping:
    """One of them; raises NotFound."""
    found = db.session.get(ImportMapping, mapping_id)
    if found is None:
        raise NotFound
    return found


def remembered(kind: str) -> dict[str, str]:
    """{folded heading: field} of files of this kind."""
    rows = db.session.execute(select(ImportMapping.heading, ImportMapping.field).where(ImportMapping.kind == kind))
    return {row.heading: row.field for row in rows}


def remember(kind: str, said: Mapping[str, str], *, now: datetime, actor: Actor) -> None:
    """Keeps what was said; part of the caller's transaction."""
    known = {row.heading: row for row in db.session.scalars(select(ImportMapping).where(ImportMapping.kind == kind))}
    for title, field in said.items():
        heading = fold(title)[:200]
        if heading not in known:
            known[heading] = ImportMapping(kind=kind, heading=heading, title=title[:200], field="", assigned_at=now)
            known[heading].field = field
            known[heading].assigned_by_id = actor.account_id
            db.session.add(known[heading])
            db.session.flush()
            record(actor, "assign_column", known[heading], now=now, changes={"field": (None, field)})
        else:
            _set(known[heading], field, now=now, actor=actor)


def with_assigned(
    columns: dict[str, int], numbers: Mapping[str, int], said: Mapping[str, str], kind: str
) -> dict[str, int]:
    """The columns of a file with what was said of others; `numbers` are those of the folded headings.

    Raises NoSuchColumn, NoSuchField, TwoColumns, StillMissing.
    """
    for title, field in said.items():
        _check_field(field, kind)
        if fold(title) not in numbers:
            raise NoSuchColumn(column=title)
        if field == IGNORE:
            continue
        taken = [FULL_NAME] if field in IN_FULL_NAME else IN_FULL_NAME if field == FULL_NAME else []
        if twice := next((name for name in (field, *taken) if name in columns), None):
            raise TwoColumns(column=title_of(twice, kind))
        columns[field] = numbers[fold(title)]
    if missing := missing_field(columns, kind):
        raise StillMissing(column=COLUMNS[kind][missing][0])
    return columns


def check_kind(kind: str) -> None:
    """Raises Invalid for a kind of file that there isn't."""
    if kind not in COLUMNS:
        raise Invalid({"kind": UNKNOWN_KIND})


def title_of(field: str, kind: str) -> str:
    """What we call the column of this field."""
    return COLUMNS[kind][field][0] if field in COLUMNS[kind] else field


def asked_about(table: Table, unknown: Sequence[int]) -> list[dict[str, Any]]:
    """What a person needs to say what these columns hold: the heading and a value or two."""
    examples: dict[int, list[str]] = {number: [] for number in unknown}
    for row, _ in zip(table.rows(), range(LOOKED_AT), strict=False):
        for number, found in examples.items():
            text = tidy(row.cells[number]) if number < len(row.cells) else ""
            if text and text not in found and len(found) < EXAMPLES:
                found.append(text[:LONGEST])
    return [
        {"number": number, "heading": table.headings[number], "examples": found} for number, found in examples.items()
    ]


def _check_field(field: str, kind: str) -> None:
    check_kind(kind)
    if field not in assignable(kind):
        raise NoSuchField(field=field)


def _set(mapping: ImportMapping, field: str, *, now: datetime, actor: Actor) -> None:
    if mapping.field != field:
        record(actor, "assign_column", mapping, now=now, changes={"field": (mapping.field, field)})
        mapping.field, mapping.assigned_at, mapping.assigned_by_id = field, now, actor.account_id
