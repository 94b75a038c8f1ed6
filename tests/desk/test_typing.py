"""A ticked list typed in afterwards: what may be typed, which line is whom for ever, and what becomes of it."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import IntegrityError

from app.accounts.actor import COORDINATOR, Actor, Scope
from app.attendance.log_models import DeskOperation
from app.attendance.queries import attendance_of
from app.db import db
from app.desk.log.conflict_models import DeskConflict
from app.desk.log.giving import Giver, facts_of
from app.desk.paper.models import TickSheet
from app.desk.paper.sheets import keep_sheet, sheet_of, sheets_of
from app.desk.paper.typed_lines import NoSuchLine, TypedLine, Unreadable, read_line
from app.desk.paper.typing_in import Echo, NothingTyped, NotTaken, moment_of_sheet, type_line
from app.desk.roster.policy import desk_powers
from app.errors import Invalid, NotAllowed, NotFound
from app.events.models import Event
from app.people.models import Person
from app.signups.models import Place
from tests import factories

AT = factories.SATURDAY
NOW = AT + timedelta(hours=5)
LogIn = Callable[[Person], FlaskClient]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("17", TypedLine("check_in", 17, 17)),
        ("017", TypedLine("check_in", 17, 17)),
        (" 17-23 ", TypedLine("check_in", 17, 23)),
        ("23–17", TypedLine("check_in", 17, 23)),
        ("a17", TypedLine("absent", 17, 17)),
        ("A 17-18", TypedLine("absent", 17, 18)),
        ("ф17", TypedLine("absent", 17, 17)),  # the same key on a Russian keyboard
        ("l3", TypedLine("check_out", 3, 3)),
        ("д3", TypedLine("check_out", 3, 3)),
        ("e3", TypedLine("excused", 3, 3)),
        ("у3", TypedLine("excused", 3, 3)),
        ("u", TypedLine("undo")),
        ("г", TypedLine("undo")),
        ('".', TypedLine("check_in", 17, 17)),  # the row of digits on a Kazakh keyboard
        ("әөі", TypedLine("check_in", 2, 3)),
    ],
)
def test_a_line_is_read_on_any_keyboard(typed, found):
    assert read_line(typed, longest=400) == found


@pytest.mark.parametrize("typed", ["", "x17", "17.", "17,", "u17", "a", "17-", "-17", "0", "17 18", "1-401", "99999"])
def test_a_slip_is_refused_and_nothing_else_is_guessed(typed):
    with pytest.raises(Unreadable):
        read_line(typed, longest=9999)


def test_a_number_beyond_the_list_is_refused_by_its_name():
    with pytest.raises(NoSuchLine, match="no line 41"):
        read_line("39-41", longest=40)


@pytest.fixture
def aigul(app: Flask) -> Actor:
    account = factories.account(factories.coordinator())
    return Actor(account_id=account.id, scopes=(Scope(COORDINATOR, city="balkhash"),))


@pytest.fixture
def event(app: Flask) -> Event:
    return factories.event()


@pytest.fixture
def places(event: Event) -> list[Place]:
    names = ("Асан", "Болат", "Дәурен", "Ерлан")
    return [factories.place(event, factories.employee("Серік", name)) for name in names]


class Desk:
    """Aigul types in what is on her list."""

    def __init__(self, event: Event, places: list[Place], actor: Actor) -> None:
        self.event, self.facts, self.actor = event, facts_of(event), actor
        self.powers = desk_powers(actor, event)
        self.number = keep_sheet(event, [place.id for place in places], now=NOW, actor=actor)

    def type(self, text: str, *, now=NOW, is_closed: bool = False, line_id: str | None = None) -> Echo:
        sheet, giver = sheet_of(self.event, self.number), Giver(self.actor, self.powers)
        said = {"line_id": line_id or str(uuid4()), "at": AT, "is_closed": is_closed, "now": now, "giver": giver}
        return type_line(self.facts, sheet, text, **said)


@pytest.fixture
def desk(event: Event, places: list[Place], aigul: Actor) -> Desk:
    return Desk(event, places, aigul)


def states(places: list[Place]) -> list[str]:
    return [attendance_of(place.id).state for place in places]


def test_each_kind_of_line_is_recorded_at_the_time_of_the_paper(desk, places):
    assert desk.type("1") == Echo("001", "check_in", ["Серік Асан"])
    assert desk.type("2-3").names == ["Серік Болат", "Серік Дәурен"]
    desk.type("a4")
    desk.type("l3")
    assert states(places) == ["present", "present", "left", "absent"]
    assert attendance_of(places[0].id).arrived_at == AT
    rows = db.session.query(DeskOperation).all()
    assert {row.device for row in rows} == {"№ 1"} and {row.recorded_at for row in rows} == {NOW}


def test_the_same_line_sent_twice_is_recorded_once(desk, places):
    line_id = str(uuid4())
    for _ in range(2):
        desk.type("1-2", line_id=line_id)
    assert db.session.query(DeskOperation).count() == 2
    with pytest.raises(Invalid):
        desk.type("1", line_id="x")


def test_u_takes_the_last_line_back_all_of_it_and_then_the_one_before(desk, places):
    desk.type("1", now=NOW)
    desk.type("a2-4", now=NOW + timedelta(seconds=2))
    undone = desk.type("u", now=NOW + timedelta(seconds=4))
    assert (undone.numbers, undone.kind, len(undone.names)) == ("002–004", "undo", 3)
    assert states(places) == ["present", "expected", "expected", "expected"]
    assert desk.type("u", now=NOW + timedelta(seconds=6)).numbers == "001"
    assert states(places) == ["expected"] * 4
    with pytest.raises(NothingTyped):
        desk.type("u", now=NOW + timedelta(seconds=8))


def test_nobody_takes_back_what_somebody_else_typed(desk, event, places):
    desk.type("1")
    zhanna = factories.account(factories.coordinator())
    desk.actor = Actor(account_id=zhanna.id, scopes=desk.actor.scopes)
    with pytest.raises(NothingTyped):
        desk.type("u")
    assert states(places)[0] == "present"


def test_it_says_who_was_here_already_what_a_phone_says_otherwise_and_that_the_day_is_closed(desk, places):
    assert desk.type("1").tone == "ok"
    assert (desk.type("1").tone, states(places)[0]) == ("look", "present")
    assert "phone" in desk.type("a1").why
    assert db.session.query(DeskConflict).one().kind == "present-and-absent"
    factories.closed_day(desk.event)
    assert "closed" in desk.type("2", is_closed=True).why
    assert states(places)[1] == "expected"


def test_three_days_after_the_event_nothing_is_taken_any_more(desk):
    with pytest.raises(NotTaken):
        desk.type("1", now=AT + timedelta(days=4))


def test_a_number_stays_the_same_person_whatever_becomes_of_the_list(event, places, aigul):
    ids = [place.id for place in places]
    assert keep_sheet(event, ids, now=NOW, actor=aigul) == 1 == keep_sheet(event, ids, now=NOW, actor=aigul)
    assert keep_sheet(event, ids[1:], now=NOW, actor=aigul) == 2
    assert [one.number for one in sheets_of(event)] == [2, 1]
    assert sheet_of(event, 1).place_ids == tuple(ids)
    with pytest.raises(NotFound):
        sheet_of(event, 3)
    with pytest.raises(NotAllowed):
        keep_sheet(event, ids, now=NOW, actor=Actor(scopes=(Scope(COORDINATOR, city="zhezkazgan"),)))
    with pytest.raises(IntegrityError):
        factories.saved(TickSheet(event_id=event.id, number=2, place_ids=[], printed_at=NOW))


def test_the_time_of_the_paper_is_that_of_the_place_and_never_ahead(event):
    facts = facts_of(event)
    assert moment_of_sheet(facts, "09:15", now=NOW) == AT + timedelta(minutes=15)
    assert moment_of_sheet(facts, "23:00", now=NOW) == NOW
    for nothing in ("", "quarter past"):
        assert moment_of_sheet(facts, nothing, now=NOW) == AT


@pytest.mark.full
def test_aigul_prints_the_list_and_types_it_in(log_in: LogIn, app):
    aigul = log_in(factories.coordinator(language="en"))
    start = AT.replace(year=2026, month=1, day=10)
    event = factories.event(starts_at=start, ends_at=start + timedelta(days=3000))
    nurlan = factories.place(event, factories.employee())
    assert "No list was printed yet" in aigul.get(f"/events/{event.id}/desk/typing").text
    assert aigul.get(f"/events/{event.id}/prints/ticks.pdf").data.startswith(b"%PDF-")
    page = aigul.get(f"/events/{event.id}/desk/typing").text
    assert "List 1" in page and "data-typing" in page
    line = {"sheet": "1", "line": "1", "line_id": str(uuid4()), "at": "09:00"}
    where = f"/events/{event.id}/desk/typing"
    answer = aigul.post(where, data=line, headers={"Accept": "application/json"})
    assert answer.json == {"tone": "ok", "text": "001 Сейітқали Нұрлан: came"}
    refused = aigul.post(where, data=line | {"line": "7"}, headers={"Accept": "application/json"})
    assert (refused.status_code, (refused.json or {})["type"]) == (422, "no-such-line")
    assert aigul.post(where, data=line | {"line": "u", "line_id": str(uuid4())}).status_code == 303
    assert attendance_of(nurlan.id).state == "expected"


def test_whoever_may_not_mark_types_nothing(log_in: LogIn, event, places):
    keeper = factories.employee("Кенже", "Кеңес")
    factories.account(keeper, "gift_keeper", city="balkhash")
    for person in (keeper, factories.coordinator("zhezkazgan"), factories.employee()):
        assert log_in(person).get(f"/events/{event.id}/desk/typing").status_code in (403, 404)
