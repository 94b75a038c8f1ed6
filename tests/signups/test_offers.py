"""From a day before the start a freed seat is offered: answered once, run out, kept at night."""

from datetime import timedelta

import pytest

from app.accounts.actor import SYSTEM
from app.audit.models import AuditEntry
from app.db import db, transaction
from app.rosters.postponing import postpone_event
from app.signups.cancelling import cancel_signup, free_seats_of
from app.signups.models import Offer, Place, QueueMove
from app.signups.moves import hold_reason, story_of
from app.signups.offering import (
    OfferGone,
    accept_offer,
    decline_offer,
    expire_offers,
    open_offer_of,
    promote_after_quiet_hours,
)
from tests import factories
from tests.signups.test_queue import coordinating, counted, letters
from tests.signups.test_signing_up import NOW, acting, signed_up

pytestmark = pytest.mark.usefixtures("app")

# The event begins at 09:00 in Balkhash; eleven o'clock the day before, and midnight.
LATE = factories.SATURDAY - timedelta(hours=22)
NIGHT = factories.SATURDAY - timedelta(hours=10)
MORNING = factories.SATURDAY - timedelta(minutes=55)


@pytest.fixture
def queue():
    """One seat, Nurlan in it, Dana and Omar waiting in this order."""
    event = factories.event(capacity=1)
    people = [factories.employee(), factories.employee("Дана"), factories.employee("Омар")]
    return event, people, [signed_up(event, person) for person in people]


def freed(queue, *, now):
    event, people, parties = queue
    cancel_signup(parties[0], now=now, actor=acting(people[0]))
    return event, people, parties


def moves():
    return [(move.kind, move.reason) for move in db.session.query(QueueMove).order_by(QueueMove.number)]


def test_a_day_before_a_freed_seat_is_offered_with_a_deadline(queue):
    event, (_, dana, _), (_, second, third) = freed(queue, now=LATE)
    offer = open_offer_of(second)
    assert (second.status, third.status) == ("offered", "waiting")
    assert offer.expires_at == LATE + timedelta(hours=2)
    assert second.places[0].offer_expires_at == offer.expires_at
    assert event.seats_taken == 1 and event.people_waiting == 1
    assert [mail.recipient for mail in letters("offer")] == [dana.email]
    assert not letters("promoted")


def test_earlier_it_is_given_at_once(queue):
    _, _, (_, second, _) = freed(queue, now=LATE - timedelta(hours=3))
    assert second.status == "confirmed"
    assert len(letters("promoted")) == 1


@pytest.mark.parametrize(("promotion", "status"), [("at-once", "confirmed"), ("offer", "offered")])
def test_an_event_may_say_always_or_never(promotion, status):
    event = factories.event(capacity=1, promotion=promotion)
    people = [factories.employee(), factories.employee("Дана")]
    first, second = [signed_up(event, person) for person in people]
    cancel_signup(first, now=LATE if promotion == "at-once" else NOW + timedelta(hours=9), actor=acting(people[0]))
    assert second.status == status


def test_an_accepted_offer_is_a_seat_and_can_not_be_accepted_twice(queue):
    event, (_, dana, _), (_, second, _) = freed(queue, now=LATE)
    offer = open_offer_of(second)
    accept_offer(offer.id, now=LATE, actor=acting(dana))
    assert second.status == "confirmed" and event.seats_taken == counted(event) == 1
    assert (offer.answer, offer.answered_by_id) == ("accepted", dana.id)
    for again in (accept_offer, decline_offer):
        with pytest.raises(OfferGone):
            again(offer.id, now=LATE, actor=acting(dana))
    assert second.status == "confirmed"
    assert len([mail for mail in letters("confirmed") if mail.recipient == dana.email]) == 1


def test_a_declined_offer_goes_to_the_next(queue):
    event, (_, dana, omar), (_, second, third) = freed(queue, now=LATE)
    assert decline_offer(open_offer_of(second).id, now=LATE, actor=acting(dana)) == [third]
    assert (second.status, second.places[0].status, third.status) == ("cancelled", "declined", "offered")
    assert second.cancelled_at == LATE and event.seats_taken == 1
    assert sorted(mail.recipient for mail in letters("offer")) == sorted([dana.email, omar.email])
    assert moves() == [("offered", "own"), ("declined", ""), ("offered", "offer-declined")]


def test_an_offer_that_ran_out_goes_to_the_next_once(queue):
    _, (_, dana, _), (_, second, third) = freed(queue, now=LATE)
    over = LATE + timedelta(hours=2)
    assert not expire_offers(now=over - timedelta(seconds=1))
    with pytest.raises(OfferGone):
        accept_offer(open_offer_of(second).id, now=over, actor=acting(dana))
    assert expire_offers(now=over) and not expire_offers(now=over)
    assert (second.status, third.status) == ("cancelled", "offered")
    assert [mail.recipient for mail in letters("offer_expired")] == [dana.email]
    assert db.session.query(Offer).filter_by(answer="expired").count() == 1
    assert db.session.query(AuditEntry).filter_by(verb="expire_offer").count() == 1


def test_at_night_nobody_is_woken_and_in_the_morning_the_seat_is_offered(queue):
    event, _, (_, second, _) = freed(queue, now=NIGHT)
    assert second.status == "waiting" and event.seats_taken == 0
    assert hold_reason(event, second, now=NIGHT) == "quiet-hours"
    assert not promote_after_quiet_hours(now=NIGHT)
    assert promote_after_quiet_hours(now=MORNING) and not promote_after_quiet_hours(now=MORNING)
    assert open_offer_of(second).expires_at == event.starts_at


