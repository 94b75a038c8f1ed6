"""A coordinator's words that change while a letter is in a worker's hands: it leaves with those of before."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app import clock
from app.accounts.actor import SYSTEM
from app.db import db, transaction
from app.events.models import Event
from app.mail import claiming, delivery
from app.mail.models import Mail
from app.mail.outbox import Recipient, queue_mail
from app.mail.override_models import LetterOverride
from app.mail.overriding import replace_words
from app.mail.press import Press, the_letter
from app.mail.samples import sample_of
from tests import factories
from tests.mail.sink import Sink
from tests.mail.test_delivery import deliver

CONFIRMED = "signups/confirmed"
FIRST, SECOND = {"kk": ("Бірінші", "Бірінші сөз")}, {"kk": ("Екінші", "Екінші сөз")}
MISSED_FIELD = "Бірге {gone}"


@pytest.fixture(autouse=True)
def fresh_press() -> None:
    """Its forms are those of this test's database."""
    delivery._press.cache_clear()


def replace(event: Event, words: dict[str, tuple[str, str]], *, before: timedelta = timedelta(0)) -> None:
    replace_words(event, CONFIRMED, words, now=clock.now() - before, actor=SYSTEM)


def queue_to(name: str, event: Event, app: Flask) -> None:
    to, facts = Recipient(f"{name}@torangy.example", name, "kk"), sample_of(app.jinja_env, CONFIRMED)
    queue_mail(key=name, template=CONFIRMED, to=to, context=facts, now=clock.now(), event_id=event.id)


def meanwhile(monkeypatch: pytest.MonkeyPatch, change: Callable[[], None]) -> None:
    """Somebody does this just after the letters were claimed."""
    real = claiming.claim

    def claim(*args: Any, **more: Any) -> Any:
        found = real(*args, **more)
        if found[0]:
            change()
        return found

    monkeypatch.setattr(claiming, "claim", claim)


@pytest.mark.parametrize("then", [SECOND, {}], ids=["replaced", "taken-away"])
@pytest.mark.full
def test_a_letter_in_hand_leaves_with_the_words_of_when_it_was_taken(
    app: Flask, sink: Sink, monkeypatch: pytest.MonkeyPatch, then: dict[str, tuple[str, str]]
) -> None:
    event = factories.event()
    replace(event, FIRST, before=timedelta(hours=1))
    queue_to("nurlan", event, app)
    queue_to("dina", event, app)
    meanwhile(monkeypatch, lambda: replace(event, then))
    deliver(app, now=clock.now())
    assert [one.message["Subject"] for one in sink.received] == ["Бірінші", "Бірінші"]
    check_the_proof(app, sink)


@pytest.mark.full
def test_first_words_that_come_meanwhile_go_into_the_next_letter(
    app: Flask, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = factories.event()
    queue_to("nurlan", event, app)
    meanwhile(monkeypatch, lambda: replace(event, FIRST) if len(sink.received) == 0 else None)
    deliver(app, now=clock.now())
    queue_to("dina", event, app)
    deliver(app, now=clock.now() + timedelta(seconds=1))
    assert [one.message["Subject"] == "Бірінші" for one in sink.received] == [False, True]
    check_the_proof(app, sink)


@pytest.mark.full
def test_words_that_can_not_be_read_any_more_hold_no_letter_up(
    app: Flask, sink: Sink, caplog: pytest.LogCaptureFixture
) -> None:
    """A later version may drop a field that stands in rows of an earlier one."""
    event, other = factories.event(), factories.event()
    replace(event, FIRST, before=timedelta(hours=1))
    with transaction():
        db.session.query(LetterOverride).one().words = MISSED_FIELD
    replace(other, SECOND, before=timedelta(hours=1))
    queue_to("nurlan", event, app)
    queue_to("dina", other, app)
    with caplog.at_level(logging.WARNING):
        deliver(app, now=clock.now())
    subjects = {one.recipient: one.message["Subject"] for one in sink.received}
    assert set(subjects) == {"nurlan@torangy.example", "dina@torangy.example"}
    assert subjects["dina@torangy.example"] == "Екінші" and subjects["nurlan@torangy.example"] != "Бірінші"
    assert "can't be read" in caplog.text
    check_the_proof(app, sink)


def check_the_proof(app: Flask, sink: Sink) -> None:
    """Each row says that it left, and gives the very bytes that did."""
    db.session.expire_all()
    press = Press(app.config["TORANGY"])
    sent = {row.recipient: row for row in db.session.query(Mail)}
    assert {row.status for row in sent.values()} == {"sent"}
    for one in sink.received:
        assert the_letter(sent[one.recipient], app.config["TORANGY"], press) == one.raw
