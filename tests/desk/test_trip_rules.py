"""Rides, counts, departures and hand-overs from what was said, in whatever order: pure rules."""

from dataclasses import replace
from random import Random
from typing import Any
from uuid import UUID

import pytest

from app.attendance.operation import Operation, said_of
from app.desk.log.merging import merge, merged_json
from app.desk.trip.riders import Aboard, Rider, expected_in, missing_from, not_home
from app.desk.trip.rules import confirm_of, conflicts_of_going, conflicts_of_leg, going_of, leg_of, verified
from tests.desk.trip_histories import trip_day
from tests.factories import SATURDAY

LEGS = ["out", "s:1", "back"]


def op(kind: str, number: int, *after: Operation, key: str = "p:dina", names: str | None = None, **body: Any):
    return Operation(
        str(UUID(int=number)), kind, key, SATURDAY, SATURDAY, body, names, frozenset(one.id for one in after)
    )


def board(number: int, bus: str, *after: Operation, leg: str = "out") -> Operation:
    return op("board", number, *after, bus_id=bus, leg=leg)


def going(*operations: Operation):
    return going_of(said_of("p:dina", operations))


def kinds(*operations: Operation, of=conflicts_of_going) -> list[str]:
    return [one.kind for one in of(said_of(operations[0].key, operations))]


def test_whoever_knew_of_the_ride_before_moves_a_child_silently():
    first = board(1, "A")
    second = board(2, "B", first)
    assert going(first, second).rides["out"].bus == "B" and kinds(first, second) == []


def test_two_buses_that_know_nothing_of_each_other_contradict_on_one_leg_and_not_on_two():
    assert kinds(board(1, "A"), board(2, "B")) == ["in-two-buses"]
    assert kinds(board(1, "A"), board(2, "B", leg="back")) == []


def test_getting_off_ends_the_ride_that_it_knew_of_and_no_later_one():
    first = board(1, "A")
    off = op("alight", 2, first, bus_id="A", leg="out")
    assert going(first, off).rides["out"].ended == off.id
    again = board(3, "A", first, off)
    assert going(first, off, again).rides["out"] == (again.id, "A", None)
    assert kinds(first, off, board(4, "B")) == [], "whoever got off is in no second bus"


def test_an_undone_ride_brings_back_the_one_that_it_replaced():
    first = board(1, "A")
    second = board(2, "B", first)
    assert going(first, second, op("undo", 3, names=second.id)).rides["out"].bus == "A"


def test_handed_over_twice_to_one_adult_is_once_and_by_a_code_twice_is_a_conflict():
    mother = [op("hand_over", number, how="guardian", to="mother") for number in (1, 2)]
    assert going(*mother).over == mother[0].id and kinds(*mother) == []
    assert kinds(mother[0], op("hand_over", 3, how="collector", to="aunt")) == ["handed-over-twice"]
    assert kinds(op("hand_over", 4, how="code"), op("hand_over", 5, how="code")) == ["handed-over-twice"]
    assert kinds(op("hand_over", 6, how="collector", to="stan", unproved=True)) == ["handed-over-unproved"]


def leg(*operations: Operation):
    return leg_of(said_of("b:A:out", operations))


def departure(number: int, *after: Operation, by: str = "aigul", **body: Any) -> Operation:
    said: dict[str, Any] = {"decision": "complete", "place_ids": ["dina"], "by": by} | body
    return op("departure", number, *after, key="b:A:out", **said)


def confirm(number: int, of: Operation, by: str, **body: Any) -> Operation:
    return op("confirm", number, key="b:A:out", names=of.id, by=by, **body)


def test_a_departure_counts_once_a_second_person_confirmed_it():
    left = departure(1)
    assert kinds(left, of=conflicts_of_leg) == ["departure-unconfirmed"]
    assert kinds(left, confirm(2, left, "aigul"), of=conflicts_of_leg) == ["departure-unconfirmed"], "not by oneself"
    assert kinds(left, confirm(3, left, "saule", unverified=True), of=conflicts_of_leg) == ["departure-unconfirmed"]
    assert kinds(left, confirm(4, left, "saule"), of=conflicts_of_leg) == []
    assert leg(left, confirm(4, left, "saule")).confirmed_by == "saule"


