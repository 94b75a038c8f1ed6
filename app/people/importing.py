"""Reading a file of people: a run that is kept, taken a few hundred rows at a time, and goes on after a crash."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from app.accounts.actor import Actor
from app.accounts.models import Account
from app.audit.operations import record
from app.db import db, lock, new_id, transaction
from app.errors import N_, DomainError, Invalid, NotFound, require
from app.files import FileStore
from app.people.applying import Tally, apply_children, apply_employees
from app.people.changing import close_accounts
from app.people.checking import Checked, check_rows
from app.people.differences import keep_differences, leaver
from app.people.headings import columns_of
from app.people.models import City, ImportRun, Institution, Person
from app.people.policy import can_import
from app.people.sheets import read_sheet
from app.people.starters import starter_of

ROWS_AT_ONCE = 300
MOST_LEAVERS = 0.1  # of the employees of the city, without a person who knows of it
A_FEW = 5  # so many may leave a small city unasked
OF_THE_FILE = "kind file_name file_key city institution_id is_complete rows_total".split()
KINDS = ("employees", "children")
Name = tuple[str, str, str, date]  # folder, key, kind, day of the check
_kept: dict[Name, list[Checked]] = {}


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

    Where the same process goes on at once, its rows aren't read and checked a second time.
    """
    _check_plan(plan, actor=actor)
    checked = _checked(content, plan.kind, today=now.date())
    key = store.save(content)
    if goes_on_here:
        _keep(_name_of(store, key, plan.kind, now.date()), checked)
    with transaction() as session:
        run = ImportRun(
            id=new_id(),
            kind=plan.kind,
            file_name=file_name[:200],
            file_key=key,
            city=plan.city,
            institution_id=plan.institution_id,
            is_complete=plan.is_complete,
            is_dry_run=plan.is_dry_run,
            rows_total=len(checked),
            started_at=now,
            started_by_id=actor.account_id,
            confirmed_at=now if plan.is_confirmed else None,
            checksum=plan.checksum,
        )
        session.add(run)
        session.flush()
        record(actor, "start_import", run, now=now)
    return run


def continue_import(run_id: str, *, store: FileStore, now: datetime, actor: Actor) -> bool:
    """Takes the next rows in one transaction; says whether there are more. A finished run is left alone.

    It acts for whoever started the run, with what they may do today; `actor` stands in where nobody with a login did.
    """
    run = db.session.get(ImportRun, run_id)
    if run is None:
        raise NotFound
    if run.finished_at or run.file_key is None:
        return False
    actor = starter_of(run, now=now) or actor
    # Read before the transaction: a large file takes seconds, and sign-ups shouldn't wait for them.
    rows = _rows_of(run, store)
    with transaction():
        lock(run)
        if run.finished_at:
            return False
        _take_some(run, rows, now=now, actor=actor)
        if run.rows_done < run.rows_total:
            return True
        if run.is_complete:
            run.leavers = _let_leave(run, rows, now=now, actor=actor)
        run.finished_at = now
        record(actor, "finish_import", run, now=now)
        key, kept = run.file_key, is_applicable(run)
        run.file_key = key if kept else None
    if not kept:
        store.delete(key)
    _kept.clear()
    return False


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
    query = select(ImportRun.id).where(ImportRun.finished_at.is_(None), ImportRun.file_key.is_not(None))
    return list(db.session.scalars(query.order_by(ImportRun.started_at)))


def run_import(
    file_name: str, content: bytes, plan: Plan, *, store: FileStore, now: datetime, actor: Actor
) -> ImportRun:
    """The whole file at once, still in transactions of a few hundred rows; returns the finished run."""
    run = start_import(file_name, content, plan, store=store, now=now, actor=actor, goes_on_here=True)
    while continue_import(run.id, store=store, now=now, actor=actor):
        pass
    return run


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


def _checked(content: bytes, kind: str, *, today: date) -> list[Checked]:
    sheet = read_sheet(content)
    return check_rows(sheet.rows, columns_of(sheet.headings, kind), kind, today=today)


