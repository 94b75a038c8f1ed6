"""From entries to a state, and codes as people type them."""

from dataclasses import dataclass
from itertools import permutations

import pytest

from app.attendance.states import STATES, state_of
from app.attendance.tickets import is_ticket_code, ticket_code


@dataclass
class Mark:
    kind: str
    undone_by_id: str | None = None


@pytest.mark.parametrize(
    ("kinds", "state"),
    [
        ([], "expected"),
        (["check_in"], "present"),
        (["check_in", "check_out"], "left"),
        (["check_out"], "expected"),
        (["absent"], "absent"),
        (["excused", "absent"], "excused"),
        (["absent", "check_in"], "present"),
        (["undo"], "expected"),
    ],
)
def test_the_state_is_the_same_in_whatever_order_entries_arrive(kinds: list[str], state: str) -> None:
    assert state in STATES
    assert {state_of(order) for order in permutations([Mark(kind) for kind in kinds])} == {state}


def test_an_undone_mark_says_nothing() -> None:
    assert state_of([Mark("check_in", undone_by_id="u"), Mark("undo")]) == "expected"


@pytest.mark.parametrize(
    "typed",
    ["BCHK2345", "bchk 2345", " bchk-2345 ", "ВСНК 2345", "https://torangy.example/t/bchk2345/", "b c h k 2 3 4 5"],
)
def test_a_ticket_code_is_read_however_it_is_typed(typed: str) -> None:
    assert ticket_code(typed) == "BCHK2345"
    assert is_ticket_code(ticket_code(typed))


@pytest.mark.parametrize("typed", ["", "  ", "Нұрлан", "BCHK234", "AEIO2345", "x" * 999])
def test_what_is_no_ticket_code_is_not_taken_for_one(typed: str) -> None:
    assert not is_ticket_code(ticket_code(typed))
    assert len(ticket_code(typed)) <= 40
