"""Reading the HR files: what is refused, what a second time changes, what a crash leaves, who leaves."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from app import clock
from app.access.sessions import actor_from
from app.accounts.actor import ADMIN, STRANGER, Actor, Scope
from app.accounts.models import Account, Grant
from app.db import db, transaction
from app.errors import Invalid, NotAllowed
from app.files import FileStore
from app.people import importing
from app.people.headings import ColumnMissing
from app.people.importing import OnlyEmployeesLeave, Plan, continue_import, run_import, start_import, unfinished_imports
from app.people.models import Guardianship, ImportRun, MedicalNote, Person
from app.people.sheets import NotUtf8, UnreadableFile
from app.tasks.models import Task
from tests import factories

HR = Path(__file__).parents[2] / "app" / "demo" / "data" / "hr"
EXPECTED = json.loads((Path(__file__).parent / "expected.json").read_text())
EVERYTHING = Actor(name="operator", scopes=(Scope(ADMIN),))
NOW = clock.now()
BALKHASH = Plan("employees", "balkhash")
ZHEZKAZGAN = Plan("employees", "zhezkazgan")
CHILDREN = Plan("children")


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    """An empty folder of uploads."""
    return FileStore(tmp_path)


@pytest.fixture(autouse=True)
def two_cities(app: Flask) -> None:
    """Where the files come from."""
    factories.city("balkhash")
    factories.city("zhezkazgan")


def read(content: str | bytes, plan: Plan, store: FileStore, *, actor: Actor = EVERYTHING) -> ImportRun:
    """A whole import of a text, or of bytes."""
    data = content.encode() if isinstance(content, str) else content
    return run_import("file", data, plan, store=store, now=NOW, actor=actor)


def read_hr(name: str, plan: Plan, store: FileStore) -> ImportRun:
    """A whole import of one of the HR files."""
    return read((HR / name).read_bytes(), plan, store)


def counts(run: ImportRun) -> tuple[int, int, int, int]:
    """created, updated, unchanged, rows refused."""
    return run.created, run.updated, run.unchanged, len({row["row"] for row in run.refused})


def list_of(*numbers: int, headings: str = "Табельный номер;Фамилия;Имя") -> str:
    """A list of employees with these numbers."""
    return "\n".join([headings, *(f"{number};Сейітқали;Нұрлан" for number in numbers)])


def aigul() -> Actor:
    """Who coordinates Balkhash alone."""
    person = factories.coordinator()
    account = db.session.query(Account).filter_by(person_id=person.id).one()
    return actor_from(account.id, person, list(db.session.query(Grant).filter_by(account_id=account.id)))


def person_with(number: str) -> Person:
    """The one with this personnel number."""
    return db.session.query(Person).filter_by(personnel_number=number).one()


def refused_rows(run: ImportRun) -> set[int]:
    """Their numbers, as a spreadsheet shows them."""
    return {row["row"] for row in run.refused}


@pytest.mark.full
def test_the_hr_files_are_read_with_exactly_the_refusals_that_a_careful_import_has(store: FileStore) -> None:
    school = factories.institution()
    plans = {
        "employees-balkhash.xlsx": BALKHASH,
        "employees-zhezkazgan.csv": ZHEZKAZGAN,
        "children.csv": CHILDREN,
        "boarding-school-pupils.xlsx": Plan("children", institution_id=school.id),
    }
    for name, plan in plans.items():
        run, expected = read_hr(name, plan, store), EXPECTED[name]
        assert run.rows_total == run.rows_done == expected["rows"]
        assert refused_rows(run) == {row["row"] for row in expected.get("must_refuse", [])}
        assert run.created == run.rows_total - len(refused_rows(run))

    assert db.session.query(Person).filter_by(kind="employee").count() == 996
    assert db.session.query(Person).filter_by(kind="child", institution_id=None).count() == 500
    assert db.session.query(MedicalNote).count() == 216
    assert db.session.query(Person).filter_by(institution_id=school.id).count() == 63


def test_each_refusal_says_what_is_wrong_in_which_column(store: FileStore) -> None:
    refused = read_hr("employees-balkhash.xlsx", BALKHASH, store).refused

    said = {row["row"]: (row["field"], row["why"] % row["params"] if row["params"] else row["why"]) for row in refused}
    assert said == {
        12: ("email", "не указан is not an e-mail address."),
        22: ("personnel_number", "The personnel number 100020 stands in this file twice."),
        32: ("birth_date", "There is no such date. February 1980 has 29 days."),
        42: ("surname", "The surname is missing."),
    }


def test_names_are_trimmed_addresses_small_and_a_formula_is_only_text(store: FileStore) -> None:
    read_hr("employees-balkhash.xlsx", BALKHASH, store)

    assert person_with("100051").surname == "Ёлкин"
    assert person_with("100061").email == "igor.myuller.100061@torangy.example"
    assert person_with("100071").given_name == '=HYPERLINK("http://x","Ольга")'
    assert person_with("100001").phone == "+77081678521"


@pytest.mark.parametrize(
    ("name", "plan"), [("employees-balkhash.xlsx", BALKHASH), ("employees-zhezkazgan.csv", ZHEZKAZGAN)]
)
@pytest.mark.full
def test_a_dry_run_changes_nothing_and_reports_what_the_real_one_does(name: str, plan: Plan, store: FileStore) -> None:
    trial = counts(read_hr(name, Plan(plan.kind, plan.city, is_dry_run=True), store))

    assert db.session.query(Person).count() == 0
    assert counts(read_hr(name, plan, store)) == trial


@pytest.mark.full
def test_a_second_import_changes_nothing(store: FileStore) -> None:
    first = [
        read_hr("employees-balkhash.xlsx", BALKHASH, store),
        read_hr("employees-zhezkazgan.csv", ZHEZKAZGAN, store),
    ]
    first.append(read_hr("children.csv", CHILDREN, store))
    again = [
        read_hr("employees-balkhash.xlsx", BALKHASH, store),
        read_hr("employees-zhezkazgan.csv", ZHEZKAZGAN, store),
    ]
    again.append(read_hr("children.csv", CHILDREN, store))

    assert [run.unchanged for run in again] == [run.created for run in first]
    assert {(run.created, run.updated) for run in again} == {(0, 0)}


def test_twins_stay_two_children(store: FileStore) -> None:
    headings = "Табельный номер родителя;Фамилия;Имя;Дата рождения"
    nurlan = factories.employee(personnel_number="100514")

    run = read(f"{headings}\n100514;Ёлкина;Ақмарал;22.02.2011\n100514;Ёлкина;Айсұлу;22.02.2011", CHILDREN, store)

    assert counts(run) == (2, 0, 0, 0)
    assert db.session.query(Guardianship).filter_by(guardian_id=nurlan.id).count() == 2


def test_a_child_listed_twice_under_one_guardian_is_one(store: FileStore) -> None:
    factories.employee(personnel_number="100514")
    headings = "Табельный номер родителя;Фамилия;Имя;Дата рождения"
    twice = f"{headings}\n100514;Ёлкина;Ақмарал;22.02.2011\n100514;ЕЛКИНА;Акмарал;22.02.2011"

    for is_dry_run in (True, False):
        assert read(twice, Plan("children", is_dry_run=is_dry_run), store).created == 1
    assert db.session.query(Person).filter_by(kind="child").count() == 1


def test_a_namesake_under_another_guardian_is_proposed_never_merged(store: FileStore) -> None:
    factories.employee(personnel_number="100514")
    factories.employee(personnel_number="100515")
    headings = "Табельный номер родителя;Фамилия;Имя;Дата рождения"

    read(f"{headings}\n100514;Ёлкина;Ақмарал;22.02.2011\n100515;Елкина;Акмарал;22.02.2011", CHILDREN, store)

    assert db.session.query(Person).filter_by(kind="child").count() == 2
    assert [task.kind for task in db.session.query(Task)] == ["possible-duplicate"]


def test_a_note_of_health_is_kept_encrypted(store: FileStore) -> None:
    factories.employee(personnel_number="100514")
    read(
        "Табельный номер родителя;Фамилия;Имя;Дата рождения;Аллергия\n100514;Ким;Дина;22.02.2011;орехи", CHILDREN, store
    )

    assert db.session.query(MedicalNote).one().text == "орехи"
    assert "орехи" not in db.session.execute(db.text("SELECT text FROM medical_notes")).scalar_one()


def test_an_empty_cell_leaves_what_is_known(store: FileStore) -> None:
    factories.employee(
        personnel_number="100514", email="nurlan@torangy.example", phone="+77081678521", patronymic="Қайратұлы"
    )
    headings = "Табельный номер;Фамилия;Имя;Отчество;Эл. почта;Телефон"

    run = read(f"{headings}\n100514;Сейітқали;Нұрлан;;;", BALKHASH, store)

    assert counts(run) == (0, 0, 1, 0)
    assert person_with("100514").email == "nurlan@torangy.example"


def test_a_language_that_nurlan_chose_stands(store: FileStore) -> None:
    factories.employee(personnel_number="100514", language="en", language_chosen_at=factories.LONG_AGO)

    read("Табельный номер;Фамилия;Имя;Язык\n100514;Сейітқали;Нұрлан;ru", BALKHASH, store)

    assert person_with("100514").language == "en"


def test_a_list_that_is_not_complete_lets_nobody_leave(store: FileStore) -> None:
    factories.employee(personnel_number="100514")

    assert read(list_of(100515), BALKHASH, store).leavers == 0
    assert person_with("100514").deactivated_at is None


def test_who_is_missing_from_a_complete_list_has_left_but_only_in_that_city(store: FileStore) -> None:
    for number, city in (("100514", "balkhash"), ("100515", "balkhash"), ("200001", "zhezkazgan")):
        factories.employee(personnel_number=number, city=city)
    factories.person("Ақанов", "Бек", city="balkhash")
    complete = Plan("employees", "balkhash", is_complete=True)

    trial = read(list_of(100514), Plan("employees", "balkhash", is_complete=True, is_dry_run=True), store)
    assert (trial.leavers, person_with("100515").deactivated_at) == (1, None)
    assert read(list_of(100514), complete, store).leavers == 1
    assert [p.personnel_number for p in db.session.query(Person).filter(Person.deactivated_at.is_not(None))] == [
        "100515"
    ]
    assert read(list_of(100514, 100515), complete, store).updated == 1
    assert person_with("100515").deactivated_at is None


def test_somebody_in_a_refused_row_has_not_left(store: FileStore) -> None:
    factories.employee(personnel_number="100514")
    wrong = "Табельный номер;Фамилия;Имя;Дата рождения\n100514;Сейітқали;Нұрлан;31.02.1980"

    run = read(wrong, Plan("employees", "balkhash", is_complete=True), store)

    assert (refused_rows(run), run.leavers) == ({2}, 0)


def test_a_killed_import_goes_on_where_it_was(store: FileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "ROWS_AT_ONCE", 2)
    run_id = start_import("f", list_of(1, 2, 3, 4, 5).encode(), BALKHASH, store=store, now=NOW, actor=EVERYTHING).id

    assert continue_import(run_id, store=store, now=NOW, actor=EVERYTHING)
    assert unfinished_imports() == [run_id]
    _die_in_the_middle(run_id, store, monkeypatch)
    later = NOW + timedelta(hours=1)
    while continue_import(run_id, store=store, now=later, actor=EVERYTHING):
        pass

    run = db.session.get(ImportRun, run_id)
    assert run is not None
    assert (run.created, run.rows_done, run.finished_at) == (5, 5, later)
    assert db.session.query(Person).filter_by(kind="employee").count() == 5
    assert unfinished_imports() == []
    assert not continue_import(run_id, store=store, now=later, actor=EVERYTHING)


def _die_in_the_middle(run_id: str, store: FileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows were put in, the pointer was not moved yet."""

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(importing, "_count", die)
        with pytest.raises(KeyboardInterrupt):
            continue_import(run_id, store=store, now=NOW, actor=EVERYTHING)
    db.session.rollback()
    assert db.session.query(Person).filter_by(kind="employee").count() == 2


