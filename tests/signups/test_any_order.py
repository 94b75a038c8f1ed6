"""Every way in which a seat comes free, in any order, against the line as one would keep it with a pencil."""

from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from app.accounts.actor import SYSTEM
from app.db import db
from app.errors import DomainError
from app.events.models import Event
from app.people.models import Person
from app.signups.answers import Answers
from app.signups.cancelling import cancel_place, cancel_signup, free_seats_of
from app.signups.capacity import change_event
from app.signups.changing import NoSeatToAdd, add_to_party
from app.signups.errors import PartyTooLarge
from app.signups.models import SignUp
from app.signups.moves import hold_reason
from app.signups.offering import (
    accept_offer,
    decline_offer,
    expire_offers,
    open_offer_of,
    promote_after_quiet_hours,
)
from app.signups.signing_up import sign_up
from tests import factories
from tests.signups.recount import recount
from tests.signups.simple_line import SimpleLine
from tests.signups.test_queue import coordinating

PEOPLE = 9
weeks = iter(range(10_000))


class AnyOrder(RuleBasedStateMachine):
    """One event after another; the same nine people come, go, answer and wait in any order."""

    cast: list[Person]
    aigul: Person

    @initialize(
        capacity=st.integers(1, 5),
        pass_limit=st.integers(0, 3),
        promotion=st.sampled_from(["late-offer", "at-once", "offer"]),
    )
    def plan(self, capacity, pass_limit, promotion):
        starts_at = factories.SATURDAY + timedelta(days=7 * next(weeks))
        self.event = factories.event(
            starts_at=starts_at,
            capacity=capacity,
            pass_limit=pass_limit,
            promotion=promotion,
            site=self.site,
            programme=self.programme,
        )
        self.now = starts_at - timedelta(hours=30)
        self.line = SimpleLine(capacity, pass_limit, promotion, starts_at, self.event.timezone)
        self.actor = coordinating(self.aigul)

    def standing(self, *statuses):
        wanted = statuses or ("confirmed", "waiting", "offered")
        return [p for p in self.line.parties.values() if any(has in wanted for has in p.people.values())]

    def free_people(self):
        gone = {
            who for p in self.standing() for who, has in p.people.items() if has in ("confirmed", "waiting", "offered")
        }
        return [person.id for person in self.cast if person.id not in gone]

    def signup(self, party):
        return db.session.get_one(SignUp, party.signup_id)

    def begun(self):
        return self.now >= self.line.starts_at

    @precondition(lambda self: not self.begun() and self.free_people())
    @rule(size=st.integers(1, 3), fewer=st.booleans())
    def come(self, size, fewer):
        people = self.free_people()[:size]
        answers = Answers()
        try:
            signup = sign_up(
                self.event.id,
                people,
                leader_id=people[0],
                now=self.now,
                actor=self.actor,
                answers=answers,
                accept_fewer=fewer,
            )
        except PartyTooLarge:
            assert len(people) > self.line.capacity and not fewer
            return
        self.line.come(signup.id, people, fewer=fewer, now=self.now)

    @precondition(lambda self: not self.begun() and self.standing())
    @rule(data=st.data(), own=st.booleans())
    def cancel(self, data, own):
        party = data.draw(st.sampled_from(self.standing()))
        leader = db.session.get_one(Person, self.signup(party).leader_id)
        from tests.signups.test_signing_up import acting

        actor = acting(leader) if own else self.actor
        cancel_signup(self.signup(party), now=self.now, actor=actor)
        self.line.leave(party.signup_id, stand(party), now=self.now)

    @precondition(lambda self: not self.begun() and self.standing())
    @rule(data=st.data())
    def drop_one(self, data):
        party = data.draw(st.sampled_from(self.standing()))
        person = data.draw(st.sampled_from(stand(party)))
        place = next(p for p in self.signup(party).standing_places if p.person_id == person)
        cancel_place(place, now=self.now, actor=self.actor)
        self.line.leave(party.signup_id, [person], now=self.now)

    @precondition(lambda self: not self.begun() and self.standing())
    @rule(data=st.data())
    def a_leaver(self, data):
        party = data.draw(st.sampled_from(self.standing()))
        person = data.draw(st.sampled_from(stand(party)))
        free_seats_of(db.session.get_one(Person, person), reason="left", now=self.now, actor=SYSTEM)
        self.line.leave(party.signup_id, [person], now=self.now)

    @precondition(lambda self: not self.begun() and self.standing() and self.free_people())
    @rule(data=st.data())
    def grow(self, data):
        party = data.draw(st.sampled_from(self.standing()))
        people = self.free_people()[:1]
        try:
            add_to_party(self.signup(party), people, now=self.now, actor=self.actor)
        except NoSeatToAdd:
            assert not self.line.grow(party.signup_id, people, now=self.now)
            return
        assert self.line.grow(party.signup_id, people, now=self.now)

    @precondition(lambda self: not self.begun())
    @rule(more=st.integers(-2, 3))
    def change_capacity(self, more):
        capacity = max(1, self.line.taken(), self.line.capacity + more)
        change_event(self.event, {"capacity": capacity}, now=self.now, actor=self.actor)
        self.line.capacity = capacity
        self.line.promote(self.now)

    @precondition(lambda self: not self.begun() and self.standing("offered"))
    @rule(data=st.data(), yes=st.booleans())
    def answer(self, data, yes):
        party = data.draw(st.sampled_from(self.standing("offered")))
        offer = open_offer_of(self.signup(party))
        (accept_offer if yes else decline_offer)(offer.id, now=self.now, actor=self.actor)
        self.line.answer(party.signup_id, yes=yes, now=self.now)
        with pytest.raises(DomainError):
            accept_offer(offer.id, now=self.now, actor=self.actor)

    @rule(minutes=st.sampled_from([10, 45, 125, 600]))
    def time_passes(self, minutes):
        self.now += timedelta(minutes=minutes)
        over = [p for p in self.standing("offered") if p.offered_until and p.offered_until <= self.now]
        offers = {p.signup_id: open_offer_of(self.signup(p)) for p in over}
        over.sort(key=lambda p: (offers[p.signup_id].expires_at, offers[p.signup_id].id))
        while expire_offers(now=self.now):
            pass
        while promote_after_quiet_hours(now=self.now):
            pass
        for party in over:
            self.line.answer(party.signup_id, yes=False, now=self.now)
        self.line.promote(self.now)

    @invariant()
    def the_tables_say_what_the_pencil_says(self):
        if not hasattr(self, "event"):
            return
        db.session.rollback()
        for party in self.line.parties.values():
            signup = self.signup(party)
            told = {place.person_id: place.status for place in sorted(signup.places, key=lambda p: p.position)}
            assert told == party.people, party
            assert signup.queue_number == party.number
        recount(db.session.get_one(Event, self.event.id))

    @invariant()
    def whoever_waits_knows_why(self):
        if not hasattr(self, "event"):
            return
        free = self.line.capacity - self.line.taken()
        for party in self.line.waiting():
            why = hold_reason(self.event, self.signup(party), now=self.now)
            assert why is not None
            assert (why == "no-seat") == (free == 0) or self.begun()


def stand(party):
    return [who for who, has in party.people.items() if has in ("confirmed", "waiting", "offered")]


def drive(*, examples: int, steps: int) -> None:
    """The machine itself, for any database."""
    AnyOrder.aigul = factories.coordinator()
    AnyOrder.cast = [factories.employee(f"Омар{number}") for number in range(PEOPLE)]
    AnyOrder.site, AnyOrder.programme = factories.site(), factories.programme()
    how = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        phases=(Phase.generate,),  # to make a failing story shorter takes minutes here
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    run_state_machine_as_test(AnyOrder, settings=how)


@pytest.mark.slow
def test_any_order_of_events_leaves_the_line_as_it_should_be(app: Flask):
    drive(examples=25, steps=20)
