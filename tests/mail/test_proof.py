"""What became of each letter can be seen and proven, and by nobody who has no business with it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.accounts.actor import Actor
from app.accounts.models import Grant
from app.audit.models import AuditEntry
from app.db import db, transaction
from app.events.mail_facts import event_facts
from app.events.models import Event
from app.mail.models import Mail
from app.mail.outbox import Recipient, mail_row, queue_mails
from app.mail.purging import purge_mails
from app.mail.sending_models import MailAttempt
from app.people.models import Person
from app.signups.cancelling import cancel_signup
from app.signups.signing_up import sign_up
from tests import factories
from tests.mail.letters_sent import letter, sent

LogIn = Callable[[Person], FlaskClient]
DAY = timedelta(days=1)


def message(event: Event, to: Person, text: str = "Bring gloves.", **more: Any) -> Mail:
    """A coordinator's message as the worker left it."""
    said = {"subject": {"en": "News"}, "words": {"en": text}, "footer": {"en": "Aigul"}}
    context = said | {"event": event_facts(event), "name": to.given_name, "people": [], "url": f"/events/{event.id}"}
    return sent(f"message:{to.id}", event_id=event.id, person_id=to.id, context=context, language="en", **more)


def test_the_pages_of_an_event_and_of_a_person_list_their_letters_alone(app: Flask, log_in: LogIn):
    event, other = factories.event(), factories.event()
    nurlan, saule = factories.employee(), factories.employee("Сәуле", "Ахмет")
    sent("one", event_id=event.id, person_id=nurlan.id)
    sent("two", event_id=event.id, person_id=saule.id)
    sent("three", event_id=other.id, person_id=nurlan.id)
    aigul = log_in(factories.coordinator())
    about, to = aigul.get(f"/events/{event.id}/mails").text, aigul.get(f"/people/{nurlan.id}/mails").text
    assert [key for key in ("one", "two", "three") if f"{key}@" in about] == ["one", "two"]
    assert to.count('class="ledger') == 1 and to.count("/mails/") >= 2 and other.title["kk"] in to
    assert "two@" not in to
    assert "one@" not in aigul.get(f"/events/{event.id}/mails?status=failed").text


def test_letters_about_a_child_are_found_with_its_guardians(app: Flask, log_in: LogIn):
    nurlan = factories.employee()
    dina = factories.child(nurlan)
    page = log_in(factories.coordinator()).get(f"/people/{dina.id}/mails").text
    assert f"/people/{nurlan.id}/mails" in page


def test_who_has_no_business_with_a_letter_finds_none(app: Flask, client: FlaskClient, log_in: LogIn):
    event, nurlan = factories.event(), factories.employee()
    mail = sent("m", event_id=event.id, person_id=nurlan.id)
    pages = [f"/events/{event.id}/mails", f"/people/{nurlan.id}/mails", f"/mails/{mail.id}", f"/mails/{mail.id}/letter"]
    assert [client.get(page).status_code for page in pages] == [303] * 4
    assert [log_in(nurlan).get(page).status_code for page in pages] == [403] * 4
    zhan = log_in(factories.coordinator("zhezkazgan"))
    assert [zhan.get(page).status_code for page in pages] == [403, 404, 404, 404]
    assert zhan.post(f"/mails/{mail.id}/resending").status_code == 404


def test_a_role_for_one_event_opens_its_letters_and_no_others(app: Flask, log_in: LogIn):
    mine, other = factories.event(), factories.event()
    helper = factories.employee("Бір", "Күн")
    factories.account(helper, "coordinator", event_id=mine.id)
    first, second = sent("a", event_id=mine.id), sent("b", event_id=other.id)
    browser = log_in(helper)
    assert browser.get(f"/mails/{first.id}").status_code == 200
    assert browser.get(f"/events/{mine.id}/mails").status_code == 200
    assert browser.get(f"/mails/{second.id}").status_code == 404
    assert browser.get(f"/events/{other.id}/mails").status_code == 403