def test_aigul_cant_take_people_of_another_city_into_hers(store: FileStore) -> None:
    factories.employee(personnel_number="200001", city="zhezkazgan")

    run = read(list_of(200001, 100514), BALKHASH, store, actor=aigul())

    assert (refused_rows(run), run.created) == ({2}, 1)
    assert person_with("200001").city == "zhezkazgan"


def test_who_coordinates_both_cities_moves_somebody(store: FileStore) -> None:
    factories.employee(personnel_number="200001", city="zhezkazgan")

    assert read(list_of(200001), BALKHASH, store).updated == 1
    assert person_with("200001").city == "balkhash"


def test_a_right_that_was_taken_away_meanwhile_counts_no_more(store: FileStore) -> None:
    factories.employee(personnel_number="200001", city="zhezkazgan")
    actor = aigul()
    account = db.session.get(Account, actor.account_id)
    assert account is not None
    with transaction() as session:
        session.add(Grant(account_id=account.id, role="coordinator", scope_key="z", city="zhezkazgan", granted_at=NOW))
    run = start_import("f", list_of(200001).encode(), BALKHASH, store=store, now=NOW, actor=actor)
    with transaction() as session:
        session.query(Grant).filter_by(scope_key="z").update({"revoked_at": NOW})

    continue_import(run.id, store=store, now=NOW, actor=EVERYTHING)

    assert person_with("200001").city == "zhezkazgan"


