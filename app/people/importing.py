"""Reading a file of people: a run that is kept, taken a few hundred rows at a time, and goes on after a crash."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select

from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import db, lock, new_id, transaction
from app.errors import N_, DomainError, Invalid, NotFound, require
from app.files import FileStore
from app.people.applying import Tally, apply_children, apply_employees
from app.people.checking import Checked
from app.people.differences import keep_differences
from app.people.doubting import doubts_of
from app.people.headings import columns_of, match
from app.people.leaving import hold_if_many_leave, let_leave
from app.people.mapping import asked_about, remember, remembered, with_assigned
from app.people.models import City, ImportRun, Institution
from app.people.names import fold
from app.people.policy import can_import
from app.people.reading import Reading
from app.people.sheets import Table, open_table
from app.people.starters import starter_of

ROWS_AT_ONCE = 500
OF_THE_FILE = "kind file_name file_key city institution_id is_complete rows_total columns".split()
KINDS = ("employees", "children")
Name = tuple[str, str, str, date]  # folder, key, kind, day of the check
_kept: dict[Name, Reading] = {}


class OnlyEmployeesLeave(DomainError):
    """A complete list makes leavers, and only of employees."""

    type = "only-employees-leave"
    message = N_("Only a list of employees can be complete.")
    status = 422
    field = "is_complete"


class AppliedAlready(DomainError):
    """A report is applied once, while its file is kept."""

    type = "report-applied"
    title = N_("Nothing to apply")
    message = N_("This report was applied already, or its file is no longer kept. Read the file again.")


class ManyLeave(DomainError):
    """More than a tenth of the employees would lose their logins: somebody must say that this is right."""

    type = "many-leave"
    title = N_("Many would leave")
    message = N_("%(leavers)s employees would leave. Look at the list and confirm that this is right.")


@dataclass(frozen=True)
class Plan:
    """What was asked for with the file."""

    kind: str
    city: str | None = None
    institution_id: str | None = None
    is_complete: bool = False
    is_dry_run: bool = False
    is_confirmed: bool = False  # a person knows how many leave
    checksum: str | None = None  # of a file from the folder
    may_wait: bool = field(default=False, repr=False)  # for somebody to say what its unknown columns hold
    mapping: Mapping[str, str] = field(default_factory=dict, repr=False)  # what was said of them: {heading: field}


def start_import(
    file_name: str,
    content: bytes,
    plan: Plan,
    *,
    store: FileStore,
    now: datetime,
    actor: Actor,
    goes_on_here: bool = False,
) -> ImportRun:
    """Checks that the file can be read and keeps it; adds nobody. Raises UnreadableFile, ColumnMissing, Invalid.

    Where it may wait and has columns that nobody knows, it does. Where the same process goes on at once, the file isn't
    opened a second time.
    """
    _check_plan(plan, actor=actor)
    table = open_table(content)
    columns, unknown = _columns(table, plan)
    run = _new_run(file_name, plan, now=now, actor=actor)
    run.rows_total, run.columns, run.unknown_columns = table.count, columns, asked_about(table, unknown)
    run.columns_asked_at = now if unknown else None
    run.file_key = store.save(content)
    with transaction() as session:
        session.add(run)
        session.flush()
        record(actor, "start_import", run, now=now)
        remember(plan.kind, plan.mapping, now=now, actor=actor)
    if goes_on_here:
        _keep(_name_of(run, store), Reading(table, columns, plan.kind, today=now.date()))
    return run


def continue_import(run_id: str, *, store: FileStore, now: datetime, actor: Actor) -> bool:
    """Takes the next rows in one transaction; says whether there are more. A finished run is left alone.

    It acts for whoever started the run, with what they may do today; `actor` stands in where nobody with a login did.
    """
    run = db.session.get(ImportRun, run_id)
    if run is None:
        raise NotFound
    if run.finished_at or run.file_key is None or run.waits_for_columns:
        return False
    actor = starter_of(run, now=now) or actor
    # Read before the transaction: a large file takes seconds, and sign-ups shouldn't wait for them.
    reading, first = _reading_of(run, store), run.rows_done
    rows = reading.take(first, ROWS_AT_ONCE)
    with transaction():
        lock(run)
        if run.finished_at:
            return False
        if run.rows_done != first:
            return True
        hold_if_many_leave(run, reading.numbers, now=now, actor=actor)
        _count(run, _apply(run, rows, now=now, actor=actor))
        run.rows_done += len(rows)
        if run.rows_done < run.rows_total:
            return True
        useless = _finish(run, reading, now=now, actor=actor)
    if useless:
        store.delete(useless)
    _kept.clear()
    return False


def _finish(run: ImportRun, reading: Reading, *, now: datetime, actor: Actor) -> str | None:
    """Behind the last row: who left, and whether the file is of use any more. Returns the key of one that isn't."""
    if run.is_complete:
        run.leavers = let_leave(run, reading.numbers, now=now, actor=actor)
    run.finished_at = now
    record(actor, "finish_import", run, now=now)
    key = run.file_key
    if is_applicable(run):
        return None
    run.file_key = None
    return key


