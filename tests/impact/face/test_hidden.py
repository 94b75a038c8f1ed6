"""An event that is hidden from the public: strangers find it nowhere, those who are known here everywhere."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.accounts.actor import SYSTEM
from app.db import db, transaction
from app.events.models import Event
from app.impact.money.operations import record_expense
from app.impact.outcomes.operations import record_outcome
from app.people.models import Person
from tests import factories
from tests.search.test_finding import indexed

LogIn = Callable[[Person], FlaskClient]
NAME = "Quiet supper"
TYPED = {
    "title-kk": NAME,
    "kind": "other",
    "day": "18.05.2030",
    "starts_at": "09:00",
    "ends_at": "13:00",
    "date_precision": "minute",
    "audience": "employees",
    "capacity": "40",
    "on_full": "waitlist",
}
PUBLIC_LISTS = (
    "/",
    "/events.ics",
    "/impact",
    "/impact/report",
    "/impact/embed",
    "/impact/changes?since=2020-01-01",
    "/impact.xlsx",
    "/sitemap.xml",
    "/search?q=quiet",
)


@pytest.fixture
def hidden(app: Flask) -> Event:
    return factories.event(title={"en": NAME}, is_hidden=True, programme=factories.programme("suppers"))


def test_strangers_find_it_in_no_list_and_not_by_its_address(hidden: Event, client: FlaskClient) -> None:
    indexed()
    values = {"metric": "waste_removed", "quantity": 43, "unit": "t", "method": "weighed"}
    outcome = record_outcome(hidden, **values, now=clock.now(), actor=SYSTEM)  # type: ignore[arg-type]
    assert client.get(f"/outcomes/{outcome.id}").status_code == 404
    for path in PUBLIC_LISTS:
        page = client.get(path, headers={"Accept-Language": "en"})
        assert page.status_code == 200, path
        assert NAME.encode() not in page.data, path
        assert hidden.id.encode() not in page.data, path
    for path in ("", "/event.ics", "/outcomes", "/album"):
        assert client.get(f"/events/{hidden.id}{path}").status_code == 404, path


def test_the_money_of_its_programme_does_not_name_it(hidden: Event, client: FlaskClient) -> None:
    values = {"metric": "waste_removed", "quantity": 43, "unit": "t", "method": "weighed"}
    record_outcome(hidden, **values, now=clock.now(), actor=SYSTEM)  # type: ignore[arg-type]
    programme, paid = hidden.programme, {"amount_tenge": 430_000, "category": "transport"}
    record_expense(programme, event=hidden, **paid, now=clock.now(), actor=SYSTEM)  # type: ignore[arg-type]
    page = client.get(f"/programmes/{programme.id}/expenses", headers={"Accept-Language": "en"}).get_data(as_text=True)
    assert "430\u00a0000" in page
    assert NAME not in page
    assert hidden.id not in page


def test_once_it_is_over_strangers_find_it_as_little(hidden: Event, client: FlaskClient) -> None:
    with transaction():
        db.session.merge(hidden).status = "completed"
    for path in ("/events/past", "/impact?programme=suppers"):
        assert NAME not in client.get(path, headers={"Accept-Language": "en"}).get_data(as_text=True), path


def test_its_figures_count_in_totals_that_name_no_event(hidden: Event, client: FlaskClient) -> None:
    values = {"metric": "waste_removed", "quantity": 43, "unit": "t", "method": "weighed"}
    record_outcome(hidden, **values, now=clock.now(), actor=SYSTEM)  # type: ignore[arg-type]
    page = client.get("/impact?lang=en").get_data(as_text=True)
    assert "43 <small>t" in page
    assert NAME not in page


def test_nurlan_finds_it_as_any_other_event(hidden: Event, log_in: LogIn) -> None:
    indexed()
    nurlan = log_in(factories.employee())
    for path in ("/", f"/events/{hidden.id}", "/search?q=quiet"):
        assert NAME in nurlan.get(path, headers={"Accept-Language": "en"}).get_data(as_text=True), path
    assert NAME not in nurlan.get("/impact").get_data(as_text=True), "the public page is alike for all"


def test_aigul_hides_it_on_its_sheet_and_shows_it_again(app: Flask, log_in: LogIn, client: FlaskClient) -> None:
    site_id, programme_id, aigul = (
        factories.site().id,
        factories.programme().id,
        log_in(factories.coordinator(language="en")),
    )
    typed = TYPED | {"site_id": site_id, "programme_id": programme_id}
    assert aigul.post("/events/new?start=other", data=typed | {"is_hidden": "y"}).status_code == 303
    event = db.session.query(Event).one()
    event_id = event.id
    assert event.is_hidden
    sheet = aigul.get(f"/events/{event_id}/edit").get_data(as_text=True)
    found = re.search(r'name="version"[^>]*value="(\w+)"', sheet)
    assert re.search(r'<input[^>]*name="is_hidden"[^>]*checked|<input[^>]*checked[^>]*name="is_hidden"', sheet)
    assert found
    aigul.post(f"/events/{event_id}/edit", data=typed | {"version": found.group(1)})
    assert not db.session.get_one(Event, event_id).is_hidden
    history = aigul.get(f"/events/{event_id}/history").get_data(as_text=True)
    assert "Not shown to the public" in history
