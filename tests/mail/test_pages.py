"""The outbox in the browser: each coordinator sees their own city's letters and may have a failed one tried again."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.audit.models import AuditEntry
from app.db import db, transaction
from app.mail.models import Mail, Suppression
from app.mail.unsubscribing import unsubscribe_url
from app.people.models import Person
from tests import factories

LogIn = Callable[[Person], FlaskClient]


def letter(key: str, **more: Any) -> Mail:
    now = clock.now()
    values = {
        "template": "reminders/reminder",
        "recipient": f"{key}@torangy.example",
        "recipient_name": key,
        "language": "kk",
    }
    values |= {"context": {}, "created_at": now, "not_before": now, "due_at": now}
    return factories.saved(Mail(key=key, **(values | more)))


def test_a_coordinator_sees_letters_about_events_and_to_people_of_the_city(app: Flask, log_in: LogIn) -> None:
    here, there = factories.event(), factories.event(city="zhezkazgan")
    stan = factories.employee("Стан", "Стэн", city="zhezkazgan")
    letter("about-here", event_id=here.id, person_id=stan.id)
    letter("to-here", person_id=factories.employee().id)
    letter("about-there", event_id=there.id, person_id=stan.id)
    letter("to-nobody")
    page = log_in(factories.coordinator()).get("/mail").text
    assert [key for key in ("about-here", "to-here", "about-there", "to-nobody") if f"{key}@" in page] == [
        "about-here",
        "to-here",
    ]
    page = log_in(factories.admin()).get("/mail").text
    assert all(f"{key}@" in page for key in ("about-here", "to-here", "about-there", "to-nobody"))


def test_a_coordinator_of_one_event_sees_its_letters_alone(app: Flask, log_in: LogIn) -> None:
    mine, other = factories.event(), factories.event()
    aigul = factories.employee("Омарова", "Айгүл")
    factories.account(aigul, "coordinator", event_id=mine.id)
    letter("mine", event_id=mine.id)
    letter("other", event_id=other.id)
    page = log_in(aigul).get("/mail").text
    assert "mine@" in page and "other@" not in page


def test_strangers_and_employees_see_no_letters(app: Flask, client: FlaskClient, log_in: LogIn) -> None:
    failed = letter("failed", status="failed")
    nurlan = log_in(factories.employee())
    assert client.get("/mail").status_code == 303
    assert nurlan.get("/mail").status_code == 403
    assert nurlan.post(f"/mails/{failed.id}/resending").status_code == 403


def test_letters_are_found_by_event_and_status_page_by_page(app: Flask, log_in: LogIn) -> None:
    event, now = factories.event(), clock.now()
    for number in range(60):
        letter(f"n{number:02d}", event_id=event.id, created_at=now + timedelta(seconds=number))
    letter("failed", event_id=event.id, status="failed", last_error="550 no such user", attempts=2)
    aigul = log_in(factories.coordinator())
    first = aigul.get(f"/mail?event={event.id}&status=queued")
    assert "n59@" in first.text and "n10@" in first.text and "n09@" not in first.text and "failed@" not in first.text
    following = first.text.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = aigul.get(following).text
    assert "n09@" in second and "n00@" in second and "n10@" not in second
    failed = aigul.get("/mail?status=failed").text
    assert "550 no such user" in failed and "n59@" not in failed
    assert aigul.get("/mail?cursor=forged").status_code == 422


def test_a_failed_letter_is_tried_again_at_the_address_that_was_mended(app: Flask, log_in: LogIn) -> None:
    nurlan = factories.employee(email="right@torangy.example")
    failed = letter("wrong", person_id=nurlan.id, status="failed", attempts=6, last_error="550")
    for address in ("wrong@torangy.example", "right@torangy.example"):
        factories.saved(Suppression(address=address, reason="bounced", since=clock.now()))
    assert log_in(factories.coordinator()).post(f"/mails/{failed.id}/resending").status_code == 303
    db.session.expire_all()
    mail = db.session.get_one(Mail, failed.id)
    assert (mail.status, mail.attempts, mail.recipient) == ("queued", 0, "right@torangy.example")
    assert [row.address for row in db.session.query(Suppression)] == ["wrong@torangy.example"]
    assert db.session.query(AuditEntry).filter_by(verb="retry").count() == 1


@pytest.mark.parametrize(
    "changes", [{"status": "cancelled"}, {"status": "queued"}, {"status": "failed", "expires_at": clock.now()}]
)
def test_what_did_not_fail_or_comes_too_late_is_not_tried_again(
    app: Flask, log_in: LogIn, changes: dict[str, Any]
) -> None:
    mail = letter("other", person_id=factories.employee().id, **changes)
    aigul = log_in(factories.coordinator())
    assert aigul.post(f"/mails/{mail.id}/resending").status_code == 409
    db.session.expire_all()
    assert db.session.get_one(Mail, mail.id).status == changes["status"]


def test_a_letter_of_another_city_can_not_be_tried_again(app: Flask, log_in: LogIn) -> None:
    failed = letter("failed", status="failed", event_id=factories.event(city="zhezkazgan").id)
    assert log_in(factories.coordinator()).post(f"/mails/{failed.id}/resending").status_code == 404


def test_a_reader_stops_reminders_without_logging_in_and_looking_alone_does_nothing(
    app: Flask, client: FlaskClient
) -> None:
    settings = app.config["TORANGY"]
    url = unsubscribe_url("Nurlan@torangy.example", base_url="", secret=settings.secret_key)
    assert "nurlan@torangy.example" in client.get(url).text
    assert db.session.query(Suppression).count() == 0
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        for _ in range(2):
            assert client.post(url, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    with transaction():
        row = db.session.query(Suppression).one()
        assert (row.address, row.reason) == ("nurlan@torangy.example", "unsubscribed")
    assert client.get(url + "x").status_code == 404
