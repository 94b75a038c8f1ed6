"""What other systems are known to get wrong with letters, once each: over HTTP and SMTP."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient

from app.db import db
from app.mail.models import Mail
from app.people.models import Person
from app.tasks.models import Task
from tests import factories
from tests.api.conftest import Program, program
from tests.mail.sink import Sink
from tests.signups.hands import LATE, Hands, aigul, cancel, family, hands, party_of, post, sign_up, statuses
from tests.signups.inviting import invited_school, link_of
from tests.signups.parties import NOON, link
from tests.signups.recount import recount

__all__ = ["aigul", "hands", "post", "program"]

Browse = Callable[[Person], FlaskClient]
Programs = Callable[[Person], Program]


@pytest.mark.parametrize("way", ["all at once", "the father first", "the child first", "by the coordinator", "by HR"])
@pytest.mark.full
def test_a_late_leaver_gets_no_confirmation(way: str, aigul: Person, log_in: Browse, post: Callable, hands: Hands):
    father, mother, dina = family()
    event = factories.event(audience="families")
    assert sign_up(log_in(father), event, father, dina).status_code == 303
    party = party_of(father)
    if way == "all at once":
        log_in(father).post(f"/signups/{party.id}/cancellation")
    elif way == "by the coordinator":
        log_in(aigul).post(f"/signups/{party.id}/cancellation")
    elif way == "by HR":
        cancel(log_in(mother), dina)
        log_in(aigul).post(f"/people/{father.id}/deactivation")
    else:
        for one in (father, dina) if way == "the father first" else (dina, father):
            assert cancel(log_in(father), one).status_code == 303
    db.session.rollback()
    assert event.seats_taken == 0
    sent = post()
    assert not [key for key in sent if key[0] in ("confirmed", "reminders/reminder")]
    if way != "by HR":
        assert ("cancelled", father.email) in sent and ("cancelled", mother.email) in sent


@pytest.mark.full
def test_a_pupil_taken_off_the_schools_list_gets_no_ticket_either(client: FlaskClient, post: Callable, hands: Hands):
    """A pupil who has a parent among the employees: what was to be told to the parent is taken back."""
    school = invited_school(ratio=None)
    mother = factories.employee("Сейітқали", "Әлия")
    dina = factories.child(mother, birth_date=date(2018, 3, 5), institution_id=school.invitation.institution_id)
    address = link_of(school.teacher)
    post()
    assert client.post(f"{address}/known", data={"person": dina.id}).status_code == 303
    (place,) = party_of(dina).standing_places
    page = client.get(f"{address}/people/{place.id}").text
    version = re.search(r'name="version" value="([^"]*)"', page)
    assert version
    assert client.post(f"{address}/people/{place.id}/removal", data={"version": version[1]}).status_code == 303
    assert statuses(dina) == ["cancelled"]
    assert [key for key in post() if key == ("confirmed", mother.email)] == []


@pytest.mark.parametrize("by", ["the school", "the coordinator"])
@pytest.mark.full
def test_a_parent_who_had_the_schools_confirmation_is_told_that_the_pupil_goes_no_longer(
    by: str, client: FlaskClient, log_in: Browse, post: Callable, hands: Hands
):
    school = invited_school(ratio=None)
    mother = factories.employee("Сейітқали", "Әлия")
    dina = factories.child(mother, birth_date=date(2018, 3, 5), institution_id=school.invitation.institution_id)
    address = link_of(school.teacher)
    client.post(f"{address}/known", data={"person": dina.id})
    assert post()["confirmed", mother.email] == 1
    if by == "the school":
        (place,) = party_of(dina).standing_places
        version = re.search(r'name="version" value="([^"]*)"', client.get(f"{address}/people/{place.id}").text)
        assert version
        client.post(f"{address}/people/{place.id}/removal", data={"version": version[1]})
    else:
        invitation = f"/events/{school.event.id}/invitations/{school.invitation.id}"
        assert log_in(school.aigul).post(f"{invitation}/withdrawal").status_code == 303
    assert statuses(dina) == ["cancelled"]
    assert post()["cancelled", mother.email] == 1


@pytest.mark.parametrize("by", ["the father", "the coordinator"])
@pytest.mark.full
def test_a_childs_confirmation_reaches_both_guardians_and_never_the_child(
    by: str, aigul: Person, log_in: Browse, program: Programs, post: Callable, hands: Hands
):
    father, mother, dina = family()
    dina.email = "dina@school.example"
    factories.saved(dina)
    event = factories.event(audience="families")
    if by == "the father":
        assert sign_up(log_in(father), event, dina).status_code == 303
    else:
        wanted = {"participant_ids": [dina.id]}
        assert program(aigul).post(f"/events/{event.id}/signups", json=wanted).status_code == 201
    sent = post()
    assert [sent["confirmed", reader.email] for reader in (father, mother)] == [1, 1]
    assert not [key for key in sent if key[1] == "dina@school.example"]
    asked = [sent["consent_asked", reader.email] for reader in (father, mother)]
    assert asked == ([0, 0] if by == "the father" else [1, 1])


@pytest.mark.full
def test_who_was_declined_for_reads_no_offer_any_more(
    log_in: Browse, client: FlaskClient, post: Callable, hands: Hands
):
    """The mother says no before the father's letter left the house: it doesn't leave any more."""
    event = factories.event(audience="families", capacity=2)
    early = factories.employee("Ерте", "Адам")
    sign_up(log_in(early), event, early, factories.child(early, "Арман"))
    father, mother, dina = family()
    sign_up(log_in(father), event, father, dina)
    hands.move_to(LATE)
    log_in(early).post(f"/signups/{party_of(early).id}/cancellation")
    assert client.post(f"{link('offer', mother)}/refusal").status_code == 303
    assert ("offer", father.email) not in post()


@pytest.mark.full
def test_a_mistyped_address_becomes_a_task_and_holds_no_seat_beyond_the_offer(
    aigul: Person, log_in: Browse, post: Callable, hands: Hands, sink: Sink
):
    event = factories.event(capacity=1, coordinator_id=aigul.id)
    first, dana, omar = (factories.employee(name) for name in ("Бірінші", "Дана", "Омар"))
    for person in (first, dana, omar):
        sign_up(log_in(person), event, person)
    post()
    hands.move_to(LATE)
    cancel(log_in(first), first)
    sink.say("RCPT", dana.email or "", "550 5.1.1 no such user")
    sent = post()
    assert statuses(dana, omar) == ["offered", "waiting"] and sent["offer", dana.email] == 0
    task = db.session.query(Task).filter_by(kind="bad-address").one()
    assert (task.person_id, task.city) == (dana.id, "balkhash")
    hands.move_to(LATE + timedelta(hours=2))
    sent = post()
    assert statuses(dana, omar) == ["declined", "offered"]
    assert sent["offer", omar.email] == 1
    db.session.rollback()
    recount(event)


@pytest.mark.full
def test_a_mistyped_address_holds_a_childs_seat_only_until_the_consent_was_due(
    aigul: Person, log_in: Browse, program: Programs, post: Callable, hands: Hands, sink: Sink
):
    event = factories.event(audience="families", capacity=1, coordinator_id=aigul.id)
    father = factories.employee(email="nurlna@torangy.example")
    dina, dana = factories.child(father), factories.employee("Дана")
    wanted = {"participant_ids": [dina.id]}
    assert program(aigul).post(f"/events/{event.id}/signups", json=wanted).status_code == 201
    sign_up(log_in(dana), event, dana)
    sink.say("RCPT", "nurlna@torangy.example", *["550 5.1.1 no such user"] * 9)
    post()
    assert statuses(dina, dana) == ["confirmed", "waiting"]
    assert db.session.query(Task).filter_by(kind="bad-address").count() == 1
    failed = db.session.query(Mail).filter_by(recipient="nurlna@torangy.example")
    assert {mail.status for mail in failed} <= {"failed", "queued"}, "nothing more is sent there"
    hands.move_to(NOON + timedelta(days=3))
    sent = post()
    assert statuses(dina, dana) == ["cancelled", "confirmed"]
    assert sent["promoted", dana.email] == 1
    db.session.rollback()
    recount(event)


@pytest.mark.full
def test_a_schools_mistyped_address_is_shown_to_the_coordinator(post: Callable, hands: Hands, sink: Sink):
    sink.say("RCPT", "serik@school.example", "550 5.1.1 no such user")
    school = invited_school()
    post()
    task = db.session.query(Task).filter_by(kind="bad-address").one()
    assert task.city == "balkhash" and task.event_id == school.event.id
