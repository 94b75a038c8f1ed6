"""Reading figures as people write them: pure, so no fixture."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.impact import errors
from app.impact.figures import (
    grouped,
    in_base_unit,
    is_ambiguous,
    looks_like_a_slip,
    read_number,
    read_quantity,
    read_tenge,
    unlikely_sum,
)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("43", "43"),
        ("2,5", "2.5"),
        ("2.5", "2.5"),
        ("12 850", "12850"),
        ("12\u00a0850", "12850"),
        ("448\u202f463", "448463"),
        ("448\u2009463,5", "448463.5"),
        ("24,370.628", "24370.628"),
        (" 7 ", "7"),
        (43, "43"),
        (54.34, "54.34"),
    ],
)
def test_a_number_is_read_however_it_is_written(written: str | float, value: str) -> None:
    assert read_number(written) == Decimal(value)


@pytest.mark.parametrize("written", ["forty", "4 tonnes", "1,2,3", "--3", "NaN", "Infinity", "1e", True])
def test_what_is_no_number_is_refused_with_what_was_written(written: str | bool) -> None:
    with pytest.raises(errors.NotANumber):
        read_number(written)


@pytest.mark.parametrize(
    ("written", "unit", "refusal"),
    [
        ("", "t", errors.NoFigure),
        ("-3", "t", errors.NegativeFigure),
        ("\u22123", "t", errors.NegativeFigure),
        ("1,2345", "t", errors.TooManyDecimals),
        ("1e15", "t", errors.TooLarge),
        ("3", "plants", errors.UnknownUnit),
        ("3", "m3", errors.UnknownUnit),
    ],
)
def test_a_wrong_quantity_says_which_rule_is_broken(written: str, unit: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        read_quantity(written, metric="waste_removed", unit=unit)


def test_half_a_fish_is_refused() -> None:
    with pytest.raises(errors.NotWhole):
        read_quantity("2,5", metric="fish_released", unit="fish")


def test_a_comma_before_three_digits_may_mean_thousands_and_is_asked_about() -> None:
    assert is_ambiguous("43,125")
    assert not is_ambiguous("43,5")
    assert not is_ambiguous("0,125"), "nobody writes thousands with a leading zero"
    assert looks_like_a_slip(Decimal("43.125"), metric="waste_removed", unit="t", written="43,125")


def test_kilograms_taken_for_tonnes_look_like_a_slip() -> None:
    assert looks_like_a_slip(Decimal(43000), metric="waste_removed", unit="t")
    assert not looks_like_a_slip(Decimal(43000), metric="waste_removed", unit="kg")
    assert in_base_unit(Decimal(43000), metric="waste_removed", unit="kg") == 43


def test_thousands_of_tenge_become_tenge() -> None:
    assert read_tenge("24370,628", unit="thousand") == 24_370_628
    assert read_tenge("24,370.628", unit="thousand") == 24_370_628
    assert read_tenge("2 826 000") == 2_826_000


@pytest.mark.parametrize(
    ("written", "refusal"),
    [
        ("24370,628", errors.PartsOfATenge),
        ("0", errors.AmountNotPositive),
        ("-5", errors.AmountNotPositive),
        ("", errors.AmountNotPositive),
        ("much", errors.NotASum),
    ],
)
def test_a_wrong_sum_says_which_rule_is_broken(written: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        read_tenge(written)


def test_a_sum_a_thousand_times_off_is_doubted() -> None:
    assert unlikely_sum(400, known_tenge=0), "400 thousand written as tenge"
    assert unlikely_sum(2_826_000_000, known_tenge=0), "tenge written as thousands"
    assert unlikely_sum(433_000_000, known_tenge=433_000)
    assert not unlikely_sum(73_916_000, known_tenge=37_300_000)
    assert not unlikely_sum(2_826_000, known_tenge=5_000), "a small beginning says nothing"


@given(st.decimals(min_value=0, max_value=10**9, places=3))
def test_what_a_refusal_repeats_is_read_as_the_same_number(value: Decimal) -> None:
    assert read_number(grouped(value)) == value
