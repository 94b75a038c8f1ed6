"""Delivery over real SMTP: what becomes of a letter when the server takes it, asks to wait, refuses, or is gone."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from jinja2 import ChoiceLoader, DictLoader

from app.db import db
from app.mail import claiming
from app.mail.delivery import deliver_batch
from app.mail.models import Mail, Suppression
from app.mail.outbox import Recipient, cancel_mails, queue_mail
from app.mail.pace import MOST_DEATHS
from app.mail.recorder import Outcome, Slip, record
from app.mail.sending_models import MailAttempt, MailDestination
from app.mail.smtp import Post
from app.tasks.models import Task
from tests import factories
from tests.mail.sink import Sink

NOW = datetime(2030, 5, 1, 6, 0, tzinfo=UTC)
EVENT = {
    "title": {"kk": "Таза жағалау", "ru": "Чистый берег"},
    "starts_at": "2030-05-18T04:00:00+00:00",
    "timezone": "Asia/Almaty",
    "url": "/events/1",
}
TEMPLATES = {
    "test/mail/plain/letter.html": (
        "{% extends frame %}{% block subject %}{{ event.title | in_language }}{% endblock %}"
        "{% block heading %}{{ name }}: {{ event.starts_at | clock(event.timezone) }} {{ event.url }}{% endblock %}"
    ),
    "test/mail/broken/letter.html": (
        "{% extends frame %}{% block subject %}{{ 1 / 0 }}{% endblock %}{% block heading %}{% endblock %}"
    ),
}


@pytest.fixture(autouse=True)
def templates(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Letters of these tests, beside the real ones."""
    own = app.jinja_env.overlay(loader=ChoiceLoader([DictLoader(TEMPLATES), app.jinja_env.loader]))
    monkeypatch.setitem(app.__dict__, "jinja_env", own)
    yield


def queue(name: str = "nurlan", **more: Any) -> None:
    to = more.pop("to", Recipient(f"{name}@torangy.example", name, more.pop("language", "kk")))
    values = {"template": "test/plain", "context": {"name": name, "event": EVENT}, "now": NOW, **more}
    queue_mail(key=f"test:{name}", to=to, **values)


def deliver(app: Flask, *, now: datetime = NOW, batch: int = 50) -> bool:
    with Post(app.config) as post:
        return deliver_batch(post, now=now, batch=batch)


def mail(name: str = "nurlan") -> Mail:
    db.session.expire_all()
    return db.session.query(Mail).filter_by(key=f"test:{name}").one()


@pytest.mark.full
def test_a_letter_arrives_in_the_readers_language_with_the_events_own_time(app: Flask, sink: Sink) -> None:
    queue(now=NOW - timedelta(minutes=1))
    queue("dina", language="ru")
    assert not deliver(app)
    in_kazakh, in_russian = (received.message for received in sink.received)
    assert (in_kazakh["Subject"], in_russian["Subject"]) == ("Таза жағалау", "Чистый берег")
    body = in_kazakh.get_body(("plain",)).get_content()
    assert "nurlan: 09:00 http://localhost:5000/events/1" in body
    assert (mail().status, mail().sent_at, mail().attempts, mail().lease) == ("sent", mail().sent_at, 1, None)
    assert mail().sent_at is not None


@pytest.mark.full
def test_the_message_id_comes_from_the_row_and_stays(app: Flask, sink: Sink) -> None:
    queue()
    sink.say("DATA", "nurlan@torangy.example", "451 try later")
    deliver(app)
    deliver(app, now=NOW + timedelta(minutes=2))
    (received,) = sink.received
    assert received.message["Message-ID"] == f"<{mail().id}@localhost>"
    assert received.message["Auto-Submitted"] == "auto-generated"
    assert received.sender == "torangy@localhost"


@pytest.mark.full
def test_one_line_serves_many_letters(app: Flask, sink: Sink) -> None:
    for number in range(7):
        queue(f"n{number}")
    assert deliver(app, batch=5)
    assert sink.lines == 1
    assert len(sink.received) == 5


@pytest.mark.full
def test_a_server_that_hangs_up_after_some_letters_gets_the_rest_over_a_new_line(app: Flask, sink: Sink) -> None:
    sink.letters_per_line = 2
    for number in range(5):
        queue(f"n{number}")
    deliver(app)
    assert len(sink.received) == 5
    assert sink.lines == 3
    assert {row.status for row in db.session.query(Mail)} == {"sent"}