@pytest.mark.parametrize("city", ["zhezkazgan", None])
def test_aigul_imports_into_no_other_city_and_stan_nowhere(city: str | None, store: FileStore) -> None:
    plan = Plan("employees", city) if city else CHILDREN
    content = list_of(1) if city else "Фамилия;Имя;Дата рождения;Табельный номер родителя\nКим;Дина;22.02.2011;1"

    for actor in (aigul(), STRANGER):
        with pytest.raises(NotAllowed):
            read(content, plan, store, actor=actor)
    assert db.session.query(ImportRun).count() == 0


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"%PDF-1.7", UnreadableFile),
        ("Фамилия;Имя\nПетров;Пётр".encode("cp1251"), NotUtf8),
        ("Фамилия;Имя\nПетров;Пётр".encode(), ColumnMissing),
        (b"x" * (21 * 1024 * 1024), UnreadableFile),
    ],
)
def test_a_bad_file_is_refused_whole_and_nothing_is_kept(
    content: bytes, error: type[Exception], store: FileStore
) -> None:
    with pytest.raises(error):
        read(content, BALKHASH, store)

    assert db.session.query(ImportRun).count() == 0
    assert list(store.folder.iterdir()) == []


@pytest.mark.parametrize(
    ("plan", "error"),
    [
        (Plan("employees"), Invalid),
        (Plan("employees", "nowhere"), Invalid),
        (Plan("dogs", "balkhash"), Invalid),
        (Plan("children", institution_id="nobody"), Invalid),
        (Plan("children", "balkhash", is_complete=True), OnlyEmployeesLeave),
    ],
)
def test_a_plan_that_cant_be_is_refused(plan: Plan, error: type[Exception], store: FileStore) -> None:
    with pytest.raises(error):
        read(list_of(1), plan, store)


def test_a_finished_files_content_is_forgotten(store: FileStore) -> None:
    read(list_of(1), BALKHASH, store)

    assert list(store.folder.iterdir()) == []
