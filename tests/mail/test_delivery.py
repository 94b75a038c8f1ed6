"""Delivery over real SMTP: what becomes of a letter when the server takes it, asks to wait, refuses, or is gone."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from jinja2 import DictLoader

from app.db import db, transaction
from app.mail import claiming, delivery, smtp
from app.mail.delivery import deliver_batch
from app.mail.models import Mail, Suppression
from app.mail.outbox import Recipient, cancel_mails, queue_mail
from app.mail.smtp import Post
from app.tasks.models import Task
from tests import factories
from tests.mail.sink import SINK_PORTS, Sink

NOW = datetime(2030, 5, 1, 6, 0, tzinfo=UTC)
EVENT = {
    "title": {"kk": "Таза жағалау", "ru": "Чистый берег"},
    "starts_at": "2030-05-18T04:00:00+00:00",
    "timezone": "Asia/Almaty",
    "url": "/events/1",
}
TEMPLATES = {
    "test/mail/plain/subject.txt": "{{ event.title | in_language }}",
    "test/mail/plain/body.txt": "{{ name }}: {{ event.starts_at | clock(event.timezone) }} {{ event.url }}",
    "test/mail/plain/body.html": "<p>{{ name }}</p>",
    "test/mail/broken/subject.txt": "{{ 1 / 0 }}",
}


@pytest.fixture(autouse=True)
def templates(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Letters of these tests, beside the real ones."""
    own = app.jinja_env.overlay(loader=DictLoader(TEMPLATES))
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


def test_a_letter_arrives_in_the_readers_language_with_the_events_own_time(app: Flask, sink: Sink) -> None:
    queue(now=NOW - timedelta(minutes=1))
    queue("dina", language="ru")
    assert not deliver(app)
    in_kazakh, in_russian = (received.message for received in sink.received)
    assert (in_kazakh["Subject"], in_russian["Subject"]) == ("Таза жағалау", "Чистый берег")
    body = in_kazakh.get_body(("plain",)).get_content()
    assert body.split() == ["nurlan:", "09:00", "http://localhost:5000/events/1"]
    assert (mail().status, mail().sent_at, mail().attempts, mail().lease) == ("sent", mail().sent_at, 1, None)
    assert mail().sent_at is not None


def test_the_message_id_comes_from_the_row_and_stays(app: Flask, sink: Sink) -> None:
    queue()
    sink.say("DATA", "nurlan@torangy.example", "451 try later")
    deliver(app)
    deliver(app, now=NOW + timedelta(minutes=2))
    (received,) = sink.received
    assert received.message["Message-ID"] == f"<{mail().id}@localhost>"
    assert received.message["Auto-Submitted"] == "auto-generated"
    assert received.sender == "torangy@localhost"


def test_one_line_serves_many_letters(app: Flask, sink: Sink) -> None:
    for number in range(7):
        queue(f"n{number}")
    assert deliver(app, batch=5)
    assert sink.lines == 1
    assert len(sink.received) == 5


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
def test_what_may_work_later_is_tried_later_and_holds_nobody_up(
    app: Flask, sink: Sink, moment: str, answer: str
) -> None:
    queue("a-nurlan", now=NOW - timedelta(minutes=1))
    queue("dina")
    sink.say(moment, "a-nurlan@torangy.example", answer)
    deliver(app)
    assert [received.recipient for received in sink.received] == ["dina@torangy.example"]
    row = mail("a-nurlan")
    assert (row.status, row.attempts, row.sent_at, row.lease) == ("queued", 1, None, None)
    assert timedelta(seconds=60) <= row.due_at - NOW < timedelta(seconds=65)
    assert row.last_error
    deliver(app, now=NOW + timedelta(minutes=2))
    assert mail("a-nurlan").status == "sent"


def test_after_six_tries_over_nine_hours_it_has_failed(app: Flask, sink: Sink) -> None:
    queue()
    sink.say("RCPT", "nurlan@torangy.example", *["451 not now"] * 9)
    now, waits = NOW, []
    while mail().status == "queued":
        deliver(app, now=now)
        waits.append(round((mail().due_at - now).total_seconds() / 60))
        now = max(mail().due_at, now)
    assert waits[:5] == [1, 5, 30, 120, 360]
    assert (mail().status, mail().attempts) == ("failed", 6)
    assert "not now" in (mail().last_error or "")
    assert db.session.query(Task).count() == 0


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


def test_the_task_goes_to_the_city_of_the_event(app: Flask, sink: Sink) -> None:
    event = factories.event(city="zhezkazgan")
    queue(event_id=event.id)
    sink.say("RCPT", "nurlan@torangy.example", "550 unknown")
    deliver(app)
    assert db.session.query(Task).one().city == "zhezkazgan"


@pytest.mark.parametrize("answer", ["550 5.7.1 we do not like you", "554 5.7.1 spam", "552 5.2.2 mailbox full"])
def test_a_refusal_that_is_not_about_the_address_asks_nobody_for_another(app: Flask, sink: Sink, answer: str) -> None:
    queue()
    sink.say("RCPT", "nurlan@torangy.example", answer)
    deliver(app)
    assert mail().status == "failed"
    assert db.session.query(Task).count() == db.session.query(Suppression).count() == 0


