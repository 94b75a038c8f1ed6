"""Every command that a person or a timer runs. Each reads its words, calls one thing, and prints what came of it.

What a command needs is imported inside it: `--help` and `doctor` then work where another room is broken.
"""

import os
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import NoReturn

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from app import clock
from app.accounts.actor import ADMIN, ROLES, Actor, Scope
from app.db import db
from app.errors import DomainError, Invalid
from app.files import open_store
from app.web.health import is_schema_behind
from config import ROOT, Settings

OPERATOR = Actor(name="operator", scopes=(Scope(ADMIN),))
FILE = click.Path(path_type=Path, dir_okay=False)


commands = AppGroup()


def register(app: Flask) -> None:
    """Hangs the commands under `flask`."""
    for command in commands.commands.values():
        app.cli.add_command(command)


@commands.group("accounts")
def accounts() -> None:
    """Logins."""


@commands.group("cities")
def cities() -> None:
    """Where people live and events take place."""


@commands.group("mail")
def letters() -> None:
    """Letters that left."""


@commands.group("people")
def people() -> None:
    """Employees and children."""


@commands.group("tokens")
def tokens() -> None:
    """Keys of programs to the JSON face."""


@commands.command()
def prepare() -> None:
    """Bring the database up to this code; load the demo programme into an empty one."""
    _prepare()


def _prepare() -> None:
    from flask_migrate import upgrade
    from sqlalchemy.exc import OperationalError

    from app.consents.operations import install_first_texts

    begun = time.monotonic()
    try:
        upgrade()
    except OperationalError as error:
        _stop(f"The database does not answer: {str(error.orig).strip().splitlines()[0]}")
    db.session.remove()
    install_first_texts(now=clock.now())
    click.echo(f"Database ready in {time.monotonic() - begun:.1f} s.")
    if _settings().demo:
        _load_demo(clock.now())


@commands.command()
@click.option("--prepare", "first_prepare", is_flag=True, help="As `prepare` does, in the same start.")
def serve(first_prepare: bool) -> None:
    """Answer over HTTP, in the foreground."""
    settings = _settings()
    if first_prepare:
        _prepare()
    _refuse_unready(settings)
    host = "127.0.0.1" if settings.is_loopback else "0.0.0.0"
    # Threads of one process only wait for each other and for SQLite's one writer; a server database answers many.
    threads = "1" if settings.database_url.startswith("sqlite") else "2"
    where = ["--host", host, "--port", str(settings.port), "--working-dir", str(ROOT)]
    how = ["--workers", str(settings.web_workers), "--blocking-threads", threads, "--respawn-failed-workers", "--no-ws"]
    how += ["--workers-kill-timeout", "10"]
    _become(
        [sys.executable, "-m", "granian", "--interface", "wsgi", "--log-level", "warning", *where, *how, "wsgi:app"]
    )


@commands.command("worker")
def work() -> None:
    """Do what runs without a click, in the foreground: mail, reminders."""
    from app.worker import run

    _refuse_behind()
    run(current_app._get_current_object())  # type: ignore[attr-defined] # werkzeug types what it stands for


@commands.command("mailbox")
def catch_mail() -> None:
    """Catch all mail on this machine instead of sending it."""
    from app.mail.mailbox import run

    run(_settings())


@letters.command("bounce")
def take_bounce() -> None:
    """Read one report of a mail server from the pipe: flask mail bounce < message. A mail server runs it."""
    from app.mail.report_reading import LONGEST
    from app.mail.reports import take_report

    _refuse_behind()
    click.echo(take_report(sys.stdin.buffer.read(LONGEST + 1), now=clock.now()))


@commands.command("demo")
def load() -> None:
    """Load the Torangy programme as sample data; again is harmless."""
    _refuse_behind()
    _load_demo(clock.now())


