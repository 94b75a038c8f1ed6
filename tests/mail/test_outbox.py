"""Writing into the outbox: once per key, with the change that caused it, and taking it back."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from app.db import db, transaction
from app.mail.models import Mail
from app.mail.outbox import Recipient, cancel_mails, mail_row, queue_mail, queue_mails
from tests import factories

NOW = datetime(2030, 5, 1, 6, 0, tzinfo=UTC)
NURLAN = Recipient("nurlan@torangy.example", "Нұрлан", "kk")


def queue(key: str = "confirmed:1", **more: object) -> bool:
    values: dict[str, object] = {
        "template": "signups/confirmed",
        "to": NURLAN,
        "context": {"name": "Нұрлан"},
        "now": NOW,
    }
    return queue_mail(key=key, **(values | more))  # type: ignore[arg-type]


def statuses() -> dict[str, str]:
    db.session.expire_all()
    return {mail.key: mail.status for mail in db.session.query(Mail)}


def test_a_letter_with_a_known_key_is_not_queued_again(app: Flask) -> None:
    assert queue()
    assert not queue(context={"name": "somebody else"})
    (mail,) = db.session.query(Mail)
    assert mail.context == {"name": "Нұрлан"}
    assert (mail.status, mail.due_at, mail.attempts) == ("queued", NOW, 0)


def test_a_letter_shares_the_fate_of_the_change_that_caused_it(app: Flask) -> None:
    with pytest.raises(RuntimeError), transaction():
        queue()
        raise RuntimeError("the change failed")
    assert statuses() == {}


def test_a_letter_is_never_due_before_it_was_written(app: Flask) -> None:
    queue(not_before=NOW - timedelta(days=1))
    queue("later", not_before=NOW + timedelta(hours=2))
    due = {mail.key: mail.due_at for mail in db.session.query(Mail)}
    assert due == {"confirmed:1": NOW, "later": NOW + timedelta(hours=2)}


def test_a_batch_says_how_many_of_it_are_new(app: Flask) -> None:
    def rows(count: int) -> list[dict[str, object]]:
        return [mail_row(key=f"k{n}", template="t/m", to=NURLAN, context={}, now=NOW) for n in range(count)]

    assert queue_mails(rows(250)) == 250
    assert queue_mails(rows(450)) == 200
    assert len(statuses()) == 450


def test_taking_back_reaches_only_what_fits_and_waits(app: Flask) -> None:
    event, other = factories.event(), factories.event()
    queue("reminder:a", event_id=event.id, template="reminders/reminder")
    queue("confirmed:a", event_id=event.id)
    queue("reminder:b", event_id=other.id, template="reminders/reminder")
    assert cancel_mails(event_id=event.id, template_prefix="reminders/", now=NOW) == 1
    assert statuses() == {"reminder:a": "cancelled", "confirmed:a": "queued", "reminder:b": "queued"}
    assert cancel_mails(key_prefix="reminder:", now=NOW) == 1
    assert cancel_mails(key_prefix="reminder:", now=NOW) == 0


def test_a_percent_sign_in_a_prefix_is_no_wildcard(app: Flask) -> None:
    queue()
    assert cancel_mails(key_prefix="%", now=NOW) == 0
    assert cancel_mails(key_prefix="confirmed_", now=NOW) == 0


def test_taking_back_everything_by_mistake_is_refused(app: Flask) -> None:
    with pytest.raises(ValueError, match="without saying which"):
        cancel_mails(now=NOW)


def test_what_is_just_being_sent_is_not_taken_back_but_not_tried_again(app: Flask) -> None:
    queue()
    with transaction():
        db.session.query(Mail).update({"status": "sending", "lease": "w", "lease_until": NOW})
    assert cancel_mails(key_prefix="confirmed", now=NOW) == 0
    mail = db.session.query(Mail).one()
    assert (mail.status, mail.cancelled_at) == ("sending", NOW)