def test_a_later_departure_is_another_version_and_needs_its_own_second_person():
    first = departure(1)
    yes = confirm(2, first, "saule")
    second = departure(3, first, yes, place_ids=["arman", "dina"])
    assert (leg(first, yes, second).version, leg(first, yes, second).confirmed_by) == (2, None)
    assert kinds(first, yes, second, of=conflicts_of_leg) == ["departure-unconfirmed"]


def test_a_bus_that_left_without_somebody_says_why():
    said: dict[str, Any] = {"missing": ["arman"]}
    for body in (said, said | {"decision": "left_without"}, {"decision": "left_without", "reason": "ill"}):
        one = departure(1, **body)
        assert "departure-undecided" in kinds(one, confirm(2, one, "saule"), of=conflicts_of_leg), body
    good = departure(1, decision="left_without", reason="ill", **said)
    assert kinds(good, confirm(2, good, "saule"), of=conflicts_of_leg) == []


def test_heads_that_differ_from_names_from_another_count_or_from_those_who_left_are_a_conflict():
    def count(number: int, heads: int, *after: Operation, **body: Any) -> Operation:
        return op("headcount", number, *after, key="b:A:out", counted=heads, **body)

    assert kinds(count(1, 2, place_ids=["dina"]), of=conflicts_of_leg) == ["counts-differ"]
    assert kinds(count(1, 2), count(2, 3), of=conflicts_of_leg) == ["counts-differ"]
    first = count(1, 2)
    assert kinds(first, count(2, 3, first), of=conflicts_of_leg) == [], "who counts again corrects"
    left = departure(3)
    said = (left, confirm(4, left, "saule"))
    assert kinds(*said, count(5, 0, arrived=True), of=conflicts_of_leg) == ["counts-differ"], "a child is lost"
    assert kinds(*said, count(6, 1, arrived=True), of=conflicts_of_leg) == []


@pytest.mark.parametrize("seed", range(12))
def test_the_order_in_which_it_comes_changes_nothing(seed):
    random = Random(seed)
    every = trip_day(random)
    whole = merged_json(merge(every))
    assert '"rides"' in whole and '"legs"' in whole
    for _ in range(3):
        assert merged_json(merge(random.sample(every + every[:9], len(every) + 9))) == whole


def rider(**values: Any) -> Rider:
    plain: dict[str, Any] = {
        "place_id": "dina",
        "person_id": "",
        "name": "Дина",
        "is_child": True,
        "age": 9,
        "group_id": None,
    }
    return Rider(**(plain | {"group_id": None, "bus_id": "A", "state": "expected"} | values))


def test_who_is_expected_where():
    assert expected_in(rider(), "out", LEGS) == ("A",)
    assert expected_in(rider(state="absent"), "out", LEGS) is None
    assert expected_in(rider(), "back", LEGS) is None, "who never came is not waited for"
    assert expected_in(rider(state="present"), "back", LEGS) == ("A",)
    moved = rider(rides={"out": Aboard("A", SATURDAY), "s:1": Aboard("B", SATURDAY)})
    assert expected_in(moved, "back", LEGS) == ("B",), "as they rode last"
    assert expected_in(rider(rides={"out": Aboard(None, SATURDAY)}), "back", LEGS) == (None,), "on foot"
    assert expected_in(rider(over="x", rides={"out": Aboard("A", SATURDAY)}), "back", LEGS) is None


def test_who_sits_in_another_bus_is_not_missing_and_who_got_off_is():
    elsewhere, off = rider(rides={"out": Aboard("B", SATURDAY)}), rider(rides={"out": Aboard("A", SATURDAY, SATURDAY)})
    assert missing_from([elsewhere, off, rider()], "A", "out", LEGS) == [off, rider()]


def test_a_child_that_came_is_home_when_somebody_known_has_it():
    came = {"state": "present"}
    open_ = [rider(**came), rider(state="left"), rider(rides={"out": Aboard("A", SATURDAY)})]
    home = [rider(**came, over="x"), rider(state="left", with_guardian=True), rider(state="left", left_with="aunt")]
    assert not_home([*open_, *home, rider(), rider(**came, is_child=False)]) == open_


