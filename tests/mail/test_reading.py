"""What a letter says, for programs and as a file for calendars: to whom its page shows it, and with as much covered."""

from collections.abc import Callable
from typing import Any

import icalendar
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.access.tokens import create_token
from app.accounts.actor import SYSTEM, Actor
from app.accounts.models import Account
from app.audit.models import AuditEntry
from app.db import db, transaction
from app.mail.calendar import file_of_lines
from app.mail.models import Mail
from app.people.models import Person
from app.signups.signing_up import sign_up
from tests import factories
from tests.mail.letters_sent import sent
from tests.mail.sink import Sink
from tests.mail.test_delivery import deliver

LogIn = Callable[[Person], FlaskClient]


def token_of(person: Person) -> dict[str, str]:
    account = db.session.query(Account).filter_by(person_id=person.id).one()
    token = create_token(account, name="t", now=clock.now(), actor=SYSTEM)
    return {"Authorization": f"Bearer {token}", "Accept-Language": "en"}


def confirmation() -> Mail:
    """Nurlan's, of a sign-up of his own: with a ticket, a calendar entry and links that are keys."""
    event, nurlan = factories.event(), factories.employee()
    himself = Actor(account_id=factories.account(nurlan).id, person_id=nurlan.id)
    sign_up(event.id, [nurlan.id], leader_id=nurlan.id, now=clock.now(), actor=himself)
    return db.session.query(Mail).filter_by(template="signups/confirmed").one()


def keys_in(value: Any) -> list[str]:
    if isinstance(value, dict | list):
        return [key for one in (value.values() if isinstance(value, dict) else value) for key in keys_in(one)]
    return [value] if isinstance(value, str) and value.startswith("/") and len(value) > 40 else []


def read(mail: Mail, app: Flask, person: Person) -> Any:
    return app.test_client().get(f"/api/v1/mails/{mail.id}", headers=token_of(person))


@pytest.mark.full
def test_a_program_reads_the_very_letter_with_its_keys_covered(app: Flask, sink: Sink) -> None:
    mail, aigul = confirmation(), factories.coordinator()
    before = read(mail, app, aigul).json
    assert (before["status"], before["body"]["state"]) == ("queued", "anew")
    deliver(app, now=clock.now())
    db.session.expire_all()
    answer = read(mail, app, aigul).json
    body = answer["body"]
    assert (answer["kind"], answer["status"], body["state"]) == ("signups/confirmed", "sent", "same")
    (received,) = [one.message for one in sink.received if one.recipient == mail.recipient]
    assert body["subject"] == received["Subject"] and "<html" in body["html"]
    keys = keys_in(mail.context)
    assert keys and not [key for key in keys for part in body.values() if key in (part or "")]
    assert "/tickets/" not in body["text"] + body["html"] and "for its reader alone" in body["text"]
    (entry,) = [part.get_content() for part in received.walk() if part.get_content_type() == "text/calendar"]
    left, shown = (icalendar.Calendar.from_ical(file).walk("VEVENT")[0] for file in (entry, body["calendar"]))
    assert {name: shown[name] for name in ("UID", "DTSTART", "SUMMARY")} == {
        name: left[name] for name in ("UID", "DTSTART", "SUMMARY")
    }
    entries = db.session.query(AuditEntry).filter_by(verb="read_letter", object_id=mail.id)
    assert entries.count() == 2


def test_what_is_deleted_secret_or_lost_says_so_and_nothing_more(app: Flask) -> None:
    aigul, admin = factories.coordinator(), factories.admin()
    event, nurlan = factories.event(), factories.employee()
    gone = sent("gone", event_id=event.id, context={}, body_deleted_at=clock.now())
    secret = sent("k", template="access/password", person_id=nurlan.id, context={"url": "/password/thesecret"})
    lost = sent("old", template="signups/gone_long_ago", event_id=event.id)
    for mail, state in ((gone, "deleted"), (secret, "secret"), (lost, "lost")):
        for person in (aigul, admin):
            answer = read(mail, app, person)
            assert answer.status_code == 200 and "thesecret" not in answer.text
            body = answer.json["body"]
            assert body == {"state": state, "subject": None, "text": None, "html": None, "calendar": None}
    assert read(gone, app, aigul).json["body_deleted_at"]
    assert db.session.query(AuditEntry).filter_by(verb="read_letter").count() == 0


@pytest.mark.full
def test_the_calendar_entry_is_a_file_that_every_calendar_reads(app: Flask, log_in: LogIn) -> None:
    mail = confirmation()
    with transaction():
        entry = dict(mail.calendar or {}, url="/places/" + "k" * 60)
        mail.calendar = entry | {"description": {"kk": "Ұзақ сипаттама, " * 12}}
    browser = log_in(factories.coordinator())
    page = browser.get(f"/mails/{mail.id}/letter").text
    assert f"/mails/{mail.id}/calendar" in page and f"/mails/{mail.id}/calendar" not in browser.get("/mail").text
    answer = browser.get(f"/mails/{mail.id}/calendar")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="letter-{mail.id}.ics"'
    assert max(len(line) for line in answer.data.split(b"\r\n")) <= 75
    assert b"kkkk" not in answer.data and b"URL" not in answer.data
    (event,) = icalendar.Calendar.from_ical(answer.data).walk("VEVENT")
    assert str(event["DESCRIPTION"]).startswith("Ұзақ сипаттама, Ұзақ")
    assert event["DTSTART"].dt.isoformat() == entry["starts_at"]
    assert db.session.query(AuditEntry).filter_by(verb="read_letter", object_id=mail.id).count() == 2


def test_an_address_that_is_no_key_stays_in_the_file() -> None:
    lines = "BEGIN:VEVENT\r\nURL:https://torangy.example/events/abc\r\nURL:[covered]\r\nEND:VEVENT\r\n"
    assert file_of_lines(lines) == lines.replace("URL:[covered]\r\n", "").encode()


@pytest.mark.parametrize("template", ["desk/message", "access/password"])
def test_a_letter_without_an_entry_has_no_file(app: Flask, log_in: LogIn, template: str) -> None:
    mail = sent("m", template=template, event_id=factories.event().id, calendar=None)
    assert log_in(factories.coordinator()).get(f"/mails/{mail.id}/calendar").status_code == 404


def test_strangers_and_other_cities_read_nothing(app: Flask, client: FlaskClient, log_in: LogIn) -> None:
    mail = confirmation()
    nurlan, zhan = db.session.get_one(Person, mail.person_id), factories.coordinator("zhezkazgan")
    file, api = f"/mails/{mail.id}/calendar", f"/api/v1/mails/{mail.id}"
    assert [client.get(file).status_code, client.get(api).status_code] == [303, 401]
    assert [log_in(nurlan).get(file).status_code, read(mail, app, nurlan).status_code] == [403, 403]
    assert [log_in(zhan).get(file).status_code, read(mail, app, zhan).status_code] == [404, 404]
    assert db.session.query(AuditEntry).filter_by(verb="read_letter").count() == 0
