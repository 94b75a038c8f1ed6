"""How many adults children need, by age band."""

from hypothesis import given
from hypothesis import strategies as st

from app.rosters.ratio import BANDS, adults_needed, bands_for, ratio_of
from app.rosters.travellers import escorts_among
from tests.rosters.crowds import AGES, adult, child, needed

SOME = st.lists(AGES, max_size=40)


def test_each_band_has_its_own_number():
    assert [adults_needed([age] * 30) for age in (5, 9, 12, 16)] == [6, 4, 3, 2]


def test_bands_are_added_before_they_are_rounded():
    """Half an adult for five of fifteen, a third for five of twelve: one for both, not two."""
    assert adults_needed([16] * 7 + [12] * 5) == 1


def test_an_unknown_age_counts_as_the_youngest():
    assert adults_needed([None] * 6) == 2


def test_a_strict_site_makes_it_stricter_and_a_lax_one_not_laxer():
    assert [band.per_adult for band in bands_for(6)] == [5, 6, 6, 6]
    assert bands_for(30) == BANDS == bands_for(None)


@given(SOME, SOME)
def test_parting_children_never_needs_fewer_adults(one, other):
    assert adults_needed(one + other) <= adults_needed(one) + adults_needed(other)


@given(SOME)
def test_it_is_what_the_long_way_says(ages):
    assert adults_needed(ages) == needed([child(str(n), age=age) for n, age in enumerate(ages)])


def test_green_amber_red_and_none():
    children = [child(f"c{number}") for number in range(12)]
    escort, colleague = adult("e", role="escort"), adult("n")

    def state(*people):
        return ratio_of(people, escorts_among(people)).state

    assert state(escort, colleague) == "none"
    assert state(*children, escort, adult("f", role="escort")) == "green"
    assert state(*children, escort, colleague) == "amber"
    assert state(*children, escort) == "red"
