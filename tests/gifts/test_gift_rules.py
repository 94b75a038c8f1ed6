"""What somebody has follows from the set of what tables said: pieces, exchanges in chains, returns, kit, counts."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.attendance.operation import Operation, said_of
from app.desk.log.merging import merge, merged_json
from app.gifts.entitlement import Due, is_due
from app.gifts.gift_rules import (
    Gifts,
    conflicts_of_gifts,
    conflicts_of_table,
    gifts_json,
    gifts_of_person,
    given_to_one,
    short_at_table,
    table_of,
)
from app.gifts.ordering import order_of
from tests.factories import SATURDAY
from tests.gifts.histories import gift_day

ITEM = "shirt"


def told(id_: str, kind: str, names: str | None = None, *, after: str = "", **body: object) -> Operation:
    if kind in ("hand_out", "kit_out"):
        body = {"item_id": ITEM} | body
    return Operation(id_, kind, "p:nurlan", SATURDAY, SATURDAY, body, names, frozenset(after.split()))


def gifts(*operations: Operation) -> Gifts:
    return gifts_of_person(said_of("p:nurlan", operations))


def conflicts(*operations: Operation) -> list[tuple[str, tuple[str, ...], str]]:
    here = told("here", "check_in")
    return [(one.kind, one.sides, one.severity) for one in conflicts_of_gifts(said_of("p:nurlan", (*operations, here)))]


def moved(*operations: Operation) -> dict[str, int]:
    sums: dict[str, int] = {}
    for move in gifts(*operations).moves:
        sums[move.size] = sums.get(move.size, 0) + move.quantity
    return {size: pieces for size, pieces in sums.items() if pieces}


GIVEN = told("a", "hand_out", size="M")


def test_two_tables_gave_the_same_person_one_each_and_both_pieces_are_gone():
    again = told("b", "hand_out", size="L")
    found = gifts(GIVEN, again)
    assert (found.given[ITEM].id, found.given[ITEM].size, found.extra) == ("a", "M", {ITEM: ["b"]})
    assert moved(GIVEN, again) == {"M": -1, "L": -1}
    assert conflicts(GIVEN, again) == [("given-twice", ("a", "b"), "high")]
    assert conflicts(GIVEN, again, told("c", "undo", "b")) == []


def test_under_two_keys_of_one_person_all_pieces_that_stand_are_sides_until_one_is_left():
    other = Operation("b", "hand_out", "w:came", SATURDAY, SATURDAY, {"item_id": ITEM})
    cap = Operation("c", "hand_out", "w:came", SATURDAY, SATURDAY, {"item_id": "cap"})
    at_place, without = said_of("p:nurlan", [GIVEN]), said_of("w:came", [other, cap])
    for abouts in ([at_place, without], [without, at_place]):
        [found] = given_to_one(abouts)
        assert (found.word, found.sides) == (f"given-twice|p:nurlan|{ITEM}", ("a", "b"))
    back = Operation("r", "return", "w:came", SATURDAY, SATURDAY, {}, "b")
    assert given_to_one([at_place, said_of("w:came", [other, cap, back])]) == ()
    solved = told("s", "solve", word=found.word, sides=["a", "b"], keep="both")
    assert given_to_one([said_of("p:nurlan", [GIVEN, solved]), without]) == ()
    assert given_to_one([said_of("p:nurlan", [GIVEN, told("d", "hand_out")])]) == ()


def test_exchanges_in_a_chain_keep_the_sum_whatever_came_first():
    first, second = told("x", "exchange", "a", size="L"), told("c", "exchange", "x", size="XL")
    found = gifts(second, first, GIVEN)
    assert (found.given[ITEM].id, found.given[ITEM].size, found.given[ITEM].last) == ("a", "XL", "c")
    assert moved(second, GIVEN, first) == {"XL": -1}
    back = told("r", "return", "x")
    assert gifts(back, second, first, GIVEN).given == {} and moved(second, back, first, GIVEN) == {}


def test_what_was_undone_in_the_middle_of_a_chain_is_passed_over():
    chain = GIVEN, told("x", "exchange", "a", size="L"), told("c", "exchange", "x", size="XL")
    assert gifts(*chain, told("u", "undo", "x")).given[ITEM].size == "XL"
    assert moved(*chain, told("u", "undo", "x")) == {"XL": -1}
    assert gifts(*chain, told("u", "undo", "a")).given == {} and moved(*chain, told("u", "undo", "a")) == {}


def test_two_exchanges_of_one_piece_for_other_sizes_are_shown_and_equal_ones_are_one():
    large, small = told("x", "exchange", "a", size="L"), told("y", "exchange", "a", size="S")
    assert conflicts(GIVEN, large, small) == [("exchanged-twice", ("x", "y"), "low")]
    assert moved(GIVEN, large, small) == {"L": -1}
    same = told("y", "exchange", "a", size="L")
    after = told("z", "exchange", "y", size="XL")
    assert conflicts(GIVEN, large, same, after) == []
    assert moved(GIVEN, large, same, after) == {"XL": -1}


def test_exchanges_that_name_each_other_or_nobody_change_nothing():
    circle = told("x", "exchange", "y", size="L"), told("y", "exchange", "x", size="S")
    assert gifts(GIVEN, *circle, told("z", "exchange", "z", size="S")).given[ITEM].size == "M"
    assert moved(told("x", "exchange", "gone", size="L"), told("r", "return", "gone")) == {}


def test_a_gift_without_an_arrival_comes_up_until_there_is_one_and_its_return_ends_it():
    said = said_of("p:nurlan", [GIVEN])
    assert [one.word for one in conflicts_of_gifts(said)] == [f"given-to-absent|p:nurlan|{ITEM}"]
    assert conflicts(GIVEN) == []
    assert conflicts_of_gifts(said_of("p:nurlan", [GIVEN, told("r", "return", "a")])) == ()


def test_kit_is_out_until_it_came_back_and_what_is_damaged_does_not_lie_in_the_store():
    lent, again = told("k", "kit_out", size="L"), told("l", "kit_out", size="L")
    assert gifts_json(gifts(lent)) == {"kit": {ITEM: [{"id": "k", "size": "L"}]}}
    assert conflicts(lent, again) == [("lent-twice", ("k", "l"), "low")]
    back = told("m", "kit_back", "k")
    assert conflicts(lent, again, back) == [] and moved(lent, back) == {}
    assert moved(lent, told("m", "kit_back", "k", damaged=True)) == {"L": -1}


def test_a_count_that_knew_of_the_others_replaces_them_and_others_contradict():
    def counted(id_: str, kind: str, number: int, after: str = "") -> Operation:
        said = {"counted": number}
        return Operation(id_, kind, "t:1|shirt|M", SATURDAY, SATURDAY, said, None, frozenset(after.split()))

    first, more = counted("b", "stock_open", 10), counted("c", "stock_open", 15, "b")
    table = table_of(said_of("t:1|shirt|M", [first, more]))
    assert (table.opened, table.opening) == (15, "c")
    rival = counted("a", "stock_open", 12)
    found = conflicts_of_table(said_of("t:1|shirt|M", [first, more, rival]))
    assert [(one.kind, one.sides) for one in found] == [("counted-twice", ("a", "c"))]
    end = counted("d", "stock_close", 0)
    closed = table_of(said_of("t:1|shirt|M", [first, more, end]))
    assert closed.closing == "d" and short_at_table(closed, -14) == -1 and short_at_table(closed, -15) == 0
    assert short_at_table(table, -14) == 0


@pytest.mark.full
@given(seed=st.integers(0, 10**9))
@settings(max_examples=150, deadline=None)
def test_any_order_gives_the_same_gifts_and_no_piece_is_made_or_lost(seed: int):
    random = Random(seed)
    said = gift_day(random, ["one", "two"], ["shirt", "cap"], length=random.randint(1, 25))
    wanted = merged_json(merge(said))
    shuffled = random.sample(said, len(said)) + random.sample(said, len(said) // 2)
    assert merged_json(merge(shuffled)) == wanted
    for found in merge(shuffled).of("gifts").values():
        out = len(found.given) + sum(len(extra) for extra in found.extra.values())
        out += sum(1 for loan in found.loans if loan.back is None or loan.is_damaged)
        assert -sum(move.quantity for move in found.moves) == out


@pytest.mark.parametrize(
    ("rule", "is_child", "age", "due"),
    [
        (Due(), True, 3, True), (Due("children"), True, 9, True), (Due("children"), False, None, False),
        (Due("adults"), True, 9, False), (Due("adults"), False, None, True), (Due("all", 7, 12), True, 6, False),
        (Due("all", 7, 12), True, 12, True), (Due("all", 7, 12), False, None, False),
        (Due("all", 16), False, None, True),
        (Due("all", 7), True, None, True), (Due("all", None, 65), False, None, True),
        (Due("all", 0, 65), False, 70, False),
    ],
)  # fmt: skip
def test_who_is_due_an_item(rule: Due, is_child: bool, age: int | None, due: bool):
    assert is_due(rule, is_child=is_child, age=age) is due


@pytest.mark.parametrize(
    ("on_hand", "late", "open_need", "spare", "order"),
    [
        (10, 0, 8, 0, (0, 0, 0, 0)), (5, 0, 8, 0, (3, 0, 3, 0)), (5, 0, 8, 2, (3, 2, 1, 0)), (5, 4, 4, 0, (3, 0, 3, 0)),
        (2, 4, 4, 0, (6, 0, 4, 2)), (2, 4, 4, 3, (6, 3, 3, 0)), (-1, 0, 2, 0, (3, 0, 3, 0)), (0, 0, 5, 9, (5, 5, 0, 0)),
    ],
)  # fmt: skip
def test_what_is_missing_comes_from_others_first_and_what_is_too_near_is_not_ordered(
    on_hand: int, late: int, open_need: int, spare: int, order: tuple[int, ...]
):
    assert order_of(on_hand=on_hand, late=late, open_need=open_need, spare=spare) == order
