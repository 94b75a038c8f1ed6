"""Guardians add and correct their own children; nobody else's."""

import pytest
from sqlalchemy import text

from app import clock
from app.accounts.actor import Actor
from app.db import db, transaction
from app.errors import Invalid, NotAllowed, NotFound
from app.people.adding import add_child
from app.people.changing import change_child
from app.people.errors import ChildAlreadyThere
from app.people.models import Guardianship, MedicalNote, Person
from app.people.queries import children_of
from app.tasks.models import Task
from tests import factories

DINA = {"surname": "Сейітқали", "given_name": "Дина", "birth_date": "05.03.2017", "tshirt_size": "134"}


def actor_of(person: Person) -> Actor:
    return Actor(account_id=factories.account(person).id, person_id=person.id)


def test_nurlan_adds_dina_and_comes_back_to_the_event(app, log_in):
    nurlan = factories.employee()
    form = DINA | {"medical_note": "Жаңғаққа аллергия", "keep_note": "y"}
    answer = log_in(nurlan).post("/my/children/new?next=/events/abc", data=form)
    assert (answer.status_code, answer.location) == (303, "/events/abc")
    (dina,) = children_of(nurlan.id)
    assert (dina.kind, dina.city, dina.tshirt_size, str(dina.birth_date)) == ("child", "balkhash", "134", "2017-03-05")
    note = db.session.get(MedicalNote, dina.id)
    assert note and note.text == "Жаңғаққа аллергия" and note.keep
    raw = db.session.scalar(text("SELECT text FROM medical_notes"))
    assert "аллергия" not in raw


@pytest.mark.parametrize("outside", ["https://evil.example/", "//evil.example", "/\\evil.example", "my"])
def test_the_way_back_leads_to_no_other_site(outside: str, app, log_in):
    answer = log_in(factories.employee()).post("/my/children/new", query_string={"next": outside}, data=DINA)
    assert answer.location == "/my/children"


def test_a_date_that_does_not_exist_is_said_beside_its_field(app, log_in):
    nurlan = factories.employee()
    answer = log_in(nurlan).post("/my/children/new", data=DINA | {"birth_date": "30.02.2017", "tshirt_size": ""})
    assert answer.status_code == 422
    assert 'id="birth_date-e"' in answer.text and 'value="30.02.2017"' in answer.text
    assert 'id="tshirt_size-e"' in answer.text
    assert children_of(nurlan.id) == []


@pytest.mark.parametrize("name", ["Дина", "ДИНА", "Dina"])
def test_the_same_child_is_not_added_twice_in_any_spelling(name: str, app, log_in):
    nurlan = factories.employee()
    browser = log_in(nurlan)
    browser.post("/my/children/new", data=DINA)
    answer = browser.post("/my/children/new", data=DINA | {"given_name": name})
    assert answer.status_code == 422 and 'id="given_name-e"' in answer.text
    assert len(children_of(nurlan.id)) == 1


def test_twins_are_two_children(app, log_in):
    nurlan = factories.employee()
    browser = log_in(nurlan)
    browser.post("/my/children/new", data=DINA)
    assert browser.post("/my/children/new", data=DINA | {"given_name": "Диана"}).status_code == 303
    assert len(children_of(nurlan.id)) == 2


def test_somebody_of_18_is_no_child(app):
    nurlan = factories.employee()
    values = DINA | {"birth_date": factories.date(2008, 5, 18)}
    add = {"now": factories.SATURDAY.replace(year=2026), "actor": actor_of(nurlan)}
    with pytest.raises(Invalid) as refusal:
        add_child(nurlan.id, values, **add)
    assert list(refusal.value.errors) == ["birth_date"]
    add_child(nurlan.id, DINA | {"birth_date": factories.date(2008, 5, 19)}, **add)


def test_whose_guardianship_was_ended_does_not_get_the_same_child_back_by_typing_it(app):
    nurlan = factories.employee()
    dina = factories.child(nurlan)
    with transaction():
        db.session.query(Guardianship).one().ended_at = factories.LONG_AGO
    values = {"surname": dina.surname, "given_name": "Дина", "birth_date": dina.birth_date, "tshirt_size": "140"}
    typed = add_child(nurlan.id, values, now=factories.SATURDAY, actor=actor_of(nurlan))
    assert children_of(nurlan.id) == [typed] and typed.id != dina.id
    assert db.session.query(Task).one().kind == "possible-duplicate"


def test_a_child_who_had_left_comes_back(app):
    nurlan = factories.employee()
    dina = factories.child(nurlan, deactivated_at=factories.LONG_AGO)
    values = {"surname": dina.surname, "given_name": "Дина", "birth_date": dina.birth_date, "tshirt_size": "140"}
    assert add_child(nurlan.id, values, now=factories.SATURDAY, actor=actor_of(nurlan)).id == dina.id
    assert [child.id for child in children_of(nurlan.id)] == [dina.id]


def test_nobody_adds_a_child_to_somebody_else(app):
    nurlan, stan = factories.employee(), factories.employee("Стан", "Стэн")
    with pytest.raises(NotAllowed):
        add_child(nurlan.id, DINA | {"birth_date": None}, now=clock.now(), actor=actor_of(stan))


def test_nurlan_corrects_dina_and_an_emptied_note_is_forgotten(app, log_in):
    nurlan = factories.employee()
    dina = factories.child(nurlan)
    factories.saved(MedicalNote(person_id=dina.id, text="Шөпке аллергия", updated_at=factories.LONG_AGO))
    browser = log_in(nurlan)
    assert "Шөпке аллергия" in browser.get(f"/my/children/{dina.id}").text
    form = DINA | {"given_name": "Динара", "birth_date": "15.01.2017", "medical_note": ""}
    assert browser.post(f"/my/children/{dina.id}", data=form).status_code == 303
    (dinara,) = children_of(nurlan.id)
    assert (dinara.id, dinara.given_name) == (dina.id, "Динара")
    assert "dinara" in dinara.name_search and "dinara" in db.session.query(Guardianship).one().child_key
    assert db.session.query(MedicalNote).count() == 0


def test_a_child_can_not_be_renamed_into_its_twin(app):
    nurlan = factories.employee()
    dina, dana = factories.child(nurlan, "Дина"), factories.child(nurlan, "Дана")
    values = {"surname": dana.surname, "given_name": "Дина", "birth_date": dina.birth_date}
    with pytest.raises(ChildAlreadyThere):
        change_child(dana, values, now=clock.now(), actor=actor_of(nurlan))
    assert db.session.get(Person, dana.id).given_name == "Дана"


def test_another_parents_child_is_not_there_for_a_stranger(app, client, log_in):
    dina = factories.child(factories.employee())
    stan = factories.employee("Стан", "Стэн")
    browser = log_in(stan)
    assert browser.get(f"/my/children/{dina.id}").status_code == 404
    assert browser.post(f"/my/children/{dina.id}", data=DINA).status_code == 404
    assert client.get(f"/my/children/{dina.id}").status_code == 303
    assert client.get("/my/children/new").location.startswith("/login")
    with pytest.raises(NotFound):
        change_child(dina, DINA, now=clock.now(), actor=actor_of(stan))


def test_my_children_lists_mine_only(app, log_in):
    nurlan, stan = factories.employee(), factories.employee("Стан", "Стэн")
    factories.child(nurlan, "Дина")
    factories.child(stan, "Сара")
    page = log_in(nurlan).get("/my/children").text
    assert "Дина" in page and "Сара" not in page
