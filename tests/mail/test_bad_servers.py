"""What bad servers do: gone for a night, refusing us or one domain, breaking off, slow, not who they say they are."""

import socket
import ssl
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import trustme
from flask import Flask
from sqlalchemy.exc import OperationalError

from app.db import db, transaction
from app.mail import claiming, recorder, smtp
from app.mail.models import Mail, Suppression
from app.mail.outbox import Recipient
from app.mail.pace import LINE
from app.mail.sending_models import MailAttempt, MailDestination
from app.tasks.models import Task
from tests.mail.sink import SINK_PORTS, Sink, secure_sink
from tests.mail.test_delivery import NOW, deliver, mail, queue, templates

__all__ = ["templates"]


@pytest.fixture
def gone(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A mail server that nobody has started."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        SINK_PORTS.add(port)
        monkeypatch.setitem(app.config, "MAIL_SERVER", "127.0.0.1")
        monkeypatch.setitem(app.config, "MAIL_PORT", port)
        yield


@pytest.mark.full
def test_a_server_that_is_gone_for_a_night_costs_no_letter_a_try(app: Flask, gone: None) -> None:
    queue()
    queue("dina")
    now = NOW
    while now < NOW + timedelta(hours=9):
        assert not deliver(app, now=now, batch=2)
        line = db.session.query(MailDestination).one()
        assert line.domain == LINE and "refused" in line.answer
        assert line.since - NOW < timedelta(seconds=5)
        assert now < line.paused_until <= now + timedelta(minutes=6)
        now = line.paused_until
    assert [(row.status, row.attempts, row.last_error) for row in db.session.query(Mail)] == [("queued", 0, None)] * 2
    assert db.session.query(MailAttempt).count() == 0


@pytest.mark.full
def test_when_the_server_is_back_one_letter_tries_and_the_rest_follow(
    app: Flask, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b", "c"):
        queue(name)
    sink.say("MAIL", "", "421 not now")
    assert not deliver(app)
    assert sink.received == []
    back = db.session.query(MailDestination).one().paused_until
    assert not deliver(app, now=back - timedelta(seconds=1))
    deliver(app, now=back, batch=50)
    assert len(sink.received) == 1 and db.session.query(MailDestination).count() == 0
    deliver(app, now=back)
    assert len(sink.received) == 3


@pytest.mark.parametrize(
    "answer", ["530 5.7.0 Must issue a STARTTLS command first", "550 sender rejected", "451 later"]
)
@pytest.mark.full
def test_a_no_before_the_recipient_is_named_is_about_us(app: Flask, sink: Sink, answer: str) -> None:
    for number in range(5):
        queue(f"n{number}")
    sink.say("MAIL", "", *[answer] * 9)
    assert not deliver(app)
    assert {(row.status, row.attempts, row.lease) for row in db.session.query(Mail)} == {("queued", 0, None)}
    line = db.session.query(MailDestination).one()
    assert (line.domain, line.code) == (LINE, int(answer[:3])) and answer[4:] in line.answer


@pytest.mark.parametrize("moment", ["RCPT", "DATA"])
@pytest.mark.full
def test_the_same_no_for_everybody_is_about_us_and_marks_no_address(app: Flask, sink: Sink, moment: str) -> None:
    for number in range(10):
        queue(f"n{number}")
        sink.say(moment, f"n{number}@torangy.example", f"550 blocked {number}, see our policy", "550 blocked 0")
    assert not deliver(app)
    assert {(row.status, row.attempts) for row in db.session.query(Mail)} == {("queued", 0)}
    assert db.session.query(Suppression).count() == db.session.query(Task).count() == 0
    assert "blocked" in db.session.query(MailDestination).one().answer
    deliver(app, now=NOW + timedelta(seconds=20))
    assert db.session.query(Suppression).count() == 0 and db.session.query(MailDestination).one().failures == 2


@pytest.mark.full
def test_among_letters_that_are_taken_a_no_is_about_its_address(app: Flask, sink: Sink) -> None:
    for number in range(8):
        queue(f"n{number}", now=NOW - timedelta(seconds=9 - number))
        if number % 2:
            sink.say("RCPT", f"n{number}@torangy.example", "550 unknown user")
    deliver(app)
    assert {row.address for row in db.session.query(Suppression)} == {f"n{n}@torangy.example" for n in (1, 3, 5, 7)}
    assert len(sink.received) == 4


@pytest.mark.full
def test_one_refused_domain_waits_longer_and_longer_and_the_others_do_not(app: Flask, sink: Sink) -> None:
    for number in range(6):
        queue(f"slow{number}", to=Recipient(f"n{number}@slow.example", "Нұрлан", "kk"))
        queue(f"quick{number}", to=Recipient(f"n{number}@quick.example", "Нұрлан", "kk"))
        sink.say("RCPT", f"n{number}@slow.example", *["450 try later"] * 9)
    offers, now, pauses = 0, NOW, []
    for _ in range(5):
        while deliver(app, now=now, batch=4):
            pass
        tried = db.session.query(MailAttempt).count()
        assert tried - offers == 1
        offers = tried
        until = db.session.query(MailDestination).filter_by(domain="slow.example").one().paused_until
        pauses.append((until - now) / timedelta(minutes=1))
        now = until
    assert [pytest.approx(minutes, rel=0.11) for minutes in (1, 5, 15, 30, 60)] == pauses
    assert len(sink.received) == 6
    sink.answers.clear()
    for minutes in (0, 1, 2):
        while deliver(app, now=now + timedelta(minutes=minutes)):
            pass
    assert len(sink.received) == 12 and db.session.query(MailDestination).count() == 0


@pytest.mark.full
def test_two_lines_broken_one_after_the_other_pause_the_line(app: Flask, sink: Sink) -> None:
    for number in range(6):
        queue(f"n{number}")
        sink.say("RCPT", f"n{number}@torangy.example", "drop")
    assert not deliver(app)
    assert sorted(row.attempts for row in db.session.query(Mail)) == [0, 0, 0, 0, 0, 1]
    assert db.session.query(MailDestination).one().domain == LINE


@pytest.mark.full
def test_a_server_that_breaks_after_the_letter_may_have_it_and_gets_it_once_more(app: Flask, sink: Sink) -> None:
    queue()
    sink.say("DATA", "nurlan@torangy.example", "drop", "drop")
    deliver(app)
    assert (mail().status, mail().answer_code) == ("queued", 0) and "may have arrived" in (mail().last_error or "")
    assert mail().due_at - NOW >= timedelta(minutes=10)
    deliver(app, now=NOW + timedelta(minutes=11))
    assert (mail().status, mail().attempts) == ("failed", 2)
    assert [one.what for one in db.session.query(MailAttempt)] == ["unsure", "unsure"]


@pytest.mark.full
def test_a_server_that_looks_long_at_a_letter_gets_it_once(
    app: Flask, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "SECONDS_TO_ANSWER", 0.2)
    sink.seconds_per_letter = 0.6
    queue()
    deliver(app)
    assert mail().status == "sent" and len(sink.received) == 1


@pytest.mark.full
def test_a_letter_whose_lease_is_nearly_over_is_not_handed_over(
    app: Flask, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claiming, "LEASE", timedelta(seconds=310))
    queue()
    deliver(app)
    row = mail()
    assert (row.status, row.attempts, row.lease) == ("queued", 0, None)
    assert sink.received == []


@pytest.mark.full
def test_a_database_that_is_busy_when_the_letter_was_taken_is_asked_again(
    app: Flask, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue()
    queue("dina")
    real, refused = recorder._put_sent, iter([True, True, False] + [False] * 9)

    def busy(outcomes: Any) -> None:
        if outcomes and next(refused):
            raise OperationalError("UPDATE mails", None, Exception("database is locked"))
        real(outcomes)

    monkeypatch.setattr(recorder, "_put_sent", busy)
    deliver(app)
    assert len(sink.received) == 2
    assert {(row.status, row.attempts) for row in db.session.query(Mail)} == {("sent", 1)}


@pytest.mark.full
def test_who_is_waited_for_goes_before_ten_thousand_others(app: Flask, sink: Sink) -> None:
    for number in range(5):
        queue(f"n{number}", now=NOW - timedelta(hours=1))
    queue("password", now=NOW)
    with transaction():
        db.session.query(Mail).filter(Mail.key.like("test:n%")).update({"priority": 2}, synchronize_session=False)
        db.session.query(Mail).filter_by(key="test:password").update({"priority": 0}, synchronize_session=False)
    deliver(app, batch=2)
    assert sink.received[0].recipient == "password@torangy.example"


@pytest.mark.full
def test_a_wrong_certificate_stops_the_line_and_is_told(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("another.example").configure_cert(context)
    with secure_sink(context) as port:
        SINK_PORTS.add(port)
        monkeypatch.setitem(app.config, "MAIL_SERVER", "127.0.0.1")
        monkeypatch.setitem(app.config, "MAIL_PORT", port)
        monkeypatch.setitem(app.config, "MAIL_USE_TLS", True)
        queue()
        assert not deliver(app)
    assert (mail().status, mail().attempts) == ("queued", 0)
    assert "certificate" in db.session.query(MailDestination).one().answer.lower()
