"""Groups and buses: making, filling, moving by hand, closing, and what happens to whoever leaves the event."""

import pytest
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.db import db
from app.errors import NotAllowed
from app.rosters.arranging import Rules
from app.rosters.boards import Shown, board_of, ratios_of
from app.rosters.bus_stops import add_stop, choose_pick_up, remove_stop
from app.rosters.container_errors import (
    ContainerClosed,
    NameTaken,
    NobodyPicked,
    NoRoomThere,
    NotALeader,
    NothingToFill,
    NotSeated,
    NotTwo,
    TooFewPlaces,
)
from app.rosters.containers import (
    Draft,
    change_container,
    close_container,
    make_containers,
    people_in,
    reopen_container,
)
from app.rosters.lists import list_of, manifest_of
from app.rosters.models import PickUp
from app.rosters.placing import arrange_people, container_of, move_people, swap_people
from app.rosters.whereabouts import whereabouts
from app.signups.changing import replace_in_party
from app.signups.operations import cancel_signup
from tests import factories
from tests.rosters.days import EIGHT, NOW, family_day, names_in
from tests.signups.inviting import actor_of


@pytest.fixture
def day(app):
    return family_day()


def test_groups_are_numbered_and_a_name_is_taken_once(day):
    made = make_containers(day.event, "groups", [Draft(), Draft("Теңіз"), Draft()], now=NOW, actor=day.aigul)
    assert [row.name for row in made] == ["1", "Теңіз", "2"]
    with pytest.raises(NameTaken):
        make_containers(day.event, "groups", [Draft("Теңіз")], now=NOW, actor=day.aigul)


def test_a_bus_has_seats_a_driver_and_a_plate(day):
    draft = Draft("A", 30, "Ермек", "+77011112233", "123 ABC 09")
    (bus,) = make_containers(day.event, "buses", [draft], now=NOW, actor=day.aigul)
    assert (bus.seats, bus.driver, bus.driver_phone, bus.plate) == (30, "Ермек", "+77011112233", "123 ABC 09")


def test_one_press_places_everybody_and_keeps_families_together(day):
    groups = make_containers(day.event, "groups", [Draft(capacity=4)] * 2, now=NOW, actor=day.aigul)
    found = arrange_people(day.event, "groups", Rules(), now=NOW, actor=day.aigul)
    assert len(found.placement) == 7
    assert sorted(people_in(group) for group in groups) == [3, 4]
    assert found.placement[day.nurlan.id] == found.placement[day.dina.id]


def test_whoever_only_waits_is_not_placed(day):
    waiting = factories.place(day.event, factories.employee("Кезек", "Кез"), status="waiting")
    make_containers(day.event, "groups", [Draft()], now=NOW, actor=day.aigul)
    assert waiting.id not in arrange_people(day.event, "groups", Rules(), now=NOW, actor=day.aigul).placement
    db.session.refresh(waiting)
    assert waiting.group_id is None


def test_what_was_moved_by_hand_stays_if_asked(day):
    one, other = make_containers(day.event, "groups", [Draft()] * 2, now=NOW, actor=day.aigul)
    move_people(day.event, "groups", day.everybody, to=other.id, now=NOW, actor=day.aigul)
    arrange_people(day.event, "groups", Rules(), keep=True, now=NOW, actor=day.aigul)
    assert people_in(other) == 7
    arrange_people(day.event, "groups", Rules(), keep=False, now=NOW, actor=day.aigul)
    assert people_in(one) in (3, 4)


def test_a_move_and_a_swap_are_written_down_with_before_and_after(day):
    one, other = make_containers(day.event, "buses", [Draft()] * 2, now=NOW, actor=day.aigul)
    nurlan, first = day.nurlan.id, day.adults[0].id
    assert move_people(day.event, "buses", [nurlan], to=one.id, now=NOW, actor=day.aigul) == 1
    assert move_people(day.event, "buses", [nurlan], to=one.id, now=NOW, actor=day.aigul) == 0
    move_people(day.event, "buses", [first], to=other.id, now=NOW, actor=day.aigul)
    swap_people(day.event, "buses", [nurlan, first], now=NOW, actor=day.aigul)
    assert names_in(other) == [day.nurlan.person.short_name]
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.object_id == nurlan)).all()
    assert [entry.verb for entry in entries] == ["move_person"] * 2


def test_a_full_bus_takes_nobody_more(day):
    (bus,) = make_containers(day.event, "buses", [Draft(capacity=2)], now=NOW, actor=day.aigul)
    with pytest.raises(NoRoomThere) as refusal:
        move_people(day.event, "buses", day.everybody[:3], to=bus.id, now=NOW, actor=day.aigul)
    assert refusal.value.params == {"name": "1", "capacity": 2, "people": 3}
    assert people_in(bus) == 0


