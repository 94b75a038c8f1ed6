"""HR's own columns: asked about once, remembered for every later file, changed, forgotten; and what is refused."""

import io
import json
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.accounts.actor import ADMIN, STRANGER, Actor, Scope
from app.audit.models import AuditEntry
from app.db import db
from app.errors import DomainError, NotAllowed
from app.files import FileStore
from app.people.headings import ColumnMissing
from app.people.import_models import ImportMapping
from app.people.importing import Plan, continue_import, run_import, start_import
from app.people.mapping import NoSuchColumn, NoSuchField, NotAsked, TwoColumns, assign_columns, forget_mapping
from app.people.models import ImportRun, Person
from app.privacy.purging import purge
from app.signups.hr_files import continue_hr_files
from app.web.dates import local
from tests import factories

HR_NAMES = (
    "Таб.№ (SAP);Фамилия Имя Отчество сотрудника;Цех;Примечание\n100514;Сейітқали Нұрлан Қайратұлы;Балқыту;жаңа\n"
)
SAID = {"Таб.№ (SAP)": "personnel_number", "Фамилия Имя Отчество сотрудника": "full_name", "Примечание": "ignore"}
OPERATOR = Actor(name="operator", scopes=(Scope(ADMIN),))
NOW = clock.now()
LogIn = Callable[[Person], FlaskClient]


@pytest.fixture
def store(app: Flask) -> FileStore:
    """Where uploads lie; the city is there too."""
    factories.city("balkhash")
    return FileStore(app.config["TORANGY"].instance / "uploads")


def start(store: FileStore, content: str = HR_NAMES, **more: object) -> ImportRun:
    """A file that may wait for somebody."""
    plan = Plan("employees", "balkhash", may_wait=True, **more)  # type: ignore[arg-type]
    return start_import("hr.csv", content.encode(), plan, store=store, now=NOW, actor=OPERATOR)


def work(store: FileStore) -> None:
    """What the worker does."""
    while continue_hr_files(store=store, now=NOW):
        pass


def names() -> list[tuple[str, str, str, str]]:
    """Who is there."""
    return [(p.surname, p.given_name, p.patronymic, p.department) for p in db.session.query(Person)]


def meant() -> dict[str, str]:
    """What is remembered."""
    return {row.title: row.field for row in db.session.query(ImportMapping)}


def test_a_file_with_columns_that_nobody_knows_waits_and_shows_values_of_them(store: FileStore) -> None:
    run = start(store)
    work(store)

    assert not continue_import(run.id, store=store, now=NOW, actor=OPERATOR)
    assert run.waits_for_columns
    assert run.rows_done == 0
    assert [(one["heading"], one["examples"]) for one in run.unknown_columns] == [
        ("Таб.№ (SAP)", ["100514"]),
        ("Фамилия Имя Отчество сотрудника", ["Сейітқали Нұрлан Қайратұлы"]),
        ("Примечание", ["жаңа"]),
    ]
    assert names() == []


def test_said_once_it_is_read_and_the_next_file_is_not_asked_about(store: FileStore) -> None:
    assign_columns(start(store), SAID, now=NOW, actor=OPERATOR)
    work(store)

    assert names() == [("Сейітқали", "Нұрлан", "Қайратұлы", "Балқыту")]
    assert meant() == SAID
    again = start(store, HR_NAMES.replace("Таб.№ (SAP)", "ТАБ № SAP").replace("Балқыту", "Қойма"))
    work(store)
    assert (again.waits_for_columns, again.updated, again.moves, again.unknown_columns) == (False, 1, 1, [])


def test_a_command_and_a_program_use_what_is_remembered_too(store: FileStore) -> None:
    with pytest.raises(ColumnMissing):
        run_import("f", HR_NAMES.encode(), Plan("employees", "balkhash"), store=store, now=NOW, actor=OPERATOR)
    assign_columns(start(store), SAID, now=NOW, actor=OPERATOR)

    plan = Plan("employees", "balkhash")
    assert run_import("f", HR_NAMES.encode(), plan, store=store, now=NOW, actor=OPERATOR).created == 1


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        (SAID | {"Примечание": "personnel_number"}, TwoColumns),
        (SAID | {"Примечание": "department"}, TwoColumns),
        (SAID | {"Примечание": "surname"}, TwoColumns),
        (SAID | {"Фамилия Имя Отчество сотрудника": "ignore"}, ColumnMissing),
        (SAID | {"Примечание": "salary"}, NoSuchField),
        (SAID | {"Примечание": "school_class"}, NoSuchField),
        (SAID | {"Оклад": "ignore"}, NoSuchColumn),
    ],
)
def test_what_cant_be_said_of_columns_is_refused_and_nothing_is_kept(
    said: dict[str, str], refusal: type[DomainError], store: FileStore
) -> None:
    run = start(store)

    with pytest.raises(refusal):
        assign_columns(run, said, now=NOW, actor=OPERATOR)

    assert meant() == {}
    assert run.waits_for_columns


def test_it_is_said_once_and_not_by_everybody(store: FileStore) -> None:
    run = start(store)

    with pytest.raises(NotAllowed):
        assign_columns(run, SAID, now=NOW, actor=STRANGER)
    assign_columns(run, SAID, now=NOW, actor=OPERATOR)
    with pytest.raises(NotAsked):
        assign_columns(run, SAID, now=NOW, actor=OPERATOR)
    for row in db.session.query(ImportMapping).all():
        with pytest.raises(NotAllowed):
            forget_mapping(row, now=NOW, actor=STRANGER)


