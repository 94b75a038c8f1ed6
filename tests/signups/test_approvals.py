"""Whether a party may go is asked by mail and answered once: yes, no with a note, or nobody in time."""

from datetime import timedelta

import pytest

from app import clock
from app.accounts.actor import Actor, Scope
from app.audit.models import AuditEntry
from app.db import db, transaction
from app.errors import NotAllowed
from app.events.models import Event
from app.people.models import Person
from app.signups.approval_errors import ApprovalGone, ApprovalLapsed, ApprovedAlready, RefusedAlready
from app.signups.approving import approve, expire_approvals, refuse
from app.signups.models import SEATED, Approval, Place
from tests import factories
from tests.signups.parties import NOON, all_rows, asked, letters, link, offered, party, words
from tests.signups.test_signing_up import signed_up

TOO_LATE = NOON + timedelta(hours=48)


@pytest.fixture(autouse=True)
def _noon(app, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON)


def approving_event(**fields) -> Event:
    return factories.event(approval="manager", **fields)


def acting(person: Person, *scopes: Scope) -> Actor:
    return Actor(account_id=factories.account(person).id, person_id=person.id, scopes=scopes)


def statuses(approval: Approval) -> list[str]:
    db.session.expire_all()
    return [place.status for place in approval.signup.places]


def counted(event: Event) -> int:
    return db.session.query(Place).filter(Place.event_id == event.id, Place.status.in_(SEATED)).count()


@pytest.mark.full
def test_the_manager_gets_the_question_and_the_leader_hears_that_it_was_asked():
    boss = factories.employee("Бастық", "Бек", language="ru")
    nurlan = factories.employee(manager_id=boss.id, language="en", department="Smelter")
    dina = factories.child(nurlan)
    asked(approving_event(audience="families"), nurlan, dina, manager=boss)
    (question,), (promise,) = letters("approval_asked"), letters("approval_pending")
    assert (question.recipient, promise.recipient) == (boss.email, nurlan.email)
    _, text, html = words(question)
    assert "Сейітқали Нұрлан" in text and "Smelter" in text and "15" in text
    assert "Дина" not in text, "a manager need not know whose child comes along"
    assert html.count("/approvals/") == 1
    assert "/approvals/" not in words(promise)[1]


def test_without_a_managers_address_the_coordinator_is_asked_and_without_one_all_of_the_city():
    mute = factories.employee("Бастық", "Бек", email=None)
    aigul, zhan = factories.coordinator("balkhash"), factories.coordinator("zhezkazgan")
    everywhere = factories.coordinator(None)
    host = factories.employee("Ұйымдастырушы")
    asked(approving_event(), factories.employee(), manager=mute)
    assert {mail.recipient for mail in letters("approval_asked")} == {aigul.email, everywhere.email}
    asked(approving_event(coordinator_id=host.id), factories.employee("Омар"), manager=mute)
    assert {mail.recipient for mail in letters("approval_asked")} == {aigul.email, everywhere.email, host.email}
    assert zhan.email not in {mail.recipient for mail in letters("approval_asked")}


def test_the_manager_approves_by_one_click_and_the_ordinary_confirmation_leaves(client):
    boss = factories.employee("Бастық", "Бек", language="en")
    nurlan, event = factories.employee(), approving_event()
    approval = asked(event, nurlan, manager=boss)
    address, before = link("approval_asked", boss), all_rows()
    for _ in range(2):
        assert client.get(address).status_code == client.head(address).status_code == 200
    assert all_rows() == before, "a mail scanner approves nothing"
    assert client.post(f"{address}/approval").status_code == 303
    assert "Approved" in client.get(address).text
    assert statuses(approval) == ["confirmed"]
    assert (approval.answer, approval.answered_by_id, event.seats_taken) == ("approved", boss.id, 1)
    assert [mail.recipient for mail in letters("confirmed")] == [nurlan.email]
    assert letters("approval_asked") == letters("approval_pending") == [], "what is answered is not asked any more"
    assert db.session.query(AuditEntry).filter_by(verb="approve", object_id=approval.id).count() == 1


