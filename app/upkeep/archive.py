"""A backup is one tar: the database as it was at one moment, and the uploads. SECRET_KEY is not in it.

Without SECRET_KEY the health notes in a backup stay unreadable; keep it apart from the backups, and keep it.
"""

import io
import json
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from contextlib import closing
from datetime import datetime
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

from config import Settings

SQLITE, POSTGRES, UPLOADS, LABEL = "database.sqlite3", "database.dump", "uploads", "backup.json"


class BackupRefused(Exception):
    """A backup can't be made or read; the text is one line that a person can act on."""


def back_up(settings: Settings, file: Path, *, now: datetime) -> int:
    """Writes the archive while the application runs and returns its size in bytes."""
    draft = file.with_name(f"{file.name}.part")
    with tempfile.TemporaryDirectory() as folder:
        name = SQLITE if _is_sqlite(settings) else POSTGRES
        copy = Path(folder) / name
        (_copy_sqlite if _is_sqlite(settings) else _dump_postgres)(settings, copy)
        with tarfile.open(draft, "w:gz") as archive:
            label = json.dumps({"made_at": now.isoformat(), "database": name}).encode()
            entry = tarfile.TarInfo(LABEL)
            entry.size = len(label)
            archive.addfile(entry, io.BytesIO(label))
            archive.add(copy, name)
            if _uploads(settings).is_dir():
                archive.add(_uploads(settings), UPLOADS)
    draft.chmod(0o600)
    draft.replace(file)
    return file.stat().st_size


def restore(settings: Settings, file: Path) -> None:
    """Puts the database and the uploads of the archive in place of the present ones; raises BackupRefused."""
    with tempfile.TemporaryDirectory(dir=settings.instance) as folder:
        found = _unpacked(file, Path(folder))
        _restore_database(settings, found)
        uploads = found / UPLOADS
        if uploads.is_dir():
            shutil.rmtree(_uploads(settings), ignore_errors=True)
            uploads.replace(_uploads(settings))


def _unpacked(file: Path, folder: Path) -> Path:
    try:
        with tarfile.open(file) as archive:
            archive.extractall(folder, filter="data")
    except (tarfile.TarError, OSError) as error:
        raise BackupRefused(f"{file} is no backup that can be read: {error}") from error
    if not (folder / LABEL).is_file():
        raise BackupRefused(f"{file} is no backup of Torangy.")
    return folder


def _restore_database(settings: Settings, folder: Path) -> None:
    wanted = SQLITE if _is_sqlite(settings) else POSTGRES
    if not (folder / wanted).is_file():
        other = "PostgreSQL" if wanted == SQLITE else "SQLite"
        raise BackupRefused(f"This backup is of a {other} database, and DATABASE_URL names another kind.")
    if wanted == POSTGRES:
        command = ["pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error"]
        _run([*command, "--dbname", _postgres_url(settings), str(folder / POSTGRES)])
        return _forget_transactions(settings)
    with closing(sqlite3.connect(folder / SQLITE)) as copy, closing(sqlite3.connect(_sqlite_file(settings))) as present:
        if copy.execute("PRAGMA quick_check").fetchone() != ("ok",):
            raise BackupRefused("The database in this backup is damaged.")
        copy.backup(present)
    return None


def _forget_transactions(settings: Settings) -> None:
    """Numbers of transactions are a server's own: on this one all of those that wrote the day's log are over."""
    with psycopg.connect(_postgres_url(settings)) as present:
        if present.execute("SELECT to_regclass('desk_operations')").fetchone() != (None,):
            present.execute("UPDATE desk_operations SET tx = 0")


def _copy_sqlite(settings: Settings, copy: Path) -> None:
    with closing(sqlite3.connect(_sqlite_file(settings))) as present, closing(sqlite3.connect(copy)) as target:
        present.backup(target)


def _dump_postgres(settings: Settings, copy: Path) -> None:
    _run(["pg_dump", "--format=custom", "--no-owner", f"--file={copy}", _postgres_url(settings)])


def _run(command: list[str]) -> None:
    if shutil.which(command[0]) is None:
        raise BackupRefused(f"{command[0]} is not installed here (on Debian: apt-get install postgresql-client).")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BackupRefused(f"{command[0]} did not work: {done.stderr.strip().splitlines()[-1:]}")


def _is_sqlite(settings: Settings) -> bool:
    return settings.database_url.startswith("sqlite")


def _sqlite_file(settings: Settings) -> str:
    return make_url(settings.database_url).database or ""


def _postgres_url(settings: Settings) -> str:
    return settings.database_url.replace("postgresql+psycopg://", "postgresql://", 1)


def _uploads(settings: Settings) -> Path:
    return settings.instance / UPLOADS
