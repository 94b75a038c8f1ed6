"""People by program: found, added, and read from a file, each within what the caller may know."""

import io
from pathlib import Path

import pytest

from app.db import db
from app.people.models import Person
from app.people.queries import guardians_of
from tests import factories

pytestmark = pytest.mark.usefixtures("app")
HEADINGS = "Табельный номер;Фамилия;Имя;Дата рождения;Эл. почта\n"
GOOD = HEADINGS + "100001;Сейітқали;Нұрлан;03.09.1984;nurlan@example.kz\n100002;Омарова;Дана;01.02.1990;\n"


def send(call, text=GOOD, *, query="", **words):
    words = {"kind": "employees", "city": "balkhash", "file": (io.BytesIO(text.encode()), "people.csv")} | words
    return call.post(f"/people/imports{query}", data=words, content_type="multipart/form-data")


def test_people_are_found_by_the_beginning_of_a_name_or_number(program):
    nurlan = factories.employee("Қасымов", "Нұрлан")
    factories.employee("Омарова", "Дана")
    aigul = program(factories.coordinator())
    for q in ("kasym", "Қас", "нурл", nurlan.personnel_number[:6], nurlan.email[:9]):
        found = [item["id"] for item in aigul.get("/people", query_string={"q": q}).json["items"]]
        assert nurlan.id in found, q
    assert aigul.get("/people", query_string={"q": "жоқ"}).json["items"] == []


def test_everybody_finds_only_whom_they_may_know(program):
    nurlan = factories.employee()
    dina, elsewhere = factories.child(nurlan), factories.employee(city="zhezkazgan")
    seen = {item["id"] for item in program(nurlan).get("/people").json["items"]}
    assert seen == {nurlan.id, dina.id}
    other = {item["id"] for item in program(factories.coordinator("zhezkazgan")).get("/people").json["items"]}
    assert elsewhere.id in other and nurlan.id not in other


def test_aigul_adds_an_employee_and_his_child(program):
    aigul = program(factories.coordinator())
    said = {"surname": "Сейітқали", "given_name": "Нұрлан", "birth_date": "1984-09-03", "email": "Nurlan@Example.KZ"}
    said |= {"personnel_number": "100001", "phone": "8 708 654 18 86", "language": "ru", "city": "balkhash"}
    nurlan = aigul.post("/people", json=said)
    assert (nurlan.status_code, nurlan.json["kind"], nurlan.json["email"]) == (201, "employee", "nurlan@example.kz")
    assert nurlan.json["phone"] == "+77086541886"
    dina = {
        "surname": "Сейітқали",
        "given_name": "Дина",
        "birth_date": "2017-03-05",
        "guardian_ids": [nurlan.json["id"]],
    }
    child = aigul.post("/people", json=dina)
    assert (child.status_code, child.json["kind"], child.json["city"]) == (201, "child", "balkhash")
    assert [guardian.id for guardian in guardians_of(child.json["id"])] == [nurlan.json["id"]]
    again = aigul.post("/people", json=dina)
    assert (again.status_code, again.json["type"]) == (409, "child-already-there")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("birth_date", "31.02.2017"),
        ("birth_date", "2017-02-31"),
        ("email", "nobody"),
        ("phone", "12"),
        ("language", "de"),
        ("city", "atlantis"),
        ("surname", ""),
        ("surname", "123"),
        ("guardian_ids", "x"),
    ],
)
def test_wrong_people_are_refused_by_field(program, field, value):
    said = {"surname": "Сейітқали", "given_name": "Нұрлан", "city": "balkhash", field: value}
    admin = program(factories.admin())
    before = db.session.query(Person).count()
    answer = admin.post("/people", json=said)
    assert (answer.status_code, list(answer.json["errors"])) == (422, [field])
    assert db.session.query(Person).count() == before


