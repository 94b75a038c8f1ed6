"""Every child home: what phones say of buses, second people and hand-overs, checked by the server and kept as rows."""

from random import Random
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.attendance.log_models import DeskDay, DeskOperation
from app.attendance.queries import attendance_of
from app.audit.models import AuditEntry
from app.db import db, transaction
from app.desk.day.late import accept_late
from app.desk.log.conflict_models import DeskConflict
from app.desk.trip.codes import code_of
from app.desk.trip.collecting import add_collector, remove_collector, renew_code
from app.desk.trip.models import Boarding, CollectionCode, HandOver, LegDeparture
from app.desk.trip.pages import manifest_of
from app.desk.trip.queries import children_not_home, riders_of
from app.rosters.models import Departure
from tests import factories
from tests.desk.trips import NOW, Trip, trip, with_pin
from tests.people.test_sight import acting

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def day() -> Trip:
    return trip()


def conflicts() -> dict[str, str]:
    """{kind: severity} of those of the trip that are open."""
    db.session.rollback()
    open_ = DeskConflict.gone_at.is_(None), DeskConflict.solved_at.is_(None), DeskConflict.kind != "no-consent"
    return {row.kind: row.severity for row in db.session.scalars(select(DeskConflict).where(*open_))}


def standing(model: Any) -> list[Any]:
    db.session.rollback()
    return list(db.session.scalars(select(model).where(model.undone_by_id.is_(None))))


def test_a_bus_leaves_with_everybody_and_a_second_account_confirms_it(day):
    day.boards(day.dina, day.arman)
    left = day.leaves(day.dina, day.arman)
    assert conflicts() == {"departure-unconfirmed": "high"}
    day.says("confirm", (day.buses[0], "out"), operation_id=left)
    assert conflicts() == {"departure-unconfirmed": "high"}, "not by whoever let it leave"
    day.says("confirm", (day.buses[0], "out"), phone_of=day.saule, operation_id=left)
    assert conflicts() == {}
    [row] = standing(LegDeparture)
    assert (row.version, row.decision, row.confirmed_by_id) == (1, "complete", day.saule.account_id)
    assert [(one["name"], one["child"]) for one in row.people] == [("Сейітқали Арман", True), ("Сейітқали Дина", True)]
    gone = db.session.get_one(Departure, day.event.id)
    assert (gone.departed_by_id, gone.people) == (day.aigul.account_id, 3), "the event is on its way"


@pytest.mark.full
def test_the_second_person_confirms_on_the_same_phone_by_their_own_pin_alone(day, monkeypatch):
    pin = with_pin(day.saule)
    with_pin(day.aigul)
    left = day.leaves(day.dina, day.arman)
    about, own = (day.buses[0], "out"), str(day.aigul.account_id)
    day.says("confirm", about, operation_id=left, by=own, pin=pin)
    assert conflicts() == {"departure-unconfirmed": "high"}, "one's own PIN twice is one person"
    day.says("confirm", about, operation_id=left, by=str(day.saule.account_id), pin="999999")
    assert conflicts() == {"departure-unconfirmed": "high"}
    stan = factories.account(factories.employee("Стан", "Стэн"))
    day.says("confirm", about, operation_id=left, by=stan.id, pin=pin)
    assert conflicts() == {"departure-unconfirmed": "high"}, "a stranger confirms nothing"
    day.says("confirm", about, operation_id=left, by=str(day.saule.account_id), pin=pin)
    assert conflicts() == {}
    kept = db.session.scalars(select(DeskOperation).where(DeskOperation.kind == "confirm")).all()
    assert all(one.secret is None and pin not in str(one.body) for one in kept), "no PIN is kept"


@pytest.mark.slow
def test_after_five_wrong_pins_the_right_one_confirms_nothing_either(day):
    pin, left = with_pin(day.saule), day.leaves(day.dina, day.arman)
    about, who = (day.buses[0], "out"), str(day.saule.account_id)
    day.hands_over([day.said("confirm", about, operation_id=left, by=who, pin=f"00000{n}") for n in range(5)])
    day.says("confirm", about, operation_id=left, by=who, pin=pin)
    assert conflicts() == {"departure-unconfirmed": "high"}


