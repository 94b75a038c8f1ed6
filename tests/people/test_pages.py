"""What coordinators do with people: find, read, add, correct, let leave; only in their own city."""

import pytest

from app.accounts.models import Account, Session
from app.db import db
from app.people.models import Institution, MedicalNote, Person
from app.signups.models import Place
from tests import factories

GUEST = {"kind": "other", "surname": "Жұмабек", "given_name": "Ақбота", "city": "balkhash", "language": "ru"} | {
    "tshirt_size": "",
    "institution_id": "",
}


@pytest.fixture
def aigul(app):
    return factories.coordinator("balkhash")


@pytest.mark.parametrize("q", ["сейіт", "Сейткали", "seitk нур", "7700", "nur"])
def test_search_finds_in_any_spelling(q: str, aigul, log_in):
    factories.employee(personnel_number="770001")
    page = log_in(aigul).get("/people", query_string={"q": q}).text
    assert "Сейітқали Нұрлан" in page and page.count('class="c-name"') == 1


def test_the_list_keeps_to_the_coordinators_city_and_the_filters(aigul, log_in):
    factories.employee("Жезов", "Жан", city="zhezkazgan")
    factories.child(factories.employee(), "Дина")
    browser = log_in(aigul)
    everybody = browser.get("/people").text
    assert "Дина" in everybody and "Жезов" not in everybody
    children = browser.get("/people?kind=child").text
    assert "Дина" in children and "Нұрлан" not in children
    assert "Нұрлан" in browser.get("/people?kind=nonsense&city=nowhere").text


@pytest.mark.full
def test_names_come_in_kazakh_order_page_by_page(aigul, log_in):
    for number in range(101):
        factories.employee("Қалиев" if number % 2 else "Калиев", f"А{number:03d}")
    browser = log_in(aigul)
    first = browser.get("/people?q=калиев")
    assert first.text.count('class="c-name"') == 100
    later = browser.get("/people", query_string={"q": "калиев", "cursor": _cursor(first.text)}).text
    assert later.count('class="c-name"') == 1 and "Қалиев" in later
    assert first.text.index("Калиев А100") < first.text.index("Қалиев А001")


def _cursor(page: str) -> str:
    return page.split("cursor=")[1].split('"')[0].split("&")[0]


def test_a_made_up_cursor_is_refused(aigul, log_in):
    assert log_in(aigul).get("/people?cursor=abc").status_code == 422


def test_the_page_of_a_child_tells_that_there_is_a_note_but_not_which(aigul, log_in):
    dina = factories.child(factories.employee())
    factories.saved(MedicalNote(person_id=dina.id, text="Жаңғаққа аллергия", updated_at=factories.LONG_AGO))
    page = log_in(aigul).get(f"/people/{dina.id}").text
    assert "M9.500 3.500h5v6h6v5h-6v6h-5v-6h-6v-5h6z" in page and "Жаңғақ" not in page
    assert "Сейітқали Нұрлан" in page


def test_a_safety_officer_sees_no_details_of_a_child(app, log_in):
    dina = factories.child(factories.employee())
    safety = factories.employee("Сақ", "Саят")
    factories.account(safety, "safety_officer", city="balkhash")
    page = log_in(safety).get(f"/people/{dina.id}").text
    assert "Дина" in page and "15.01" not in page and "Нұрлан" not in page
    assert log_in(safety).get(f"/people/{dina.id}/edit").status_code == 403


@pytest.mark.parametrize("path", ["", "/edit"])
def test_people_of_another_city_are_not_there(path: str, app, log_in):
    nurlan = factories.employee()
    assert log_in(factories.coordinator("zhezkazgan")).get(f"/people/{nurlan.id}{path}").status_code == 404


@pytest.mark.parametrize("path", ["/people", "/people/new", "/people/imports/new", "/institutions"])
def test_pages_of_coordinators_are_closed_to_others(path: str, app, client, log_in):
    assert client.get(path).status_code == 303
    assert log_in(factories.employee()).get(path).status_code == 403