def test_who_comes_at_night_does_not_take_the_seat_that_is_kept_for_the_queue(queue):
    event, _, _ = freed(queue, now=NIGHT)
    late = factories.employee("Кеш")
    assert signed_up(event, late, now=NIGHT).status == "waiting"


def test_somebody_who_signs_up_when_the_queue_is_empty_gets_the_seat_itself(queue):
    event, (_, dana, omar), (_, second, third) = freed(queue, now=LATE)
    decline_offer(open_offer_of(second).id, now=LATE, actor=acting(dana))
    decline_offer(open_offer_of(third).id, now=LATE, actor=acting(omar))
    assert signed_up(event, factories.employee("Кеш"), now=LATE).status == "confirmed"


def test_a_leaver_with_an_open_offer_is_passed_by_and_gets_no_letter(queue):
    event, (_, dana, _), (_, second, third) = freed(queue, now=LATE)
    offer = open_offer_of(second)
    assert free_seats_of(dana, reason="left", now=LATE, actor=SYSTEM) == [third]
    assert offer.answer == "withdrawn"
    with pytest.raises(OfferGone):
        accept_offer(offer.id, now=LATE, actor=acting(dana))
    assert {mail.status for mail in letters("offer") if mail.recipient == dana.email} == {"cancelled"}
    assert event.seats_taken == 1 and event.people_waiting == 0


def test_a_postponed_event_takes_its_offers_back_to_the_queue(queue):
    event, _, (_, second, _) = freed(queue, now=LATE)
    postpone_event(event, now=LATE, actor=coordinating(factories.coordinator()))
    assert second.status == "waiting" and event.seats_taken == 0 and event.people_waiting == 2
    assert db.session.query(Offer).one().answer == "withdrawn"


def test_the_queue_tells_its_story(queue):
    _, people, parties = queue
    cancel_signup(parties[1], now=NOW, actor=acting(people[1]))
    cancel_signup(parties[0], now=NOW + timedelta(hours=1), actor=acting(people[0]))
    told = [(s.kind, s.people, s.reason, s.position_before, s.position_after) for s in story_of(parties[2])]
    assert told == [("seated", 1, "own", 1, None), ("moved_up", 1, "own", 2, 1), ("joined", 1, "", None, 2)]


@pytest.mark.full
def test_a_larger_party_is_passed_over_at_most_as_often_as_the_event_says():
    factories.consent_texts()
    event = factories.event(capacity=4, audience="families", pass_limit=1)
    singles = [factories.employee(f"Бір{n}") for n in range(4)]
    seated = [signed_up(event, person) for person in singles]
    parent = factories.employee("Дана")
    children = [factories.child(parent, name) for name in ("Дина", "Арман")]
    family = signed_up(event, parent, *children, consents=tuple(children))
    behind = [signed_up(event, factories.employee(f"Омар{n}")) for n in range(2)]
    cancel_signup(seated[0], now=NOW, actor=acting(singles[0]))
    assert [party.status for party in (family, *behind)] == ["waiting", "confirmed", "waiting"]
    cancel_signup(seated[1], now=NOW, actor=acting(singles[1]))
    assert [party.status for party in (family, *behind)] == ["waiting", "confirmed", "waiting"]
    assert hold_reason(event, behind[1], now=NOW) == "kept-for-first"
    assert hold_reason(event, family, now=NOW) == "too-large"
    newcomer = signed_up(event, factories.employee("Кеш"))
    assert newcomer.status == "waiting", "who comes now does not overtake either"
    for number in (2, 3):
        cancel_signup(seated[number], now=NOW, actor=acting(singles[number]))
    assert family.status == "confirmed" and event.seats_taken == counted(event) == 4
    told = [story.kind for story in story_of(family)]
    assert told == ["seated", "passed", "joined"]


def test_an_accepting_family_is_offered_what_there_is_and_asked_anew_for_more():
    factories.consent_texts()
    event = factories.event(capacity=2, audience="families", promotion="offer")
    singles = [factories.employee(f"Бір{n}") for n in range(2)]
    seated = [signed_up(event, person) for person in singles]
    parent = factories.employee("Дана")
    dina = factories.child(parent)
    family = signed_up(event, dina, parent, consents=(dina,), leader=parent, accept_fewer=True)
    day = NOW + timedelta(hours=9)
    cancel_signup(seated[0], now=day, actor=acting(singles[0]))
    assert [place.status for place in family.places] == ["waiting", "offered"], "a child never goes alone"
    first = open_offer_of(family)
    cancel_signup(seated[1], now=day, actor=acting(singles[1]))
    assert {place.status for place in family.places} == {"offered"}
    assert first.answer == "withdrawn"
    accept_offer(open_offer_of(family).id, now=day, actor=acting(parent))
    assert counted(event) == event.seats_taken == 2
    assert db.session.query(Place).filter(Place.awaits.is_not(None)).count() == 0


def test_somebody_who_left_the_company_is_not_promoted_though_the_file_is_still_being_read(queue):
    event, (nurlan, dana, _), (first, second, third) = queue
    with transaction():
        dana.deactivated_at = NOW
    assert cancel_signup(first, now=NOW, actor=acting(nurlan)) == [third]
    assert (second.status, third.status) == ("cancelled", "confirmed")
    assert event.seats_taken == counted(event) == 1 and event.people_waiting == 0
    assert not [mail for mail in letters("promoted") if mail.recipient == dana.email]
