""" "I can't come" by the link of a letter: once, exactly those places, and only by pressing."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.audit.models import AuditEntry
from app.db import db, transaction
from app.events.models import Event
from app.mail.models import Mail
from app.mail.outbox import Recipient
from app.people.models import Guardianship, Person
from app.signups.answer_links import cant_come_path
from app.signups.models import Place
from tests import factories

NOW = factories.SATURDAY - timedelta(days=3)


@pytest.fixture(autouse=True)
def _clock() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def link(event: Event, reader: Person, *places: Place) -> str:
    path = cant_come_path(event, Recipient(reader.email or "", "", "kk", reader.id), places)
    assert path is not None
    return path


def full_event() -> tuple[Event, Person, Person, list[Place]]:
    """Nurlan and Dina have the two seats, Stan waits."""
    nurlan, stan = factories.employee(), factories.employee("Стан", "Стэн")
    event = factories.event(capacity=2, audience="families")
    dina = factories.child(nurlan)
    places = [factories.place(event, nurlan), factories.place(event, dina)]
    return event, nurlan, stan, [*places, factories.place(event, stan, status="waiting")]


def statuses(places: list[Place]) -> list[str]:
    db.session.expire_all()
    return [db.session.get_one(Place, place.id).status for place in places]


def with_waiting(places: list[Place]) -> None:
    with transaction():
        places[2].signup.waiting = 1


@pytest.mark.full
def test_looking_changes_nothing_and_one_press_frees_exactly_those_places(app: Flask, client: FlaskClient):
    event, nurlan, stan, places = full_event()
    path = link(event, nurlan, places[1])
    for _ in range(3):  # a scanner opens every address
        page = client.get(path)
        assert page.status_code == 200 and page.headers["Referrer-Policy"] == "no-referrer"
    assert client.head(path).status_code == 200
    assert statuses(places) == ["confirmed", "confirmed", "waiting"]
    assert client.post(path).status_code == 303
    assert statuses(places) == ["confirmed", "cancelled", "confirmed"]
    assert db.session.query(Mail).filter_by(template="signups/promoted", person_id=stan.id).count() == 1


def test_a_second_press_promotes_nobody_and_the_page_says_that_it_is_done(app: Flask, client: FlaskClient):
    event, nurlan, _, places = full_event()
    path = link(event, nurlan, *places[:2])
    for _ in range(2):
        assert client.post(path).status_code == 303
    assert statuses(places) == ["cancelled", "cancelled", "confirmed"]
    assert db.session.query(Mail).filter_by(template="signups/promoted").count() == 1
    assert db.session.query(AuditEntry).filter_by(verb="cancel_signup").count() == 2  # one a party, once
    page = client.get(path).text
    assert "<form" not in page.partition("<h1>")[2].partition("</main>")[0]


def test_a_link_that_was_changed_or_has_ended_opens_nothing(app: Flask, client: FlaskClient):
    event, nurlan, _, places = full_event()
    path = link(event, nurlan, places[0])
    assert client.get(path[:-2] + "xx").status_code == 404
    assert client.post(path[:-2] + "xx").status_code == 404
    with time_machine.travel(event.ends_at + timedelta(minutes=1)):
        assert client.post(path).status_code == 410
    assert statuses(places)[0] == "confirmed"


def test_a_strangers_link_frees_nobody_elses_place(app: Flask, client: FlaskClient):
    event, _, stan, places = full_event()
    assert client.post(link(event, stan, places[0])).status_code == 404
    assert statuses(places)[0] == "confirmed"


def test_whoever_is_guardian_no_longer_decides_no_longer(app: Flask, client: FlaskClient):
    event, nurlan, _, places = full_event()
    path = link(event, nurlan, places[1])
    with transaction() as session:
        session.query(Guardianship).filter_by(guardian_id=nurlan.id).update({"ended_at": NOW})
    assert client.post(path).status_code == 404
    assert statuses(places)[1] == "confirmed"


def test_a_coordinators_own_letter_gives_back_only_the_own_place(app: Flask, client: FlaskClient):
    event, _, _, places = full_event()
    assert client.post(link(event, factories.coordinator(), places[0])).status_code == 404
    assert statuses(places)[0] == "confirmed"


@pytest.mark.parametrize("late", [{}, {"cancel_closes_at": NOW - timedelta(hours=1)}])
def test_too_late_is_refused_with_the_rule(app: Flask, client: FlaskClient, late: dict[str, datetime]):
    event, nurlan, _, places = full_event()
    with transaction():
        event.starts_at = event.starts_at if late else NOW - timedelta(minutes=1)
        for name, value in late.items():
            setattr(event, name, value)
    assert client.post(link(event, nurlan, places[0])).status_code == 409
    assert statuses(places)[0] == "confirmed"


def test_institutions_and_large_parties_have_no_such_link(app: Flask):
    event, nurlan, _, places = full_event()
    assert cant_come_path(event, Recipient("school@torangy.example", "", "kk"), places) is None
    assert cant_come_path(event, Recipient("n@torangy.example", "", "kk", nurlan.id), places * 5) is None
