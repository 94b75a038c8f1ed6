"""Signing up: oneself, one's children, with consent; refusals with their rule."""

from datetime import timedelta

import pytest

from app.accounts.actor import Actor
from app.audit.models import AuditEntry
from app.consents.models import Consent
from app.db import db, transaction
from app.errors import NotFound
from app.events.models import Event
from app.mail.models import Mail
from app.people.models import Person
from app.signups.errors import (
    AlreadySignedUp,
    ConsentMissing,
    EventFull,
    NobodyChosen,
    NotForAdultsAlone,
    NotForChildren,
    NotYours,
    OnlyByInstitution,
    Overlap,
    SignUpClosed,
    SignUpNotOpenYet,
    TooYoung,
    UnknownSize,
)
from app.signups.models import Place
from app.signups.operations import Answers, sign_up
from tests import factories

NOW = factories.LONG_AGO + timedelta(days=30)
pytestmark = pytest.mark.usefixtures("app")


def acting(person: Person) -> Actor:
    account = factories.account(person)
    return Actor(account_id=account.id, person_id=person.id, language="ru", city=person.city)


def signed_up(event: Event, *people: Person, consents: tuple[Person, ...] = (), leader=None, now=NOW, **options):
    leader = leader or people[0]
    answers = Answers(consents=[child.id for child in consents])
    ids = [person.id for person in people]
    return sign_up(event.id, ids, leader_id=leader.id, actor=acting(leader), now=now, answers=answers, **options)


def test_an_employee_gets_a_seat_a_ticket_a_letter_and_an_audit_entry():
    nurlan, event = factories.employee(), factories.event()
    signup = signed_up(event, nurlan)
    assert signup.status == "confirmed"
    assert event.seats_taken == 1
    assert len(signup.places[0].ticket) == 8
    letter = db.session.query(Mail).one()
    assert (letter.template, letter.recipient, letter.status) == ("signups/confirmed", nurlan.email, "queued")
    assert letter.calendar["method"] == "REQUEST"
    assert db.session.query(AuditEntry).filter_by(verb="sign_up", object_id=signup.id).count() == 1


def test_a_parent_takes_a_child_with_consent_bound_to_the_plan():
    factories.consent_texts()
    nurlan = factories.employee()
    dina = factories.child(nurlan, age=13)
    event = factories.event(audience="children", site=factories.site(kind="smelter", min_age=12))
    signup = signed_up(event, nurlan, dina, consents=(dina,))
    roles = {place.person_id: place.role for place in signup.places}
    assert roles == {nurlan.id: "escort", dina.id: "participant"}
    consent = db.session.query(Consent).one()
    assert (consent.child_id, consent.guardian_id, consent.language) == (dina.id, nurlan.id, "ru")
    assert consent.bound_to["site_kind"] == "smelter"
    assert db.session.query(Mail).count() == 1


def test_a_child_without_consent_is_refused_and_nothing_is_changed():
    factories.consent_texts()
    nurlan = factories.employee()
    dina = factories.child(nurlan)
    event = factories.event(audience="families")
    with pytest.raises(ConsentMissing):
        signed_up(event, nurlan, dina)
    assert event.seats_taken == 0
    assert db.session.query(Place).count() == 0
    assert db.session.query(Mail).count() == 0


def test_a_coordinator_may_sign_a_child_up_and_the_consent_is_due_later():
    factories.consent_texts()
    aigul = factories.coordinator()
    nurlan = factories.employee()
    dina = factories.child(nurlan)
    event = factories.event(audience="children")
    account = factories.account(aigul)
    from app.accounts.actor import Scope

    actor = Actor(account_id=account.id, person_id=aigul.id, scopes=(Scope("coordinator", "balkhash"),))
    answers = Answers(consent_may_follow=True)
    signup = sign_up(event.id, [dina.id], leader_id=nurlan.id, actor=actor, now=NOW, answers=answers)
    assert signup.places[0].consent_due_at == NOW + timedelta(days=3)


def test_the_whole_party_waits_when_it_does_not_fit_as_a_whole():
    event = factories.event(capacity=2)
    signed_up(event, factories.employee())
    nurlan = factories.employee()
    factories.consent_texts()
    with transaction():
        event.audience = "families"
    dina = factories.child(nurlan)
    signup = signed_up(event, nurlan, dina, consents=(dina,))
    assert {place.status for place in signup.places} == {"waiting"}
    assert event.seats_taken == 1
    assert db.session.query(Mail).filter_by(template="signups/waiting").one().context["position"] == 1