@commands.command("import-people")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--kind", type=click.Choice(["employees", "children"]), default="employees", show_default=True)
@click.option("--city", help="Where they work, if the file doesn't say.")
@click.option("--institution", help="The boarding school or partner that sends them (its slug).")
@click.option("--complete", is_flag=True, help="All of the city are in the file: the others have left.")
@click.option("--confirm", is_flag=True, help="Yes, even if more than a tenth of the city have left.")
@click.option("--dry-run", is_flag=True, help="Change nothing, only report.")
def import_people(
    file: Path, kind: str, city: str | None, institution: str | None, complete: bool, confirm: bool, dry_run: bool
) -> None:
    """Read employees or children from an XLSX or CSV file."""
    from sqlalchemy import select

    from app.people.importing import Plan
    from app.people.models import Institution
    from app.signups.hr_files import apply_hr_file

    store = open_store(current_app.config["TORANGY"])
    sender = db.session.scalar(select(Institution).where(Institution.slug == institution)) if institution else None
    if institution and sender is None:
        _stop(f"There is no institution {institution}.")
    sent_by = sender.id if sender else None
    plan = Plan(kind, city, sent_by, is_complete=complete, is_dry_run=dry_run, is_confirmed=confirm)
    report = _attempt(
        lambda: apply_hr_file(file.name, file.read_bytes(), plan, store=store, now=clock.now(), actor=OPERATOR)
    )
    for row in report.refused:
        click.echo(f"row {row['row']}, {row['field']}: {row['why'] % row['params']}")
    for row in report.warnings:
        click.echo(f"look: row {row['row']}, {row['field']}: {row['why'] % row['params']}")
    click.echo(
        f"{report.created} new, {report.updated} changed, {report.unchanged} as before, {report.leavers} left, "
        f"{len(report.refused)} refused{' (nothing was changed)' if report.is_dry_run else ''}"
    )
    if report.held_at:
        click.echo("Held: more than a tenth would leave. Look at the report, then use --confirm.")


@people.command("import-folder")
def import_folder() -> None:
    """Read what lies in HR_FOLDER now, to the end; the worker does it once an hour."""
    from app.people.import_folder import report_back, take_next_file
    from app.signups.hr_files import continue_hr_files

    _refuse_behind()
    folder = _settings().hr_folder or _stop("HR_FOLDER is not set.")
    store = open_store(_settings())
    while take_next_file(folder, store=store, now=clock.now()) or continue_hr_files(store=store, now=clock.now()):
        for run in report_back(folder, now=clock.now()):
            held = "HELD: many would leave; confirm on its page" if run.held_at else "read"
            asks = "HELD: say on its page what its unknown columns hold"
            click.echo(f"{run.file_name}: {asks if run.waits_for_columns else held}")


@commands.command("import-rotations")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--dry-run", is_flag=True, help="Change nothing, only report.")
def read_rotations(file: Path, dry_run: bool) -> None:
    """Read who works on shift from which day to which, from an XLSX or CSV file."""
    from app.people.rotations import import_rotations

    _refuse_behind()
    report = _attempt(lambda: import_rotations(file.read_bytes(), dry_run=dry_run, now=clock.now(), actor=OPERATOR))
    for row in report.refused:
        click.echo(f"row {row.row}, {row.field}: {row.why % row.params}")
    click.echo(
        f"{report.created} new, {report.updated} changed, {report.unchanged} as before, "
        f"{len(report.refused)} refused{' (nothing was changed)' if dry_run else ''}"
    )


@accounts.command("create")
@click.argument("email")
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--city", help="Where the role holds; everywhere if left out.")
@click.option("--surname", default="")
@click.option("--given-name", default="")
@click.option("--language", type=click.Choice(["kk", "ru", "en"]), default="kk", show_default=True)
@click.option("--password", help="Otherwise a link is printed with which one is chosen.")
def create(
    email: str, role: str, city: str | None, surname: str, given_name: str, language: str, password: str | None
) -> None:
    """Open a login with a role; again adds the role."""
    from app.access.opening import create_account

    _refuse_behind()
    _, code = _attempt(
        lambda: create_account(
            email, role, city=city, surname=surname, given_name=given_name, language=language,
            password=password, now=clock.now(), actor=OPERATOR,
        )
    )  # fmt: skip
    click.echo(f"{_settings().base_url}/activation/{code}" if code else f"{email} can log in.")


@cities.command("add")
@click.argument("slug")
@click.option("--kk", default="", help="Its name in Kazakh; one of the three is enough.")
@click.option("--ru", default="")
@click.option("--en", default="")
@click.option("--timezone", default="Asia/Almaty", show_default=True)
def create_city(slug: str, kk: str, ru: str, en: str, timezone: str) -> None:
    """Add a city, by a short Latin name such as balkhash."""
    from app.people.cities import add_city

    _refuse_behind()
    names = {code: text for code, text in (("kk", kk), ("ru", ru), ("en", en)) if text}
    _attempt(lambda: add_city(slug, names, timezone=timezone, now=clock.now(), actor=OPERATOR))
    click.echo(f"{slug} is there.")


