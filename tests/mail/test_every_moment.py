"""Each way in which a server can fail, at each moment of the conversation: what becomes of the letter, what is noted,
who has to wait, and that in the end every letter has arrived once.
"""

import time
from collections import Counter
from datetime import timedelta
from typing import NamedTuple

import pytest
from flask import Flask

from app.db import db
from app.mail import smtp, timed
from app.mail.models import Mail, Suppression
from app.mail.pace import LINE
from app.mail.sending_models import MailAttempt, MailDestination
from app.mail.smtp import Post
from app.tasks.models import Task
from tests.mail.scripted import BETWEEN_LETTERS, MOMENTS, Scripted, scripted
from tests.mail.test_delivery import NOW, deliver, queue, templates

__all__ = ["templates"]

pytestmark = pytest.mark.full

DOMAIN = "torangy.example"
PATIENCE = 10  # seconds; a server that holds us would do so for twice as long
WAYS = ("421", "450", "550", "drop", "silence", "trickle")


class Row(NamedTuple):
    """What is on record of the letter that met it, and which destination waits."""

    status: str
    attempts: int
    noted: str | None
    pauses: str | None


OUR_LINE = Row("queued", 0, None, LINE)
LATER = Row("queued", 1, "refused", None)
DOMAIN_WAITS = Row("queued", 1, "refused", DOMAIN)
REFUSED = Row("failed", 1, "refused", None)
BROKEN = Row("queued", 1, "dropped", None)
UNSURE = Row("queued", 1, "unsure", None)

EXPECTED = {
    **{(moment, way): OUR_LINE for moment in ("greeting", "EHLO", "MAIL") for way in WAYS},
    **{(moment, "421"): LATER for moment in ("RCPT", "DATA", "content")},
    **{(moment, "450"): DOMAIN_WAITS for moment in ("RCPT", "DATA", "content")},
    **{(moment, "550"): REFUSED for moment in ("RCPT", "DATA", "content")},
    **{(moment, way): BROKEN for moment in ("RCPT", "DATA") for way in ("drop", "silence", "trickle")},
    **{("content", way): UNSURE for way in ("drop", "silence", "trickle", "taken-drop", "taken-silence")},
}


def be_hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits as long as in earnest; a server that trickles is never silent for as long as this."""
    monkeypatch.setattr(smtp, "SECONDS_TO_ANSWER", 10 * BETWEEN_LETTERS)
    monkeypatch.setattr(smtp, "SECONDS_TO_TAKE", 20 * BETWEEN_LETTERS)
    monkeypatch.setattr(timed, "SECONDS_IN_ALL", 20 * BETWEEN_LETTERS)


def send_by(app: Flask, server: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "MAIL_SERVER", "127.0.0.1")
    monkeypatch.setitem(app.config, "MAIL_PORT", server.port)


@pytest.mark.parametrize(("moment", "way"), EXPECTED)
def test_what_a_bad_server_does_is_put_down_and_no_letter_is_lost_or_doubled(
    app: Flask, monkeypatch: pytest.MonkeyPatch, moment: str, way: str
) -> None:
    expected = EXPECTED[moment, way]
    for number in range(3):
        queue(f"n{number}", now=NOW - timedelta(seconds=9 - number))
    with scripted(moment, way) as server:
        send_by(app, server, monkeypatch)
        begun = time.monotonic()
        with monkeypatch.context() as patched:
            if way.endswith(("silence", "trickle")):
                be_hasty(patched)
            deliver(app)
        assert time.monotonic() - begun < PATIENCE, "it held us for longer than a step may take"
        first = db.session.query(Mail).filter_by(key="test:n0").one()
        assert (first.status, first.attempts) == (expected.status, expected.attempts)
        assert [one.what for one in db.session.query(MailAttempt)] == ([expected.noted] if expected.noted else [])
        assert [one.domain for one in db.session.query(MailDestination)] == (
            [] if expected.pauses is None else [expected.pauses]
        )
        assert first.lease is None and (first.status == "failed" or first.due_at > NOW or expected is OUR_LINE)
        finish(app)
        counts = Counter(to for to, _ in server.received)
    statuses = {row.key: row.status for row in db.session.query(Mail)}
    lost = "failed" if expected is REFUSED else "sent"
    assert statuses == {"test:n0": lost, "test:n1": "sent", "test:n2": "sent"}
    twice = 2 if way.startswith("taken") else 1
    of_first = {} if expected is REFUSED else {f"n0@{DOMAIN}": twice}
    assert counts == {**of_first, f"n1@{DOMAIN}": 1, f"n2@{DOMAIN}": 1}
    assert len(set(server.received)) == len(counts), "what comes twice has one Message-ID"
    assert db.session.query(MailDestination).count() == 0
    is_bad_address = (moment, way) == ("RCPT", "550")
    assert db.session.query(Suppression).count() == db.session.query(Task).count() == int(is_bad_address)


def test_every_moment_and_way_has_its_row() -> None:
    assert {(moment, way) for moment in MOMENTS for way in WAYS} <= set(EXPECTED)


@pytest.mark.parametrize(("moment", "status"), [("RCPT", "dropped"), ("content", "unsure")])
def test_an_answer_without_an_end_is_a_broken_line(
    app: Flask, monkeypatch: pytest.MonkeyPatch, moment: str, status: str
) -> None:
    queue()
    begun = time.monotonic()
    with scripted(moment, "endless") as server:
        send_by(app, server, monkeypatch)
        deliver(app)
    assert time.monotonic() - begun < PATIENCE
    assert [one.what for one in db.session.query(MailAttempt)] == [status]


def test_a_server_that_stops_reading_holds_nobody(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    be_hasty(monkeypatch)
    begun = time.monotonic()
    with scripted("DATA", "deaf") as server:
        send_by(app, server, monkeypatch)
        with Post(app.config) as post:
            post.offer("a@torangy.example", "b@torangy.example")
            with pytest.raises(smtp.MayHaveArrived):
                post.hand_over(b"x" * 2**25)
    assert time.monotonic() - begun < PATIENCE


def finish(app: Flask) -> None:
    """The night passes, and the server is well."""
    now = NOW
    for _ in range(12):
        now += timedelta(minutes=6)
        while deliver(app, now=now):
            pass
