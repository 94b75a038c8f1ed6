"""Who gets a freed seat: properties of the pure choice."""

from hypothesis import given
from hypothesis import strategies as st

from app.signups.waiting_list import WaitingParty, promotions

parties = st.lists(
    st.builds(
        WaitingParty,
        signup_id=st.uuids().map(str),
        size=st.integers(min_value=1, max_value=6),
        accept_fewer=st.booleans(),
    ),
    max_size=12,
    unique_by=lambda party: party.signup_id,
)


@given(st.integers(min_value=0, max_value=20), parties)
def test_no_more_seats_are_given_than_are_free(free, queue):
    assert sum(given.seats for given in promotions(free, queue)) <= free


@given(st.integers(min_value=0, max_value=20), parties)
def test_a_party_is_never_split_against_its_will(free, queue):
    by_id = {party.signup_id: party for party in queue}
    for given_seats in promotions(free, queue):
        party = by_id[given_seats.signup_id]
        assert given_seats.seats == party.size or party.accept_fewer


@given(st.integers(min_value=0, max_value=20), parties)
def test_no_seat_stays_idle_while_a_party_that_fits_waits(free, queue):
    given_seats = promotions(free, queue)
    left = free - sum(one.seats for one in given_seats)
    seated = {one.signup_id for one in given_seats}
    assert not any(
        (party.size <= left or (party.accept_fewer and left > 0)) for party in queue if party.signup_id not in seated
    )


@given(st.integers(min_value=0, max_value=20), parties)
def test_nobody_behind_gets_a_seat_that_somebody_before_them_could_take(free, queue):
    left = free
    given_seats = {one.signup_id: one.seats for one in promotions(free, queue)}
    for party in queue:
        if party.signup_id not in given_seats:
            assert party.size > left or left == 0
        left -= given_seats.get(party.signup_id, 0)