def test_a_bus_that_left_without_a_child_of_whom_nobody_said_a_word_comes_up(day):
    day.boards(day.dina)
    left = day.leaves(day.dina)
    day.says("confirm", (day.buses[0], "out"), phone_of=day.saule, operation_id=left)
    assert conflicts() == {"departure-undecided": "high"}
    again = day.leaves(day.dina, decision="left_without", missing=[day.arman.id], reason="ауырып қалды", after=[left])
    day.says("confirm", (day.buses[0], "out"), phone_of=day.saule, operation_id=again)
    assert conflicts() == {}
    first, second = sorted(standing(LegDeparture), key=lambda row: row.version)
    assert ([one["place_id"] for one in first.people], first.missing) == ([day.dina.id], []), "the first list stays"
    assert [one["name"] for one in second.missing] == ["Сейітқали Арман"] and second.reason == "ауырып қалды"


def test_what_changes_after_the_list_was_closed_stands_beside_it(day):
    dina, _ = day.boards(day.dina, day.arman)
    left = day.leaves(day.dina, day.arman)
    day.boards(day.aliya)
    day.says("undo", day.dina, operation_id=dina, reason="slip")
    found = manifest_of(day.event, left)
    assert {(one.name, one.got_in) for one in found.late} == {("Сейітқали Алия", True), ("Сейітқали Дина", False)}
    assert len(found.row.people) == 2


def test_a_child_may_ride_home_in_another_bus_and_not_in_two_on_one_leg(day):
    day.boards(day.dina)
    day.boards(day.dina, leg="back", bus=1)
    assert conflicts() == {}
    day.boards(day.dina, leg="back", bus=0)
    assert conflicts() == {"in-two-buses": "high"}
    assert len(standing(Boarding)) == 2, "one ride stands on each leg"


def test_a_leg_or_bus_of_another_event_is_refused(day):
    other = factories.saved(type(day.buses[0])(event_id=factories.event().id, name="9"))
    wrong = [
        day.said("board", day.dina, bus_id=other.id, leg="out"),
        day.said("board", day.dina, bus_id=day.buses[0].id, leg="s:nowhere"),
        day.said("headcount", (day.buses[0], "s:nowhere"), counted=1),
    ]
    assert [one.why for one in day.hands_over(wrong).refused] == ["unknown-leg"] * 3
    assert not standing(Boarding)


def test_a_guardian_and_whom_they_listed_may_take_the_child_and_nobody_else(day):
    nurlan = acting(day.guardian)
    aunt = add_collector(day.dina.person_id, name="Сейітқали Гүлнар", relation="апасы", now=NOW, actor=nurlan)
    day.says("check_in", day.dina)
    day.says("hand_over", day.dina, how="collector", to=aunt.id)
    assert conflicts() == {} and attendance_of(day.dina.id).state == "left"
    [row] = standing(HandOver)
    assert (row.receiver, row.how, row.is_proved) == ("Сейітқали Гүлнар", "collector", True)
    day.says("hand_over", day.arman, how="guardian", to=day.guardian.id)
    assert conflicts() == {}
    day.says("hand_over", day.aliya, how="guardian", to=factories.employee("Стан", "Стэн").id)
    assert conflicts() == {"handed-over-unproved": "high"}


def test_somebody_taken_off_the_list_may_not_take_the_child(day):
    nurlan = acting(day.guardian)
    aunt = add_collector(day.dina.person_id, name="Гүлнар", now=NOW, actor=nurlan)
    remove_collector(day.dina.person_id, aunt.id, now=NOW, actor=nurlan)
    day.says("hand_over", day.dina, how="collector", to=aunt.id)
    assert conflicts() == {"handed-over-unproved": "high"}
    assert (aunt.name, aunt.phone) == ("-", ""), "who is off the list is forgotten"


def test_a_code_opens_one_child_once(day):
    code = code_of(day.dina.id)
    day.says("hand_over", day.dina, how="code", code=f"{code[:3]} {code[3:].lower()}", receiver="Көршісі Әсем")
    assert conflicts() == {}
    [row] = standing(HandOver)
    assert row.receiver == "Көршісі Әсем"
    assert db.session.get_one(CollectionCode, day.dina.id).used_at == NOW
    secret = db.session.get_one(DeskOperation, db.session.scalar(select(DeskOperation.number))).secret
    assert code not in (secret or "")
    day.says("hand_over", day.arman, how="code", code=code, receiver="Біреу")
    assert conflicts() == {"handed-over-unproved": "high"}, "not another child"
    day.says("hand_over", day.dina, how="code", code=code, receiver="Біреу")
    assert "handed-over-twice" in conflicts()


