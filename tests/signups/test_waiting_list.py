"""Who gets a freed seat: properties of the pure choice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.signups.waiting_list import Member, WaitingParty, can_ever_fit, is_held, promotions, seats_for

members = st.lists(st.builds(Member, is_minor=st.booleans(), is_escort=st.just(False)), min_size=1, max_size=6)
frees = st.integers(min_value=0, max_value=12)
limits = st.integers(min_value=0, max_value=4)


@st.composite
def lines(draw, longest=14):
    """A queue as it can stand: who came earlier was passed over at least as often as who came later."""
    parties = draw(st.lists(st.tuples(members, st.booleans()), max_size=longest))
    passed = sorted((draw(st.integers(0, 5)) for _ in parties), reverse=True)
    return [
        WaitingParty(str(number), len(who), accept_fewer=fewer, passed_over=passed[number], members=who)
        for number, (who, fewer) in enumerate(parties)
    ]


def given_to(free, queue, **options):
    return {one.signup_id: one for one in promotions(free, queue, **options)}


@given(frees, lines(), limits)
@pytest.mark.full
def test_no_more_seats_are_given_than_are_free(free, queue, limit):
    assert sum(one.seats for one in promotions(free, queue, pass_limit=limit)) <= free


@given(frees, lines(), limits)
@pytest.mark.full
def test_a_party_is_never_split_against_its_will(free, queue, limit):
    by_id = {party.signup_id: party for party in queue}
    for one in promotions(free, queue, pass_limit=limit):
        party = by_id[one.signup_id]
        assert one.seats == party.size or party.accept_fewer


@given(frees, lines(), limits)
@pytest.mark.full
def test_no_seat_stays_idle_while_a_party_that_fits_waits_unless_it_is_kept_for_the_first(free, queue, limit):
    given_seats = given_to(free, queue, pass_limit=limit)
    left = free - sum(one.seats for one in given_seats.values())
    waiting = [party for party in queue if party.signup_id not in given_seats]
    fits = [party for party in waiting if seats_for(party, left)]
    if not fits:
        return
    in_front = [party for party in waiting if int(party.signup_id) < int(fits[0].signup_id)]
    behind = sum(int(one) > int(in_front[0].signup_id) for one in given_seats) if in_front else 0
    assert in_front, "the first that waits fits and was not taken"
    assert is_held(in_front[0].passed_over + behind, limit), "nobody in front had been passed over often enough"


@given(frees, lines(), limits)
@pytest.mark.full
def test_nobody_is_passed_over_more_often_than_the_limit(free, queue, limit):
    given_seats = given_to(free, queue, pass_limit=limit)
    for party in queue:
        if party.signup_id in given_seats:
            continue
        passed = sum(int(one) > int(party.signup_id) for one in given_seats)
        assert passed == 0 or party.passed_over + passed <= limit


@given(lines(), limits)
@pytest.mark.full
def test_without_a_limit_reached_the_first_that_fits_goes_first(queue, limit):
    fresh = [WaitingParty(p.signup_id, p.size, p.accept_fewer, 0, p.members) for p in queue]
    if limit and fresh:
        first = next((party for party in fresh if seats_for(party, 3)), None)
        given_seats = list(given_to(3, fresh, pass_limit=limit))
        assert given_seats[:1] == ([first.signup_id] if first else [])


@given(frees, lines(), limits)
@pytest.mark.full
def test_who_can_never_fit_holds_nobody_up(free, queue, limit):
    giant = WaitingParty("-1", 500, passed_over=99)
    assert not can_ever_fit(giant, 400)
    with_giant = given_to(free, [giant, *queue], pass_limit=limit, capacity=400)
    assert with_giant == given_to(free, queue, pass_limit=limit, capacity=400)


@given(frees, lines(longest=80), limits, st.integers(1, 40))
@pytest.mark.full
def test_of_those_far_behind_only_who_fits_need_be_asked(free, queue, limit, first):
    """What app/signups/line.py builds on: when the first ones get nothing, the rest may be filtered by size."""
    if promotions(free, queue[:first], pass_limit=limit):
        return
    fitting = [party for party in queue[first:] if party.size <= free or party.accept_fewer]
    whole = promotions(free, queue, pass_limit=limit)
    assert promotions(free, queue[:first] + fitting, pass_limit=limit) == whole


@given(members, st.integers(0, 6), st.booleans())
@pytest.mark.full
def test_a_child_is_never_seated_without_the_adult_who_came_along(who, free, has_adult):
    party = WaitingParty("1", len(who), accept_fewer=True, members=who, has_adult=has_adult)
    going = [who[index] for index in seats_for(party, free)]
    with_adult = has_adult or any(not member.is_minor for member in going)
    if any(member.is_minor for member in going) and (has_adult or any(not member.is_minor for member in who)):
        assert with_adult
    assert len(going) <= free


def test_an_escort_alone_is_not_seated():
    parent, child = Member(is_escort=True), Member(is_minor=True)
    party = WaitingParty("1", 2, accept_fewer=True, members=[parent, child])
    assert seats_for(party, 1) == ()
    assert seats_for(party, 2) == (0, 1)


def test_the_order_of_preference_says_which_child_goes():
    mother, first, second = Member(), Member(is_minor=True), Member(is_minor=True)
    party = WaitingParty("1", 3, accept_fewer=True, members=[first, second, mother])
    assert seats_for(party, 2) == (0, 2)
    assert seats_for(party, 1) == (2,)