def test_a_full_name_of_one_word_is_refused(store: FileStore) -> None:
    run = start(store, HR_NAMES + "100515;Нұрлан;Қойма;\n")
    assign_columns(run, SAID, now=NOW, actor=OPERATOR)
    work(store)

    assert (run.created, [(row["row"], row["field"], row["why"]) for row in run.refused]) == (
        1,
        [(3, "full_name", "The given name is missing.")],
    )


def test_a_trial_and_its_application_read_the_same_columns_whatever_is_said_between(store: FileStore) -> None:
    run = start(store, is_dry_run=True)
    assign_columns(run, SAID, now=NOW, actor=OPERATOR)
    work(store)
    for row in db.session.query(ImportMapping).all():
        forget_mapping(row, now=NOW, actor=OPERATOR)

    from app.people.importing import apply_report

    apply_report(run, is_confirmed=False, now=NOW, actor=OPERATOR)
    work(store)
    assert names() == [("Сейітқали", "Нұрлан", "Қайратұлы", "Балқыту")]


def test_the_values_shown_are_forgotten_with_the_file(store: FileStore) -> None:
    run = start(store)

    from datetime import timedelta

    purge(store=store, now=NOW + timedelta(days=31))

    db.session.refresh(run)
    assert (run.file_key, run.unknown_columns) == (None, [])


@pytest.mark.full
def test_aigul_says_it_on_the_page_changes_it_and_forgets_it(store: FileStore, log_in: LogIn) -> None:
    aigul = log_in(factories.coordinator())
    form = {"kind": "employees", "city": "balkhash", "file": (io.BytesIO(HR_NAMES.encode()), "hr.csv")}
    where = aigul.post("/people/imports/new", data=form).location
    page = aigul.get(where).text
    assert "Таб.№ (SAP)" in page
    assert "жаңа" in page
    assert "hx-get" not in page

    wrong = aigul.post(
        f"{where}/columns", data={"column_0": "personnel_number"}, headers={"Referer": f"http://localhost{where}"}
    )
    assert wrong.status_code == 422
    assert '<option value="personnel_number" selected>' in wrong.text
    assert (
        aigul.post(f"{where}/columns", data={"column_0": "personnel_number", "column_1": "full_name"}).status_code
        == 303
    )
    work(store)
    assert len(names()) == 2  # herself and Nurlan

    for address, end in (("/people/imports/new", "</th>"), (where, "</li>")):
        said = aigul.get(address).text.split("Примечание")[1].split(end)[0]
        assert "Омарова Айгүл" in said and f"{local(NOW):%d.%m.%Y}" in said, "who said it, and when"
    row = db.session.query(ImportMapping).filter_by(title="Примечание").one()
    assert aigul.post(f"/people/imports/columns/{row.id}", data={"field": "patronymic"}).status_code == 303
    assert meant()["Примечание"] == "patronymic"
    assert aigul.post(f"/people/imports/columns/{row.id}/removal").status_code == 303
    assert "Примечание" not in meant()
    verbs = [entry.verb for entry in db.session.query(AuditEntry).filter_by(object_type="import_mappings")]
    assert sorted(verbs) == ["assign_column"] * 4 + ["forget_mapping"]


def test_a_program_says_it_with_the_file_and_reads_and_forgets_what_is_remembered(
    store: FileStore, client: FlaskClient
) -> None:
    from app.access.tokens import create_token
    from app.accounts.actor import SYSTEM
    from app.accounts.models import Account

    person = factories.coordinator()
    account = db.session.query(Account).filter_by(person_id=person.id).one()
    headers = {"Authorization": f"Bearer {create_token(account, name='t', now=NOW, actor=SYSTEM)}"}

    def send(mapping: object):  # type: ignore[no-untyped-def]
        form = {"kind": "employees", "city": "balkhash", "file": (io.BytesIO(HR_NAMES.encode()), "hr.csv")}
        form |= {"mapping": json.dumps(mapping)} if mapping is not None else {}
        return client.post("/api/v1/people/imports", data=form, headers=headers)

    assert send(None).status_code == 422
    assert send(["x"]).status_code == 422
    assert send({"Оклад": "phone"}).json["type"] == "no-such-column"
    assert send(SAID | {"Примечание": "department"}).json["type"] == "two-columns"
    assert send(SAID).json["created"] == 1
    assert send(None).json["unchanged"] == 1

    [first, *_] = client.get("/api/v1/people/imports/mappings", headers=headers).json["items"]
    gone = client.delete(f"/api/v1/people/imports/mappings/{first['id']}", headers=headers)
    assert first["assigned_by"] == person.short_name and first["assigned_at"].startswith(f"{clock.now():%Y-%m-%d}")
    assert (first["kind"], gone.status_code, len(meant())) == ("employees", 204, 2)
    run = start(store)
    said = {"mapping": {first["heading"]: SAID[first["heading"]]}}
    assert client.post(f"/api/v1/people/imports/{run.id}/columns", json=said, headers=headers).status_code == 201
    assert not db.session.get(ImportRun, run.id).waits_for_columns  # type: ignore[union-attr]
