"""Whatever others do in the minute after a change, after the undo the seats are what the tables say, nobody is lost or
doubled, and nobody is told anything twice."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.accounts.actor import Actor
from app.db import db
from app.errors import DomainError
from app.events.models import Event
from app.mail.delivery import deliver_batch
from app.mail.models import Mail
from app.mail.smtp import Post
from app.people.models import Person
from app.rosters.change_errors import SeatsTakenSince
from app.rosters.changing import UNDO_FOR, Wanted, make_change
from app.rosters.undoing import undo_change
from app.signups.cancelling import cancel_place
from app.signups.models import SEATED, STANDING, Place
from app.signups.signing_up import sign_up
from tests import factories
from tests.conftest import empty_tables
from tests.rosters.test_undoing import AIGUL, NOW
from tests.signups.recount import recount

DOINGS = st.tuples(st.sampled_from(["come", "leave"]), st.integers(0, 8))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kind=st.sampled_from(["move", "postpone", "cancel"]),
    capacity=st.integers(1, 4),
    before=st.lists(DOINGS, max_size=8),
    meanwhile=st.lists(DOINGS, max_size=6),
    post=st.booleans(),
)
@pytest.mark.full
def test_seats_are_what_the_tables_say_and_nobody_is_told_twice(app, sink, kind, capacity, before, meanwhile, post):
    empty_tables()
    event, cast = a_cast(capacity)
    for at, doing in enumerate(before):
        do(event, cast, *doing, seconds=at - 100)
    deliver(app, seconds=-1)
    standing = {place.person_id for place in places(event)}
    wanted = Wanted(kind, event.starts_at + timedelta(days=7), event.ends_at + timedelta(days=7))
    change = make_change(event, wanted, now=NOW, actor=AIGUL)
    for at, doing in enumerate(meanwhile):
        standing = do(event, cast, *doing, seconds=at + 1, standing=standing)
    if post:
        deliver(app, seconds=20)
    try:
        undo_change(change, now=NOW + timedelta(seconds=30), actor=AIGUL)
    except SeatsTakenSince:
        assert kind == "move"
        return
    assert {place.person_id for place in places(event)} == standing, "nobody is lost, nobody is doubled"
    assert event.seats_taken == sum(place.status in SEATED for place in places(event))
    recount(event, letters=False)
    deliver(app, seconds=UNDO_FOR.seconds + 1)
    told(event)


def a_cast(capacity: int) -> tuple[Event, list[Person]]:
    """Eight people; half of them are too old for the event a week later, if there were a highest age."""
    event = factories.event(capacity=capacity, promotion="at-once", max_age=40, on_full="waitlist")
    born = [date(1989, 5, 20), date(1995, 1, 1)]
    return event, [factories.employee("Адам", f"Н{n}", birth_date=born[n % 2]) for n in range(9)]


def do(event: Event, cast: list[Person], what: str, who: int, *, seconds: int, standing=frozenset()) -> set[str]:
    """One thing that somebody does, if the rules let them; returns who has a place in their own eyes."""
    person, now = cast[who], NOW + timedelta(seconds=seconds)
    account = factories.account(person)
    actor = Actor(account.id, person.id)
    try:
        if what == "come":
            sign_up(event.id, [person.id], leader_id=person.id, now=now, actor=actor)
            return {*standing, person.id}
        for place in places(event):
            if place.person_id == person.id:
                cancel_place(place, now=now, actor=actor)
                return set(standing) - {person.id}
    except DomainError:
        pass
    return set(standing)


def places(event: Event) -> list[Place]:
    db.session.expire_all()
    return list(db.session.scalars(select(Place).where(Place.event_id == event.id, Place.status.in_(STANDING))))


def deliver(app, *, seconds: int) -> None:
    with Post(app.config) as line:
        while deliver_batch(line, now=NOW + timedelta(seconds=seconds)):
            pass


def told(event: Event) -> None:
    sent = list(db.session.scalars(select(Mail).where(Mail.event_id == event.id, Mail.status == "sent")))
    tickets = Counter(
        (mail.template, mail.recipient, person["ticket"]) for mail in sent for person in mail.context["people"]
    )
    assert all(times == 1 for times in tickets.values()), tickets
    assert not [mail for mail in sent if mail.template in ("signups/event_cancelled", "signups/postponed")]
    seated = {place.printed_ticket for place in places(event) if place.is_confirmed}
    knows = {ticket for (template, _, ticket) in tickets if template in ("signups/confirmed", "signups/promoted")}
    assert seated <= knows, "whoever has a seat was told so"
