"""A party changes later: somebody more, somebody else, another order; under the same rules."""

import pytest

from app.db import db
from app.errors import NotAllowed
from app.signups.cancelling import cancel_signup
from app.signups.changing import NoSeatToAdd, WrongOrder, add_to_party, reorder_party, replace_in_party
from app.signups.errors import AlreadySignedUp, EventHasBegun, NotYours
from app.signups.models import Place, QueueMove
from app.signups.moves import story_of
from app.signups.operations import Answers, cancel_place
from tests import factories
from tests.signups.test_queue import counted, letters
from tests.signups.test_signing_up import NOW, acting, signed_up

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def family():
    """Nurlan with Dina and Arman."""
    factories.consent_texts()
    nurlan = factories.employee()
    return nurlan, factories.child(nurlan), factories.child(nurlan, "Арман")


def agreed(*children):
    return Answers(consents=[child.id for child in children])


def names(signup):
    return [place.person.given_name for place in sorted(signup.standing_places, key=lambda place: place.position)]


def test_a_seated_party_grows_while_seats_are_free(family):
    nurlan, dina, _ = family
    event = factories.event(capacity=2, audience="families")
    party = signed_up(event, nurlan)
    add_to_party(party, [dina.id], answers=agreed(dina), now=NOW, actor=acting(nurlan))
    assert names(party) == ["Нұрлан", "Дина"] and party.status == "confirmed"
    assert event.seats_taken == counted(event) == 2
    assert len(letters("confirmed")) == 2


def test_a_seated_party_does_not_overtake_the_queue(family):
    nurlan, dina, _ = family
    event = factories.event(capacity=2, audience="families")
    party, other = signed_up(event, nurlan), signed_up(event, factories.employee("Дана"))
    with pytest.raises(NoSeatToAdd):
        add_to_party(party, [dina.id], answers=agreed(dina), now=NOW, actor=acting(nurlan))
    assert (party.status, other.status, event.seats_taken) == ("confirmed", "confirmed", 2)
    assert db.session.query(Place).count() == 2


def test_a_waiting_party_that_grows_goes_to_the_end(family):
    nurlan, dina, _ = family
    event = factories.event(capacity=2, audience="families")
    seated = [factories.employee(f"Бір{n}") for n in range(2)]
    parties = [signed_up(event, person) for person in seated]
    party = signed_up(event, nurlan)
    behind = signed_up(event, factories.employee("Дана"))
    add_to_party(party, [dina.id], answers=agreed(dina), now=NOW, actor=acting(nurlan))
    assert party.queue_number > behind.queue_number and party.waiting == 2 and event.people_waiting == 3
    assert [(s.kind, s.position_before, s.position_after) for s in story_of(party)] == [
        ("grew", 1, 2),
        ("joined", None, 1),
    ]
    assert [(s.kind, s.position_before, s.position_after) for s in story_of(behind)] == [
        ("moved_up", 2, 1),
        ("joined", None, 2),
    ]
    cancel_signup(parties[0], now=NOW, actor=acting(seated[0]))
    assert (behind.status, party.status) == ("confirmed", "waiting")


def test_another_takes_over_the_seat_and_nobody_is_promoted(family):
    nurlan, dina, arman = family
    event = factories.event(capacity=2, audience="families")
    party = signed_up(event, nurlan, dina, consents=(dina,))
    waiting = signed_up(event, factories.employee("Дана"))
    old = party.places[1]
    new = replace_in_party(old, arman.id, answers=agreed(arman), now=NOW, actor=acting(nurlan))
    assert names(party) == ["Нұрлан", "Арман"] and waiting.status == "waiting"
    assert (old.status, old.cancel_reason, new.status) == ("cancelled", "replaced", "confirmed")
    assert new.ticket != old.ticket
    assert event.seats_taken == counted(event) == 2
    assert len(letters("cancelled")) == 1


def test_another_takes_over_the_place_in_the_queue(family):
    nurlan, dina, arman = family
    event = factories.event(capacity=2, audience="families")
    for number in range(2):
        signed_up(event, factories.employee(f"Бір{number}"))
    party = signed_up(event, nurlan, dina, consents=(dina,))
    number = party.queue_number
    replace_in_party(party.places[1], arman.id, answers=agreed(arman), now=NOW, actor=acting(nurlan))
    assert (party.queue_number, party.waiting, event.people_waiting) == (number, 2, 2)
    assert db.session.query(QueueMove).count() == 0


def test_a_smaller_waiting_party_fits_and_is_promoted(family):
    nurlan, dina, _ = family
    event = factories.event(capacity=2, audience="families")
    seated = signed_up(event, factories.employee("Бір"))
    party = signed_up(event, nurlan, dina, consents=(dina,))
    assert party.waiting == 2
    cancel_place(party.places[1], now=NOW, actor=acting(nurlan))
    assert party.status == "confirmed" and party.waiting == 0 and event.people_waiting == 0
    assert seated.status == "confirmed" and event.seats_taken == 2


def test_the_order_of_preference_decides_who_goes_first(family):
    nurlan, dina, arman = family
    event = factories.event(capacity=3, audience="families")
    seated = [factories.employee(f"Бір{n}") for n in range(3)]
    parties = [signed_up(event, person) for person in seated]
    party = signed_up(event, nurlan, dina, arman, consents=(dina, arman), accept_fewer=True)
    reorder_party(party, [arman.id, nurlan.id, dina.id], now=NOW, actor=acting(nurlan))
    for number in range(2):
        cancel_signup(parties[number], now=NOW, actor=acting(seated[number]))
    seats = {place.person.given_name for place in party.places if place.is_confirmed}
    assert seats == {"Нұрлан", "Арман"}
    with pytest.raises(WrongOrder):
        reorder_party(party, [arman.id, nurlan.id], now=NOW, actor=acting(nurlan))


def test_the_rules_of_signing_up_hold_for_changes_too(family):
    nurlan, dina, arman = family
    event = factories.event(audience="families")
    party = signed_up(event, nurlan, dina, consents=(dina,))
    stan = factories.employee("Стан")
    with pytest.raises(AlreadySignedUp):
        add_to_party(party, [dina.id], answers=agreed(dina), now=NOW, actor=acting(nurlan))
    with pytest.raises(NotYours):
        add_to_party(party, [stan.id], now=NOW, actor=acting(nurlan))
    with pytest.raises(NotAllowed):
        add_to_party(party, [stan.id], now=NOW, actor=acting(stan))
    with pytest.raises(EventHasBegun):
        add_to_party(party, [arman.id], answers=agreed(arman), now=event.starts_at, actor=acting(nurlan))
    assert len(party.standing_places) == 2 and event.seats_taken == 2