@pytest.mark.parametrize("answer", ["450 busy", "421 going down", "drop"])
@pytest.mark.parametrize("moment", ["RCPT", "DATA"])
@pytest.mark.full
def test_what_may_work_later_is_tried_later_and_holds_nobody_up(
    app: Flask, sink: Sink, moment: str, answer: str
) -> None:
    queue("a-nurlan", now=NOW - timedelta(minutes=1))
    queue("dina", to=Recipient("dina@other.example", "Дина", "kk"))
    sink.say(moment, "a-nurlan@torangy.example", answer)
    deliver(app)
    assert [received.recipient for received in sink.received] == ["dina@other.example"]
    row = mail("a-nurlan")
    assert (row.status, row.attempts, row.sent_at, row.lease) == ("queued", 1, None, None)
    unsure = (moment, answer) == ("DATA", "drop")
    assert (
        timedelta(seconds=54) * (11 if unsure else 1)
        <= row.due_at - NOW
        < timedelta(seconds=67) * (10 if unsure else 1)
    )
    attempt = db.session.query(MailAttempt).one()
    expected = {"drop": "unsure" if unsure else "dropped"}.get(answer, "refused")
    assert (attempt.what, attempt.number, attempt.mail_id) == (expected, 1, row.id)
    assert attempt.answer == row.answer == row.last_error
    deliver(app, now=NOW + timedelta(minutes=11))
    assert (mail("a-nurlan").status, mail("a-nurlan").answer_code, mail("a-nurlan").attempts) == ("sent", 250, 2)
    assert db.session.query(MailDestination).count() == 0


@pytest.mark.full
def test_a_letter_is_tried_for_five_days_and_never_in_a_hurry(app: Flask, sink: Sink) -> None:
    queue()
    sink.say("RCPT", "nurlan@torangy.example", *["452 4.2.2 mailbox full"] * 99)
    now, waits = NOW, []
    while mail().status == "queued":
        deliver(app, now=now)
        waits.append(round((mail().due_at - now).total_seconds() / 60))
        now = max(mail().due_at, now)
    assert waits[:6] == [1, 5, 30, 120, 360, 360]
    assert NOW + timedelta(days=5) <= now < NOW + timedelta(days=5, hours=7)
    assert (mail().status, mail().attempts) == ("failed", len(waits))
    assert "mailbox full" in (mail().last_error or "")
    assert db.session.query(Task).count() == db.session.query(MailDestination).count() == 0


@pytest.mark.full
def test_a_full_mailbox_holds_up_nobody_else_at_its_domain(app: Flask, sink: Sink) -> None:
    queue("a-nurlan", now=NOW - timedelta(minutes=1))
    queue("dina")
    sink.say("RCPT", "a-nurlan@torangy.example", "452 4.2.2 mailbox full")
    deliver(app)
    assert (mail("a-nurlan").status, mail("dina").status) == ("queued", "sent")


@pytest.mark.full
def test_an_address_that_does_not_exist_is_mended_by_a_person(app: Flask, sink: Sink) -> None:
    nurlan = factories.employee(email="gone@torangy.example", city="zhezkazgan")
    queue(to=Recipient("gone@torangy.example", "Сейітқали Нұрлан", "kk", nurlan.id))
    queue(
        "again",
        to=Recipient("Gone@torangy.example", "Сейітқали Нұрлан", "kk", nurlan.id),
        not_before=NOW + timedelta(hours=1),
    )
    sink.say("RCPT", "gone@torangy.example", "550 5.1.1 no such user")
    deliver(app)
    assert mail().status == "failed"
    task = db.session.query(Task).one()
    assert (task.kind, task.city, task.person_id) == ("bad-address", "zhezkazgan", nurlan.id)
    assert "gone@torangy.example" in task.text["kk"] and "Сейітқали Нұрлан" in task.text["ru"]
    assert db.session.query(Suppression).one().reason == "bounced"
    deliver(app, now=NOW + timedelta(hours=2))
    assert mail("again").status == "failed"
    assert sink.received == []


@pytest.mark.full
def test_the_task_goes_to_the_city_of_the_event(app: Flask, sink: Sink) -> None:
    event = factories.event(city="zhezkazgan")
    queue(event_id=event.id)
    sink.say("RCPT", "nurlan@torangy.example", "550 unknown")
    deliver(app)
    assert db.session.query(Task).one().city == "zhezkazgan"


@pytest.mark.parametrize("answer", ["550 5.7.1 we do not like you", "554 5.7.1 spam", "552 5.2.2 mailbox full"])
@pytest.mark.full
def test_a_refusal_that_is_not_about_the_address_asks_nobody_for_another(app: Flask, sink: Sink, answer: str) -> None:
    queue()
    sink.say("RCPT", "nurlan@torangy.example", answer)
    deliver(app)
    assert mail().status == "failed"
    assert db.session.query(Task).count() == db.session.query(Suppression).count() == 0


@pytest.mark.parametrize(
    "address", ["nobody", "a b@torangy.example", "x@", "a@b.kz\r\nRCPT TO:<c@d.kz>", "нұрлан@torangy.example"]
)
@pytest.mark.full
def test_what_is_no_address_never_reaches_the_server(app: Flask, sink: Sink, address: str) -> None:
    queue(to=Recipient(address, "Нұрлан", "kk"))
    deliver(app)
    assert mail().status == "failed"
    assert sink.received == []
    assert db.session.query(Task).one().kind == "bad-address"


