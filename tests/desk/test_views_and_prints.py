"""The roster in pages, orders and columns; saved views, notes, files and prints, each for whoever may see it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from fontTools.ttLib import TTFont
from sqlalchemy import event as on
from sqlalchemy import select

from app.accounts.actor import SYSTEM
from app.audit.models import AuditEntry, AuditValues
from app.db import db, transaction
from app.desk.roster.asking import Asked, asked
from app.desk.roster.models import PlaceLabel, PlaceNote, RosterView
from app.desk.roster.prints import KINDS
from app.desk.roster.queries import count_of, roster_page, rows_of_places
from app.desk.roster.roster import RosterFilter
from app.events.models import Event
from app.gifts.operations import choose_gifts, create_item
from app.people.models import Person
from app.rosters.duty_models import Duty, Need, Section
from app.rosters.models import Bus, Group
from app.signups.models import Place
from app.web.pdf import FONTS, Document
from tests import factories

LogIn = Callable[[Person], FlaskClient]


@pytest.fixture
def event(app: Flask) -> Event:
    return factories.event(audience="families")


@pytest.fixture
def aigul(log_in: LogIn, event: Event) -> FlaskClient:
    return log_in(factories.coordinator())


def come(event: Event, surname: str, *, status: str = "confirmed", **fields: object) -> Place:
    ours = ("group_id", "bus_id", "shift_id", "section_id")
    places = {name: fields.pop(name) for name in ours if name in fields}
    return factories.place(event, factories.employee(surname, "Тимур", **fields), status=status, **places)


def order(event: Event, **said: str) -> list[str]:
    page = roster_page(event, asked(said), total=99, gifts=[])
    return [row.surname for row in page.items]


def fits(event: Event, **wanted: str) -> set[str]:
    found = roster_page(event, Asked(wanted=RosterFilter(**wanted)), total=99, gifts=[])
    assert count_of(event, RosterFilter(**wanted)) == len(found.items)
    return {row.surname for row in found.items}


@pytest.mark.full
def test_names_stand_in_the_order_of_the_kazakh_alphabet_both_ways(event: Event) -> None:
    for surname in ("Ясин", "Қасым", "Касымов", "Әли", "Абай", "Ілияс"):
        come(event, surname)
    ordered = ["Абай", "Әли", "Касымов", "Қасым", "Ілияс", "Ясин"]
    assert order(event) == ordered and order(event, down="1") == ordered[::-1]


def test_group_ten_stands_after_group_nine_and_equals_by_name(event: Event) -> None:
    for name in ("10-топ", "9-топ"):
        group = factories.saved(Group(event_id=event.id, name=name))
        come(event, f"Әли{name[0]}", group_id=group.id)
        come(event, f"Абай{name[0]}", group_id=group.id)
    come(event, "Ешкім")
    assert order(event, sort="group") == ["Ешкім", "Абай9", "Әли9", "Абай1", "Әли1"]
    assert order(event, sort="group", down="1") == ["Абай1", "Әли1", "Абай9", "Әли9", "Ешкім"]


@pytest.mark.full
def test_filters_by_bus_city_department_label_and_reach(event: Event) -> None:
    bus = factories.saved(Bus(event_id=event.id, name="1", seats=40))
    factories.city("zhezkazgan")
    come(event, "Абай", bus_id=bus.id, department="Балқыту цехы")
    labelled = come(event, "Болат", city="zhezkazgan", email=None)
    label = {"label": "speaks", "created_at": factories.LONG_AGO}
    factories.saved(PlaceLabel(place_id=labelled.id, event_id=event.id, **label))
    guardian, silent = factories.employee("Нұр"), factories.employee("Тыныш", email=None)
    factories.place(event, factories.child(guardian))
    factories.place(event, factories.child(silent))
    assert fits(event, bus=bus.id) == {"Абай"} and "Абай" not in fits(event, bus="none")
    assert fits(event, department="Балқыту") == {"Абай"} and fits(event, city="zhezkazgan") == {"Болат"}
    assert fits(event, label="speaks") == {"Болат"} and fits(event, reach="none") == {"Болат", "Тыныш"}
    assert rows_of_places(event, [labelled.id])[0].labels == ("speaks",)


@pytest.mark.full
def test_pages_say_where_one_is_and_never_ask_more_than_twelve_times(event: Event, aigul: FlaskClient) -> None:
    shirt = create_item(name={"kk": "Футболка"}, sizes=["M"], now=factories.LONG_AGO, actor=SYSTEM)
    choose_gifts(event, [shirt.id], now=factories.LONG_AGO, actor=SYSTEM)
    nurlan = factories.employee()
    with transaction():
        event.capacity = 400
    for number in range(104):
        place = come(event, f"Абай{number:03d}")
    dina = factories.child(nurlan)
    factories.place(event, dina)
    factories.consent(event, dina, nurlan)
    said: list[str] = []
    on.listen(db.engine, "before_cursor_execute", lambda *args: said.append(args[2]))
    for tail in ("", "?page=2", "?status=confirmed&sort=group&columns=bus,shift,city", f"?place={place.id}&page=2"):
        said.clear()
        page = aigul.get(f"/events/{event.id}/roster{tail}").text
        assert sum(statement.startswith(("SELECT", "WITH")) for statement in said) <= 12, tail
    assert "101–105 / 105" in aigul.get(f"/events/{event.id}/roster?page=2").text
    assert "Абай000" in page or "Абай103" in page


@pytest.mark.full
def test_a_view_keeps_filter_order_and_columns_and_is_shared_with_the_city(
    event: Event, aigul: FlaskClient, log_in: LogIn
) -> None:
    come(event, "Абай")
    come(event, "Болат", status="waiting")
    roster = f"/events/{event.id}/roster"
    data = {"name": "Кезек", "status": "waiting", "sort": "newest", "columns": "status,bus", "shared": "1"}
    seen = aigul.post(f"{roster}/views", data=data).location
    view = db.session.scalars(select(RosterView)).one()
    assert view.query == {"status": "waiting", "sort": "newest", "columns": "bus,status"} and view.city == "balkhash"
    assert "Болат" in aigul.get(seen).text and "Абай Тимур" not in aigul.get(seen).text
    colleague = factories.employee("Екінші")
    factories.account(colleague, "coordinator", city="balkhash")
    keeper = factories.employee("Кенже")
    factories.account(keeper, "gift_keeper", city="balkhash")
    assert log_in(colleague).get(seen).status_code == 200
    assert log_in(keeper).get(seen).status_code == 404
    removed = log_in(colleague).post(f"{roster}/views/removal", data={"view": view.id})
    assert removed.status_code == 404
    assert log_in(keeper).post(f"{roster}/views", data={"name": "x", "shared": "1"}).status_code == 403
    assert aigul.post(f"{roster}/views/removal", data={"view": view.id}).status_code == 303
    assert not db.session.scalars(select(RosterView)).all()


@pytest.mark.full
def test_notes_are_read_by_coordinators_alone(event: Event, aigul: FlaskClient, log_in: LogIn) -> None:
    place = come(event, "Абай")
    page = f"/events/{event.id}/roster/{place.id}"
    assert aigul.post(f"{page}/notes", data={"text": "brings a tent"}).status_code == 303
    assert "brings a tent" in aigul.get(page).text
    for role in ("gift_keeper", "safety_officer"):
        other = factories.employee(role)
        factories.account(other, role, city="balkhash")
        assert "brings a tent" not in log_in(other).get(page).text
        assert log_in(other).post(f"{page}/notes", data={"text": "x"}).status_code == 403
    zhan = log_in(factories.coordinator("zhezkazgan"))
    note = db.session.scalars(select(PlaceNote)).one()
    assert zhan.post(f"{page}/notes", data={"remove": note.id}).status_code == 404
    assert aigul.post(f"{page}/notes", data={"text": "x" * 501}).status_code == 422
    assert aigul.post(f"{page}/notes", data={"remove": note.id}).status_code == 303
    assert not db.session.scalars(select(PlaceNote)).all()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.full
def test_each_print_is_a_pdf_that_is_written_down(event: Event, aigul: FlaskClient, kind: str) -> None:
    bus = factories.saved(Bus(event_id=event.id, name="1", seats=40))
    group = factories.saved(Group(event_id=event.id, name="2-топ"))
    come(event, "Құлмұхаммедов-Ізтілеуов", bus_id=bus.id, group_id=group.id)
    come(event, "Болат", status="waiting")
    answer = aigul.get(f"/events/{event.id}/prints/{kind}.pdf")
    assert answer.status_code == 200 and answer.data.startswith(b"%PDF") and answer.mimetype == "application/pdf"
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "export")).one()
    said = db.session.get_one(AuditValues, entry.id).changes
    assert said["kind"] == [None, kind] and said["count"] == [None, 2 if kind == "roster" else 1]


def test_files_are_written_down_with_their_filter(event: Event, aigul: FlaskClient) -> None:
    come(event, "Абай")
    come(event, "Болат", status="waiting")
    text = aigul.get(f"/events/{event.id}/roster.csv?status=waiting").text
    assert "Болат" in text and "Абай" not in text and "Омарова Айгүл" in text
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "export")).one()
    said = db.session.get_one(AuditValues, entry.id).changes
    assert said == {"kind": [None, "csv"], "count": [None, 1], "filter": [None, {"status": "waiting"}]}


@pytest.mark.full
def test_who_may_take_what(event: Event, log_in: LogIn, client: FlaskClient) -> None:
    come(event, "Абай")
    keeper, nurlan = factories.employee("Кенже"), factories.employee()
    factories.account(keeper, "gift_keeper", city="balkhash")
    page = f"/events/{event.id}/prints/"
    asked_for = [f"{page}{kind}.pdf" for kind in KINDS]
    by_keeper = [log_in(keeper).get(address).status_code for address in asked_for]
    assert dict(zip(KINDS, by_keeper, strict=True)) == {
        kind: 403 if kind in ("badges", "tickets") else 200 for kind in KINDS
    }
    for stranger, status in ((client, 303), (log_in(nurlan), 403), (log_in(factories.coordinator("zhezkazgan")), 403)):
        assert {stranger.get(address).status_code for address in asked_for} == {status}
    assert log_in(keeper).get(f"{page}nothing.pdf").status_code == 404


@pytest.mark.parametrize("weight", ["Regular", "Bold"])
def test_the_paper_has_every_letter_and_the_tenge(weight: str) -> None:
    letters = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
    known = TTFont(Path(FONTS, f"NotoSans-{weight}.ttf")).getBestCmap()
    wanted = letters + letters.upper() + "ABCXYZabcxyz0123456789₸№«»—–…·!"
    assert [letter for letter in wanted if ord(letter) not in known] == []


def heads_of(aigul: FlaskClient, event: Event, said: str) -> list[str]:
    text = aigul.get(f"/events/{event.id}/roster.csv{said}").data.decode("utf-8-sig")
    return next(iter(text.splitlines())).split(";")


@pytest.mark.full
def test_a_file_holds_the_columns_chosen_for_the_page_and_no_other(event: Event, aigul: FlaskClient) -> None:
    shirt = create_item(name={"kk": "Футболка"}, sizes=["M"], now=factories.LONG_AGO, actor=SYSTEM)
    choose_gifts(event, [shirt.id], now=factories.LONG_AGO, actor=SYSTEM)
    place = come(event, "Абай", personnel_number="4711", department="Балқыту цехы")
    page = f"/events/{event.id}/roster"
    whole = heads_of(aigul, event, "")
    assert len(whole) == 19 and heads_of(aigul, event, "?sort=number") == whole, "the order chooses no columns"
    assert len(heads_of(aigul, event, "?columns=number,city")) == 4
    assert len(heads_of(aigul, event, "?columns=gifts")) == 5
    text = aigul.get(f"{page}.csv?columns=number,city").text
    assert "4711" in text and "Балқаш" in text and "Балқыту" not in text and place.ticket not in text
    assert aigul.get(f"{page}.xlsx?columns=department").data[:2] == b"PK"


@pytest.mark.full
def test_each_section_has_its_list_with_its_length_and_leader(
    event: Event, aigul: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    for name in ("section", "paragraph"):
        monkeypatch.setattr(Document, name, lambda _paper, text: said.append(text))
    monkeypatch.setattr(
        Document, "lines", lambda _paper, _heads, rows, _shares, **_: said.extend(row[1] for row in rows)
    )
    coast = {"event_id": event.id, "name": {"kk": "Солтүстік жағалау"}}
    section = factories.saved(Section(position=1, length_m=350, **coast))
    leader = come(event, "Жетекшіев", section_id=section.id)
    come(event, "Абайұлы", section_id=section.id)
    come(event, "Ешқайдабек")
    values = {"event_id": event.id, "position": 1, "minimum": 1, "maximum": 1, "role": "section_leader"}
    need = factories.saved(Need(section_id=section.id, **values))
    factories.saved(Duty(need_id=need.id, place_id=leader.id, how="placed", taken_at=factories.LONG_AGO))
    assert aigul.get(f"/events/{event.id}/prints/sections.pdf").status_code == 200
    words = "\n".join(said)
    order = ["Солтүстік жағалау", "350", "Жетекшіев Тимур", "Абайұлы", "Ешқайдабек"]
    assert sorted(order, key=words.index) == order, words
    assert "sections.pdf" in aigul.get(f"/events/{event.id}/prints").text