def test_a_second_answer_says_what_was_answered(client):
    boss = factories.employee("Бастық", "Бек", language="en")
    asked(approving_event(), factories.employee(), manager=boss)
    address = link("approval_asked", boss)
    client.post(f"{address}/approval")
    before = all_rows()
    for second in ("approval", "refusal"):
        answer = client.post(f"{address}/{second}")
        assert answer.status_code == 409
        assert "This was answered already: the party was approved." in answer.text
    assert all_rows() == before


def test_a_refusal_carries_its_note_to_the_leader_and_frees_the_seats_once(client):
    boss = factories.employee("Бастық", "Бек", language="en")
    nurlan, omar = factories.employee(language="ru"), factories.employee("Омар")
    event = factories.event(capacity=1)
    approval = asked(event, nurlan, manager=boss)
    waiting = party(event, omar)
    address = link("approval_asked", boss)
    assert client.post(f"{address}/refusal", data={"note": "x" * 501}).status_code == 422
    assert statuses(approval) == ["offered"]
    assert client.post(f"{address}/refusal", data={"note": " Furnace 2 is being relined. "}).status_code == 303
    assert (statuses(approval), waiting.status) == (["declined"], "confirmed")
    (letter,) = letters("approval_refused")
    assert "Furnace 2 is being relined." in words(letter)[1]
    assert [mail.recipient for mail in letters("promoted")] == [omar.email]
    assert event.seats_taken == counted(event) == 1


def test_nobody_answers_in_time_so_the_seats_go_on_once_with_one_letter_each():
    nurlan, omar = factories.employee(), factories.employee("Омар")
    event = factories.event(capacity=1)
    approval = asked(event, nurlan)
    waiting = party(event, omar)
    assert not expire_approvals(now=TOO_LATE - timedelta(seconds=1))
    rounds = 0
    while expire_approvals(now=TOO_LATE):
        rounds += 1
    assert rounds == 1
    assert not expire_approvals(now=TOO_LATE)
    assert (approval.answer, statuses(approval), waiting.status) == ("expired", ["declined"], "confirmed")
    assert [mail.recipient for mail in letters("approval_expired")] == [nurlan.email]
    assert [mail.recipient for mail in letters("promoted")] == [omar.email]
    assert event.seats_taken == counted(event) == 1
    assert "/events/" in words(letters("approval_expired")[0])[1]


def test_an_answer_after_the_deadline_is_refused_though_the_worker_slept(client, monkeypatch):
    boss = factories.employee("Бастық", "Бек", language="en")
    approval = asked(approving_event(), factories.employee(), manager=boss)
    with pytest.raises(ApprovalLapsed):
        approve(approval.id, now=TOO_LATE, actor=acting(boss))
    monkeypatch.setattr(clock, "now", lambda: TOO_LATE)
    answer = client.post(f"{link('approval_asked', boss)}/approval")
    assert answer.status_code == 409
    assert "It is too late to answer: the seats went on." in answer.text
    assert statuses(approval) == ["offered"]


def test_of_two_answers_the_first_counts_and_the_second_names_it():
    boss = factories.employee("Бастық", "Бек")
    first, second = (asked(approving_event(), factories.employee(name), manager=boss) for name in ("Омар", "Дана"))
    approve(first.id, now=NOON, actor=acting(boss))
    refuse(second.id, now=NOON, actor=acting(boss))
    with pytest.raises(ApprovedAlready):
        refuse(first.id, now=NOON, actor=acting(boss))
    with pytest.raises(RefusedAlready):
        approve(second.id, now=NOON, actor=acting(boss))
    assert (statuses(first), statuses(second)) == (["confirmed"], ["declined"])
    assert not expire_approvals(now=TOO_LATE)


def test_a_party_that_cancels_leaves_nothing_to_answer(log_in):
    boss, nurlan = factories.employee("Бастық", "Бек"), factories.employee()
    approval = asked(approving_event(), nurlan, manager=boss)
    assert log_in(nurlan).post(f"/signups/{approval.signup_id}/cancellation").status_code == 303
    db.session.expire_all()
    assert approval.answer == "withdrawn"
    with pytest.raises(ApprovalGone):
        approve(approval.id, now=NOON, actor=acting(boss))
    assert statuses(approval) == ["cancelled"]


