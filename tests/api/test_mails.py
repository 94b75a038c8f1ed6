"""Mail by program: letters with their tries, sending again once, addresses that take none."""

from datetime import timedelta

import pytest

from app import clock
from app.accounts.models import Grant
from app.audit.models import AuditEntry
from app.db import db
from app.mail.models import Mail, Suppression
from app.mail.sending_models import MailAttempt
from tests import factories
from tests.mail.letters_sent import letter, sent

pytestmark = pytest.mark.usefixtures("app")


def silent(person, reason="bounced", **more):
    return factories.saved(Suppression(address=person.email.lower(), reason=reason, since=clock.now(), **more))


@pytest.mark.full
def test_one_letter_comes_with_the_servers_answer_and_its_tries(program, stranger):
    mail = sent("m", event_id=factories.event().id, attempts=2)
    at = mail.created_at - timedelta(minutes=5)
    factories.saved(
        MailAttempt(mail_id=mail.id, number=1, at=at, ended_at=at, worker="w", what="refused", code=450, answer="busy")
    )
    ask = program(factories.coordinator())
    found = ask.get(f"/mails/{mail.id}").json
    assert (found["answer_code"], found["answer"], found["status"]) == (250, "OK 4711", "sent")
    assert "context" not in found
    tries = ask.get(f"/mails/{mail.id}/attempts").json
    assert [(one["number"], one["what"], one["code"]) for one in tries["items"]] == [
        (1, "refused", 450),
        (2, "taken", 250),
    ]
    assert stranger.get(f"/mails/{mail.id}").status_code == 401
    assert ask.get("/mails/nosuchletter").status_code == 404


def test_nobody_else_sees_it(program):
    mine, other = factories.event(), factories.event()
    mail = sent("m", event_id=mine.id)
    for_other = factories.employee("Бір", "Күн")
    factories.account(for_other, "coordinator", event_id=other.id)
    for who, status in (
        (factories.coordinator("zhezkazgan"), 404), (for_other, 404), (factories.employee(), 403),
        (factories.admin(), 200),
    ):  # fmt: skip
        for path in (f"/mails/{mail.id}", f"/mails/{mail.id}/attempts"):
            assert program(who).get(path).status_code == status
        if status != 200:
            assert program(who).post(f"/mails/{mail.id}/resending").status_code == status


def test_a_letter_is_sent_again_once_however_often_it_is_asked(program):
    mail = sent("m", event_id=factories.event().id)
    ask = program(factories.coordinator())
    answers = [ask.post(f"/mails/{mail.id}/resending", headers={"Idempotency-Key": "once"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json == answers[1].json and answers[0].json["again_of_id"] == mail.id
    assert db.session.query(Mail).count() == 2


def test_a_failed_letter_is_tried_again_itself_and_refusals_have_their_type(program):
    event = factories.event()
    failed, waits = letter("f", status="failed", event_id=event.id), letter("w", event_id=event.id)
    ask = program(factories.coordinator())
    assert ask.post(f"/mails/{failed.id}/resending").json["id"] == failed.id
    refused = ask.post(f"/mails/{waits.id}/resending")
    assert (refused.status_code, refused.json["type"]) == (409, "mail-not-sent")


def test_who_stands_in_is_written_down_as_standing_in(program):
    lender, deputy = factories.coordinator(), factories.employee("Орын", "Басар")
    account, lent_by = factories.account(deputy), factories.account(lender)
    values = {"city": "balkhash", "granted_at": clock.now(), "scope_key": "lent", "lent_by_id": lent_by.id}
    factories.saved(Grant(account_id=account.id, role="coordinator", **values))
    row = silent(factories.employee())
    assert program(deputy).post(f"/suppressions/{row.id}/removal").status_code == 204
    entry = db.session.query(AuditEntry).filter_by(verb="lift_suppression").one()
    assert (entry.actor_account_id, entry.for_account_id) == (account.id, lent_by.id)


def test_addresses_that_take_no_mail_are_those_of_ones_own_people(program, stranger):
    nurlan, stan = factories.employee(email="Nurlan@torangy.example"), factories.employee("Стан", city="zhezkazgan")
    mine, other = silent(nurlan), silent(stan)
    ask = program(factories.coordinator())
    assert [one["id"] for one in ask.get("/suppressions").json["items"]] == [mine.id]
    assert len(program(factories.admin()).get("/suppressions").json["items"]) == 2
    assert ask.get(f"/suppressions?address={stan.email}").json["items"] == []
    assert ask.get("/suppressions?reason=complained").json["items"] == []
    assert ask.get("/suppressions?reason=forgotten").status_code == 422
    assert ask.post(f"/suppressions/{other.id}/removal").status_code == 404
    assert stranger.get("/suppressions").status_code == 401
    assert program(nurlan).get("/suppressions").status_code == 403


def test_a_mended_mailbox_gets_letters_again_and_a_readers_wish_stands(program):
    nurlan = factories.employee()
    bounced, unwanted = silent(nurlan), silent(nurlan, "unsubscribed", kind="reminder")
    ask = program(factories.coordinator())
    assert ask.post(f"/suppressions/{bounced.id}/removal").status_code == 204
    refused = ask.post(f"/suppressions/{unwanted.id}/removal")
    assert (refused.status_code, refused.json["type"]) == (409, "suppression-readers-own")
    assert [row.id for row in db.session.query(Suppression)] == [unwanted.id]
    assert db.session.query(AuditEntry).filter_by(verb="lift_suppression").count() == 1
