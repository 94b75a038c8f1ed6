"""The public list: what is on, parted into months and days, filtered in the address."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event as sqlalchemy_event

from app.db import db, transaction
from app.events import queries
from app.events.timetable import state_of, timetable
from tests import factories
from tests.events.drafting import NOW


@contextmanager
def counted():
    """The SELECTs that were sent meanwhile."""
    sent: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        if statement.lstrip().upper().startswith("SELECT"):
            sent.append(statement)

    sqlalchemy_event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        sqlalchemy_event.remove(db.engine, "before_cursor_execute", note)


def test_a_stranger_sees_what_is_on_and_no_drafts(client):
    factories.event(title={"en": "Shore"})
    factories.event(title={"en": "Secret"}, status="draft")
    page = client.get("/", headers={"Accept-Language": "en"})
    assert page.status_code == 200
    assert "Shore" in page.text
    assert "Secret" not in page.text


@pytest.mark.full
def test_the_page_takes_under_four_queries_however_many_events(client):
    for week in range(12):
        event = factories.event(starts_at=factories.SATURDAY + timedelta(weeks=week), capacity=1)
        factories.place(event, factories.employee())
    db.session.remove()
    with counted() as sent:
        page = client.get("/")
    assert page.text.count("seats-bar") == 12
    assert len(sent) < 4, sent


@pytest.mark.full
def test_a_persons_own_places_cost_the_same_for_many_events(log_in):
    nurlan = factories.employee()
    browser = log_in(nurlan)
    counts = []
    for week in range(6):
        event = factories.event(starts_at=factories.SATURDAY + timedelta(weeks=week))
        factories.place(event, nurlan)
        db.session.remove()
        with counted() as sent:
            page = browser.get("/")
        counts.append(len(sent))
        assert page.text.count('class="mine"') == week + 1
    assert counts[-1] == counts[0], counts


@pytest.mark.full
def test_filters_stand_in_the_address_and_narrow_the_list(client):
    factories.event(title={"en": "Shore"}, city="balkhash", kind="cleanup")
    factories.event(title={"en": "Trees"}, city="zhezkazgan", kind="planting", audience="children")
    found = {
        address: [title for title in ("Shore", "Trees") if title in client.get(address).text]
        for address in (
            "/?city=balkhash",
            "/?kind=planting",
            "/?for_whom=children",
            "/?for_whom=adults",
            "/?city=no",
        )
    }
    assert found == {
        "/?city=balkhash": ["Shore"],
        "/?kind=planting": ["Trees"],
        "/?for_whom=children": ["Trees"],
        "/?for_whom=adults": ["Shore"],
        "/?city=no": ["Shore", "Trees"],
    }
    assert 'value="balkhash" selected' in client.get("/?city=balkhash").text


def test_a_long_list_goes_on_by_cursor_and_keeps_its_filters(app, client, monkeypatch):
    for week in range(3):
        factories.event(title={"en": f"Week {week}."}, starts_at=factories.SATURDAY + timedelta(weeks=week))
    first = queries.upcoming_events(now=NOW, limit=2)
    second = queries.upcoming_events(now=NOW, limit=2, cursor=first.next)
    assert [event.title["en"] for event in (*first.items, *second.items)] == ["Week 0.", "Week 1.", "Week 2."]
    assert second.next is None
    page = client.get("/", query_string={"cursor": first.next, "city": "balkhash"}).text
    assert "Week 2." in page
    assert "Week 0." not in page
    assert 'href="/?city=balkhash"' in page, "the way back to the first page"


def test_a_forged_cursor_is_refused_with_a_sentence(client):
    answer = client.get("/?cursor=forged")
    assert answer.status_code == 422


def test_what_is_over_moves_to_the_past_latest_first(client):
    factories.event(title={"en": "Old."}, status="completed", starts_at=factories.LONG_AGO)
    older = factories.LONG_AGO - timedelta(days=400)
    factories.event(title={"en": "Older."}, status="completed", starts_at=older, signup_opens_at=None)
    page = client.get("/events/past").text
    assert page.index("Old.") < page.index("Older.")
    assert "Old." not in client.get("/").text


def test_an_empty_list_offers_the_next_step(client):
    english = {"Accept-Language": "en"}
    assert "See past events" in client.get("/", headers=english).text
    factories.event(kind="cleanup")
    assert "See all events" in client.get("/?kind=stocking", headers=english).text


def test_seats_and_the_queue_are_said_in_words(client):
    event = factories.event(capacity=1)
    factories.place(event, factories.employee())
    factories.place(event, factories.employee(), status="waiting")
    page = client.get("/", headers={"Accept-Language": "en"}).text
    assert "No seats" in page
    assert "1 person waiting" in page


def test_nurlan_reads_that_he_and_dina_are_in(log_in):
    nurlan = factories.employee(language="en")
    event = factories.event(audience="families")
    first = factories.place(event, nurlan)
    dina = factories.place(event, factories.child(nurlan))
    with_him = dina.signup_id
    with transaction():
        dina.signup_id, dina.position = first.signup_id, 2
    assert with_him != first.signup_id
    assert "You are signed up: you and Дина" in log_in(nurlan).get("/").text


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({}, "open"),
        ({"status": "draft"}, "draft"),
        ({"status": "cancelled"}, "cancelled"),
        ({"status": "postponed"}, "postponed"),
        ({"status": "closed"}, "closed"),
        ({"status": "completed"}, "past"),
        ({"audience": "institution"}, "invitation"),
        ({"signup_opens_at": NOW + timedelta(days=1)}, "not_open"),
        ({"signup_closes_at": NOW - timedelta(days=1)}, "closed"),
    ],
)
def test_the_seat_column_says_where_an_event_stands(app, fields, state):
    assert state_of(factories.event(**fields), NOW) == state


def test_an_event_known_only_roughly_has_no_day(app):
    month = factories.event(date_precision="month")
    half = factories.event(date_precision="half-year", ends_at=factories.SATURDAY + timedelta(days=30))
    months = timetable([month, half], "ru", now=NOW)
    assert [m.heading for m in months] == ["Май\u00a02030", "Первое полугодие 2030"]
    assert [m.days[0].date for m in months] == [None, None]
    assert months[0].days[0].rows[0].time == ""
