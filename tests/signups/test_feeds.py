"""A person's own calendar at a secret address, and everybody's."""

import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
import vobject
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.actor import Actor
from app.db import db, transaction
from app.errors import NotFound
from app.people.models import Guardianship, Person
from app.signups.feeds import end_address, make_address
from app.signups.models import CalendarLink
from tests import factories

NOW = factories.SATURDAY - timedelta(days=3)
LogIn = Callable[[Person], FlaskClient]


@pytest.fixture(autouse=True)
def _clock() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def myself(person: Person) -> Actor:
    return Actor(person_id=person.id, name=person.short_name)


def address(person: Person) -> str:
    return f"/people/{make_address(person.id, now=NOW, actor=myself(person))}/events.ics"


def entries(client: FlaskClient, path: str) -> dict[str, Any]:
    """{uid: entry} as an independent reader sees them."""
    page = client.get(path)
    assert page.status_code == 200
    calendar = vobject.readOne(page.text)
    return {entry.uid.value: entry for entry in calendar.contents.get("vevent", [])}


def uid(event: Any) -> str:
    return f"{event.id}@torangy"


def test_the_calendar_holds_ones_own_events_and_those_of_ones_children(app: Flask, client: FlaskClient):
    nurlan, stan = factories.employee(), factories.employee("Стан", "Стэн")
    dina = factories.child(nurlan)
    own, dinas, others, waits = (factories.event(audience="families") for _ in range(4))
    factories.place(own, nurlan)
    factories.place(dinas, dina)
    factories.place(others, stan)
    factories.place(waits, nurlan, status="waiting")
    assert entries(client, address(nurlan)).keys() == {uid(own), uid(dinas)}


def test_a_guardianship_that_ended_takes_the_childs_events_along(app: Flask, client: FlaskClient):
    nurlan = factories.employee()
    dinas = factories.event(audience="families")
    factories.place(dinas, factories.child(nurlan))
    path = address(nurlan)
    assert entries(client, path).keys() == {uid(dinas)}
    with transaction() as session:
        session.query(Guardianship).update({"ended_at": NOW})
    assert not entries(client, path)


def test_what_is_called_off_says_so_for_a_month_and_a_place_given_back_is_gone(app: Flask, client: FlaskClient):
    nurlan = factories.employee()
    off, left = factories.event(), factories.event()
    at_event = {"status": "cancelled", "cancel_reason": "event"}
    factories.place(off, nurlan, **at_event)
    factories.place(left, nurlan, status="cancelled", cancel_reason="own")
    with transaction():
        off.status, off.cancelled_at = "cancelled", NOW - timedelta(days=2)
    found = entries(client, address(nurlan))
    assert {key: entry.status.value for key, entry in found.items()} == {uid(off): "CANCELLED"}
    with transaction():
        off.cancelled_at = NOW - timedelta(days=31)
    assert not entries(client, address(nurlan))


def test_a_new_address_ends_the_old_one_and_only_hashes_are_kept(app: Flask, client: FlaskClient):
    nurlan = factories.employee()
    old = address(nurlan)
    new = address(nurlan)
    assert client.get(old).status_code == 404
    page = client.get(new)
    assert page.status_code == 200
    assert page.headers["Referrer-Policy"] == "no-referrer" and "noindex" in page.headers["X-Robots-Tag"]
    assert page.content_type.startswith("text/calendar") and "Set-Cookie" not in page.headers
    kept = {link.secret_hash for link in db.session.query(CalendarLink)}
    assert not any(new.split("/")[2] in secret for secret in kept)
    end_address(nurlan.id, now=NOW, actor=myself(nurlan))
    assert client.get(new).status_code == 404


@pytest.mark.full
def test_who_left_the_company_has_no_calendar_and_guesses_are_counted(app: Flask, client: FlaskClient):
    nurlan = factories.employee()
    path = address(nurlan)
    with transaction():
        nurlan.deactivated_at = NOW
    assert client.get(path).status_code == 404
    for _ in range(50):
        client.get("/people/guess/events.ics")
    assert client.get(path).status_code == 429


def test_nobody_makes_or_ends_anothers_address(app: Flask):
    nurlan, stan = factories.employee(), factories.employee("Стан", "Стэн")
    with pytest.raises(NotFound):
        make_address(nurlan.id, now=NOW, actor=myself(stan))
    with pytest.raises(NotFound):
        end_address(nurlan.id, now=NOW, actor=myself(stan))


def test_the_address_is_shown_once_on_ones_own_page(app: Flask, log_in: LogIn):
    nurlan = factories.employee()
    browser = log_in(nurlan)
    assert "events.ics" not in browser.get("/me/calendar").text
    page = browser.post("/me/calendar/address")
    assert page.status_code == 200 and "/events.ics" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert "events.ics" not in browser.get("/me/calendar").text
    assert browser.post("/me/calendar/ending").status_code == 303


def test_everybodys_calendar_holds_all_pages_and_no_names(app: Flask, client: FlaskClient, monkeypatch: Any):
    monkeypatch.setattr(sys.modules["app.events.routes"], "FEED", 2)
    aigul = factories.coordinator()
    programme, site = factories.programme(), factories.site()
    made = [factories.event(programme=programme, site=site, coordinator_id=aigul.id) for _ in range(5)]
    assert entries(client, "/events.ics").keys() == {uid(event) for event in made}
    assert aigul.surname not in client.get("/events.ics").text