@pytest.mark.full
def test_who_stands_in_reads_for_whom_they_stand_in(app: Flask, log_in: LogIn):
    lender, deputy, event = factories.coordinator(), factories.employee("Орын", "Басар"), factories.event()
    account, lent_by = factories.account(deputy), factories.account(lender)
    values = {"city": "balkhash", "granted_at": clock.now(), "scope_key": "lent", "lent_by_id": lent_by.id}
    factories.saved(Grant(account_id=account.id, role="coordinator", **values))
    mail = message(event, factories.employee())
    assert log_in(deputy).get(f"/mails/{mail.id}/letter").status_code == 200
    entry = db.session.query(AuditEntry).filter_by(verb="read_letter").one()
    assert (entry.actor_account_id, entry.for_account_id) == (account.id, lent_by.id)


def test_each_try_and_what_the_server_said_is_shown(app: Flask, log_in: LogIn):
    mail = sent("m", event_id=factories.event().id, attempts=3)
    for number, (what, code, answer) in enumerate(
        [("refused", 450, "4.2.1 busy, <b>later</b>"), ("died", None, "its worker ended")], start=1
    ):
        at = mail.created_at - timedelta(hours=3 - number)
        row = MailAttempt(mail_id=mail.id, number=number, at=at, ended_at=at, worker="w", what=what, code=code)
        row.answer = answer
        factories.saved(row)
    page = log_in(factories.coordinator()).get(f"/mails/{mail.id}").text
    places = [
        page.index(words) for words in ("450 4.2.1 busy, &lt;b&gt;later&lt;/b&gt;", "its worker ended", "250 OK 4711")
    ]
    assert places == sorted(places)


def test_looking_at_a_letter_is_written_down_and_the_list_of_tries_is_not(app: Flask, log_in: LogIn):
    event, nurlan = factories.event(), factories.employee()
    mail = message(event, nurlan, "Bring gloves & <water>.")
    aigul = log_in(factories.coordinator())
    assert "gloves" not in aigul.get(f"/mails/{mail.id}").text
    assert db.session.query(AuditEntry).filter_by(verb="read_letter").count() == 0
    page = aigul.get(f"/mails/{mail.id}/letter").text
    assert "Bring gloves &amp; &lt;water&gt;." in page
    entry = db.session.query(AuditEntry).filter_by(verb="read_letter").one()
    assert (entry.event_id, entry.person_id, entry.object_id) == (event.id, nurlan.id, mail.id)


def test_the_frame_opens_from_its_page_alone_and_can_do_nothing(app: Flask, log_in: LogIn):
    mail = message(factories.event(), factories.employee())
    other = message(factories.event(), factories.employee("Екінші", "Адам"))
    aigul, bekzat = log_in(factories.coordinator()), log_in(factories.coordinator())
    frame = aigul.get(f"/mails/{mail.id}/letter").text.split("<iframe")[1].split('src="')[1].split('"')[0]
    answer = aigul.get(frame)
    assert answer.status_code == 200 and "Bring gloves" in answer.text
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert bekzat.get(frame).status_code == 404, "made for somebody else"
    assert aigul.get(frame.replace(mail.id, other.id)).status_code == 404, "made for another letter"
    assert aigul.get(f"/mails/{mail.id}/letter/forged").status_code == 404


@pytest.mark.full
def test_links_that_are_keys_are_covered_wherever_they_stand(app: Flask, log_in: LogIn):
    """The letters of a sign-up from first to last: no signed link reaches a coordinator."""
    event, nurlan = factories.event(), factories.employee()
    now, himself = clock.now(), Actor(account_id=factories.account(nurlan).id, person_id=nurlan.id)
    signup = sign_up(event.id, [nurlan.id], leader_id=nurlan.id, now=now, actor=himself)
    cancel_signup(signup, now=now, actor=himself)
    aigul, seen = log_in(factories.coordinator()), 0
    for mail in db.session.query(Mail).all():
        keys = [text for text in _texts(mail.context) if text.startswith("/") and len(text) > 40]
        page = aigul.get(f"/mails/{mail.id}/letter").text
        frame = page.split("<iframe")[1].split('src="')[1].split('"')[0]
        for shown in (page.replace(frame, ""), aigul.get(frame).text):
            assert not [key for key in keys if key in shown], mail.template
            assert "/tickets/" not in shown
        seen += bool(keys)
    assert seen, "no letter had a key: the test proves nothing"