def test_others_add_nobody(program, stranger):
    factories.city()
    said = {"surname": "Сейітқали", "given_name": "Нұрлан", "city": "balkhash"}
    assert stranger.post("/people", json=said).status_code == 401
    for who in (factories.employee(), factories.coordinator("zhezkazgan")):
        assert program(who).post("/people", json=said).status_code == 403
    elsewhere = factories.employee(city="zhezkazgan")
    child = said | {"guardian_ids": [elsewhere.id]}
    assert program(factories.coordinator()).post("/people", json=child).status_code == 404


def test_a_childs_birthday_is_not_for_everybody_who_sees_the_name(program):
    nurlan, officer = factories.employee(), factories.employee("Жұмабек")
    dina = factories.child(nurlan)
    factories.account(officer, "safety_officer", city="balkhash")
    birthdays = {
        name: {item["id"]: item["birth_date"] for item in program(who).get("/people").json["items"]}[dina.id]
        for name, who in (("guardian", nurlan), ("coordinator", factories.coordinator()), ("officer", officer))
    }
    assert birthdays == {"guardian": "2017-01-15", "coordinator": "2017-01-15", "officer": None}


def test_a_file_is_read_once_however_often_it_is_sent(program):
    factories.city()
    aigul = program(factories.coordinator())
    before = db.session.query(Person).count()
    first = send(aigul)
    assert (first.status_code, first.json["created"], first.json["refused"]) == (200, 2, [])
    again = send(aigul)
    assert (again.json["created"], again.json["unchanged"]) == (0, 2)
    assert db.session.query(Person).count() == before + 2


def test_a_key_gives_the_same_report_again(program):
    aigul = program(factories.coordinator())
    words = {"kind": "employees", "city": "balkhash"}
    answers = [
        aigul.post(
            "/people/imports",
            data=words | {"file": (io.BytesIO(GOOD.encode()), "people.csv")},
            headers={"Idempotency-Key": "file-1"},
        ).json
        for _ in range(2)
    ]
    assert answers[0] == answers[1]
    assert answers[0]["created"] == 2


def test_a_dry_run_changes_nothing(program):
    aigul = program(factories.coordinator())
    before = db.session.query(Person).count()
    assert send(aigul, query="?dry_run=1").json["created"] == 2
    assert db.session.query(Person).count() == before


def test_refused_rows_are_named_with_field_and_reason(program):
    text = GOOD + "100003;;Әсел;05.05.1991;\n100004;Тест;Тест;31.02.1991;\n"
    refused = send(program(factories.coordinator()), text).json["refused"]
    assert [(row["row"], row["field"]) for row in refused] == [(4, "surname"), (5, "birth_date")]
    assert all(row["why"] for row in refused)


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"kind": "cats"}, "kind"),
        ({"city": "atlantis"}, "city"),
        ({"institution": "atlantis"}, "institution"),
        ({"file": "no file"}, "file"),
        ({"file": (io.BytesIO(b"%PDF-1.7"), "people.pdf")}, "file"),
    ],
)
def test_what_is_no_such_file_is_refused_beside_its_field(program, words, field):
    before = db.session.query(Person).count()
    answer = send(program(factories.coordinator()), **words)
    assert (answer.status_code, list(answer.json["errors"])) == (422, [field])
    assert db.session.query(Person).count() == before + 1


def test_others_read_no_files(program, stranger):
    factories.city()
    assert send(stranger).status_code == 401
    assert send(program(factories.employee())).status_code == 403
    assert send(program(factories.coordinator("zhezkazgan"))).status_code == 403


@pytest.mark.full
def test_the_real_file_is_refused_where_it_should_be(program):
    file = Path(__file__).parent.parent.parent / "app/demo/data/hr/employees-balkhash.xlsx"
    answer = send(program(factories.coordinator()), file=(io.BytesIO(file.read_bytes()), file.name))
    assert [row["row"] for row in answer.json["refused"]] == [12, 22, 32, 42]


def test_a_mail_of_spaces_alone_is_no_mail(program):
    words = {"surname": "Омаров", "given_name": "Нұрлан", "email": "  ", "city": "balkhash"}
    answer = program(factories.coordinator()).post("/people", json=words)
    assert answer.status_code == 201
    assert answer.json["email"] is None
