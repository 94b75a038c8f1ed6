"""What a day has and what it lacks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rosters.coverage import Wanted, coverage, missing_people

BOUNDS = st.tuples(st.integers(0, 6), st.integers(0, 6)).filter(lambda b: b[1] > 0).map(sorted)
NEEDS = st.lists(BOUNDS, max_size=8).map(lambda rows: [Wanted(str(n), *bounds) for n, bounds in enumerate(rows)])


def test_one_leader_is_missing_two_carry_water_and_one_driver_is_too_many():
    needs = [Wanted("leader", 1, 1), Wanted("water", 1, 3), Wanted("driver", 0, 1)]
    rows = coverage(needs, ["water", "driver", "water", "driver"])
    assert [(row.state, row.missing, row.room) for row in rows] == [("short", 1, 1), ("covered", 0, 1), ("over", 0, 0)]
    assert missing_people(rows) == 1


@given(NEEDS, st.lists(st.integers(0, 9).map(str), max_size=40))
@pytest.mark.full
def test_every_need_is_weighed_once_and_the_numbers_agree(needs, taken):
    rows = coverage(needs, taken)
    assert [row.need_id for row in rows] == [need.id for need in needs]
    for need, row in zip(needs, rows, strict=True):
        assert row.taken == taken.count(need.id)
        assert (row.state == "short") == (row.missing > 0) == (row.taken < need.minimum)
        assert (row.state == "over") == (row.taken > need.maximum)
        assert row.room == max(0, need.maximum - row.taken)
    assert missing_people(rows) == sum(max(0, need.minimum - taken.count(need.id)) for need in needs)


@given(NEEDS, st.lists(st.integers(0, 9).map(str), max_size=40), st.randoms())
@pytest.mark.full
def test_the_order_of_people_does_not_matter_and_one_more_never_makes_it_worse(needs, taken, random):
    shuffled = random.sample(taken, len(taken))
    assert coverage(needs, taken) == coverage(needs, shuffled)
    for need in needs:
        assert missing_people(coverage(needs, [*taken, need.id])) <= missing_people(coverage(needs, taken))
