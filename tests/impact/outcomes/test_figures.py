"""Reading figures as people write them: pure, so no fixture."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.impact import errors
from app.impact.money import errors as money_errors
from app.impact.money.sums import read_tenge, unlikely_sum
from app.impact.numbers import Written, grouped, is_ambiguous, read_number
from app.impact.outcomes import errors as outcome_errors
from app.impact.outcomes.figures import Reading, read_figure
from app.impact.outcomes.metrics import BY_KEY


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


def read(written: Written, *, metric: str = "waste_removed", unit: str = "t", density: Written = "") -> Reading:
    return read_figure(written, metric=BY_KEY[metric], unit=unit, density=density)


@pytest.mark.parametrize(
    ("written", "unit", "refusal"),
    [
        ("", "t", errors.NoFigure),
        ("-3", "t", errors.NegativeFigure),
        ("\u22123", "t", errors.NegativeFigure),
        ("-3 т", "t", errors.NegativeFigure),
        ("1,2345", "t", errors.TooManyDecimals),
        ("1e15", "t", errors.TooLarge),
        ("3", "plants", outcome_errors.UnknownUnit),
        ("24,370.628", "", outcome_errors.NoUnit),
        ("43 кг", "t", outcome_errors.UnitsDiffer),
        ("43 t + 12 m3", "t", outcome_errors.MixedUnits),
        ("43 т 500 кг", "t", outcome_errors.MixedUnits),
        ("43 buckets", "t", errors.NotANumber),
    ],
)
def test_a_wrong_quantity_says_which_rule_is_broken(written: str, unit: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        read(written, unit=unit)


@pytest.mark.parametrize(("written", "unit"), [("43 т", ""), ("43 тонны", "t"), ("43t", "t"), ("43 000 кг", "kg")])
def test_a_unit_behind_the_number_is_understood(written: str, unit: str) -> None:
    assert read(written, unit=unit).base_quantity == 43


def test_a_cubic_metre_becomes_tonnes_by_the_density_that_is_kept_with_it() -> None:
    usual, wet = read("100 м³", unit="m3"), read("100", unit="m3", density="0,45")
    assert (usual.base_quantity, usual.density) == (20, Decimal("0.2"))
    assert (wet.base_quantity, wet.density) == (45, Decimal("0.45"))
    assert read("43", unit="t").density is None


@pytest.mark.parametrize("density", ["0", "-1", "3,5", "heavy", "0,2001"])
def test_no_waste_weighs_that(density: str) -> None:
    with pytest.raises(outcome_errors.WrongDensity):
        read("100", unit="m3", density=density)


def test_half_a_fish_is_refused() -> None:
    with pytest.raises(errors.NotWhole):
        read("2,5", metric="fish_released", unit="fish")


def test_a_metric_with_one_unit_needs_none_written() -> None:
    assert read("448 463", metric="fish_released", unit="").quantity == 448_463


def test_a_comma_before_three_digits_may_mean_thousands_and_is_asked_about() -> None:
    assert is_ambiguous("43,125")
    assert not is_ambiguous("43,5")
    assert not is_ambiguous("0,125"), "nobody writes thousands with a leading zero"
    assert read("43,125").is_doubtful
    assert read("43,125 т").is_doubtful


def test_kilograms_taken_for_tonnes_look_like_a_slip() -> None:
    assert read(43000).is_doubtful
    assert not read(43000, unit="kg").is_doubtful
    assert read(43000, unit="kg").base_quantity == 43


@given(st.decimals(min_value=0, max_value=10**6, places=3), st.sampled_from(["t", "kg", "m3"]))
def test_base_units_are_exact(value: Decimal, unit: str) -> None:
    factor = {"t": Decimal(1), "kg": Decimal("0.001"), "m3": Decimal("0.2")}[unit]
    assert read(value, unit=unit).base_quantity == value * factor


def test_thousands_of_tenge_become_tenge() -> None:
    assert read_tenge("24370,628", unit="thousand") == 24_370_628
    assert read_tenge("24,370.628", unit="thousand") == 24_370_628
    assert read_tenge("2 826 000") == 2_826_000


@pytest.mark.parametrize(
    ("written", "refusal"),
    [
        ("24370,628", money_errors.PartsOfATenge),
        ("0", money_errors.AmountNotPositive),
        ("-5", money_errors.AmountNotPositive),
        ("", money_errors.AmountNotPositive),
        ("much", money_errors.NotASum),
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
