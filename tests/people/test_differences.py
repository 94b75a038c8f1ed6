"""The report of differences: what a file would change, applied by a press; too many leavers wait for a person."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event as listening

from app import clock
from app.accounts.actor import ADMIN, Actor, Scope
from app.audit.models import AuditEntry, AuditValues
from app.db import db
from app.errors import NotAllowed
from app.files import FileStore
from app.people.import_models import ImportChange
from app.people.importing import AppliedAlready, ManyLeave, Plan, apply_report, run_import
from app.people.models import ImportRun, Person
from app.signups.hr_files import continue_hr_files
from tests import factories

EVERYTHING = Actor(name="operator", scopes=(Scope(ADMIN),))
STRANGER = Actor(name="stranger")
HEAD = "Табельный номер;Фамилия;Имя;Подразделение"
LogIn = Callable[[Person], FlaskClient]
Read = Callable[..., ImportRun]


@pytest.fixture
def store(app: Flask) -> FileStore:
    """Where uploads lie."""
    return FileStore(app.config["TORANGY"].instance / "uploads")


@pytest.fixture
def read(store: FileStore) -> Read:
    """Reads a text as a list of Balkhash."""
    factories.city("balkhash")

    def reading(content: str, **plan: Any) -> ImportRun:
        asked = Plan("employees", "balkhash", **plan)
        return run_import("hr.csv", content.encode(), asked, store=store, now=clock.now(), actor=EVERYTHING)

    return reading


def people(*numbers: int, shop: str = "Фабрика") -> str:
    """A list with these numbers, all of one shop."""
    return "\n".join([HEAD, *(f"{number};Сейітқали;Нұрлан;{shop}" for number in numbers)])


def told(run: ImportRun) -> list[tuple[str, str | None, dict[str, Any]]]:
    """What the report says, in order."""
    rows = db.session.query(ImportChange).filter_by(run_id=run.id).order_by(ImportChange.number)
    return [(row.verb, row.personnel_number, row.changes) for row in rows]


def working() -> int:
    """How many employees there are."""
    return db.session.query(Person).filter_by(kind="employee", deactivated_at=None).count()


def test_a_report_names_the_new_the_moved_with_before_and_after_and_the_leavers(read: Read) -> None:
    read(people(1, 2, 3))

    run = read(people(1) + "\n2;Сейітқали;Нұрлан;Рудник\n4;Ким;Анна;Рудник", is_complete=True, is_dry_run=True)

    assert told(run) == [
        ("moved", "2", {"department": ["Фабрика", "Рудник"]}),
        ("new", "4", {}),
        ("left", "3", {}),
    ]
    assert (run.created, run.updated, run.moves, run.unchanged, run.leavers) == (1, 1, 1, 1, 1)
    assert working() == 3


def test_a_move_to_another_department_is_applied_and_stands_in_the_history(read: Read, store: FileStore) -> None:
    read(people(1, 2))
    report = read(people(1) + "\n2;Сейітқали;Нұрлан;Рудник", is_dry_run=True)

    real = apply_report(report, is_confirmed=False, now=clock.now(), actor=EVERYTHING)
    while continue_hr_files(store=store, now=clock.now()):
        pass

    moved = db.session.query(Person).filter_by(personnel_number="2").one()
    assert (moved.department, real.moves, told(real)) == ("Рудник", 1, told(report))
    entry = db.session.query(AuditEntry).filter_by(verb="import_person", person_id=moved.id).one()
    values = db.session.query(AuditValues).filter_by(entry_id=entry.id).one()
    assert (entry.fields, values.changes) == (["department"], {"department": ["Фабрика", "Рудник"]})


def test_a_report_is_applied_once_and_its_file_goes(read: Read, store: FileStore) -> None:
    report = read(people(1, 2), is_dry_run=True)
    key = report.file_key or ""
    real = apply_report(report, is_confirmed=False, now=clock.now(), actor=EVERYTHING)
    while continue_hr_files(store=store, now=clock.now()):
        pass

    assert (real.created, real.is_dry_run, working()) == (2, False, 2)
    assert not (store.folder / key).exists()
    with pytest.raises(AppliedAlready):
        apply_report(report, is_confirmed=False, now=clock.now(), actor=EVERYTHING)


def test_who_may_not_read_files_of_the_city_applies_none(read: Read) -> None:
    report = read(people(1), is_dry_run=True)

    with pytest.raises(NotAllowed):
        apply_report(report, is_confirmed=True, now=clock.now(), actor=STRANGER)


def test_a_list_without_more_than_a_tenth_is_held_until_a_person_confirms(read: Read, store: FileStore) -> None:
    read(people(*range(100, 160)))

    run = read(people(*range(100, 153)), is_complete=True)

    assert (run.held_at is not None, run.is_dry_run, run.leavers, working()) == (True, True, 7, 60)
    with pytest.raises(ManyLeave):
        apply_report(run, is_confirmed=False, now=clock.now(), actor=EVERYTHING)
    apply_report(run, is_confirmed=True, now=clock.now(), actor=EVERYTHING)
    while continue_hr_files(store=store, now=clock.now()):
        pass
    assert working() == 53


def test_a_tenth_itself_may_leave(read: Read) -> None:
    read(people(*range(100, 160)))

    assert read(people(*range(100, 154)), is_complete=True).held_at is None
    assert working() == 54


@pytest.mark.full
def test_aigul_sees_the_differences_and_applies_them(read: Read, log_in: LogIn, store: FileStore) -> None:
    aigul = log_in(factories.coordinator())
    read(people(*range(100, 160)))
    run = read(people(*range(100, 150), shop="Рудник"), is_complete=True)
    with counted() as queries:
        page = aigul.get(f"/people/imports/{run.id}").text
    assert "<del>Фабрика</del>" in page
    assert "cursor=" in page
    assert len(queries) <= 12
    assert "Фабрика" not in aigul.get(f"/people/imports/{run.id}?show=left").text
    where = f"/people/imports/{run.id}/application"

    assert aigul.post(where).status_code == 409
    assert log_in(factories.coordinator("zhezkazgan")).post(where, data={"confirmed": "1"}).status_code == 404
    assert log_in(factories.employee()).post(where, data={"confirmed": "1"}).status_code == 403
    answer = aigul.post(where, data={"confirmed": "1"})

    assert answer.status_code == 303
    assert not answer.location.endswith(run.id)


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that a page sends."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    listening.listen(db.engine, "before_cursor_execute", note)
    yield seen
    listening.remove(db.engine, "before_cursor_execute", note)