def test_a_new_code_ends_the_old_one(day):
    old = code_of(day.dina.id)
    renew_code(day.dina.person_id, day.dina.id, now=NOW, actor=acting(day.guardian))
    day.says("hand_over", day.dina, how="code", code=old, receiver="Әсем")
    assert conflicts() == {"handed-over-unproved": "high"}
    day.says("hand_over", day.arman, how="code", code=code_of(day.arman.id, 0), receiver="Әсем")
    assert len(standing(HandOver)) == 2


def test_two_phones_that_hand_one_child_to_two_people_contradict_and_one_holds(day):
    first = day.says("hand_over", day.dina, how="guardian", to=day.guardian.id)
    word = {"how": "coordinator", "reason": "анасы жіберді", "receiver": "Әсем"}
    second = day.says("hand_over", day.dina, phone_of=day.saule, **word)
    assert conflicts() == {"handed-over-twice": "high"} and len(standing(HandOver)) == 1
    day.says("undo", day.dina, operation_id=min(first, second))
    assert conflicts() == {} and [row.id for row in standing(HandOver)] == [max(first, second)]


def test_a_helper_hands_no_child_over_and_takes_no_hand_over_back(day):
    helper = factories.employee("Көмек", "Ержан")
    factories.account(helper, "helper", event_id=day.event.id)
    erzhan = acting(helper)
    said = day.said("hand_over", day.dina, how="guardian", to=day.guardian.id)
    assert [one.why for one in day.hands_over([said], phone_of=erzhan).refused] == ["not-allowed"]
    over = day.says("hand_over", day.dina, how="guardian", to=day.guardian.id)
    undo = day.said("undo", day.dina, operation_id=over)
    assert [one.why for one in day.hands_over([undo], phone_of=erzhan).refused] == ["not-allowed"]
    board = day.said("board", day.arman, bus_id=day.buses[0].id, leg="out")
    assert day.hands_over([board], phone_of=erzhan).applied == [board["id"]], "but counts"


def test_children_stay_on_the_list_until_somebody_known_has_them(day):
    day.says("check_in", day.dina)
    day.boards(day.arman)
    assert [one.name for one in children_not_home(day.event)] == ["Сейітқали Арман", "Сейітқали Дина"]
    day.says("hand_over", day.dina, how="guardian", to=day.guardian.id)
    day.says("check_in", day.arman)
    day.says("check_out", day.arman)
    assert [one.name for one in children_not_home(day.event)] == ["Сейітқали Арман"], "left, nobody knows with whom"
    walk_in = day.says("walk_in", None, subject={"walk_in": {"surname": "Қонақ", "is_child": True}})
    assert [one.name for one in children_not_home(day.event)] == ["Сейітқали Арман", "Қонақ"]
    about = {"subject": {"walk_in_id": walk_in}}
    day.says("hand_over", None, how="coordinator", reason="анасы осында", receiver="Анасы", **about)
    assert [one.name for one in children_not_home(day.event)] == ["Сейітқали Арман"]


@pytest.mark.full
@pytest.mark.parametrize("seed", range(2))
def test_whatever_the_order_the_rows_say_the_same(day, seed):
    random = Random(seed)
    said = [
        day.said(kind, place, bus_id=random.choice(day.buses).id, leg=random.choice(("out", "back")))
        for kind in ("board", "board", "alight")
        for place in (day.dina, day.arman, day.aliya)
    ]
    said += [day.said("hand_over", day.dina, how="guardian", to=day.guardian.id) for _ in range(2)]
    said += [day.said("departure", (day.buses[0], "out"), decision="complete", place_ids=[day.dina.id])]
    said += [day.said("undo", None, operation_id=one["id"]) for one in random.sample(said, 4)]
    every = []
    for _ in range(2):
        random.shuffle(said)
        for first in range(0, len(said), 4):
            day.hands_over(said[first : first + 4])
        every.append(told())
        with transaction() as session:
            for model in (HandOver, LegDeparture, Boarding, DeskConflict, Departure, DeskOperation):
                session.query(model).delete()
            session.execute(db.metadata.tables["attendance_entries"].delete())
    assert every[0] == every[1] and every[0][0]