def test_refusing_leaves_those_alone_who_were_approved_before():
    boss, nurlan, omar = factories.employee("Бастық", "Бек"), factories.employee(), factories.employee("Омар")
    event = factories.event()
    approval = asked(event, nurlan, omar, manager=boss)
    with transaction():
        approval.signup.places[0].status, approval.signup.places[0].awaits = "confirmed", None
    refuse(approval.id, now=NOON, actor=acting(boss))
    assert statuses(approval) == ["confirmed", "declined"]
    assert event.seats_taken == counted(event) == 1


def test_nobody_approves_themselves_and_stan_nobody():
    boss, stan = factories.employee("Бастық", "Бек"), factories.employee("Стан")
    aigul = factories.coordinator("balkhash")
    approval = asked(approving_event(), aigul, manager=boss)
    scope = Scope("coordinator", "balkhash")
    for actor in (acting(stan), acting(aigul, scope), acting(stan, Scope("coordinator", "zhezkazgan"))):
        with pytest.raises(NotAllowed):
            approve(approval.id, now=NOON, actor=actor)
        with pytest.raises(NotAllowed):
            refuse(approval.id, now=NOON, actor=actor)
    assert statuses(approval) == ["offered"]


@pytest.mark.full
def test_the_list_shows_managers_and_coordinators_what_waits_for_them_and_stan_nothing(log_in):
    boss, stan = factories.employee("Бастық", "Бек"), factories.employee("Стан")
    aigul, zhan = factories.coordinator("balkhash"), factories.coordinator("zhezkazgan")
    approval = asked(approving_event(), factories.employee("Нұр", "Нұрлан"), manager=boss)
    for who in (boss, aigul):
        assert approval.signup_id in log_in(who).get("/approvals").text
    for who in (stan, zhan):
        assert approval.signup_id not in log_in(who).get("/approvals").text
        assert log_in(who).post(f"/signups/{approval.signup_id}/approval").status_code == 404
        assert log_in(who).post(f"/signups/{approval.signup_id}/refusal").status_code == 404
    assert log_in(aigul).post(f"/signups/{approval.signup_id}/refusal", data={"note": "x" * 501}).status_code == 422
    assert log_in(boss).post(f"/signups/{approval.signup_id}/approval").status_code == 303
    assert statuses(approval) == ["confirmed"]
    assert approval.signup_id not in log_in(boss).get("/approvals").text
    assert log_in(aigul).post(f"/signups/{approval.signup_id}/refusal").status_code == 409


def test_the_link_of_one_who_coordinates_no_more_is_dead(client):
    aigul = factories.coordinator("balkhash")
    asked(factories.event(approval="coordinator"), factories.employee())
    address = link("approval_asked", aigul)
    assert client.get(address).status_code == 200
    with transaction():
        for grant in db.session.query(factories.Grant):
            grant.revoked_at = NOON
    assert client.get(address).status_code == 404
    assert client.post(f"{address}/approval").status_code == 404


def test_signing_up_where_approval_is_asked_keeps_the_seats_and_confirms_nothing_yet():
    boss = factories.employee("Бастық", "Бек")
    nurlan = factories.employee(manager_id=boss.id)
    event = approving_event(capacity=1)
    signup = signed_up(event, nurlan)
    assert (signup.status, event.seats_taken, letters("confirmed")) == ("offered", 1, [])
    assert [mail.recipient for mail in letters("approval_pending")] == [nurlan.email]
    approval = db.session.query(Approval).filter_by(signup_id=signup.id).one()
    approve(approval.id, now=approval.asked_at, actor=acting(boss))
    assert (signup.status, event.seats_taken, len(letters("confirmed"))) == ("confirmed", 1, 1)


def test_a_taken_offer_still_asks_for_the_approval(client):
    boss = factories.employee("Бастық", "Бек")
    nurlan = factories.employee(manager_id=boss.id, language="en")
    offer = offered(approving_event(), nurlan)
    address = link("offer", nurlan)
    assert client.post(f"{address}/acceptance").status_code == 303
    assert "You are waiting for approval" in client.get(address).text
    assert letters("confirmed") == []
    assert client.post(f"{link('approval_asked', boss)}/approval").status_code == 303
    assert "You have the seat" in client.get(address).text
    assert [place.status for place in offer.signup.places] == ["confirmed"]