def test_refusals_of_a_move(day):
    (group,) = make_containers(day.event, "groups", [Draft()], now=NOW, actor=day.aigul)
    elsewhere = factories.place(factories.event(), factories.employee())
    for picked, error in (([], NobodyPicked), ([elsewhere.id], NotSeated), (["nosuch"], NotSeated)):
        with pytest.raises(error):
            move_people(day.event, "groups", picked, to=group.id, now=NOW, actor=day.aigul)
    with pytest.raises(NotTwo):
        swap_people(day.event, "groups", [day.nurlan.id], now=NOW, actor=day.aigul)
    with pytest.raises(NothingToFill):
        arrange_people(day.event, "buses", Rules(), now=NOW, actor=day.aigul)


def test_a_coordinator_of_another_city_may_not(day):
    zhan = actor_of(factories.coordinator("zhezkazgan"))
    (group,) = make_containers(day.event, "groups", [Draft()], now=NOW, actor=day.aigul)
    for act in (
        lambda: make_containers(day.event, "groups", [Draft()], now=NOW, actor=zhan),
        lambda: arrange_people(day.event, "groups", Rules(), now=NOW, actor=zhan),
        lambda: move_people(day.event, "groups", [day.nurlan.id], to=group.id, now=NOW, actor=zhan),
        lambda: swap_people(day.event, "groups", day.everybody[:2], now=NOW, actor=zhan),
        lambda: close_container(group, now=NOW, actor=zhan),
        lambda: change_container(group, {"name": "x", "capacity": None}, now=NOW, actor=zhan),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_whoever_cancels_leaves_group_and_bus(day):
    (group,) = make_containers(day.event, "groups", [Draft()], now=NOW, actor=day.aigul)
    (bus,) = make_containers(day.event, "buses", [Draft()], now=NOW, actor=day.aigul)
    for what, row in (("groups", group), ("buses", bus)):
        move_people(day.event, what, day.everybody, to=row.id, now=NOW, actor=day.aigul)
    cancel_signup(day.nurlan.signup, now=NOW, actor=day.aigul)
    db.session.refresh(day.nurlan)
    assert (day.nurlan.group_id, day.nurlan.bus_id) == (None, None)
    assert people_in(group) == people_in(bus) == 5


def test_whoever_takes_over_a_seat_takes_over_group_and_bus_too(day):
    (group,) = make_containers(day.event, "groups", [Draft()], now=NOW, actor=day.aigul)
    move_people(day.event, "groups", day.everybody, to=group.id, now=NOW, actor=day.aigul)
    other = factories.employee("Орнына", "Келген")
    new = replace_in_party(day.adults[0], other.id, now=NOW, actor=day.aigul)
    db.session.refresh(day.adults[0])
    assert (day.adults[0].group_id, new.group_id) == (None, group.id)
    assert people_in(group) == 7


def test_the_ratio_turns_red_when_the_only_escort_goes(day):
    (bus,) = make_containers(day.event, "buses", [Draft()], now=NOW, actor=day.aigul)
    alone = factories.place(day.event, factories.child(factories.employee("Алыс", "Ата"), "Жалғыз"))
    move_people(day.event, "buses", [day.nurlan.id, alone.id], to=bus.id, now=NOW, actor=day.aigul)
    assert ratios_of(day.event, "buses")[bus.id].state == "green"
    cancel_signup(day.nurlan.signup, now=NOW, actor=day.aigul)
    assert ratios_of(day.event, "buses")[bus.id].state == "red"


def test_who_is_promoted_comes_in_unplaced_and_the_board_says_so(day):
    make_containers(day.event, "groups", [Draft()], now=NOW, actor=day.aigul)
    arrange_people(day.event, "groups", Rules(), now=NOW, actor=day.aigul)
    factories.place(day.event, factories.employee("Жаңа", "Келген"))
    board = board_of(day.event, "groups")
    assert board.unplaced == 1 and [row.name for row in board.nowhere] == ["Жаңа Келген"]
    assert [unmet.reason for unmet in board.unmet] == ["not-placed"]


def test_closing_a_bus_leaves_its_people_unplaced_and_it_takes_nobody(day):
    (bus,) = make_containers(day.event, "buses", [Draft()], now=NOW, actor=day.aigul)
    move_people(day.event, "buses", day.everybody, to=bus.id, now=NOW, actor=day.aigul)
    assert close_container(bus, now=NOW, actor=day.aigul) == 7
    assert close_container(bus, now=NOW, actor=day.aigul) == 0
    assert board_of(day.event, "buses").placed == 0
    with pytest.raises(ContainerClosed):
        move_people(day.event, "buses", day.everybody, to=bus.id, now=NOW, actor=day.aigul)
    reopen_container(bus, now=NOW, actor=day.aigul)
    assert move_people(day.event, "buses", day.everybody, to=bus.id, now=NOW, actor=day.aigul) == 7


def test_places_are_not_made_fewer_than_people(day):
    (group,) = make_containers(day.event, "groups", [Draft(capacity=9)], now=NOW, actor=day.aigul)
    move_people(day.event, "groups", day.everybody, to=group.id, now=NOW, actor=day.aigul)
    with pytest.raises(TooFewPlaces):
        change_container(group, {"name": "1", "capacity": 6}, now=NOW, actor=day.aigul)
    change_container(group, {"name": "Теңіз", "capacity": 7}, now=NOW, actor=day.aigul)
    assert (group.name, group.capacity) == ("Теңіз", 7)


def test_a_leader_is_a_grown_up_with_a_seat_or_an_employee(day):
    (group,) = make_containers(day.event, "groups", [Draft()], now=NOW, actor=day.aigul)
    stranger = factories.person("Бөтен", "Бөтен")
    for nobody in (day.dina.person_id, stranger.id, "nosuch"):
        with pytest.raises(NotALeader):
            change_container(group, {"name": "1", "capacity": None}, leader_id=nobody, now=NOW, actor=day.aigul)
    guide = factories.employee("Гид", "Гүл")
    for leader_id in (day.nurlan.person_id, guide.id):
        change_container(group, {"name": "1", "capacity": None}, leader_id=leader_id, now=NOW, actor=day.aigul)
        assert group.leader_id == leader_id


def test_a_leader_who_left_is_noticed(day):
    (group,) = make_containers(day.event, "groups", [Draft()], now=NOW, actor=day.aigul)
    fields = {"name": "1", "capacity": None}
    change_container(group, fields, leader_id=day.nurlan.person_id, now=NOW, actor=day.aigul)
    assert not board_of(day.event, "groups").cards[0].leader_left
    cancel_signup(day.nurlan.signup, now=NOW, actor=day.aigul)
    assert board_of(day.event, "groups").cards[0].leader_left


def test_a_bus_stops_where_people_get_on(day):
    (bus,) = make_containers(day.event, "buses", [Draft()], now=NOW, actor=day.aigul)
    move_people(day.event, "buses", day.everybody, to=bus.id, now=NOW, actor=day.aigul)
    stop = add_stop(bus, {"kk": "Алаң"}, EIGHT, now=NOW, actor=day.aigul)
    add_stop(bus, {"kk": "Алаң"}, EIGHT, direction="back", now=NOW, actor=day.aigul)
    choose_pick_up(bus, [day.nurlan.id], stop_id=stop.id, now=NOW, actor=day.aigul)
    manifest = manifest_of(bus)
    assert [(one.direction, one.position) for one in manifest.stops] == [("out", 1), ("back", 1)]
    assert {line.place_id for line in manifest.lines if line.stop_id == stop.id} == {day.nurlan.id}
    where = whereabouts([day.nurlan.id, day.dina.id])
    assert (where[day.nurlan.id].bus, where[day.nurlan.id].clock) == ("1", "08:10")
    assert where[day.dina.id].stop is None
    remove_stop(bus, stop.id, now=NOW, actor=day.aigul)
    assert db.session.scalar(select(PickUp)) is None


def test_a_pick_up_counts_only_in_its_own_bus(day):
    bus, other = make_containers(day.event, "buses", [Draft()] * 2, now=NOW, actor=day.aigul)
    move_people(day.event, "buses", [day.nurlan.id], to=bus.id, now=NOW, actor=day.aigul)
    stop = add_stop(bus, {"kk": "Алаң"}, EIGHT, now=NOW, actor=day.aigul)
    choose_pick_up(bus, [day.nurlan.id], stop_id=stop.id, now=NOW, actor=day.aigul)
    with pytest.raises(NotSeated):
        choose_pick_up(bus, [day.dina.id], stop_id=stop.id, now=NOW, actor=day.aigul)
    move_people(day.event, "buses", [day.nurlan.id], to=other.id, now=NOW, actor=day.aigul)
    assert whereabouts([day.nurlan.id])[day.nurlan.id].stop is None
    assert manifest_of(other).lines[0].stop_id is None


def test_a_list_names_the_bus_and_the_filter_finds_in_latin(day):
    (group,) = make_containers(day.event, "groups", [Draft()], now=NOW, actor=day.aigul)
    (bus,) = make_containers(day.event, "buses", [Draft("Ақ автобус")], now=NOW, actor=day.aigul)
    move_people(day.event, "groups", day.everybody, to=group.id, now=NOW, actor=day.aigul)
    move_people(day.event, "buses", [day.dina.id], to=bus.id, now=NOW, actor=day.aigul)
    found = {line.place_id: line for line in list_of(group).lines}
    assert (found[day.dina.id].elsewhere, found[day.dina.id].age) == ("Ақ автобус", 13)
    assert found[day.nurlan.id].age is None and found[day.nurlan.id].is_escort
    board = board_of(day.event, "groups", Shown("nurlan"))
    assert [row.place_id for row in board.cards[0].rows] == [day.nurlan.id]
    assert board.cards[0].people == 7
    assert container_of(day.event.id, "groups", group.id) is group
