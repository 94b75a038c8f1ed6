"""A slip of a thousand is asked about, a sum that fits what stands beside it isn't. Pure, over random sums."""

from statistics import median_low

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.impact.money.slips import THOUSAND, Beside, Doubt, doubt
from app.impact.money.sums import read_tenge

quick = settings(deadline=None, max_examples=60)

USUAL = st.integers(100_000, 10_000_000)


def near(middle: int, data: st.DataObject) -> int:
    """A sum within a factor of 30 of this one: nearer to it than to a thousand times it."""
    return data.draw(st.integers(-(-middle // 30), middle * 30))


@quick
@given(st.data(), USUAL)
def test_a_sum_that_fits_is_not_asked_about_and_its_slip_always_is(data: st.DataObject, middle: int) -> None:
    like_it = [middle] * 3
    amount = near(middle, data)
    beside = Beside(like_it=like_it)
    assert doubt(amount, beside) is None
    assert doubt(amount * THOUSAND, beside) == Doubt("usual", middle, amount)
    if amount % THOUSAND == 0:
        assert doubt(amount // THOUSAND, beside) == Doubt("usual", middle, amount)


@quick
@given(st.lists(st.integers(1_000, 1_000_000_000), min_size=3, max_size=9))
def test_what_was_said_before_is_never_doubted_for_being_unusual(like_it: list[int]) -> None:
    assert all(doubt(amount, Beside(like_it=like_it)) is None for amount in like_it)


@quick
@given(st.lists(st.integers(1_000, 10**9), min_size=3, max_size=9), st.integers(1_000, 10**9))
def test_the_order_of_the_entries_says_nothing(like_it: list[int], amount: int) -> None:
    assert doubt(amount, Beside(like_it=like_it)) == doubt(amount, Beside(like_it=sorted(like_it)))
    assert median_low(like_it) in like_it


@quick
@given(st.integers(1_000, 10**7), st.sampled_from(["tenge", "thousand"]))
def test_what_was_meant_is_the_same_number_in_the_other_unit(number: int, unit: str) -> None:
    said = read_tenge(str(number), unit=unit)
    found = doubt(said, Beside(like_it=[said * THOUSAND] * 3))
    assert found is not None and found.meant_tenge == said * THOUSAND


@pytest.mark.parametrize(
    ("amount", "beside", "why"),
    [
        (24_370_628_000, Beside(plan_tenge=400_000), "plan"),
        (4_000_001, Beside(plan_tenge=400_000), "plan"),
        (4_000_000, Beside(plan_tenge=400_000), None),
        (400, Beside(), "range"),
        (2_826_000_000, Beside(), "range"),
        (2_826, Beside(known_tenge=2_826_000), None),
        (2_826, Beside(like_it=[2_826_000, 1_500_000]), None),
    ],
)
def test_the_plan_and_the_range(amount: int, beside: Beside, why: str | None) -> None:
    found = doubt(amount, beside)
    assert (found.why if found else None) == why


def test_two_entries_say_nothing_of_what_is_usual_and_three_do() -> None:
    assert doubt(2_826, Beside(like_it=[2_826_000] * 2)) is None
    assert doubt(2_826, Beside(like_it=[2_826_000] * 3)) == Doubt("usual", 2_826_000, 2_826_000)