@pytest.mark.parametrize(
    "address", ["nobody", "a b@torangy.example", "x@", "a@b.kz\r\nRCPT TO:<c@d.kz>", "нұрлан@torangy.example"]
)
def test_what_is_no_address_never_reaches_the_server(app: Flask, sink: Sink, address: str) -> None:
    queue(to=Recipient(address, "Нұрлан", "kk"))
    deliver(app)
    assert mail().status == "failed"
    assert sink.received == []
    assert db.session.query(Task).one().kind == "bad-address"


def test_a_server_that_is_gone_delays_everything_and_ends_the_round(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    SINK_PORTS.add(port)
    monkeypatch.setitem(app.config, "MAIL_SERVER", "127.0.0.1")
    monkeypatch.setitem(app.config, "MAIL_PORT", port)
    queue()
    queue("dina")
    assert not deliver(app, batch=2)
    assert (mail().status, mail("dina").status) == ("queued", "queued")
    assert mail().due_at > NOW


def test_a_silent_server_costs_one_letter_its_turn_and_not_the_worker(
    app: Flask, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "SECONDS_TO_ANSWER", 0.2)
    sink.seconds_per_letter = 0.6
    queue()
    deliver(app)
    assert mail().status == "queued"
    assert "timed out" in (mail().last_error or "")


def test_a_batch_ends_before_its_lease_does_and_gives_the_rest_back(
    app: Flask, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "SEND_FOR", timedelta(0))
    queue()
    assert deliver(app)
    row = mail()
    assert (row.status, row.attempts, row.lease) == ("queued", 0, None)


def test_too_late_is_missed_and_taken_back_is_never_sent(app: Flask, sink: Sink) -> None:
    queue("late", expires_at=NOW - timedelta(seconds=1))
    queue("back")
    cancel_mails(key_prefix="test:back", now=NOW)
    queue("early", not_before=NOW + timedelta(hours=1))
    deliver(app)
    assert [mail(name).status for name in ("late", "back", "early")] == ["missed", "cancelled", "queued"]
    assert sink.received == []


def test_a_letter_taken_back_while_it_was_retried_is_not_sent_again(app: Flask, sink: Sink) -> None:
    queue()
    with transaction():
        claiming.claim("another worker", now=NOW, limit=1)
    cancel_mails(key_prefix="test:", now=NOW)
    claiming.put_back(mail().id, "another worker", attempts=1, why="451", now=NOW)
    deliver(app, now=NOW + timedelta(minutes=5))
    assert mail().status == "cancelled"
    assert sink.received == []


def test_one_letter_that_can_not_be_written_does_not_stop_the_next(app: Flask, sink: Sink) -> None:
    queue("a-broken", template="test/broken")
    queue("dina")
    deliver(app)
    assert mail("a-broken").status == "queued"
    assert "ZeroDivisionError" in (mail("a-broken").last_error or "")
    assert mail("dina").status == "sent"


def test_optional_letters_can_be_stopped_in_one_click_and_others_not(app: Flask, sink: Sink) -> None:
    queue("optional", optional=True)
    queue("needed", now=NOW + timedelta(seconds=1))
    deliver(app, now=NOW + timedelta(seconds=1))
    optional, needed = (received.message for received in sink.received)
    assert optional["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert optional["List-Unsubscribe"].startswith("<http://localhost:5000/mail/unsubscriptions/")
    assert needed["List-Unsubscribe"] is None


def test_who_unsubscribed_gets_what_is_needed_only(app: Flask, sink: Sink) -> None:
    factories.saved(Suppression(address="nurlan@torangy.example", reason="unsubscribed", since=NOW))
    nurlan = Recipient("Nurlan@torangy.example", "Нұрлан", "kk")
    queue("optional", to=nurlan, optional=True)
    queue("needed", to=nurlan)
    deliver(app)
    assert [mail(name).status for name in ("optional", "needed")] == ["cancelled", "sent"]


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


def test_a_lease_that_ran_out_is_taken_over_and_the_late_worker_changes_nothing(app: Flask, sink: Sink) -> None:
    queue()
    (claimed,), _ = claiming.claim("dead", now=NOW, limit=5)
    deliver(app, now=NOW + timedelta(minutes=1))
    assert mail().status == "sending"
    deliver(app, now=NOW + claiming.LEASE)
    assert (mail().status, mail().attempts) == ("sent", 2)
    assert not claiming.put_failed(claimed.id, "dead", why="too late")
    assert mail().status == "sent"


def test_a_letter_that_kills_every_worker_is_given_up(app: Flask, sink: Sink) -> None:
    queue()
    now = NOW
    for _ in range(claiming.MAX_ATTEMPTS):
        assert claiming.claim("dies", now=now, limit=5)[0]
        now += claiming.LEASE
    assert claiming.claim("next", now=now, limit=5) == ([], False)
    assert mail().status == "failed"