def test_too_late_is_missed_and_taken_back_is_never_sent(app: Flask, sink: Sink) -> None:
    queue("late", expires_at=NOW - timedelta(seconds=1))
    queue("back")
    cancel_mails(key_prefix="test:back", now=NOW)
    queue("early", not_before=NOW + timedelta(hours=1))
    deliver(app)
    assert [mail(name).status for name in ("late", "back", "early")] == ["missed", "cancelled", "queued"]
    assert sink.received == []


@pytest.mark.full
def test_a_letter_taken_back_while_it_was_retried_is_not_sent_again(app: Flask, sink: Sink) -> None:
    queue()
    (letter,), _ = claiming.claim("another worker", now=NOW, limit=1)
    cancel_mails(key_prefix="test:", now=NOW)
    record([Slip([Outcome(letter, "later", NOW, 451, "later", until=NOW)])], now=NOW)
    deliver(app, now=NOW + timedelta(minutes=5))
    assert mail().status == "cancelled"
    assert sink.received == []


@pytest.mark.full
def test_one_letter_that_can_not_be_written_does_not_stop_the_next(app: Flask, sink: Sink) -> None:
    queue("a-broken", template="test/broken")
    queue("dina")
    deliver(app)
    assert mail("a-broken").status == "queued"
    assert "ZeroDivisionError" in (mail("a-broken").last_error or "")
    assert mail("dina").status == "sent"


@pytest.mark.full
def test_who_unsubscribed_gets_what_is_needed_only(app: Flask, sink: Sink) -> None:
    factories.saved(Suppression(address="nurlan@torangy.example", reason="unsubscribed", since=NOW))
    nurlan = Recipient("Nurlan@torangy.example", "Нұрлан", "kk")
    queue("optional", to=nurlan, optional=True)
    queue("needed", to=nurlan)
    deliver(app)
    assert [mail(name).status for name in ("optional", "needed")] == ["cancelled", "sent"]


@pytest.mark.full
def test_the_calendar_comes_as_an_invitation_and_as_a_file(app: Flask, sink: Sink) -> None:
    facts = {
        "uid": "1@torangy",
        "sequence": 3,
        "method": "CANCEL",
        "starts_at": EVENT["starts_at"],
        "ends_at": "2030-05-18T08:00:00+00:00",
    }
    queue(calendar={**facts, "summary": EVENT["title"], "location": {"kk": "Балқаш"}, "url": "/events/1"})
    deliver(app)
    message = sink.received[0].message
    parts = {part.get_content_type(): part for part in message.walk()}
    invitation, file = parts["text/calendar"], parts["application/ics"]
    assert message.get_content_type() == "multipart/mixed"
    assert invitation.get_param("method") == "CANCEL"
    assert file.get_filename() == "event.ics"
    text = invitation.get_payload(decode=True).decode()
    assert text == file.get_payload(decode=True).decode()
    for line in (
        "METHOD:CANCEL",
        "SEQUENCE:3",
        "DTSTART:20300518T040000Z",
        "SUMMARY:Таза жағалау",
        "URL:http://localhost:5000/events/1",
    ):
        assert line in text.splitlines()
    assert "mailto:nurlan@torangy.example" in text.replace("\r\n ", "")


@pytest.mark.full
def test_a_letter_that_kills_every_worker_is_given_up_and_its_neighbours_are_not(app: Flask, sink: Sink) -> None:
    for number in range(20):
        queue(f"n{number}")
    now = NOW
    for _ in range(MOST_DEATHS):
        letters, _ = claiming.claim("dies", now=now, limit=50)
        record([Slip([], hand=next(one for one in letters if one.mail.recipient.startswith("n7@")))], now=now)
        now += claiming.LEASE
    deliver(app, now=now)
    assert mail("n7").status == "failed" and mail("n7").last_error == claiming.GAVE_NO_ANSWER
    assert len(sink.received) == 19
    assert {row.attempts for row in db.session.query(Mail).filter_by(status="sent")} == {1}
    assert [one.what for one in db.session.query(MailAttempt)] == ["died"] * MOST_DEATHS


@pytest.mark.full
def test_what_a_dead_worker_held_is_due_at_once_when_its_death_is_certain(app: Flask, sink: Sink) -> None:
    queue()
    (letter,), _ = claiming.claim("worker1:batch", now=NOW, limit=1)
    claiming.orphan("worker", now=NOW)
    assert mail().lease_until == NOW + claiming.LEASE
    claiming.orphan("worker1", now=NOW)
    deliver(app)
    assert (mail().status, mail().attempts) == ("sent", 1)
    slip = Slip([], hand=letter)
    record([slip], now=NOW)
    assert not slip.is_ours