def told() -> tuple:
    """What stands, without when it was recorded."""
    rides = {(row.place_id, row.leg): (row.id, row.bus_id, row.ended_at) for row in standing(Boarding)}
    left = {row.id: [one["place_id"] for one in row.people] for row in standing(LegDeparture)}
    return rides, {row.place_id: row.id for row in standing(HandOver)}, left, sorted(conflicts())


def test_the_database_refuses_a_second_ride_and_a_second_hand_over_of_one_child(day):
    about = {"event_id": day.event.id, "place_id": day.dina.id, "at": NOW}
    factories.saved(Boarding(id="a", leg="out", **about))
    with pytest.raises(IntegrityError):
        factories.saved(Boarding(id="b", leg="out", **about))
    factories.saved(HandOver(id="a", how="guardian", is_proved=True, **about))
    with pytest.raises(IntegrityError):
        factories.saved(HandOver(id="b", how="guardian", is_proved=True, **about))


def test_each_act_is_written_down(day):
    day.boards(day.dina)
    left = day.leaves(day.dina, decision="left_without", missing=[day.arman.id], reason="ауырды")
    day.says("confirm", (day.buses[0], "out"), phone_of=day.saule, operation_id=left)
    day.says("headcount", (day.buses[0], "out"), counted=1)
    day.says("pack_opened", reason="біреу жоғалды")
    day.says("undo", (day.buses[0], "out"), operation_id=left)
    verbs = set(db.session.scalars(select(AuditEntry.verb)))
    assert {"board_bus", "depart_leg", "confirm_departure", "count_heads", "open_pack", "undo_leg"} <= verbs
    assert standing(LegDeparture) == [] and riders_of(day.event)[0].name == "Сейітқали Алия"


@pytest.mark.full
def test_what_comes_late_of_the_trip_is_no_row_and_no_act_before_it_is_accepted(day):
    factories.closed_day(day.event)
    [ride] = day.boards(day.dina)
    left = day.leaves(day.dina)
    over = day.says("hand_over", day.dina, how="guardian", to=day.guardian.id)
    acts = select(AuditEntry.verb).where(AuditEntry.verb.in_(("board_bus", "depart_leg", "hand_over")))
    db.session.rollback()
    assert [db.session.query(one).count() for one in (Boarding, LegDeparture, HandOver)] == [0, 0, 0]
    assert db.session.get(Departure, day.event.id) is None and db.session.scalars(acts).all() == []
    accept_late(day.event, [ride, left, over], now=NOW, actor=day.aigul)
    assert [[row.id for row in standing(one)] for one in (Boarding, LegDeparture, HandOver)] == [[ride], [left], [over]]
    assert db.session.get(Departure, day.event.id)
    slip = day.says("undo", operation_id=ride)
    assert [row.id for row in standing(Boarding)] == [ride], "an undo that comes late takes nothing back by itself"
    undone = select(AuditEntry.verb).where(AuditEntry.verb == "undo_leg")
    assert db.session.scalars(undone).all() == []
    accept_late(day.event, [slip], now=NOW, actor=day.aigul)
    assert standing(Boarding) == []
    [other] = day.boards(day.arman)
    with transaction() as session:
        session.get_one(DeskDay, day.event.id).reopened_at = day.event.ends_at
    day.says("undo", operation_id=other)
    assert db.session.scalars(undone).all() == [], "it never stood"


def test_only_the_way_there_sets_the_event_on_its_way_and_nothing_that_was_taken_back(day):
    day.boards(day.dina, leg="back")
    day.leaves(day.dina, leg="back")
    assert db.session.get(Departure, day.event.id) is None
    left = day.said("departure", (day.buses[0], "out"), decision="complete", place_ids=[day.dina.id])
    slip = day.said("undo", (day.buses[0], "out"), operation_id=left["id"])
    assert len(day.hands_over([slip, left]).applied) == 2
    db.session.rollback()
    assert db.session.get(Departure, day.event.id) is None
    day.leaves(day.dina)
    assert db.session.get(Departure, day.event.id)


def test_a_ride_that_another_speaks_for_names_it(day):
    first, second = sorted([*day.boards(day.dina), *day.boards(day.dina)])
    db.session.rollback()
    assert db.session.get_one(Boarding, first).undone_by_id is None
    assert db.session.get_one(Boarding, second).undone_by_id == first
