"""What a guardian writes about health is read by nobody on the way: plain in no table, letter, log, list or file."""

import logging
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import clock, worker
from app.db import db
from app.people.models import Person
from app.signups.models import Place
from tests import factories
from tests.api.conftest import Program, program
from tests.mail.sink import Sink
from tests.signups.inviting import invited_school, link_of
from tests.signups.parties import NOON

__all__ = ["program"]

SECRET = "Жаңғаққа қатты аллергия"
LISTS = ["roster", "queue", "answers", "consents", "consents/register", "consents/register.csv", "unreached", "tickets"]


@pytest.fixture(autouse=True)
def _noon(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    factories.consent_texts()


def readable_somewhere() -> list[str]:
    """Tables whose rows hold the words as they were typed."""
    db.session.rollback()
    return [
        table.name
        for table in db.metadata.sorted_tables
        for row in db.session.connection().exec_driver_sql(f'SELECT * FROM "{table.name}"')
        if SECRET in str(tuple(row)) or SECRET.encode("unicode_escape").decode() in str(tuple(row))
    ]


@pytest.mark.full
def test_a_childs_health_note_is_in_no_table_letter_log_list_or_file(
    app: Flask, log_in: Callable[[Person], FlaskClient], program: Callable[[Person], Program], sink: Sink,
    caplog: pytest.LogCaptureFixture,
):  # fmt: skip
    caplog.set_level(logging.DEBUG)
    aigul, nurlan, mother = factories.coordinator(), factories.employee(), factories.employee("Сейітқали", "Әлия")
    dina = factories.child(nurlan)
    factories.second_guardian(dina, mother)
    event = factories.event(audience="families", asks_medical=True, coordinator_id=aigul.id)
    form = {"people": [dina.id], "consents": [dina.id], f"medical-{dina.id}": SECRET, "keep_medical": [dina.id]}
    assert log_in(nurlan).post(f"/events/{event.id}/signups", data=form).status_code == 303
    place = db.session.query(Place).one()
    assert place.medical_note == SECRET, "it is kept for those who look after the child"
    log_in(nurlan).post(f"/places/{place.id}/consent/revocation")
    worker.tick(app)
    assert readable_somewhere() == []
    assert sink.received and not [one for one in sink.received if SECRET in one.message.as_string()]
    assert not [one for one in sink.received if SECRET.encode() in one.raw]
    for name in LISTS:
        answer = log_in(aigul).get(f"/events/{event.id}/{name}")
        assert answer.status_code == 200 and SECRET not in answer.text, name
    for kind in ("csv", "xlsx", "json"):
        answer = program(aigul).get(f"/events/{event.id}/roster?format={kind}")
        assert SECRET.encode() not in answer.data, kind
    for address in ("/my", f"/events/{event.id}"):
        assert SECRET not in log_in(factories.employee("Стан", "Стэн")).get(address).text
    assert SECRET not in caplog.text and dina.given_name not in caplog.text


@pytest.mark.full
def test_a_pupils_health_note_is_in_no_table_letter_or_log(
    app: Flask, client: FlaskClient, sink: Sink, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    school = invited_school(ratio=None, asks_medical=True)
    new = {"surname": "Сейітқали", "given_name": "Дина", "birth_date": "05.03.2018", "medical_note": SECRET}
    address = link_of(school.teacher)
    assert client.post(f"{address}/pupils/new", data=new).status_code == 303
    place = db.session.query(Place).one()
    assert place.medical_note == SECRET
    worker.tick(app)
    assert readable_somewhere() == []
    assert not [one for one in sink.received if SECRET in one.message.as_string()]
    assert SECRET not in client.get(address).text and SECRET not in client.get(f"{address}/tickets").text
    assert SECRET not in caplog.text and "Дина" not in caplog.text
    assert address.rsplit("/", 1)[1] not in caplog.text, "a link's secret in a log is a key in a log"
