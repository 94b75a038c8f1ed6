"""The tabs of an event's desk: each leads where its reader may go, and whoever has nothing to do there sees none."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event as listening

from app.accounts.actor import COORDINATOR, GIFT_KEEPER, SAFETY_OFFICER
from app.db import db
from app.desk.day.hands import name_helper
from app.desk.roster.pages import desk_pages
from app.people.models import Person
from tests import factories
from tests.desk.test_day_hands import DAY, acting

LogIn = Callable[[Person], FlaskClient]


def tabs(page: str) -> list[str]:
    """Where the tabs lead."""
    return re.findall(r'href="([^"]+)"', nav(page))


def nav(page: str) -> str:
    found = re.search(r'<nav class="tabs desk-tabs.*?</nav>', page, re.DOTALL)
    return found[0] if found else ""


def colleague(role: str, city: str = "balkhash") -> Person:
    """Somebody with one role in one city."""
    row = factories.employee()
    factories.account(row, role, city=city)
    return row


@pytest.mark.parametrize("role, count", [(COORDINATOR, 18), (SAFETY_OFFICER, 14), (GIFT_KEEPER, 7)])
@pytest.mark.parametrize("status", ["published", "postponed", "completed"])
@pytest.mark.full
def test_every_tab_opens_for_its_reader_and_is_the_current_one_there(
    app: Flask, log_in: LogIn, role: str, count: int, status: str
):
    event = factories.event(status=status)
    reader = log_in(colleague(role))
    found = tabs(reader.get(f"/events/{event.id}").text)
    assert len(found) == count
    for address in found:
        answer = reader.get(address)
        assert answer.status_code == 200, address
        if not address.endswith("/desk"):  # the app of phones has a frame of its own
            assert re.findall(r'<a href="([^"]+)" aria-current="page">', nav(answer.text)) == [address]


@pytest.mark.full
def test_a_draft_has_its_tabs_and_each_opens(app: Flask, log_in: LogIn):
    event = factories.event(status="draft")
    aigul = log_in(factories.coordinator())
    for address in tabs(aigul.get(f"/events/{event.id}").text):
        assert aigul.get(address).status_code == 200, address


@pytest.mark.full
def test_strangers_employees_and_other_cities_see_no_tabs(app: Flask, client: FlaskClient, log_in: LogIn):
    event = factories.event()
    factories.city("zhezkazgan")
    assert tabs(client.get(f"/events/{event.id}").text) == []
    for person in (factories.employee(), colleague(COORDINATOR, "zhezkazgan")):
        assert tabs(log_in(person).get(f"/events/{event.id}").text) == []


def test_the_tabs_ask_the_database_nothing(app: Flask):
    aigul, event = factories.coordinator(), factories.event()
    actor = acting(aigul)
    asked: list[object] = []
    assert event.site.city == "balkhash"
    listening.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    assert len(desk_pages(actor, event)) == 18
    assert asked == []


def test_a_helper_finds_the_event_and_its_roster_on_the_day_alone(app: Flask):
    event, row = factories.event(), factories.employee()
    factories.account(row)
    name_helper(event, row.email or "", now=DAY - timedelta(days=3), actor=acting(factories.coordinator(), -3))
    found = [page.endpoint for page in desk_pages(acting(row), event)]
    assert found == ["events.show", "desk.roster", "desk.shell.desk", "desk.devices.index", "pictures.index"]
    assert desk_pages(acting(row, 1), event) == []
