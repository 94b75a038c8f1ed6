"""Processes that send: one that stood still for too long, a deadly letter, a server that takes its time."""

import threading
import time
from datetime import timedelta

import pytest
from flask import Flask

from app import clock
from app.db import db, transaction
from app.mail import beats, claiming
from app.mail.models import Mail
from app.mail.outbox import Recipient, queue_mail
from app.mail.samples import sample_of
from app.mail.senders import Sender
from app.mail.sending_models import MailAttempt, WorkerBeat
from tests.mail.killing import CONNECTIONS, Workers, fill, stop_one, wait_for, wait_until_sent
from tests.mail.sink import Sink

pytestmark = pytest.mark.slow


def test_a_worker_that_stood_still_for_longer_than_its_lease_puts_down_nothing(app: Flask, sink: Sink) -> None:
    stop_one(app, sink, letters=120, within=40)


def test_for_the_deadly_letter_alone_its_workers_death_counts_as_a_try(app: Flask, sink: Sink) -> None:
    fill(app, 40)
    workers = Workers(app, sink, poison="n20@torangy.example")
    workers.start(1)
    assert workers.running[0].wait(60) == 9
    workers.kill()
    with started(app):
        wait_until_sent(40, within=30)
    tries = {row.recipient: row.attempts for row in db.session.query(Mail)}
    assert tries["n20@torangy.example"] == 2
    in_hand = db.session.query(MailAttempt).filter_by(what="died").count()
    assert in_hand == sum(count - 1 for count in tries.values()) <= CONNECTIONS


def test_who_waits_for_a_password_does_not_wait_for_a_slow_server_and_ten_thousand_reminders(
    app: Flask, sink: Sink
) -> None:
    sink.seconds_per_letter = 0.2
    fill(app, 200)
    with started(app) as sender:
        wait_for(sink, 4, within=10)
        to = Recipient("waits@torangy.example", "Нұрлан", "kk")
        context = sample_of(app.jinja_env, "access/password")
        queue_mail(key="password", template="access/password", to=to, context=context, now=clock.now())
        begun = time.monotonic()
        while not any(letter.recipient == to.address for letter in sink.received):
            assert time.monotonic() - begun < 5
            time.sleep(0.02)
        assert time.monotonic() - begun < 2.5
    assert sender.broken == []
    db.session.rollback()
    assert db.session.query(Mail).filter_by(status="sending").count() == 0, "what was not sent was given back"
    assert db.session.query(WorkerBeat).one().state == "ended"


def test_leases_are_renewed_while_their_worker_lives(app: Flask, sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(app, 3)
    sender = Sender(app, connections=1, own_time=clock.now)
    letters, _ = claiming.claim("w:1", now=clock.now(), limit=3)
    with transaction():
        db.session.query(Mail).update({"lease_until": clock.now() + timedelta(minutes=1)})
    sender.bag.add(letters, begun=time.monotonic() - 540)
    assert not sender.bag.has_time(letters[0])
    sender.bag.renew()
    assert sender.bag.has_time(letters[0])
    assert db.session.query(Mail).filter(Mail.lease_until > clock.now() + timedelta(minutes=9)).count() == 3
    sender.bag.close()
    db.session.expire_all()
    assert {(row.status, row.attempts, row.lease) for row in db.session.query(Mail)} == {("queued", 0, None)}


def test_the_living_are_not_buried_and_the_dead_give_back_what_they_held(app: Flask) -> None:
    fill(app, 2)
    now = clock.now()
    mine = beats.begin(now=now)
    claiming.claim(f"{mine}:a", now=now, limit=1)
    with transaction() as session:
        dead = WorkerBeat(id="dead", host=beats.host(), pid=2**22 + 1, started_at=now, at=now, state="sending")
        session.add(dead)
        session.add(WorkerBeat(id="far", host="another", pid=2**22 + 1, started_at=now, at=now, state="sending"))
    claiming.claim("dead:b", now=now, limit=1)
    assert beats.bury(now=now) == 1
    db.session.expire_all()
    freed = db.session.query(Mail).filter(Mail.due_at <= clock.now(), Mail.status == "sending").one()
    assert freed.lease == "dead:b"
    assert {row.id: row.state for row in db.session.query(WorkerBeat)} == {
        mine: "idle",
        "dead": "ended",
        "far": "sending",
    }


class started:
    """A sender in threads of this process, for as long as the block."""

    def __init__(self, app: Flask) -> None:
        self.sender = Sender(app, connections=4, own_time=clock.now)
        self.thread = threading.Thread(target=self.sender.run)

    def __enter__(self) -> Sender:
        self.thread.start()
        return self.sender

    def __exit__(self, *_: object) -> None:
        self.sender.stopping.set()
        self.thread.join(20)
        assert not self.thread.is_alive()
