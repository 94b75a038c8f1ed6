"""The page is made once and never behind: whatever one process writes, another shows with its next answer."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app import clock
from app.accounts.actor import ADMIN, SYSTEM
from app.attendance.counting_hours import correct_hours
from app.attendance.models import AttendanceEntry
from app.db import db, new_id
from app.desk.day.closing import close_day
from app.events.catalogue import change_programme, change_site
from app.events.operations import change_event
from app.impact.face import routes
from app.impact.face.queries import _VERSION, version
from app.impact.money.operations import record_expense, withdraw_expense
from app.impact.outcomes.models import OwnMetric
from app.impact.outcomes.operations import correct_outcome, record_outcome, withdraw_outcome
from app.impact.pictures.publishing import withdraw_picture
from app.rosters.cancelling import cancel_event
from app.rosters.publishing import publish_event
from tests import factories
from tests.impact.pictures.making import acting, published
from tests.test_query_counts import MOST
from tests.test_query_counts import statements as counted

ROOT = Path(__file__).parents[3]
WHO: dict[str, Any] = {"now": factories.LONG_AGO, "actor": SYSTEM}
TONNES: dict[str, Any] = {"metric": "waste_removed", "unit": "t", "method": "weighed"}
THEN = datetime(2026, 2, 7, 4, tzinfo=UTC)


class OtherProcess:
    """Its answers, the newest last."""

    def __init__(self, app: Flask) -> None:
        settings = app.config["TORANGY"]
        command = [sys.executable, "-m", "tests.impact.face.reader", str(settings.instance), settings.database_url]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self.process = subprocess.Popen(command, cwd=ROOT, text=True, **pipes)  # type: ignore[call-overload]

    def get(self, path: str = "/impact?lang=en") -> dict[str, Any]:
        """{"status", "made", "page"}."""
        self.process.stdin.write(path + "\n")
        self.process.stdin.flush()
        found: dict[str, Any] = json.loads(self.process.stdout.readline())
        assert found["status"] == 200
        return found

    def shows(self, text: str) -> bool:
        """Whether it made the page anew, and only once, and this stands on it."""
        first, again = self.get(), self.get()
        assert (first["made"], again["made"]) == (1, 0), "made once for what was written, then kept"
        assert first["page"] == again["page"] or "csrf" in first["page"]
        return text in first["page"]


@pytest.fixture
def other(app: Flask) -> Iterator[OtherProcess]:
    found = OtherProcess(app)
    yield found
    found.process.stdin.close()
    found.process.wait(10)
    found.process.stdout.close()


@pytest.mark.slow
def test_every_kind_of_entry_is_seen_by_another_process_at_once(app: Flask, other: OtherProcess) -> None:
    boss = acting(factories.admin(), ADMIN)
    event = factories.event(starts_at=THEN, title={"en": "Spring coast"})
    ahead = factories.event(status="draft", title={"en": "Autumn grove"})
    assert not other.shows("43 <small>t")
    first = record_outcome(event, quantity=43, **TONNES, **WHO)
    assert other.shows("43 <small>t")
    second = correct_outcome(first, quantity=44, unit="t", method="weighed", **WHO)
    assert other.shows("44 <small>t")
    withdraw_outcome(second, **WHO)
    assert not other.shows("44 <small>t")
    paid = record_expense(event.programme, amount_tenge=2_826_000, category="transport", **WHO)
    assert other.shows("2\u00a0826\u00a0000\u00a0₸")
    withdraw_expense(paid, **WHO)
    assert not other.shows("2\u00a0826\u00a0000\u00a0₸")
    publish_event(ahead, **WHO)
    assert other.shows("Autumn grove")
    change_event(
        ahead, {"starts_at": ahead.starts_at + timedelta(days=2), "ends_at": ahead.ends_at + timedelta(days=2)}, **WHO
    )
    assert other.shows("2030-05-20")
    change_event(ahead, {"title": {"en": "Winter grove"}}, **WHO)
    assert other.shows("Winter grove")
    cancel_event(ahead, reason={}, now=clock.now(), actor=boss)
    assert other.shows("EventCancelled")

    change_programme(event.programme, {"name": {"en": "Clean water"}}, now=clock.now(), actor=boss)
    assert other.shows("Clean water")
    change_site(event.site, {"name": {"en": "Southern beach"}}, now=clock.now(), actor=boss)
    assert other.shows("Southern beach")


@pytest.mark.slow
def test_a_picture_and_a_closed_day_are_seen_at_once(app: Flask, other: OtherProcess) -> None:
    event = factories.event(starts_at=THEN, title={"en": "Spring coast"})
    place = factories.place(event, factories.employee())
    aigul, zhan = acting(factories.coordinator()), acting(factories.coordinator())
    other.get()
    picture = published(event, aigul, zhan)
    assert other.shows("Volunteers on the shore")
    withdraw_picture(picture, now=clock.now(), actor=zhan)
    assert not other.shows("Volunteers on the shore")
    for kind, at in (("check_in", event.starts_at), ("check_out", event.ends_at)):
        entry = {"id": new_id(), "event_id": event.id, "place_id": place.id, "kind": kind}
        factories.saved(AttendanceEntry(at=at, recorded_at=at, **entry))
    other.get()
    close_day(event, now=event.ends_at + timedelta(hours=2), actor=aigul)
    assert other.shows("hours of volunteers, counted here")
    correct_hours(place, minutes=180, reason="Left early", now=clock.now(), actor=aigul)
    assert other.shows('<dd class="fig">3</dd>')


def test_a_page_is_made_once_for_each_language_and_filter(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = factories.event(starts_at=THEN, status="completed", programme=factories.programme("coast"))
    record_outcome(event, quantity=43, **TONNES, **WHO)
    made, report = [], routes.gather
    monkeypatch.setattr(routes, "gather", lambda *asked: made.append(asked) or report(*asked))
    for path in (
        "/impact?lang=kk",
        "/impact?lang=ru",
        "/impact?lang=ru&programme=coast",
        "/impact?lang=ru&city=balkhash",
    ):
        pages = [client.get(path).get_data(as_text=True) for _ in range(2)]
        assert "43 <small>" in pages[0] and "43 <small>" in pages[1], path
    assert made == [(None,), ("coast",)], "languages and cities share their sums"


def test_an_event_that_ends_goes_from_what_is_coming(app: Flask, client: FlaskClient) -> None:
    factories.event(title={"en": "Spring coast"})
    assert "Spring coast" in client.get("/impact?lang=en").get_data(as_text=True).partition('id="coming"')[2]
    with time_machine.travel(factories.SATURDAY + timedelta(hours=5), tick=False):
        page = client.get("/impact?lang=en").get_data(as_text=True)
    assert "Spring coast" not in page.partition('id="coming"')[2].partition("</section>")[0]


def test_what_a_visitor_is_given_is_their_own(
    app: Flask, client: FlaskClient, log_in: Callable[..., FlaskClient]
) -> None:
    nurlan, aigul = log_in(factories.employee()), log_in(factories.coordinator())
    pages = [browser.get("/impact?lang=en").get_data(as_text=True) for browser in (aigul, client, nurlan)]
    assert ["EMBED_HOSTS" in page for page in pages] == [True, False, False]
    assert ["Log out" in page for page in pages] == [True, False, True]


def test_a_page_asks_twelve_times_at_most_and_once_when_it_is_kept(
    app: Flask, log_in: Callable[..., FlaskClient], banner_is_known: None
) -> None:
    for number in range(3):
        done = factories.event(starts_at=THEN, status="completed", kind="excursion")
        record_outcome(done, quantity=number + 1, **TONNES, **WHO)
        factories.event()
    admin = log_in(factories.admin())
    with counted() as fresh:
        admin.get("/impact")
    with counted() as kept:
        admin.get("/impact")
    assert len(fresh) <= MOST, "\n".join(fresh)
    assert len(fresh) - len(kept) >= 7, "beside who asks and what version it is nothing is asked again"


def test_the_version_is_read_from_an_index(app: Flask) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("SQLite's words")
    asked = str(_VERSION.compile(db.engine, compile_kwargs={"literal_binds": True}))
    plan = "\n".join(row[3] for row in db.session.execute(text(f"EXPLAIN QUERY PLAN {asked}")))
    assert plan.count("ix_audit_entries_shown") == 2, plan
    assert "SCAN audit_entries\n" not in plan
    assert version()


def test_what_coordinators_count_themselves_is_called_as_they_named_it(app: Flask, client: FlaskClient) -> None:
    named = {"en": "Birdhouses", "kk": "Құс ұялары"}
    factories.saved(OwnMetric(key="birdhouses", texts=named, unit="pieces", sums=True, created_at=factories.LONG_AGO))
    event = factories.event(starts_at=THEN, status="completed")
    record_outcome(event, metric="birdhouses", quantity=17, unit="pieces", method="counted", **WHO)
    page = client.get("/impact?lang=en").get_data(as_text=True)
    assert '<dt>Birdhouses</dt><dd class="fig">17</dd>' in page
    assert "Құс ұялары" in client.get("/impact?lang=kk").get_data(as_text=True)