def test_what_the_board_said_of_the_whole_event_is_no_departure_of_a_bus():
    board_said = departure(1, decision="board", place_ids=[], missing=["arman"])
    assert kinds(board_said, of=conflicts_of_leg) == [], "nobody has to confirm it, and it names nobody"
    assert kinds(board_said, op("headcount", 2, key="b:A:out", counted=3, arrived=True), of=conflicts_of_leg) == []
    left = departure(3)
    assert (leg(board_said, left).departure, leg(board_said, left).version) == (left.id, 1), "the bus's own word"
    assert kinds(board_said, left, confirm(4, left, "saule"), of=conflicts_of_leg) == []


def test_a_second_person_confirms_what_was_said_and_nothing_else():
    """Two phones said that the bus left; who confirmed the one confirmed the other where both say the same."""
    first, same = departure(1), departure(2)
    assert leg(first, same, confirm(3, same, "saule")).confirmed_by == "saule"
    for other in ({"place_ids": ["arman"]}, {"decision": "left_without", "missing": ["arman"], "reason": "ill"}):
        second = departure(2, **other)
        said = first, second, confirm(3, second, "saule")
        assert leg(*said).confirmed_by is None, other
        assert "departure-unconfirmed" in kinds(*said, of=conflicts_of_leg), other


def test_who_let_the_bus_leave_confirms_no_row_of_their_own():
    left = departure(1)
    said = said_of("b:A:out", [left, confirm(2, left, "aigul")])
    assert confirm_of(said, left) is None
    said = said_of("b:A:out", [left, confirm(2, left, "aigul"), confirm(3, left, "saule")])
    found = confirm_of(said, left)
    assert found is not None and verified(found) == "saule"


def test_getting_off_of_which_a_phone_knew_no_ride_ends_that_in_its_own_bus():
    first = board(2, "A")
    blind = op("alight", 1, bus_id="A", leg="out")
    assert going(first, blind).rides["out"].ended == blind.id
    assert going(first, op("alight", 1, bus_id="B", leg="out")).rides["out"].ended is None, "of another bus"
    after = board(2, "A", blind)
    assert going(after, blind).rides["out"].ended is None, "they got in again"
    elsewhere = op("alight", 1, board(3, "B"), bus_id="A", leg="out")
    assert going(first, board(3, "B"), elsewhere).rides["out"].ended is None, "it was said of the other ride"
    back = board(4, "A", leg="back")
    blind_but_for_home = op("alight", 1, back, bus_id="A", leg="out")
    assert going(first, back, blind_but_for_home).rides["out"].ended == blind_but_for_home.id


def test_an_empty_list_of_names_is_a_list():
    counted = op("headcount", 1, key="b:A:out", counted=2, place_ids=[])
    assert kinds(counted, of=conflicts_of_leg) == ["counts-differ"]
    assert kinds(op("headcount", 1, key="b:A:out", counted=2), of=conflicts_of_leg) == [], "nobody ticked any"


def test_two_that_name_each_other_both_count():
    """That comes from no phone of ours, and must not make a child disappear."""
    first, second = board(1, "A"), board(2, "B")
    each = (replace(first, after=frozenset({second.id})), replace(second, after=frozenset({first.id})))
    assert going(*each).rides["out"].bus == "A" and kinds(*each) == ["in-two-buses"]


def test_who_is_still_aboard_speaks_before_who_got_off():
    off = op("alight", 2, board(1, "A"), bus_id="A", leg="out")
    assert going(board(1, "A"), off, board(3, "B")).rides["out"] == (board(3, "B").id, "B", None)


def test_two_phones_that_saw_other_people_leave_contradict_although_both_were_confirmed():
    first, second = departure(1), departure(2, place_ids=["arman"])
    said = first, second, confirm(3, first, "saule"), confirm(4, second, "saule")
    assert kinds(*said, of=conflicts_of_leg) == ["counts-differ"]
    again = departure(2, first, place_ids=["arman"])
    assert kinds(first, again, confirm(4, again, "saule"), of=conflicts_of_leg) == [], "a later word of one who knew"
