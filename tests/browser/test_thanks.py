"""The day after: a coordinator says what a group brought in, a letter leads to share, certificate, questions; anybody
verifies the code, and what people said is read once the questions are closed."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app import clock
from app.access.sessions import open_session
from app.accounts.models import Account
from app.db import db, transaction
from app.impact.thanks.codes import printed
from app.impact.thanks.models import Certificate
from app.impact.thanks.survey import answer_survey
from app.people.models import Person
from app.rosters.models import Group
from tests import factories
from tests.browser.conftest import assert_accessible
from tests.browser.desk_day import Server, server
from tests.impact.thanks.days import CLOSED, DUE, came, closed, work

__all__ = ["server"]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    # A page that is left before its pictures came leaves their files to the collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
NOW = DUE + timedelta(hours=1)


@pytest.fixture
def evening(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def logged_in(app: Flask, server: Server, chromium: Browser) -> Callable[[Person], Page]:
    """A wide screen of somebody who logged in."""

    def open_page(person: Person) -> Page:
        account = db.session.query(Account).filter_by(person_id=person.id).one()
        secret, client = open_session(account, device="test", now=NOW), app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = secret, True
        name = app.config["SESSION_COOKIE_NAME"]
        found = client.get_cookie(name)
        assert found is not None
        context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
        context.add_cookies([{"name": name, "value": found.value, "url": server.url}])
        return context.new_page()

    return open_page


@pytest.mark.usefixtures("evening")
def test_a_day_is_thanked_for(
    server: Server, phone: BrowserContext, logged_in: Callable[[Person], Page], tmp_path: Path
) -> None:
    event, nurlan = factories.event(), factories.employee(language="kk")
    group, aigul = factories.saved(Group(event_id=event.id, name="3")), factories.coordinator(language="en")
    mine = came(event, nurlan, minutes=225, group_id=group.id)
    others = [came(event, factories.employee()) for _ in range(5)]
    closed(event, CLOSED)
    event_id, place_id = event.id, mine.id

    desk = logged_in(aigul)
    desk.goto(f"{server.url}/events/{event_id}/thanks")
    assert_accessible(desk)
    desk.locator(f"[name='{group.id}']").fill("412,5")
    desk.locator("#groups button").click()
    expect(desk.get_by_role("status")).to_be_visible()

    letter = next(mail for mail in work(DUE) if mail.person_id == nurlan.id)
    assert letter.context["shares"][0]["kilograms"] == 412.5
    page = phone.new_page()
    page.goto(server.url + str(letter.context["url"]))
    expect(page.locator(".facts")).to_contain_text("3:45")
    assert_accessible(page)
    page.locator("input[name=scale][value='5']").check()
    page.locator("input[name=choice][value=food]").check()
    page.locator("#questions button").click()
    expect(page.get_by_role("status")).to_be_visible()
    expect(page.locator("input[name=choice][value=food]")).to_be_checked()
    with page.expect_download() as downloading:
        page.locator("button[name=language][value=ru]").last.click()
    paper = tmp_path / "certificate.pdf"
    downloading.value.save_as(paper)
    assert paper.read_bytes().startswith(b"%PDF-")

    db.session.rollback()  # what the server wrote meanwhile is seen
    code = db.session.query(Certificate).filter_by(place_id=place_id).one().code
    page.goto(f"{server.url}/verify")
    page.locator("#code").fill(printed(code).lower())
    page.locator("main button").click()
    expect(page.locator(".verdict-go")).to_be_visible()
    expect(page.locator(".facts")).not_to_contain_text("Сейітқали")
    assert_accessible(page)

    with transaction():
        for place in others:
            answer_survey(place, scale=4, choice="food", word="Рахмет", now=NOW)
    desk.goto(f"{server.url}/events/{event_id}/survey")
    expect(desk.locator("svg.chart")).to_have_count(0)
    desk.locator("form[action$=ending] button").click()
    expect(desk.locator("svg.chart")).to_have_count(2)
    expect(desk.locator(".stats")).to_contain_text("4.2")
    assert_accessible(desk)
