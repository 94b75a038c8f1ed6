"""The nightly folder: each file of people in it is read once, then lies in done/ or failed/ with a report beside it."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import or_, select

from app.accounts.actor import ADMIN, Actor, Scope
from app.db import db, lock, transaction
from app.errors import N_, DomainError, Invalid
from app.files import FileStore
from app.people.import_mails import mail_failed, mail_held, mail_unreadable
from app.people.importing import KINDS, Plan, start_import
from app.people.models import City, ImportRun, Institution
from app.people.sheets import MAX_BYTES, FileTooLarge

FOLDER = Actor(name="folder", scopes=(Scope(ADMIN),))
SUFFIXES = (".csv", ".xlsx", ".xls")
QUIET = timedelta(minutes=1)  # a file that changed since then may still be being written
DONE, FAILED = "done", "failed"


class NameSaysNothing(DomainError):
    """Nobody chooses in a folder: the name must say what a page would ask."""

    type = "name-says-nothing"
    message = N_("Name the file employees-<city>.csv, employees-<city>-complete.xlsx, children.csv and the like.")


def take_next_file(folder: Path, *, store: FileStore, now: datetime) -> bool:
    """Begins with the next file that lies still and is not known, or sets one aside; says whether there may be more."""
    return any(_is_ready(file, now) and _take(file, store=store, now=now) for file in sorted(folder.iterdir()))


def report_back(folder: Path, *, now: datetime) -> list[ImportRun]:
    """Moves the files whose reading ended or waits for somebody, writes beside each what became of it, and tells who
    coordinates the city where they must act. Returns those runs."""
    ended = select(ImportRun).where(
        ImportRun.checksum.is_not(None),
        ImportRun.reported_at.is_(None),
        or_(ImportRun.finished_at.is_not(None), ImportRun.columns_asked_at.is_not(None)),
    )
    runs = [
        run
        for run in db.session.scalars(ended.order_by(ImportRun.started_at))
        if run.finished_at or run.waits_for_columns
    ]
    for run in runs:
        accepted = run.created + run.updated + run.unchanged or run.waits_for_columns
        _put_aside(folder / run.file_name, DONE if accepted else FAILED, _report(run), now=now)
        with transaction():
            lock(run)
            run.reported_at = now
            if run.held_at or run.waits_for_columns:
                mail_held(run, now=now)
            elif not accepted:
                mail_failed(run, now=now)
    return runs


def plan_of(name: str) -> Plan:
    """What the name of a file asks for. Raises NameSaysNothing."""
    kind, _, rest = Path(name).stem.partition("-")
    if kind not in KINDS:
        raise NameSaysNothing
    city = _slug_in(rest, list(db.session.scalars(select(City.slug))))
    if kind == "employees":
        if city is None:
            raise NameSaysNothing
        is_complete = f"{rest.removeprefix(city)}-".startswith("-complete-")
        return Plan(kind, city, is_complete=is_complete)
    ids = {slug: key for slug, key in db.session.execute(select(Institution.slug, Institution.id)) if slug}
    sender = _slug_in(rest, list(ids))
    return Plan(kind, institution_id=ids[sender]) if sender else Plan(kind, city)


def _is_ready(file: Path, now: datetime) -> bool:
    if file.suffix.lower() not in SUFFIXES or file.name.startswith((".", "~")) or file.is_symlink():
        return False
    return file.is_file() and datetime.fromtimestamp(file.stat().st_mtime, UTC) <= now - QUIET


def _take(file: Path, *, store: FileStore, now: datetime) -> bool:
    """False for a file that is being read: it stays until its report is written."""
    plan = None
    try:
        plan = replace(plan_of(file.name), may_wait=True)
        content = _content(file)
        checksum = hashlib.sha256(f"{plan}\n".encode() + content).hexdigest()
        known = db.session.scalar(select(ImportRun).where(ImportRun.checksum == checksum))
        if known is None:
            start_import(file.name, content, replace(plan, checksum=checksum), store=store, now=now, actor=FOLDER)
        elif known.reported_at:
            text = f"Nothing was done: the same file was read on {known.started_at:%Y-%m-%d}.\n{_page_of(known)}\n"
            _put_aside(file, DONE, text, now=now)
        return known is None or known.reported_at is not None
    except DomainError as refusal:
        city = _city_of(plan) if plan else None
        # The letter before the file is moved: killed in between, the next round finds both again, and writes it once.
        key = f"{file.stat().st_mtime_ns}-{file.name}"[:100]
        with transaction():
            mail_unreadable(file.name, refusal, city=city, key=key, now=now)
        _put_aside(file, FAILED, f"{_why(refusal)}\n", now=now)
        return True


def _city_of(plan: Plan) -> str | None:
    sender = db.session.get(Institution, plan.institution_id) if plan.institution_id else None
    return plan.city or (sender.city if sender else None)


def _content(file: Path) -> bytes:
    if file.stat().st_size > MAX_BYTES:
        raise FileTooLarge
    return file.read_bytes()


def _put_aside(file: Path, where: str, report: str, *, now: datetime) -> None:
    """Under a name that nothing there has yet, so that no night writes over another."""
    target = file.parent / where / f"{now:%Y%m%d-%H%M%S}-{file.name}"
    target.parent.mkdir(exist_ok=True)
    target.with_name(f"{target.name}.txt").write_text(report)
    if file.is_file():
        file.replace(target)


def _report(run: ImportRun) -> str:
    lines = [
        f"{run.created} new, {run.updated} changed ({run.moves} moved), {run.unchanged} as before, "
        f"{run.leavers} left, {len({row['row'] for row in run.refused})} rows refused",
        _page_of(run),
    ]
    if run.held_at:
        lines.insert(0, "HELD, nothing was changed: more than a tenth would leave. A coordinator confirms on the page.")
    if run.waits_for_columns:
        unknown = ", ".join(one["heading"] for one in run.unknown_columns)
        lines = [f"HELD, nothing was read: somebody must say on the page what these columns hold: {unknown}", lines[1]]
    said = [_refusal(**row) for row in run.refused] + [f"look: {_refusal(**row)}" for row in run.warnings]
    return "\n".join(lines + said) + "\n"


def _page_of(run: ImportRun) -> str:
    return f"/people/imports/{run.id}"


def _refusal(row: int, field: str, why: str, params: dict[str, str | int] | None = None) -> str:
    return f"row {row}, {field}: {why % params if params else why}"


def _why(refusal: DomainError) -> str:
    return " ".join(refusal.errors.values()) if isinstance(refusal, Invalid) else str(refusal)


def _slug_in(rest: str, slugs: list[str]) -> str | None:
    """The longest of these with which the rest of a name begins."""
    fitting = [slug for slug in slugs if f"{rest}-".startswith(f"{slug}-")]
    return max(fitting, key=len, default=None)
