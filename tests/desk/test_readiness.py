"""Each line of the board against the facts that make it green, amber, red or not asked for."""

from datetime import timedelta
from typing import Any

import pytest

from app.desk.departure.readiness import KEYS, LINES, NAMES, SAFETY_LINES, Facts, Weather, board
from app.gifts.sizes import Missing
from tests.factories import SATURDAY

READY: dict[str, Any] = {
    "seated": 30, "capacity": 40, "hazard": "raised", "children": 10, "escorts": 2, "escorts_needed": 2,
    "ratio": "green", "briefed": 30, "by_bus": True, "buses": [("1", 40, 30)], "first_aiders": 1, "gives_gifts": True,
    "gifts_needed": 30, "ppe": 2, "lunch": True, "caterer": True, "lunches_ordered": 30, "hosts": 1,
    "hosts_confirmed": 1, "reminded": 30, "weather": Weather(12, -5, 30, wind=4, temperature=18),
}  # fmt: skip
CASES = [
    ("seats", "green", {}), ("seats", "red", {"seated": 0}), ("seats", "amber", {"waiting": 2}),
    ("seats", "green", {"waiting": 2, "capacity": 30}), ("seats", "green", {"capacity": None}),
    ("ratio", "green", {}), ("ratio", "grey", {"ratio": "none"}), ("ratio", "red", {"ratio": "red"}),
    ("ratio", "amber", {"ratio": "amber"}), ("ratio", "red", {"short_of_escorts": ["A"]}),
    ("consents", "green", {}), ("consents", "grey", {"children": 0}), ("consents", "red", {"consents_missing": 1}),
    ("briefings", "green", {}), ("briefings", "grey", {"hazard": "none"}), ("briefings", "red", {"briefed": 29}),
    ("buses", "green", {}), ("buses", "grey", {"by_bus": False}), ("buses", "red", {"buses": []}),
    ("buses", "red", {"buses": [("1", 20, 20)]}), ("buses", "red", {"buses": [("1", 20, 25), ("2", 20, 5)]}),
    ("buses", "amber", {"buses": [("1", 40, 29)]}), ("buses", "green", {"buses": [("1", None, 30)]}),
    ("first_aid", "green", {}), ("first_aid", "red", {"first_aiders": 0}),
    ("first_aid", "amber", {"first_aiders": 0, "hazard": "none"}),
    ("first_aid", "grey", {"first_aiders": 0, "hazard": "none", "children": 0}),
    ("first_aid", "red", {"first_aiders": 0, "hazard": "none", "children": 0, "first_aid_asked": True}),
    ("gifts", "green", {}), ("gifts", "grey", {"gives_gifts": False}), ("gifts", "amber", {"gifts_short": 1}),
    ("gifts", "amber", {"sizes_unknown": 1}),
    ("kit", "green", {}), ("kit", "grey", {"ppe": 0}), ("kit", "amber", {"kit_unknown": 1}),
    ("kit", "red", {"kit_unknown": 1, "hazard": "high"}), ("kit", "amber", {"kit_uncounted": ["helmet"]}),
    ("kit", "amber", {"kit_missing": [Missing("hi-vis vest", "M", 2)]}),
    ("kit", "red", {"kit_missing": [Missing("helmet", "", 2)], "hazard": "high"}),
    ("lunch", "green", {}), ("lunch", "grey", {"lunch": False}), ("lunch", "amber", {"lunches_ordered": None}),
    ("lunch", "amber", {"lunches_ordered": 29}), ("lunch", "amber", {"caterer": False}),
    ("host", "green", {}), ("host", "grey", {"hosts": 0}), ("host", "red", {"hosts_confirmed": 0}),
    ("host", "amber", {"hosts_confirmed": 0, "hazard": "none"}),
    ("host", "red", {"hosts_declined": 1, "hazard": "none"}),
    ("reminders", "green", {}), ("reminders", "grey", {"reminded": 0, "now": SATURDAY - timedelta(days=2)}),
    ("reminders", "amber", {"reminded": 0}),
    ("addresses", "green", {}), ("addresses", "amber", {"unreached": 1}),
    ("weather", "green", {}), ("weather", "amber", {"weather": Weather()}),
    ("weather", "grey", {"weather": Weather(), "outdoors": False}), ("weather", "amber", {"weather": Weather(12)}),
    ("weather", "red", {"weather": Weather(12, wind=13)}), ("weather", "green", {"weather": Weather(12, wind=12)}),
    ("weather", "red", {"weather": Weather(temperature_min=-5, temperature=-6)}),
    ("weather", "red", {"weather": Weather(temperature_max=30, temperature=31)}),
    ("weather", "amber", {"weather": Weather(12, -5, wind=1)}),
]  # fmt: skip


def line(key: str, **other):
    facts: dict[str, Any] = {"now": SATURDAY - timedelta(hours=2), "starts_at": SATURDAY, **READY, **other}
    return next(one for one in board(Facts(**facts)) if one.key == key)


@pytest.mark.parametrize(("key", "state", "other"), CASES)
def test_each_line_is_judged_from_the_facts(key, state, other):
    found = line(key, **other)
    assert found.state == state
    assert not found.have or found.have % dict(found.params)
    assert not found.why or found.why % dict(found.params)


@pytest.mark.parametrize(("key", "state", "other"), [case for case in CASES if case[1] in ("amber", "red")])
def test_what_is_wrong_names_who_mends_it_until_when_and_why(key, state, other):
    found = line(key, **other)
    assert found.who and found.why and found.by and found.by < SATURDAY


def test_the_red_come_first_and_one_that_was_taken_on_blocks_no_more():
    facts = Facts(**{"now": SATURDAY, "starts_at": SATURDAY, **READY, "seated": 31, "briefed": 0, "unreached": 3})
    lines = board(facts, frozenset({"briefings"}))
    assert [one.state for one in lines] == sorted(
        (one.state for one in lines), key=["red", "amber", "green", "grey"].index
    )
    assert lines[0].key == "briefings" and lines[0].overridden and not lines[0].blocks


def test_every_line_has_a_name():
    assert set(KEYS) == set(NAMES) == {one.__name__ for one in LINES} and set(KEYS) >= SAFETY_LINES
