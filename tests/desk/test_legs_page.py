"""The trip on its pages: legs, counting, a second person, manifests, hand-over, collectors, the emergency pack."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.db import db, transaction
from app.desk.day.leading import pack_charge
from app.desk.departure.departing import BOARD_KEY
from app.desk.phone.snapshot_trip import trip_part
from app.desk.phone.taking_along import taker_of
from app.desk.trip.codes import code_of, printed_code
from app.desk.trip.models import Boarding, Collector, HandOver, LegDeparture
from app.desk.trip.pack import take_pack
from app.desk.trip.queries import riders_of
from app.errors import NotAllowed
from app.people.models import MedicalNote, Person
from app.rosters.models import Group
from app.signups.models import Place
from tests import factories
from tests.desk.trips import NOW, Trip, trip, with_pin
from tests.people.test_sight import acting

LogIn = Callable[[Person], FlaskClient]


@pytest.fixture
def day(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Trip:
    monkeypatch.setattr("app.clock.now", lambda: NOW)
    return trip()


@pytest.fixture
def aigul(day: Trip, log_in: LogIn) -> FlaskClient:
    return log_in(db.session.get_one(Person, day.aigul.person_id))


@pytest.fixture
def saule(day: Trip, log_in: LogIn) -> FlaskClient:
    return log_in(db.session.get_one(Person, day.saule.person_id))


def post(client: FlaskClient, day: Trip, what: str, leg: str = "out", **form: Any) -> str:
    answer = client.post(f"/events/{day.event.id}/legs/{leg}/{what}", data={"bus": day.buses[0].id, **form})
    db.session.rollback()
    return answer.text if answer.status_code != 303 else "done"


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.status
    return answer.text


@pytest.mark.full
def test_a_bus_is_counted_leaves_and_is_confirmed_by_another(day, aigul, saule):
    legs = f"/events/{day.event.id}/legs"
    assert "2 people are missing" in page(aigul, f"{legs}?lang=en") or "Сейітқали Дина" in page(aigul, legs)
    assert post(aigul, day, "rides", place=[day.dina.id]) == "done"
    assert "Сейітқали Арман" in post(aigul, day, "departures"), "the refusal names who is missing"
    assert not db.session.scalars(select(LegDeparture)).all()
    assert post(aigul, day, "headcounts", counted="1") == "done"
    assert post(aigul, day, "departures", reason="ауырып қалды") == "done"
    [left] = db.session.scalars(select(LegDeparture)).all()
    assert post(aigul, day, "confirmations", departure=left.id) != "done", "one person is not two"
    assert post(saule, day, "confirmations", departure=left.id) == "done"
    db.session.refresh(left)
    assert left.confirmed_by_id == day.saule.account_id and left.missing[0]["name"] == "Сейітқали Арман"
    manifest = page(saule, f"/events/{day.event.id}/manifests/{left.id}")
    assert "Сейітқали Дина" in manifest and "ауырып қалды" in manifest
    paper = saule.get(f"/events/{day.event.id}/manifests/{left.id}.pdf")
    assert paper.data[:5] == b"%PDF-"
    assert db.session.scalar(select(AuditEntry.verb).where(AuditEntry.verb == "print_manifest"))
    assert post(aigul, day, "undoings", operation=left.id) == "done"
    db.session.refresh(left)
    assert left.undone_by_id


def test_nothing_is_recorded_for_nobody_in_no_bus_on_no_leg(day, aigul):
    for what, form in (("rides", {}), ("headcounts", {"counted": "many"}), ("departures", {})):
        assert post(aigul, day, what, **form) != "done", what
    assert post(aigul, day, "rides", leg="s:nowhere", place=[day.dina.id]) != "done"
    assert aigul.get(f"/events/{day.event.id}/legs?leg=nowhere").status_code == 404
    assert not db.session.scalars(select(Boarding)).all()


def test_a_child_goes_to_an_adult_of_its_list_by_code_or_on_the_coordinators_word_alone(day, aigul):
    about = f"/events/{day.event.id}/hand-overs/{{}}"

    def over(place: Place, **form: str) -> bool:
        answer = aigul.post(about.format(place.id), data=form)
        db.session.rollback()
        return answer.status_code == 303

    assert "Сейітқали Нұрлан" in page(aigul, about.format(day.dina.id)) or "Нұрлан" in page(
        aigul, about.format(day.dina.id)
    )
    stan = factories.employee("Стан", "Стэн")
    assert not over(day.dina, who=f"guardian:{stan.id}") and not over(day.dina, who="code:", code="ABC", receiver="x")
    assert not over(day.dina, who="code:", code=code_of(day.dina.id)), "somebody has a name"
    assert not over(day.dina, who="coordinator:", receiver="Әсем"), "and a reason"
    assert not db.session.scalars(select(HandOver)).all()
    assert over(day.dina, who=f"guardian:{day.guardian.id}")
    assert not over(day.dina, who=f"guardian:{day.guardian.id}"), "once"
    assert over(day.arman, who="code:", code=code_of(day.arman.id), receiver="Әсем")
    assert over(day.aliya, who="coordinator:", receiver="Әсем", reason="анасы телефонмен айтты")
    assert [row.is_proved for row in db.session.scalars(select(HandOver))] == [True] * 3
    assert "Әсем" in page(aigul, f"/events/{day.event.id}/legs?leg=back")


def test_another_citys_coordinator_a_helper_and_an_employee_see_no_legs(day, log_in):
    helper = factories.employee("Көмек", "Ержан")
    factories.account(helper, "helper", event_id=day.event.id)
    for person in (factories.coordinator("zhezkazgan"), helper, day.guardian):
        assert log_in(person).get(f"/events/{day.event.id}/legs").status_code == 403
        assert log_in(person).post(f"/events/{day.event.id}/legs/out/departures").status_code == 403
        assert log_in(person).get(f"/events/{day.event.id}/hand-overs/{day.dina.id}").status_code == 403


def test_a_hand_over_isnt_undone_by_a_slip_on_the_roster(day, aigul):
    day.says("check_in", day.dina)
    over = day.says("hand_over", day.dina, how="guardian", to=day.guardian.id)
    aigul.post(f"/attendance/{over}/undoing", data={"entry_id": "4b3a3c0e-0000-4000-8000-000000000001", "reason": "x"})
    db.session.rollback()
    assert db.session.get_one(HandOver, over).undone_by_id is None
    assert next(one for one in riders_of(day.event) if one.place_id == day.dina.id).state == "left"


def test_a_child_counted_in_two_buses_is_shown_with_both(day, aigul):
    day.boards(day.dina)
    day.boards(day.dina, bus=1)
    day.leaves(day.aliya, bus=1)
    text = page(aigul, f"/events/{day.event.id}/conflicts")
    assert "№ 1" in text and "№ 2" in text and "Сейітқали Дина" in text


@pytest.mark.full
def test_a_guardian_lists_who_may_collect_and_sees_the_code_and_a_stranger_neither(day, log_in):
    path = f"/children/{day.dina.person_id}/collectors"
    nurlan, code = log_in(day.guardian), printed_code(code_of(day.dina.id))
    assert code in page(nurlan, path)
    assert nurlan.post(path, data={"name": "Гүлнар апа", "phone": "8 701 123 45 67"}).status_code == 303
    assert nurlan.post(path, data={"name": "Гүлнар апа", "phone": "87011234567"}).status_code == 422, "once"
    assert nurlan.post(path, data={"name": "Әсем", "phone": "call me"}).status_code == 422
    [aunt] = db.session.scalars(select(Collector)).all()
    assert (aunt.name, aunt.phone) == ("Гүлнар апа", "+77011234567") and "Гүлнар апа" in page(nurlan, path)
    assert nurlan.post(f"/children/{day.dina.person_id}/codes/{day.dina.id}").status_code == 303
    assert code not in page(nurlan, path) and printed_code(code_of(day.dina.id, 1)) in page(nurlan, path)
    own = log_in(db.session.get_one(Person, day.aigul.person_id))
    assert "Гүлнар апа" in page(own, path) and printed_code(code_of(day.dina.id, 1)) not in page(own, path)
    assert own.post(f"/children/{day.dina.person_id}/codes/{day.dina.id}").status_code == 403
    for stranger in (factories.employee("Стан", "Стэн"), factories.coordinator("zhezkazgan")):
        assert log_in(stranger).get(path).status_code == 404
        assert log_in(stranger).post(path, data={"name": "Стан"}).status_code == 404
    assert nurlan.post(f"{path}/{aunt.id}/removal").status_code == 303
    assert "Гүлнар" not in page(nurlan, path)
    day.says("hand_over", day.dina, how="coordinator", reason="анасы айтты", receiver="Көршісі Әсем")
    assert "Көршісі Әсем" in page(nurlan, path), "a guardian reads who took the child over"
    other = factories.child(factories.employee("Ибраев", "Тимур"), "Мұса")
    assert nurlan.post(f"/children/{other.id}/collectors/{aunt.id}/removal").status_code == 404


def with_notes(day: Trip) -> list[Group]:
    """Dina in group 1, Aliya in group 2, Arman in none; each told something."""
    leaders = [factories.employee("Бірінші", "Асан"), factories.employee("Екінші", "Үсен")]
    groups = [
        factories.saved(Group(event_id=day.event.id, name=str(number), leader_id=leader.id))
        for number, leader in enumerate(leaders, start=1)
    ]
    with transaction() as session:
        for place, group, note in ((day.dina, 0, "жаңғақ"), (day.aliya, 1, "демікпе"), (day.arman, None, "бал")):
            row = session.get_one(Place, place.id)
            row.medical_note, row.group_id = note, groups[group].id if group is not None else None
        session.add(MedicalNote(person_id=day.aliya.person_id, text="ингалятор", keep=True, updated_at=NOW))
    return groups


def test_a_leader_gets_the_pack_of_the_own_group_and_no_word_of_another(day):
    groups = with_notes(day)
    factories.account(db.session.get_one(Person, groups[0].leader_id))
    asan = acting(db.session.get_one(Person, groups[0].leader_id))
    pack = take_pack(day.event, now=NOW, actor=asan)
    [dina] = pack["people"]
    assert (dina["id"], dina["health"]) == (day.dina.id, "жаңғақ")
    assert [one["name"] for one in dina["contacts"]] == ["Сейітқали Нұрлан"] and dina["code"]["check"] < 2**16
    assert "демікпе" not in str(pack) and "ингалятор" not in str(pack)
    with pytest.raises(NotAllowed):
        pack_charge(asan, day.event, now=day.event.ends_at.replace(day=28))
    assert db.session.scalar(select(AuditEntry.actor_account_id).where(AuditEntry.verb == "take_pack"))


def test_the_leader_of_a_bus_reads_notes_only_of_those_in_no_group(day):
    with_notes(day)
    leader = factories.employee("Автобус", "Марат")
    factories.account(leader)
    with transaction():
        day.buses[0].leader_id = leader.id
    people = {one["id"]: one for one in take_pack(day.event, now=NOW, actor=acting(leader))["people"]}
    assert people.keys() == {day.dina.id, day.arman.id}
    assert people[day.arman.id]["health"] == "бал" and "health" not in people[day.dina.id]
    assert people[day.dina.id]["flags"] == ["health"]


def test_those_who_run_the_day_get_all_of_it_and_a_helper_nothing(day, program):
    with_notes(day)
    answer = program(db.session.get_one(Person, day.aigul.person_id)).get(f"/events/{day.event.id}/desk/pack")
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    assert "ингалятор" in str(answer.get_json()) and len(answer.get_json()["people"]) == 3
    helper = factories.employee("Көмек", "Ержан", phone="+77019998877")
    factories.account(helper, "helper", event_id=day.event.id)
    assert program(helper).get(f"/events/{day.event.id}/desk/pack").status_code == 403
    assert program(factories.coordinator("zhezkazgan")).get(f"/events/{day.event.id}/desk/pack").status_code == 403
    taken = program(helper).get(f"/events/{day.event.id}/desk")
    assert taken.status_code == 200 and day.guardian.email not in taken.text and "жаңғақ" not in taken.text


def test_the_feed_tells_no_reason_of_a_hand_over_and_no_receiver(day, program):
    word = {"how": "coordinator", "reason": "анасы ауруханада", "receiver": "Көршісі Әсем"}
    day.says("hand_over", day.dina, **word)
    told = program(db.session.get_one(Person, day.aigul.person_id)).get(f"/events/{day.event.id}/desk/changes")
    [one] = told.get_json()["operations"]
    assert one["body"] == {"how": "coordinator"}


def test_a_phone_takes_the_legs_along_and_who_may_be_the_second_person(day):
    with_pin(day.saule)
    part = trip_part(day.event, taker_of(day.aigul, day.event, now=NOW), now=NOW)
    assert [one["leg"] for one in part["legs"]] == ["out", f"s:{day.event.stops[0].id}", "back"]
    assert part["answers"]
    assert {one["name"] for one in part["confirmers"]} == {"Омарова Айгүл", "Серікова Сәуле"}


@pytest.mark.full
def test_setting_out_on_the_board_is_told_to_phones_and_asks_no_second_person(day, aigul, monkeypatch):
    from app.desk.departure import departing

    monkeypatch.setattr(departing, "board_of", lambda event, now: Ready())
    departing.depart(day.event, now=NOW, actor=day.aigul)
    from app.attendance.log import operations_of
    from app.desk.log.conflict_models import DeskConflict

    assert [one.body for one in operations_of(day.event.id, [BOARD_KEY])] == [{"decision": "board"}]
    assert not db.session.scalars(select(DeskConflict)).all() and not db.session.scalars(select(LegDeparture)).all()


class Ready:
    """A board without a red line."""

    departure = None
    blocking: tuple[str, ...] = ()
    people = 3
