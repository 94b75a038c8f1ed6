"""The roster: found by name however it is spelt, one tap to mark, gifts, files, and not for strangers."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import event as on

from app.accounts.actor import SYSTEM
from app.attendance.operations import mark_present
from app.attendance.queries import attendance_of
from app.consents.models import Consent, ConsentText
from app.db import db
from app.desk.roster.queries import roster_counts, roster_rows
from app.desk.roster.roster import RosterFilter
from app.events.models import Event
from app.gifts.operations import choose_gifts, create_item, enter_stock
from app.gifts.queries import hand_outs_of_event, on_hand
from app.people.models import MedicalNote, Person
from app.people.names import search_text
from app.rosters.models import Group
from app.signups.models import Place
from tests import factories

AT = datetime(2030, 5, 18, 4, 0, tzinfo=UTC)
LogIn = Callable[[Person], FlaskClient]


@pytest.fixture
def event(app: Flask) -> Event:
    return factories.event(audience="families")


@pytest.fixture
def aigul(log_in: LogIn, event: Event) -> FlaskClient:
    return log_in(factories.coordinator())


def come(event: Event, surname: str, given_name: str, **fields: object) -> Place:
    number = fields.pop("personnel_number", None)
    extra = {"personnel_number": number} if number else {}
    person = factories.employee(surname, given_name, **extra)
    person.name_search = search_text(surname, given_name, "", person.personnel_number)
    factories.saved(person)
    return factories.place(event, person, **fields)


def names(event: Event, **wanted: str) -> list[str]:
    return [row.name for row in roster_rows(event, RosterFilter(**wanted)).items]


def test_names_stand_in_the_order_of_the_kazakh_alphabet(event: Event) -> None:
    for surname in ("Ясин", "Қасым", "Касымов", "Әли", "Абай", "Ілияс"):
        come(event, surname, "Нұрлан")
    assert [name.split()[0] for name in names(event)] == ["Абай", "Әли", "Касымов", "Қасым", "Ілияс", "Ясин"]


@pytest.mark.parametrize("q", ["Ұлықбек", "улыкбек", "ulykbek", "Сұлт", "sult uly", "70345", "  ҰЛЫҚ  "])
def test_a_person_is_found_however_the_name_is_typed(event: Event, q: str) -> None:
    come(event, "Ұлықбек", "Сұлтан", personnel_number="703455")
    come(event, "Ибраев", "Тимур", personnel_number="800001")
    assert names(event, q=q) == ["Ұлықбек Сұлтан"]


@pytest.mark.parametrize("q", ["бек", "100%", "_", "'; drop table people", "?"])
def test_what_begins_no_word_finds_nobody(event: Event, q: str) -> None:
    come(event, "Ұлықбек", "Сұлтан")
    assert names(event, q=q) == []


def test_a_ticket_code_finds_its_person(event: Event) -> None:
    place = come(event, "Ұлықбек", "Сұлтан")
    come(event, "Ибраев", "Тимур")
    assert names(event, q=place.printed_ticket.lower()) == ["Ұлықбек Сұлтан"]


def test_filters_by_status_group_attendance_and_missing_consent(event: Event) -> None:
    nurlan = factories.employee()
    group = factories.saved(Group(event_id=event.id, name="2-топ"))
    here = come(event, "Ибраев", "Тимур", group_id=group.id)
    mark_present(here, entry_id=str(uuid4()), at=AT, now=AT, actor=SYSTEM)
    come(event, "Өтеген", "Бекзат", status="waiting")
    dina = factories.place(event, factories.child(nurlan))
    agreed = factories.place(event, factories.child(nurlan, "Арман"))
    text = factories.saved(ConsentText(kind="participation", version=1, text={"en": "I agree"}, published_at=AT))
    factories.saved(
        Consent(kind="participation", event_id=event.id, child_id=agreed.person_id, guardian_id=nurlan.id,
                text_id=text.id, language="kk", bound_to={}, given_at=AT)
    )  # fmt: skip
    assert names(event, status="waiting") == ["Өтеген Бекзат"]
    assert names(event, group=group.id) == names(event, attendance="present") == ["Ибраев Тимур"]
    assert names(event, attendance="expected") == ["Сейітқали Арман", "Сейітқали Дина"]
    assert names(event, consent="missing") == [dina.person.short_name]
    rows = {row.given_name: row for row in roster_rows(event).items}
    assert [rows[name].consent for name in ("Арман", "Дина", "Тимур")] == ["given", "missing", None]
    assert (rows["Дина"].age, rows["Тимур"].age, rows["Тимур"].group) == (13, None, "2-топ")
    counts = roster_counts(event.id)
    assert (counts.people, counts.confirmed, counts.waiting, counts.arrived) == (4, 3, 1, 1)


def test_the_list_goes_on_on_the_next_page(event: Event) -> None:
    for number in range(5):
        come(event, f"Сейітқали{number}", "Нұрлан")
    first = roster_rows(event, limit=3)
    second = roster_rows(event, limit=3, cursor=first.next)
    assert [row.surname[-1] for row in [*first.items, *second.items]] == list("01234")
    assert second.next is None


@pytest.mark.full
def test_one_tap_marks_and_another_undoes(event: Event, aigul: FlaskClient) -> None:
    place = come(event, "Ибраев", "Тимур")
    roster = f"/events/{event.id}/roster"
    sent = {"entry_id": str(uuid4())}
    for _ in range(2):
        answer = aigul.post(
            f"/places/{place.id}/attendance", data=sent, headers={"Referer": f"http://localhost{roster}?q=и"}
        )
        assert (answer.status_code, answer.location) == (303, f"{roster}?q=%D0%B8#p-{place.id}")
    assert attendance_of(place.id).state == "present"
    refused = aigul.post(
        f"/places/{place.id}/attendance",
        data={"entry_id": str(uuid4())},
        headers={"Referer": f"http://localhost{roster}"},
    )
    assert refused.status_code == 409 and "Ибраев Тимур" in refused.text
    mark_id = attendance_of(place.id).entry_id
    undone = aigul.post(f"/attendance/{mark_id}/undoing", data={"entry_id": str(uuid4()), "reason": "slip <b>100%"})
    assert undone.status_code == 303 and attendance_of(place.id).state == "expected"
    page = aigul.get(f"{roster}/{place.id}").text
    assert "slip &lt;b&gt;100%" in page and "Омарова Айгүл" in page


def test_a_tap_by_htmx_answers_with_the_two_cells_and_the_count(event: Event, aigul: FlaskClient) -> None:
    place = come(event, "Ибраев", "Тимур")
    answer = aigul.post(
        f"/places/{place.id}/attendance", data={"entry_id": str(uuid4())}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 200 and "<html" not in answer.text
    assert f'id="a-{place.id}"' in answer.text and 'id="counts"' in answer.text


@pytest.mark.full
def test_a_ticket_lets_somebody_in_and_says_what_they_are_due(event: Event, aigul: FlaskClient) -> None:
    shirt = create_item(name={"en": "T-shirt"}, sizes=["M"], now=AT, actor=SYSTEM)
    choose_gifts(event, [shirt.id], now=AT, actor=SYSTEM)
    place = come(event, "Ибраев", "Тимур", tshirt_size="M")
    data = {"ticket": place.printed_ticket.lower(), "entry_id": str(uuid4()), "door": "1"}
    answer = aigul.post(f"/events/{event.id}/attendance", data=data, follow_redirects=True)
    assert answer.status_code == 200
    assert "verdict-go" in answer.text and shirt.id in answer.text
    assert attendance_of(place.id).state == "present"


@pytest.mark.parametrize("status", ["waiting", "cancelled"])
def test_a_ticket_without_a_seat_is_refused_on_the_page_itself(event: Event, aigul: FlaskClient, status: str) -> None:
    place = come(event, "Ибраев", "Тимур", status=status)
    elsewhere = factories.place(factories.event(), factories.employee())
    for ticket, expected in ((place.ticket, 409), (elsewhere.ticket, 409), ("BBBBBBBB", 422), ("", 422)):
        answer = aigul.post(
            f"/events/{event.id}/attendance",
            data={"ticket": ticket, "entry_id": str(uuid4())},
            headers={"Referer": f"http://localhost/events/{event.id}/roster"},
        )
        assert answer.status_code == expected and "flash-stop" in answer.text
    assert roster_counts(event.id).arrived == 0


def test_gifts_are_given_from_the_roster_and_of_an_empty_store_none_is_promised(
    event: Event, aigul: FlaskClient
) -> None:
    shirt = create_item(name={"en": "T-shirt"}, sizes=["S", "M"], now=AT, actor=SYSTEM)
    choose_gifts(event, [shirt.id], now=AT, actor=SYSTEM)
    place = come(event, "Ибраев", "Тимур")
    data = {"item": shirt.id, "size": "M", "entry_id": str(uuid4())}
    assert aigul.post(f"/places/{place.id}/hand-outs", data=data).status_code == 409
    mark_present(place, entry_id=str(uuid4()), at=AT, now=AT, actor=SYSTEM)
    empty = aigul.post(f"/places/{place.id}/hand-outs", data=data, headers={"HX-Request": "true"})
    assert empty.status_code == 409 and "T-shirt M" in empty.text and on_hand(shirt.id) == {}
    enter_stock(
        shirt,
        store="balkhash",
        kind="receipt",
        size="M",
        quantity=1,
        entry_id=str(uuid4()),
        now=AT,
        actor=SYSTEM,
    )
    answer = aigul.post(f"/places/{place.id}/hand-outs", data=data, headers={"HX-Request": "true"})
    assert answer.status_code == 200 and on_hand(shirt.id) == {("M", "balkhash"): 0}
    given = hand_outs_of_event(event.id)[place.person_id, shirt.id]
    assert aigul.post(f"/hand-outs/{given.hand_out_id}/return").status_code == 303
    assert on_hand(shirt.id) == {("M", "balkhash"): 1}


def test_strangers_and_other_cities_learn_nothing_and_change_nothing(
    event: Event, log_in: LogIn, client: FlaskClient
) -> None:
    place = come(event, "Ибраев", "Тимур")
    mark = mark_present(place, entry_id=str(uuid4()), at=AT, now=AT, actor=SYSTEM)
    nurlan = log_in(factories.employee())
    dana = log_in(factories.coordinator("zhezkazgan"))
    pages = [f"/events/{event.id}/roster{tail}" for tail in ("", ".csv", ".xlsx", f"/{place.id}")]
    posts = [f"/events/{event.id}/attendance", f"/places/{place.id}/attendance", f"/attendance/{mark.id}/undoing",
             f"/places/{place.id}/hand-outs", f"/events/{event.id}/gifts"]  # fmt: skip
    data = {"entry_id": str(uuid4()), "reason": "no", "ticket": place.ticket, "kind": "left"}
    for stranger, expected in ((client, {303}), (nurlan, {403}), (dana, {403, 404})):
        answers = [stranger.get(page) for page in pages] + [stranger.post(address, data=data) for address in posts]
        assert {answer.status_code for answer in answers} <= expected
        assert not any("Ибраев" in answer.text for answer in answers)
    assert attendance_of(place.id).state == "present"


def test_a_helper_of_this_event_alone_may_mark_here_only(event: Event, log_in: LogIn) -> None:
    helper = factories.employee("Ахметов", "Ержан")
    factories.account(helper, "coordinator", event_id=event.id)
    place, elsewhere = come(event, "Ибраев", "Тимур"), factories.place(factories.event(), factories.employee())
    browser = log_in(helper)
    assert browser.get(f"/events/{event.id}/roster").status_code == 200
    for target, expected in ((place, 303), (elsewhere, 404)):
        answer = browser.post(f"/places/{target.id}/attendance", data={"entry_id": str(uuid4())})
        assert answer.status_code == expected


def test_the_files_hold_ticket_group_attendance_and_gifts_and_nothing_medical(event: Event, aigul: FlaskClient) -> None:
    shirt = create_item(name={"kk": "Футболка"}, sizes=["M"], now=AT, actor=SYSTEM)
    choose_gifts(event, [shirt.id], now=AT, actor=SYSTEM)
    place = come(event, "=cmd|' /C calc'!A0", "Тимур", tshirt_size="M")
    factories.saved(MedicalNote(person_id=place.person_id, text="peanuts", updated_at=AT))
    mark_present(place, entry_id=str(uuid4()), at=AT, now=AT, actor=SYSTEM)
    answer = aigul.get(f"/events/{event.id}/roster.csv")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    assert rows[1][1].startswith("'=cmd") and place.ticket in rows[1] and "18.05.2030 09:00" in rows[1]
    assert len(rows[0]) == len(rows[1]) == 19 and "peanuts" not in answer.text
    assert rows[2] == [] and "Омарова Айгүл" in rows[3][0] and len(rows) == 4
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(aigul.get(f"/events/{event.id}/roster.xlsx").data))
    assert workbook.get_sheet_by_index(0).to_python()[1][1].startswith("=cmd")


def test_a_health_note_is_an_icon_and_never_its_text(event: Event, aigul: FlaskClient) -> None:
    place = come(event, "Ибраев", "Тимур")
    factories.saved(MedicalNote(person_id=place.person_id, text="peanuts", updated_at=AT))
    for address in (f"/events/{event.id}/roster", f"/events/{event.id}/roster/{place.id}"):
        page = aigul.get(address).text
        assert "peanuts" not in page
    assert roster_rows(event).items[0].has_note


@pytest.mark.full
def test_the_page_asks_the_database_as_often_for_one_person_as_for_many(event: Event, aigul: FlaskClient) -> None:
    shirt = create_item(name={"kk": "Футболка"}, sizes=["M"], now=AT, actor=SYSTEM)
    choose_gifts(event, [shirt.id], now=AT, actor=SYSTEM)
    asked: list[str] = []
    on.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))

    def questions() -> int:
        asked.clear()
        assert aigul.get(f"/events/{event.id}/roster").status_code == 200
        return sum(statement.startswith("SELECT") for statement in asked)

    come(event, "Ибраев", "Тимур")
    one = questions()
    for number in range(12):
        place = come(event, f"Сейітқали{number}", "Нұрлан", tshirt_size="M")
        mark_present(place, entry_id=str(uuid4()), at=AT, now=AT, actor=SYSTEM)
    assert questions() == one <= 12


@pytest.mark.full
def test_the_gifts_pages_show_what_is_left_and_take_entries(event: Event, aigul: FlaskClient) -> None:
    answer = aigul.post("/gifts/items/new", data={"name-kk": "Футболка", "sizes": "S, M"})
    assert answer.status_code == 303
    shirt = db.session.execute(db.text("SELECT id FROM gift_items")).scalar_one()
    choice = aigul.post(f"/events/{event.id}/gifts", data={"items": [shirt]})
    assert choice.status_code == 303
    come(event, "Ибраев", "Тимур", tshirt_size="M")
    entry = {"kind": "receipt", "piece": f"{shirt}:M", "quantity": "0", "store": "balkhash", "entry_id": str(uuid4())}
    wrong = aigul.post("/gifts/entries", data=entry)
    assert wrong.status_code == 422 and "is-wrong" in wrong.text and on_hand(shirt) == {}
    assert aigul.post("/gifts/entries", data=entry | {"store": "zhezkazgan", "quantity": "5"}).status_code == 422
    for _ in range(2):
        assert aigul.post("/gifts/entries", data=entry | {"quantity": "5"}).status_code == 303
    assert on_hand(shirt) == {("M", "balkhash"): 5}
    for address in ("/gifts", f"/events/{event.id}/gifts", f"/gifts/items/{shirt}", "/gifts/items/new"):
        page = aigul.get(address)
        assert page.status_code == 200
    assert "Омарова Айгүл" in aigul.get("/gifts").text
    renamed = aigul.post(f"/gifts/items/{shirt}", data={"name-kk": "Жейде", "sizes": "S"})
    assert renamed.status_code == 422
    assert aigul.post(f"/gifts/items/{shirt}", data={"name-kk": "", "sizes": "S, M"}).status_code == 422
    assert aigul.post(f"/gifts/items/{shirt}", data={"name-kk": "Жейде", "sizes": "S, M"}).status_code == 303


def test_an_employee_finds_no_store(log_in: LogIn) -> None:
    nurlan = log_in(factories.employee())
    assert nurlan.get("/gifts").status_code == 403
    assert nurlan.post("/gifts/entries", data={}).status_code == 403


def test_entering_stock_of_another_city_is_not_possible(app: Flask, log_in: LogIn) -> None:
    factories.city("zhezkazgan")
    keeper = factories.employee("Ахметов", "Ержан")
    factories.account(keeper, "gift_keeper", city="balkhash")
    cap = create_item(name={"kk": "Кепка"}, now=AT, actor=SYSTEM)
    enter_stock(
        cap, size="", store="zhezkazgan", kind="receipt", quantity=3, entry_id=str(uuid4()), now=AT, actor=SYSTEM
    )
    page = log_in(keeper).get("/gifts")
    assert page.status_code == 200 and "+3" not in page.text