@tokens.command("create")
@click.argument("email")
@click.option("--name", default="command line", show_default=True)
def create_token(email: str, name: str) -> None:
    """Print a new key that acts as this login. It is shown this once."""
    from app.access.queries import accounts_named
    from app.access.tokens import create_token as make

    _refuse_behind()
    found = accounts_named(email)
    if len(found) != 1:
        _stop(f"{email} has no login of their own. Make one: flask accounts create {email} --role ROLE")
    click.echo(make(found[0], name=name, now=clock.now(), actor=OPERATOR))


@commands.command("doctor")
def examine() -> None:
    """Say what is configured and whether it answers."""
    from app.upkeep.doctor import findings

    all_well = True
    for finding in findings(_settings(), now=clock.now()):
        all_well &= finding.is_well
        click.echo(f"{'ok  ' if finding.is_well else 'LOOK'}  {finding.what}: {finding.seen}")
    raise SystemExit(0 if all_well else 1)


@commands.command("backup")
@click.argument("file", type=FILE)
def back_up(file: Path) -> None:
    """Write database and uploads into one file, while the application runs."""
    from app.upkeep import archive

    try:
        size = archive.back_up(_settings(), file, now=clock.now())
    except (archive.BackupRefused, OSError) as error:
        _stop(str(error))
    click.echo(f"{file}: {size:,} bytes. SECRET_KEY is not in it; keep it elsewhere.".replace(",", " "))


@commands.command("restore")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--force", is_flag=True, help="Replace what is there.")
def bring_back(file: Path, force: bool) -> None:
    """Put a backup in place of an empty database; stop web and worker first."""
    from app.upkeep import archive
    from app.upkeep.doctor import is_empty

    if not is_empty() and not force:
        _stop("The database is not empty. With --force the backup takes its place.")
    db.session.remove()
    db.engine.dispose()
    try:
        archive.restore(_settings(), file)
    except (archive.BackupRefused, OSError) as error:
        _stop(str(error))
    click.echo("Restored. Run `prepare` if the code is newer than the backup.")


@commands.command("purge")
def purge_terms() -> None:
    """Remove what is kept no longer: old tries, sessions, codes, health notes, letters, consents with scans."""
    from app.privacy.purging import purge

    _refuse_behind()
    store = open_store(current_app.config["TORANGY"])
    counted = purge(store=store, now=clock.now(), mail_body_days=current_app.config["TORANGY"].mail_body_days)
    click.echo(", ".join(f"{name}: {count}" for name, count in counted.items()) or "Nothing was past its term.")


def _load_demo(now: datetime) -> None:
    from app.demo.load import load_demo

    begun = time.monotonic()
    load_demo(now=now)
    click.echo(f"Demo programme ready in {time.monotonic() - begun:.1f} s.")


def _refuse_unready(settings: Settings) -> None:
    """The two reasons not to answer: the tables are old, or anybody could log in with a password in the README."""
    from sqlalchemy import select

    from app.accounts.models import Account

    _refuse_behind()
    if not settings.is_loopback and db.session.scalar(select(Account.id).where(Account.is_demo).limit(1)):
        _stop(
            f"This database holds demo logins, whose password everybody knows, and BASE_URL is {settings.base_url}. "
            "Use another DATABASE_URL with TORANGY_DEMO=0, or a BASE_URL on localhost."
        )


def _refuse_behind() -> None:
    from sqlalchemy.exc import SQLAlchemyError

    try:
        behind = is_schema_behind()
    except SQLAlchemyError as error:
        _stop(f"The database does not answer: {' '.join(str(error.__cause__ or error).split())[:300]}")
    if behind:
        _stop("The database lacks migrations of this code. Run: python3 run.py flask prepare")
    db.session.rollback()


def _become(command: list[str]) -> NoReturn:
    """The server takes this process's place, so that signals reach it; elsewhere it runs as a child."""
    db.session.remove()
    db.engine.dispose()
    if os.name == "posix":
        os.execv(command[0], command)
    raise SystemExit(subprocess.run(command, check=False).returncode)


def _attempt(operation):
    """What a rule refuses is one line and exit code 2, not a traceback."""
    try:
        return operation()
    except Invalid as refusal:
        _stop(" ".join(f"{field}: {text % (refusal.params or {})}" for field, text in refusal.errors.items()))
    except DomainError as refusal:
        _stop(str(refusal))


def _stop(why: str) -> NoReturn:
    click.echo(" ".join(why.split()), err=True)
    raise SystemExit(2)


def _settings() -> Settings:
    settings: Settings = current_app.config["TORANGY"]
    return settings