def apply_report(run: ImportRun, *, is_confirmed: bool, now: datetime, actor: Actor) -> ImportRun:
    """Does what a finished report says, once: the worker reads the kept file for real. Returns the new run.

    Raises AppliedAlready, ManyLeave where it was held and nobody said that they know.
    """
    with transaction() as session:
        lock(run)
        require(can_import(actor, city=_city_of(run)))
        if not is_applicable(run):
            raise AppliedAlready
        if run.held_at and not is_confirmed:
            raise ManyLeave(leavers=run.leavers)
        told = {name: getattr(run, name) for name in OF_THE_FILE}
        real = ImportRun(id=new_id(), started_at=now, started_by_id=actor.account_id, **told)
        real.confirmed_at = now if is_confirmed else None
        session.add(real)
        session.flush()
        run.applied_as_id, run.file_key = real.id, None
        record(actor, "apply_report", run, now=now)
        record(actor, "start_import", real, now=now)
    return real


def is_applicable(run: ImportRun) -> bool:
    """A finished report whose file is kept and would change something."""
    changes = run.created + run.updated + run.leavers
    return bool(run.is_dry_run and run.finished_at and run.file_key and changes)


def unfinished_imports() -> list[str]:
    """Runs that somebody should go on with."""
    query = select(ImportRun.id).where(
        ImportRun.finished_at.is_(None),
        ImportRun.file_key.is_not(None),
        or_(ImportRun.columns_asked_at.is_(None), ImportRun.columns_assigned_at.is_not(None)),
    )
    return list(db.session.scalars(query.order_by(ImportRun.started_at)))


def run_import(
    file_name: str, content: bytes, plan: Plan, *, store: FileStore, now: datetime, actor: Actor
) -> ImportRun:
    """The whole file at once, still in transactions of a few hundred rows; returns the finished run."""
    run = start_import(file_name, content, plan, store=store, now=now, actor=actor, goes_on_here=True)
    while continue_import(run.id, store=store, now=now, actor=actor):
        pass
    return run


def _new_run(file_name: str, plan: Plan, *, now: datetime, actor: Actor) -> ImportRun:
    return ImportRun(
        id=new_id(),
        kind=plan.kind,
        file_name=file_name[:200],
        city=plan.city,
        institution_id=plan.institution_id,
        is_complete=plan.is_complete,
        is_dry_run=plan.is_dry_run,
        started_at=now,
        started_by_id=actor.account_id,
        confirmed_at=now if plan.is_confirmed else None,
        checksum=plan.checksum,
    )


def _check_plan(plan: Plan, *, actor: Actor) -> None:
    if plan.kind not in KINDS:
        raise Invalid({"kind": N_("Choose employees or children.")})
    if plan.kind == "employees" and not plan.city:
        raise Invalid({"city": N_("Choose the city of this list.")})
    if plan.city and db.session.get(City, plan.city) is None:
        raise Invalid({"city": N_("There is no such city.")})
    institution = db.session.get(Institution, plan.institution_id) if plan.institution_id else None
    if plan.institution_id and institution is None:
        raise Invalid({"institution": N_("There is no such institution.")})
    if plan.is_complete and plan.kind != "employees":
        raise OnlyEmployeesLeave
    require(can_import(actor, city=plan.city or (institution.city if institution else None)))


def _columns(table: Table, plan: Plan) -> tuple[dict[str, int], list[int]]:
    """Which column holds what, and which ones somebody must be asked about first."""
    found = match(table.headings, plan.kind, remembered(plan.kind))
    if plan.mapping:
        numbers = {fold(heading): number for number, heading in reversed(list(enumerate(table.headings)))}
        said = {numbers.get(fold(title)) for title in plan.mapping}
        columns = {field: number for field, number in found.columns.items() if number not in said}
        return with_assigned(columns, numbers, plan.mapping, plan.kind), []
    if plan.may_wait and found.unknown:
        return found.columns, found.unknown
    return columns_of(table.headings, plan.kind, remembered(plan.kind)), []


def _reading_of(run: ImportRun, store: FileStore) -> Reading:
    """Opened once for all the steps of a run in this process."""
    name, day = _name_of(run, store), run.started_at.date()
    reading = _kept.get(name)
    if reading is None:
        table = open_table(store.read(run.file_key or ""))
        columns = columns_of(table.headings, run.kind) if run.columns is None else run.columns
        reading = Reading(table, columns, run.kind, today=day)
        _keep(name, reading)
    return reading


def _keep(name: Name, reading: Reading) -> None:
    """One file at a time: a large one takes tens of megabytes."""
    _kept.clear()
    _kept[name] = reading


def _name_of(run: ImportRun, store: FileStore) -> Name:
    return str(store.folder), run.file_key or "", run.kind, run.started_at.date()


def _apply(run: ImportRun, rows: list[Checked], *, now: datetime, actor: Actor) -> Tally:
    common: dict[str, Any] = {"write": not run.is_dry_run, "now": now, "actor": actor}
    if run.kind == "employees":
        return apply_employees(rows, city=run.city, **common)
    institution = db.session.get(Institution, run.institution_id) if run.institution_id else None
    return apply_children(rows, institution=institution, **common)


def _count(run: ImportRun, tally: Tally) -> None:
    keep_differences(run, tally.differences, after=run.created + run.updated)
    run.created += tally.created
    run.updated += tally.updated
    run.unchanged += tally.unchanged
    if tally.refused:
        run.refused = [*run.refused, *(refusal.as_json() for refusal in tally.refused)]
    if doubts := doubts_of(tally.addresses, before=run.started_at):
        run.warnings = [*run.warnings, *(doubt.as_json() for doubt in doubts)]


def _city_of(run: ImportRun) -> str | None:
    institution = db.session.get(Institution, run.institution_id) if run.institution_id else None
    return run.city or (institution.city if institution else None)
