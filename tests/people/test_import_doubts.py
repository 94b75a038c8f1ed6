"""Rows with a mistyped mail domain are taken, and the report asks whether another address was meant."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.accounts.actor import ADMIN, COORDINATOR, Actor, Scope
from app.db import db
from app.files import FileStore
from app.people import importing
from app.people.import_folder import _report
from app.people.importing import Plan, run_import
from app.people.models import ImportRun, Person
from tests import factories

LogIn = Callable[[Person], FlaskClient]
HEAD = "Табельный номер;Фамилия;Имя;Эл. почта"
ROWS = ("1;Ким;Нұрлан;Nurlan@gmial.com", "2;Ким;Анна;anna@mail.ru", "3;Ли;Ян;yan@mail.ru.", "4;Пак;Ира;ira@maill.ru")
FILE = "\n".join([HEAD, *ROWS])
EVERYTHING = Actor(name="operator", scopes=(Scope(ADMIN),))


def read(app: Flask, content: str = FILE, actor: Actor = EVERYTHING, **more: Any) -> ImportRun:
    store = FileStore(app.config["TORANGY"].instance / "uploads")
    plan = Plan("employees", "balkhash", **more)
    return run_import("hr.csv", content.encode(), plan, store=store, now=clock.now(), actor=actor)


def doubted(run: ImportRun) -> list[tuple[int, str, str]]:
    return [(one["row"], one["params"]["address"], one["params"]["meant"]) for one in run.warnings]


@pytest.mark.parametrize("is_dry_run", [True, False])
def test_a_mistyped_domain_is_told_and_its_row_taken(app: Flask, is_dry_run: bool) -> None:
    factories.city()
    run = read(app, is_dry_run=is_dry_run)
    assert [(row["row"], row["field"]) for row in run.refused] == [(4, "email")]
    assert doubted(run) == [(2, "nurlan@gmial.com", "nurlan@gmail.com"), (5, "ira@maill.ru", "ira@mail.ru")]
    emails = set(db.session.scalars(db.select(Person.email)))
    assert emails == (set() if is_dry_run else {"nurlan@gmial.com", "anna@mail.ru", "ira@maill.ru"})


def test_an_address_that_stands_already_is_not_told_again(app: Flask) -> None:
    factories.city()
    read(app)
    assert doubted(read(app)) == []
    changed = FILE.replace("anna@mail.ru", "anna@mail.ri")
    assert doubted(read(app, changed)) == [(3, "anna@mail.ri", "anna@mail.ru")]


def test_a_row_that_is_refused_is_not_doubted_too(app: Flask) -> None:
    factories.city()
    assert doubted(read(app, f"{HEAD}\n1;;Нұрлан;nurlan@gmial.com")) == []


def test_slips_of_one_file_do_not_prove_each_other_right(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    factories.city()
    monkeypatch.setattr(importing, "ROWS_AT_ONCE", 6)
    rows = "\n".join(f"{number};Ким;Анна;anna{number}@gmail.con" for number in range(12))
    assert len(doubted(read(app, f"{HEAD}\n{rows}"))) == 12


def test_what_many_of_ours_have_is_no_slip(app: Flask) -> None:
    factories.city()
    for number in range(5):
        factories.employee(email=f"a{number}@maill.ru")
    assert doubted(read(app)) == [(2, "nurlan@gmial.com", "nurlan@gmail.com")]


def test_the_page_lists_the_rows(app: Flask, log_in: LogIn) -> None:
    aigul = log_in(factories.coordinator())
    run = read(app)
    page = aigul.get(f"/people/imports/{run.id}").text
    assert "nurlan@gmail.com" in page and 'id="doubted"' in page
    clean = read(app, f"{HEAD}\n9;Ким;Анна;anna9@mail.ru")
    assert 'id="doubted"' not in aigul.get(f"/people/imports/{clean.id}").text
    assert log_in(factories.coordinator("zhezkazgan")).get(f"/people/imports/{run.id}").status_code == 404


def test_the_command_and_the_report_beside_the_file_say_it(app: Flask, tmp_path: Path) -> None:
    factories.city()
    file = tmp_path / "hr.csv"
    file.write_text(FILE)
    db.session.remove()
    said = app.test_cli_runner().invoke(args=["import-people", str(file), "--city", "balkhash"]).output
    line = "look: row 2, email: Did you mean nurlan@gmail.com? nurlan@gmial.com is taken as it stands."
    assert line in said and "3 new" in said
    run = db.session.query(ImportRun).one()
    assert line in _report(run)


def test_a_row_of_another_citys_employee_is_not_doubted_either(app: Flask) -> None:
    far = factories.employee(city=factories.city("zhezkazgan").slug, personnel_number="1")
    factories.city()
    aigul = Actor(scopes=(Scope(COORDINATOR, city="balkhash"),))
    run = read(app, f"{HEAD}\n{far.personnel_number};Сейітқали;Нұрлан;nurlan@gmial.com", actor=aigul)
    assert (len(run.refused), doubted(run)) == (1, [])