def test_a_party_that_accepts_fewer_takes_what_there_is():
    factories.consent_texts()
    event = factories.event(capacity=1, audience="families")
    nurlan = factories.employee()
    dina = factories.child(nurlan)
    signup = signed_up(event, nurlan, dina, consents=(dina,), accept_fewer=True)
    assert [place.status for place in signup.places] == ["confirmed", "waiting"]
    assert event.seats_taken == 1


def test_a_full_event_without_a_queue_refuses():
    event = factories.event(capacity=1, on_full="refuse")
    signed_up(event, factories.employee())
    with pytest.raises(EventFull):
        signed_up(event, factories.employee())


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"status": "closed"}, SignUpClosed),
        ({"status": "completed"}, SignUpClosed),
        ({"signup_opens_at": NOW + timedelta(hours=1)}, SignUpNotOpenYet),
        ({"signup_closes_at": NOW}, SignUpClosed),
        ({"date_precision": "month"}, SignUpClosed),
        ({"audience": "institution"}, OnlyByInstitution),
        ({"audience": "children"}, NotForAdultsAlone),
        ({"status": "draft"}, NotFound),
    ],
)
def test_an_event_that_takes_nobody_says_why(changes, error):
    event = factories.event(**changes)
    with pytest.raises(error):
        signed_up(event, factories.employee())
    assert event.seats_taken == 0


def test_the_same_person_is_signed_up_once():
    event, nurlan = factories.event(), factories.employee()
    signed_up(event, nurlan)
    with pytest.raises(AlreadySignedUp):
        signed_up(event, nurlan)


def test_two_events_at_the_same_time_overlap_and_two_in_a_row_do_not():
    nurlan = factories.employee()
    first = factories.event()
    signed_up(first, nurlan)
    with pytest.raises(Overlap):
        signed_up(factories.event(starts_at=first.ends_at - timedelta(minutes=1)), nurlan)
    assert signed_up(factories.event(starts_at=first.ends_at), nurlan).status == "confirmed"


def test_arman_is_too_young_for_the_smelter_until_his_birthday():
    factories.consent_texts()
    nurlan = factories.employee()
    site = factories.site(kind="smelter", min_age=12)
    event = factories.event(audience="children", site=site)
    birthday = event.local_date.replace(year=event.local_date.year - 12)
    arman = factories.child(nurlan, "Арман", birth_date=birthday + timedelta(days=1))
    dina = factories.child(nurlan, "Дина", birth_date=birthday)
    with pytest.raises(TooYoung):
        signed_up(event, nurlan, arman, consents=(arman,))
    assert signed_up(event, nurlan, dina, consents=(dina,)).status == "confirmed"


def test_children_do_not_come_to_an_event_for_adults():
    factories.consent_texts()
    nurlan = factories.employee()
    dina = factories.child(nurlan)
    with pytest.raises(NotForChildren):
        signed_up(factories.event(), nurlan, dina, consents=(dina,))


def test_stan_cannot_sign_nurlans_child_up():
    factories.consent_texts()
    stan, nurlan = factories.employee("Стан", "Стэн"), factories.employee()
    dina = factories.child(nurlan)
    event = factories.event(audience="families")
    with pytest.raises(NotYours):
        signed_up(event, stan, dina, consents=(dina,))


def test_an_empty_party_is_refused():
    nurlan, event = factories.employee(), factories.event()
    with pytest.raises(NobodyChosen):
        sign_up(event.id, [], leader_id=nurlan.id, actor=acting(nurlan), now=NOW)


def test_a_size_that_no_shirt_comes_in_is_refused():
    nurlan, event = factories.employee(), factories.event()
    refused = Answers(sizes={nurlan.id: "<b>"})
    with pytest.raises(UnknownSize):
        sign_up(event.id, [nurlan.id], leader_id=nurlan.id, actor=acting(nurlan), now=NOW, answers=refused)
    assert event.seats_taken == 0
    unusual = Answers(sizes={nurlan.id: "5XL"}, unusual_sizes={"5XL"})
    signup = sign_up(event.id, [nurlan.id], leader_id=nurlan.id, actor=acting(nurlan), now=NOW, answers=unusual)
    assert signup.places[0].tshirt_size == "5XL"