def _texts(value) -> list[str]:
    if isinstance(value, dict | list):
        return [text for one in (value.values() if isinstance(value, dict) else value) for text in _texts(one)]
    return [value] if isinstance(value, str) else []


def test_nobody_reads_a_letter_that_lets_its_reader_in(app: Flask, log_in: LogIn):
    nurlan = factories.employee()
    mail = sent("k", template="access/password", person_id=nurlan.id, context={"url": "/password/thesecretofnurlan"})
    for coordinator in (factories.coordinator(), factories.admin()):
        page = log_in(coordinator).get(f"/mails/{mail.id}/letter")
        assert page.status_code == 200 and "thesecret" not in page.text and "<iframe" not in page.text
    assert db.session.query(AuditEntry).filter_by(verb="read_letter").count() == 0
    assert log_in(factories.admin()).post(f"/mails/{mail.id}/resending").status_code == 409


def test_a_letter_that_no_template_writes_any_more_keeps_its_record(app: Flask, log_in: LogIn):
    mail = sent("old", template="signups/gone_long_ago", event_id=factories.event().id)
    assert log_in(factories.coordinator()).get(f"/mails/{mail.id}/letter").status_code == 200


def test_what_a_letter_says_goes_after_its_term_and_the_record_stays(app: Flask, log_in: LogIn):
    now, event = clock.now(), factories.event(starts_at=clock.now() - 300 * DAY)
    nurlan = factories.employee()
    old = message(event, nurlan, at=now - 181 * DAY, calendar={"uid": "x"})
    recent = message(event, factories.employee(), at=now - 179 * DAY)
    waits = letter("waits", now=now - 400 * DAY, event_id=event.id, context={"subject": "x"})
    gone = purge_mails(now=now, body_days=180)
    assert gone["mail_bodies"] == 1 and purge_mails(now=now, body_days=180)["mail_bodies"] == 0
    db.session.expire_all()
    assert (old.context, old.calendar, old.body_deleted_at) == ({}, None, now)
    assert (old.recipient, old.answer, old.sent_at) == (
        f"message-{nurlan.id}@torangy.example",
        "OK 4711",
        now - 181 * DAY,
    )
    assert recent.context["words"] == {"en": "Bring gloves."} and waits.context == {"subject": "x"}
    aigul = log_in(factories.coordinator())
    page = aigul.get(f"/mails/{old.id}/letter").text
    assert "250 OK 4711" in page and "<iframe" not in page
    assert aigul.post(f"/mails/{old.id}/resending").status_code == 409


def test_the_body_stays_while_its_event_is_ahead(app: Flask):
    """An institution's link is in its letter alone until then."""
    now = clock.now()
    mail = message(factories.event(), factories.employee(), at=now - 300 * DAY)
    purge_mails(now=now, body_days=180)
    db.session.expire_all()
    assert mail.body_deleted_at is None


def test_after_a_year_nobody_is_named_and_after_five_nothing_is_left(app: Flask):
    now = clock.now()
    old = sent("signup:x:nurlan@torangy.example", at=now - 366 * DAY, answer="OK nurlan@torangy.example")
    again = sent("again", at=now - 364 * DAY, again_of_id=old.id)
    assert purge_mails(now=now, body_days=180)["mail_readers"] == 1
    db.session.expire_all()
    assert (old.recipient, old.recipient_name, old.answer, old.answer_code) == ("", "", None, 250)
    assert old.key == f"forgotten:{old.id}" and again.recipient and old.kind == ""
    purge_mails(now=now + 4 * 365 * DAY, body_days=180)
    assert [row.id for row in db.session.query(Mail)] == [again.id]
    assert again.again_of_id is None


def test_two_thousand_letters_are_purged_step_by_step(app: Flask):
    now, to = clock.now(), Recipient("a@torangy.example", "A", "kk")
    old = now - 200 * DAY
    with transaction():
        queue_mails(
            [mail_row(key=f"n{n}", template="desk/message", to=to, context={"n": n}, now=old) for n in range(1_100)]
        )
        db.session.query(Mail).update({"status": "sent", "sent_at": old})
    assert purge_mails(now=now, body_days=180)["mail_bodies"] == 1_100
