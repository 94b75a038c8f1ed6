"""Whether a child is covered: properties of the pure rule."""

from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.consents.cover import Said, has_moved, is_covered, kinds_for, missing, objectors, required_kinds

KINDS = ("participation", "transport", "medical", "photo")
PEOPLE = ("mother", "father", "aunt", "school")

saids = st.builds(Said, st.sampled_from(KINDS), st.sampled_from(PEOPLE), st.booleans(), st.booleans())
rows = st.lists(saids, max_size=12)
guardians = st.sets(st.sampled_from(PEOPLE))
kinds = st.lists(st.sampled_from(KINDS), unique=True, min_size=1).map(tuple)


@dataclass
class Plan:
    transport: str = "own"
    asks_medical: bool = False


@given(rows, guardians, kinds)
@pytest.mark.full
def test_who_decides_no_longer_changes_nothing(said, deciders, asked):
    of_today = [one for one in said if one.who in deciders]
    assert missing(said, deciders, asked) == missing(of_today, deciders, asked)


@given(rows, guardians, kinds)
@pytest.mark.full
def test_what_was_taken_back_or_lapsed_changes_nothing(said, deciders, asked):
    assert missing(said, deciders, asked) == missing([one for one in said if one.holds], deciders, asked)


@given(rows, guardians, kinds, st.sampled_from(PEOPLE))
@pytest.mark.full
def test_one_no_outweighs_every_yes(said, deciders, asked, who):
    said.append(Said(asked[0], who, is_yes=False))
    assert is_covered(said, deciders | {who}, asked) is False
    assert who in objectors(said, deciders | {who}, asked)


@given(rows, guardians, kinds)
@pytest.mark.full
def test_without_a_no_one_yes_of_any_guardian_is_enough(said, deciders, asked):
    agreed = [one for one in said if one.is_yes] + [Said(kind, "mother", is_yes=True) for kind in asked]
    assert is_covered(agreed, deciders | {"mother"}, asked)


@given(rows, guardians, kinds)
@pytest.mark.full
def test_another_yes_never_uncovers_and_another_no_never_covers(said, deciders, asked):
    for who in PEOPLE:
        for kind in KINDS:
            more, less = Said(kind, who, is_yes=True), Said(kind, who, is_yes=False)
            assert is_covered([*said, more], deciders, asked) >= is_covered(said, deciders, asked)
            assert is_covered([*said, less], deciders, asked) <= is_covered(said, deciders, asked)


@given(rows, guardians, kinds, st.randoms())
@pytest.mark.full
def test_the_order_of_answers_does_not_matter(said, deciders, asked, chance):
    mixed = list(said)
    chance.shuffle(mixed)
    assert missing(mixed, deciders, asked) == missing(said, deciders, asked)


@given(rows, guardians)
@pytest.mark.full
def test_nobody_is_covered_whom_nobody_decides_for(said, deciders):
    assert not is_covered(said, set(), ("participation",))
    assert is_covered(said, deciders, ())


@pytest.mark.parametrize(
    ("plan", "required"),
    [
        (Plan(), ("participation",)),
        (Plan(transport="bus"), ("participation", "transport")),
        (Plan(asks_medical=True), ("participation", "medical")),
        (Plan("bus", asks_medical=True), ("participation", "transport", "medical")),
    ],
)
def test_an_event_asks_for_what_it_does_and_photographs_are_optional(plan, required):
    assert required_kinds(plan) == required
    assert kinds_for(plan) == (*required, "photo")


PLANNED = {
    "site_id": "a",
    "starts_on": "2030-05-18",
    "ends_on": "2030-05-18",
    "transport": "own",
    "hazard_class": "none",
}


@pytest.mark.parametrize("name", sorted(PLANNED))
def test_each_part_of_the_plan_binds(name):
    assert not has_moved(PLANNED, PLANNED)
    assert has_moved(PLANNED, {**PLANNED, name: "other"})


def test_a_later_hour_of_the_same_day_does_not_ask_again():
    assert not has_moved(PLANNED | {"starts_at": "09:00"}, PLANNED | {"starts_at": "10:00"})
    assert not has_moved({}, PLANNED), "what was not noted did not move"
    assert replace(Said("photo", "mother", is_yes=True), is_yes=False).holds
