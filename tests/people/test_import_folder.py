"""The nightly folder: a file is read once, set aside with a report, and left while it is being written."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from app import clock
from app.db import db
from app.files import FileStore
from app.people.import_folder import NameSaysNothing, plan_of, report_back, take_next_file
from app.people.models import ImportRun, Person
from app.signups.hr_files import continue_hr_files
from app.worker import BETWEEN_FOLDER_LOOKS, Rounds
from tests import factories

NOW = clock.now()
HEAD = "Табельный номер;Фамилия;Имя"


@pytest.fixture
def folder(app: Flask, tmp_path: Path) -> Path:
    """An empty folder, and the cities whose files come there."""
    factories.city("balkhash")
    factories.city("zhezkazgan")
    return tmp_path


def drop(folder: Path, name: str, *numbers: int, seconds_ago: int = 3600) -> Path:
    """A file that was last written so long ago."""
    file = folder / name
    file.write_text("\n".join([HEAD, *(f"{number};Сейітқали;Нұрлан" for number in numbers)]))
    then = NOW.timestamp() - seconds_ago
    os.utime(file, (then, then))
    return file


def work(app: Flask, folder: Path) -> None:
    """What a night does."""
    store = FileStore(app.config["TORANGY"].instance / "uploads")
    while take_next_file(folder, store=store, now=NOW) or continue_hr_files(store=store, now=NOW):
        report_back(folder, now=NOW)


def reports(folder: Path, where: str) -> list[str]:
    """The texts of the reports there."""
    return [file.read_text() for file in sorted((folder / where).glob("*.txt"))]


def working() -> int:
    """How many employees there are."""
    return db.session.query(Person).filter_by(kind="employee", deactivated_at=None).count()


def test_a_file_is_read_and_lies_in_done_with_its_report(app: Flask, folder: Path) -> None:
    file = drop(folder, "employees-balkhash.csv", 1, 2)

    work(app, folder)

    assert working() == 2
    assert not file.exists()
    assert len(list((folder / "done").glob("*-employees-balkhash.csv"))) == 1
    assert reports(folder, "done")[0].startswith("2 new, 0 changed")


def test_the_same_file_is_read_once(app: Flask, folder: Path) -> None:
    drop(folder, "employees-balkhash.csv", 1)
    work(app, folder)
    drop(folder, "employees-balkhash.csv", 1)
    (report,) = (folder / "done").glob("*.txt")
    report.unlink()

    work(app, folder)

    assert db.session.query(ImportRun).count() == 1
    assert "the same file was read" in reports(folder, "done")[0]


def test_a_half_written_file_waits_for_the_next_time(app: Flask, folder: Path) -> None:
    file = drop(folder, "employees-balkhash.csv", 1, seconds_ago=30)

    work(app, folder)

    assert (file.exists(), working()) == (True, 0)


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("people.csv", HEAD, "Name the file"),
        ("employees-almaty.csv", HEAD, "Name the file"),
        ("employees-balkhash.xlsx", "%PDF", "not a spreadsheet"),
        ("employees-balkhash.csv", "Имя\nНұрлан", "has no column"),
    ],
)
def test_what_cannot_be_read_lies_in_failed_and_the_report_says_why(
    app: Flask, folder: Path, name: str, content: str, why: str
) -> None:
    file = drop(folder, name)
    file.write_text(content)
    os.utime(file, (0, 0))

    work(app, folder)

    assert not file.exists()
    assert why in reports(folder, "failed")[0]
    assert db.session.query(ImportRun).count() == 0


def test_a_complete_file_without_many_is_held_for_a_person(app: Flask, folder: Path) -> None:
    drop(folder, "employees-balkhash.csv", *range(100, 160))
    work(app, folder)
    drop(folder, "employees-balkhash-complete-2026-11-22.csv", *range(100, 130))

    work(app, folder)

    assert working() == 60
    assert any(report.startswith("HELD") for report in reports(folder, "done"))
    run = db.session.query(ImportRun).filter(ImportRun.held_at.is_not(None)).one()
    assert (run.leavers, run.is_dry_run) == (30, True)


def test_the_name_says_what_is_in_the_file(folder: Path) -> None:
    school = factories.institution()

    assert plan_of("employees-zhezkazgan-complete.csv").is_complete
    assert not plan_of("employees-zhezkazgan-completed.csv").is_complete
    assert plan_of("children.csv").city is None
    assert plan_of(f"children-{school.slug}-2026.xlsx").institution_id == school.id
    with pytest.raises(NameSaysNothing):
        plan_of("guests-balkhash.csv")


def test_the_worker_looks_once_an_hour(app: Flask, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = FileStore(app.config["TORANGY"].instance / "uploads")
    rounds = Rounds(app)
    monkeypatch.setitem(app.config, "TORANGY", _with_folder(app, folder))
    look = rounds._take_from_folder
    assert not look(store, NOW)
    drop(folder, "employees-balkhash.csv", 1)

    assert not look(store, NOW + timedelta(minutes=59))
    assert look(store, NOW + BETWEEN_FOLDER_LOOKS)


def _with_folder(app: Flask, folder: Path):  # type: ignore[no-untyped-def]
    from dataclasses import replace

    return replace(app.config["TORANGY"], hr_folder=folder)
