"""Reading HR's file of 50,000 people: the first time, and again with 1 % changed and a few gone; each in a process of
its own, beside a bare one: the same file read by the same library, its rows put in by one executemany."""

import os
import random
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from flask import Flask
from xlsxwriter import Workbook

from app.db import transaction
from app.people.models import City

HEADINGS = (
    "Табельный номер", "Фамилия", "Имя", "Отчество", "Подразделение", "Дата рождения", "Эл. почта", "Телефон", "Язык",
    "Размер футболки",
)  # fmt: skip
SURNAMES = "Смағұлов Омаров Ахметов Сейітқали Жұмабаев Қасымов Ерланов Тілеубаев Иванов Ким Петров Әбілқасымов".split()
ENDINGS = ["", "а", "бек", "ұлы", "баев", "ов", "ова", "ханов", "жанов", "ғалиев"]
GIVEN = "Нұрлан Айгүл Ерлан Дина Жан Гүлнар Арман Әсель Ұлан Қанат Иван Наталья Бауыржан Мәдина".split()
PATRONYMICS = ["", "Қайратұлы", "Ерланқызы", "Иванович", "Сергеевна", "Болатұлы"]
DEPARTMENTS = [f"Цех № {number}" for number in range(1, 60)]
SIZES = "XS S M L XL XXL".split()
CITY = "bench-people"
CHANGED = 0.01
GONE = 0.001


class Took(NamedTuple):
    """Of one work."""

    seconds: float
    megabytes: float


def measure(app: Flask, environ: dict[str, str], *, rows: int) -> dict[str, Took]:
    """ "first", "again" and "bare": what each took, in a city of its own beside what else the database holds."""
    with app.app_context(), transaction() as session:
        if session.get(City, CITY) is None:
            session.add(City(slug=CITY, name={"kk": "Қала", "ru": "Город", "en": "Town"}))
    with tempfile.TemporaryDirectory(prefix="torangy-people-") as name:
        folder = Path(name)
        first, again = folder / "first.xlsx", folder / "again.xlsx"
        write_file(first, rows=rows)
        write_file(again, rows=rows, again=True)
        works = {"bare": ("bare", first), "first": ("app", first), "again": ("app", again)}
        return {work: _apart(how, file, environ) for work, (how, file) in works.items()}


def write_file(path: Path, *, rows: int, again: bool = False) -> None:
    """A list of so many employees, as HR's program exports it; again: 1 % in another department, 1 in 1,000 gone."""
    chance, later = random.Random(11), random.Random(12)
    book = Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet("HR")
    sheet.write_row(0, 0, HEADINGS)
    written = 0
    for number in range(rows):
        row = _row(number, chance)
        if again and later.random() < CHANGED:
            row[4] = "Цех № 60"
        if not again or later.random() >= GONE:
            written += 1
            sheet.write_row(written, 0, row)
    book.close()


def _row(number: int, chance: random.Random) -> list[str]:
    born = date(1960, 1, 1) + timedelta(days=chance.randrange(16_000))
    return [
        str(5_000_000 + number),
        chance.choice(SURNAMES) + chance.choice(ENDINGS),
        chance.choice(GIVEN),
        chance.choice(PATRONYMICS),
        chance.choice(DEPARTMENTS),
        born.strftime("%d.%m.%Y"),
        f"hr{number}@torangy.example" if number % 3 else "",
        f"+7701{chance.randrange(10_000_000):07d}",
        chance.choice(("kk", "ru")),
        chance.choice(SIZES),
    ]


def _apart(how: str, file: Path, environ: dict[str, str]) -> Took:
    """In a process of its own, so that the peak is this work's alone."""
    command = [sys.executable, "-m", "bench.people", how, str(file)]
    done = subprocess.run(command, env={**os.environ, **environ}, stdout=subprocess.PIPE, text=True, check=True)
    seconds, megabytes = done.stdout.split()[-2:]
    return Took(float(seconds), float(megabytes))


def _bare(file: Path) -> float:
    """The same file by the same library, its rows put in as they are."""
    from python_calamine import CalamineWorkbook

    url = os.environ.get("DATABASE_URL", "")
    columns = [f"c{number}" for number in range(len(HEADINGS))]
    begun = time.perf_counter()
    with _database(url, file.with_suffix(".sqlite3")) as database:
        cursor = database.cursor()
        cursor.execute(f"CREATE TEMPORARY TABLE bare ({', '.join(f'{column} TEXT' for column in columns)})")
        rows = list(CalamineWorkbook.from_path(file).get_sheet_by_index(0).iter_rows())[1:]
        mark = "%s" if url.startswith("postgres") else "?"
        cursor.executemany(f"INSERT INTO bare VALUES ({', '.join([mark] * len(columns))})", rows)
    return time.perf_counter() - begun


def _database(url: str, file: Path) -> Any:
    if not url.startswith("postgres"):
        return sqlite3.connect(file)
    import psycopg

    return psycopg.connect(url.replace("+psycopg", ""))


def _app(file: Path) -> float:
    """As the command does it: read, checked, matched, written, reported."""
    from app import clock, create_app
    from app.accounts.actor import ADMIN, Actor, Scope
    from app.files import FileStore
    from app.people.importing import Plan
    from app.signups.hr_files import apply_hr_file

    app = create_app()
    with app.app_context():
        begun = time.perf_counter()
        store = FileStore(app.config["TORANGY"].instance / "uploads")
        actor = Actor(name="bench", scopes=(Scope(ADMIN),))
        plan = Plan("employees", CITY, is_complete=True, is_confirmed=True)
        run = apply_hr_file(file.name, file.read_bytes(), plan, store=store, now=clock.now(), actor=actor)
        if run.rows_done != run.rows_total or run.refused:
            raise RuntimeError(
                f"expected all rows, got {run.rows_done} of {run.rows_total}, {len(run.refused)} refused"
            )
        return time.perf_counter() - begun


def main() -> None:
    """One of the two works, timed; prints seconds and peak megabytes."""
    how, file = sys.argv[1:]
    seconds = {"bare": _bare, "app": _app}[how](Path(file))
    print(seconds, _peak())


def _peak() -> float:
    """Megabytes; what the system tells of a process's resources would count its parent's too."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found
    return int(found[1]) / 1024


if __name__ == "__main__":
    main()