def _rows_of(run: ImportRun, store: FileStore) -> list[Checked]:
    """Read once for all the steps of a run in this process."""
    key = run.file_key or ""
    name = _name_of(store, key, run.kind, run.started_at.date())
    rows = _kept.get(name)
    if rows is None:
        rows = _checked(store.read(key), run.kind, today=run.started_at.date())
        _keep(name, rows)
    return rows


def _keep(name: Name, rows: list[Checked]) -> None:
    """The rows of one file at a time: a large one takes a hundred megabytes."""
    _kept.clear()
    _kept[name] = rows


def _name_of(store: FileStore, key: str, kind: str, day: date) -> Name:
    return str(store.folder), key, kind, day


def _apply(run: ImportRun, rows: list[Checked], *, now: datetime, actor: Actor) -> Tally:
    common: dict[str, Any] = {"write": not run.is_dry_run, "now": now, "actor": actor}
    if run.kind == "employees":
        return apply_employees(rows, city=run.city, **common)
    institution = db.session.get(Institution, run.institution_id) if run.institution_id else None
    return apply_children(rows, institution=institution, **common)


def _take_some(run: ImportRun, rows: list[Checked], *, now: datetime, actor: Actor) -> None:
    _hold_if_many_leave(run, rows, now=now, actor=actor)
    some = rows[run.rows_done : run.rows_done + ROWS_AT_ONCE]
    _count(run, _apply(run, some, now=now, actor=actor))
    run.rows_done += len(some)


def _count(run: ImportRun, tally: Tally) -> None:
    keep_differences(run, tally.differences, after=run.created + run.updated)
    run.created += tally.created
    run.updated += tally.updated
    run.unchanged += tally.unchanged
    run.refused = [*run.refused, *(refusal.as_json() for refusal in tally.refused)]


def _let_leave(run: ImportRun, rows: list[Checked], *, now: datetime, actor: Actor) -> int:
    """Marks those who aren't in the list as gone; says how many."""
    gone = _missing_from(run, rows)
    for first in range(0, len(gone), ROWS_AT_ONCE):
        _leave(run, gone[first : first + ROWS_AT_ONCE], after=run.created + run.updated + first, now=now, actor=actor)
    return len(gone)


def _missing_from(run: ImportRun, rows: list[Checked]) -> list[str]:
    """Employees of this city who aren't in the list have left; those in a refused row are in the list."""
    listed = {row.values.get("personnel_number") for row in rows}
    numbers = select(Person.id, Person.personnel_number).where(
        Person.kind == "employee", Person.city == run.city, Person.deactivated_at.is_(None)
    )
    # The demo's logins stand in no list of anybody's: trying the import out must not lock everyone out.
    numbers = numbers.where(Person.id.not_in(select(Account.person_id).where(Account.is_demo)))
    found = db.session.execute(numbers.order_by(Person.name_sort, Person.id))
    return [person_id for person_id, number in found if number not in listed]


def _hold_if_many_leave(run: ImportRun, rows: list[Checked], *, now: datetime, actor: Actor) -> None:
    """Before its first row: a list without more than a tenth of the employees becomes a report that waits for a person.

    A file cut in half would otherwise close half of the logins in a night.
    """
    if not run.is_complete or run.rows_done or run.confirmed_at:
        return
    leave = len(_missing_from(run, rows))
    there = select(func.count()).where(
        Person.kind == "employee", Person.city == run.city, Person.deactivated_at.is_(None)
    )
    if leave > A_FEW and leave > MOST_LEAVERS * (db.session.scalar(there) or 0):
        run.held_at, run.is_dry_run = now, True
        record(actor, "hold_import", run, now=now)


def _leave(run: ImportRun, person_ids: list[str], *, after: int, now: datetime, actor: Actor) -> None:
    known = {person.id: person for person in db.session.scalars(select(Person).where(Person.id.in_(person_ids)))}
    people = [known[person_id] for person_id in person_ids]
    keep_differences(run, [leaver(person) for person in people], after=after)
    if run.is_dry_run:
        return
    for person in people:
        person.deactivated_at = now
        record(actor, "leave", person, now=now)
    close_accounts(person_ids, now=now)


def _city_of(run: ImportRun) -> str | None:
    institution = db.session.get(Institution, run.institution_id) if run.institution_id else None
    return run.city or (institution.city if institution else None)