def test_aigul_adds_a_guest(aigul, log_in):
    answer = log_in(aigul).post("/people/new", data=GUEST | {"phone": "8 708 654 18 86", "tshirt_size": "М"})
    assert answer.status_code == 422, "a size must be one of the list"
    answer = log_in(aigul).post("/people/new", data=GUEST | {"phone": "8 708 654 18 86", "tshirt_size": "M"})
    guest = db.session.query(Person).filter_by(surname="Жұмабек").one()
    assert answer.location == f"/people/{guest.id}"
    assert (guest.kind, guest.phone, guest.language, guest.personnel_number) == ("other", "+77086541886", "ru", None)


@pytest.mark.parametrize(
    "change, field",
    [
        ({"kind": "employee"}, "personnel_number"),
        ({"kind": "employee", "personnel_number": "770001"}, "personnel_number"),
        ({"kind": "child"}, "birth_date"),
        ({"kind": "child", "birth_date": "05.03.2017"}, "guardian_number"),
        ({"kind": "child", "birth_date": "05.03.2017", "guardian_number": "77"}, "guardian_number"),
        ({"email": "not a mail"}, "email"),
        ({"surname": ""}, "surname"),
        ({"city": "zhezkazgan"}, "city"),
        ({"given_name": "\x00"}, "given_name"),
    ],
)
@pytest.mark.full
def test_what_can_not_be_is_said_beside_its_field(change, field: str, aigul, log_in):
    factories.city("zhezkazgan")
    factories.employee(personnel_number="770001")
    before = db.session.query(Person).count()
    answer = log_in(aigul).post("/people/new", data=GUEST | change)
    assert answer.status_code == 422 and f'id="{field}-e"' in answer.text
    assert db.session.query(Person).count() == before


def test_aigul_adds_a_child_to_a_parent_and_corrects_it(aigul, log_in):
    factories.employee(personnel_number="770001")
    child = GUEST | {"kind": "child", "birth_date": "05.03.2017", "guardian_number": "770001"}
    browser = log_in(aigul)
    address = browser.post("/people/new", data=child).location
    assert "Сейітқали Нұрлан" in browser.get(address).text
    changed = child | {"given_name": "Ақерке", "school_class": "4Б"}
    assert browser.post(f"{address}/edit", data=changed).status_code == 303
    assert "Ақерке" in browser.get(address).text


def test_who_left_loses_login_and_seats_and_may_come_back(aigul, log_in):
    nurlan = factories.employee()
    place = factories.place(factories.event(), nurlan)
    his = log_in(nurlan)
    browser = log_in(aigul)
    assert browser.post(f"/people/{nurlan.id}/deactivation").status_code == 303
    assert db.session.get(Place, place.id).status == "cancelled"
    assert db.session.query(Session).filter_by(account_id=_account(nurlan).id).one().ended_at
    assert his.get("/my/children").status_code == 303
    browser.post(f"/people/{nurlan.id}/reactivation")
    assert db.session.get(Person, nurlan.id).deactivated_at is None and _account(nurlan).is_active


def _account(person: Person) -> Account:
    return db.session.query(Account).filter_by(person_id=person.id).one()


def test_nobody_lets_people_of_another_city_leave(app, log_in):
    nurlan = factories.employee()
    stranger = log_in(factories.coordinator("zhezkazgan"))
    assert stranger.post(f"/people/{nurlan.id}/deactivation").status_code == 404
    assert log_in(nurlan).post(f"/people/{nurlan.id}/deactivation").status_code == 403
    assert db.session.get(Person, nurlan.id).deactivated_at is None


@pytest.mark.full
def test_institutions_are_added_with_a_name_in_a_city_of_ones_own(aigul, log_in):
    factories.city("zhezkazgan")
    browser = log_in(aigul)
    school = {
        "name-kk": "Мектеп-интернат",
        "kind": "boarding-school",
        "city": "balkhash",
        "contact_email": "a@b.example",
    }
    assert browser.post("/institutions", data=school | {"name-kk": ""}).status_code == 422
    assert browser.post("/institutions", data=school | {"city": "zhezkazgan"}).status_code == 422
    assert db.session.query(Institution).count() == 0
    assert browser.post("/institutions", data=school).status_code == 303
    assert "Мектеп-интернат" in browser.get("/institutions").text
