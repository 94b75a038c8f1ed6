"""Planning through the pages: what a coordinator types, and what is said when it can't be."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest

from app.db import db, transaction
from app.events.models import Event
from app.events.operations import change_event
from app.events.periods import local_clock
from app.events.series import events_of_series, make_series
from app.mail.models import Mail
from app.rosters.change_models import EventChange
from tests import factories
from tests.events.drafting import NOW, coordinating


@pytest.fixture
def typed(app):
    """A sheet that was filled in well."""
    site, programme = factories.site(), factories.programme()
    return {
        "title-kk": "Таза жағалау",
        "kind": "cleanup",
        "programme_id": programme.id,
        "site_id": site.id,
        "day": "18.05.2030",
        "starts_at": "09:00",
        "ends_at": "13.00",
        "date_precision": "minute",
        "audience": "employees",
        "capacity": "4 00",
        "on_full": "waitlist",
    }


@pytest.fixture
def aigul(app, log_in):
    return log_in(factories.coordinator(language="en"))


def test_aigul_plans_an_event_in_local_time(aigul, typed):
    answer = aigul.post("/events/new", data=typed)
    assert answer.status_code == 303
    event = db.session.query(Event).one()
    assert answer.location == f"/events/{event.id}"
    assert (event.status, event.capacity, event.title) == ("draft", 400, {"kk": "Таза жағалау"})
    assert event.starts_at == datetime(2030, 5, 18, 4, tzinfo=UTC)
    assert event.ends_at == datetime(2030, 5, 18, 8, tzinfo=UTC)
    assert event.signup_closes_at == datetime(2030, 5, 17, 13, tzinfo=UTC), "18:00 the day before"


def test_before_march_2024_the_clocks_stood_an_hour_further(aigul, typed):
    aigul.post("/events/new", data=typed | {"day": "13.05.2023"})
    assert db.session.query(Event).one().starts_at == datetime(2023, 5, 13, 3, tzinfo=UTC)


def test_the_new_sheet_comes_with_sensible_times(aigul, typed):
    page = aigul.get("/events/new?start=other").text
    assert 'value="09:00"' in page
    assert 'value="13:00"' in page
    assert 'value="40"' in page


def test_a_date_known_to_the_month_covers_the_month(aigul, typed):
    aigul.post("/events/new", data=typed | {"day": "18.05.2030", "date_precision": "month"})
    event = db.session.query(Event).one()
    assert event.starts_at == datetime(2030, 4, 30, 19, tzinfo=UTC)
    assert event.ends_at == datetime(2030, 5, 31, 19, tzinfo=UTC)
    assert event.signup_closes_at is None


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("day", "30.02.2030", "There is no such date."),
        ("day", "18.05.0203", "Check the year."),
        ("day", "", "This field is required."),
        ("starts_at", "25:61", "There is no such time."),
        ("ends_at", "08:00", "The end is before the beginning."),
        ("capacity", "many", "Write a whole number."),
        ("capacity", "0", "There is at least one seat"),
        ("max_age", "-3", "An age is from 0 to 120."),
        ("title-kk", "", "Give it a title in one language at least."),
        ("signup_closes_at", "19.05.2030", "Sign-up would close after the event is over."),
        ("site_id", "elsewhere", "Not a valid choice."),
    ],
)
def test_a_slip_is_said_beside_its_field_and_what_was_typed_stays(aigul, typed, field, value, sentence):
    answer = aigul.post("/events/new", data=typed | {field: value})
    assert answer.status_code == 422
    assert sentence in answer.text.replace("&#39;", "'")
    assert f'id="{field}-e"' in answer.text
    assert f'value="{value}"' in answer.text or field == "site_id"
    assert 'value="18.05.2030"' in answer.text or field == "day"
    assert db.session.query(Event).count() == 0


def test_opening_and_saving_the_sheet_again_changes_nothing(aigul, typed):
    aigul.post("/events/new", data=typed)
    event = db.session.query(Event).one()
    before = {name: getattr(event, name) for name in ("starts_at", "ends_at", "signup_opens_at", "signup_closes_at")}
    again = {**typed, "version": _version(aigul, event)}
    assert aigul.post(f"/events/{event.id}/edit", data=again).status_code == 303
    db.session.expire_all()
    assert {name: getattr(event, name) for name in before} == before


def test_capacity_below_those_seated_is_refused_beside_the_field(aigul, typed):
    aigul.post("/events/new", data=typed)
    event = db.session.query(Event).one()
    for _ in range(3):
        factories.place(event, factories.employee())
    answer = aigul.post(f"/events/{event.id}/edit", data={**typed, "capacity": "2", "version": _version(aigul, event)})
    assert answer.status_code == 422
    beside = answer.text.split('id="capacity-e"')[1][:300]
    assert "3 seats are taken already." in beside
    assert 'value="2"' in answer.text
    assert event.capacity == 400


def test_a_stale_sheet_is_refused_and_keeps_what_was_typed(aigul, typed):
    aigul.post("/events/new", data=typed)
    event = db.session.query(Event).one()
    opened_at = _version(aigul, event)
    somebody = coordinating(factories.coordinator())
    change_event(event, {"capacity": 50}, now=NOW, actor=somebody)
    answer = aigul.post(f"/events/{event.id}/edit", data={**typed, "capacity": "60", "version": opened_at})
    assert answer.status_code == 422
    assert "Somebody changed this event meanwhile." in answer.text
    assert 'value="60"' in answer.text
    db.session.expire_all()
    assert event.capacity == 50


def test_a_sheet_without_a_version_is_stale_too(aigul, typed):
    aigul.post("/events/new", data=typed)
    event = db.session.query(Event).one()
    assert aigul.post(f"/events/{event.id}/edit", data=typed | {"capacity": "60"}).status_code == 422


def test_more_seats_go_to_the_queue_at_once(aigul, typed):
    aigul.post("/events/new", data=typed | {"capacity": "1"})
    event = db.session.query(Event).one()
    with_seat, waiting = factories.employee(), factories.employee()
    with transaction():
        event.status = "published"
    factories.place(event, with_seat)
    place = factories.place(event, waiting, status="waiting")
    answer = aigul.post(f"/events/{event.id}/edit", data={**typed, "capacity": "2", "version": _version(aigul, event)})
    assert answer.status_code == 303
    db.session.expire_all()
    assert (place.status, event.seats_taken) == ("confirmed", 2)


@pytest.mark.full
def test_another_day_of_a_public_event_is_looked_at_first_and_all_else_is_saved(aigul, typed):
    aigul.post("/events/new", data=typed)
    event, elsewhere = db.session.query(Event).one(), factories.site()
    with transaction():
        event.status = "published"
    factories.place(event, factories.employee())
    moved = {"day": "25.05.2030", "starts_at": "10:00", "site_id": elsewhere.id, "capacity": "50"}
    late = {"signup_closes_at": "24.05.2030", "signup_closes_clock": "12:00"}
    sent = {**typed, **moved, **late, "version": _version(aigul, event)}
    answer = aigul.post(f"/events/{event.id}/edit", data=sent)
    db.session.expire_all()
    assert (event.starts_at, event.capacity) == (datetime(2030, 5, 18, 4, tzinfo=UTC), 50)
    assert not db.session.query(Mail).count(), "nobody is told before the press"
    page = aigul.get(answer.location).text
    assert all(f'value="{word}"' in page for word in ("25.05.2030", "10:00", "13:00", elsewhere.id))
    assert "2030-05-24T12:00:00+05:00" in page
    hidden = dict(parse_qsl(urlsplit(answer.location).query))
    assert aigul.post(f"/events/{event.id}/change?to=move", data=hidden).status_code == 303
    db.session.expire_all()
    assert (event.starts_at, event.site_id) == (datetime(2030, 5, 25, 5, tzinfo=UTC), elsewhere.id)
    assert event.signup_closes_at == datetime(2030, 5, 24, 7, tzinfo=UTC)
    assert db.session.query(EventChange).count() == db.session.query(Mail).count() == 1


def test_a_draft_and_what_is_over_move_on_the_sheet_itself(aigul, typed):
    aigul.post("/events/new", data=typed)
    event = db.session.query(Event).one()
    sent = {**typed, "day": "25.05.2030", "version": _version(aigul, event)}
    assert aigul.post(f"/events/{event.id}/edit", data=sent).location == f"/events/{event.id}"
    db.session.expire_all()
    assert event.local_date == date(2030, 5, 25)
    factories.place(event, factories.employee())
    with transaction():
        event.status = "completed"
    sent = {**typed, "day": "26.05.2030", "version": _version(aigul, event)}
    assert aigul.post(f"/events/{event.id}/edit", data=sent).status_code == 409


@pytest.mark.full
def test_new_hours_of_a_series_wait_on_the_page_of_each_date_that_people_know(aigul, typed):
    aigul.post("/events/new", data=typed)
    event, boss = db.session.query(Event).one(), coordinating(factories.coordinator())
    span = {"first": date(2030, 5, 1), "last": date(2030, 6, 1), "weekday": 5}
    make_series(event, **span, now=NOW, actor=boss)
    with transaction():
        for one in events_of_series(event.series_id)[-3:]:
            one.status = "published"
    hours = {"starts_at": "11:00", "ends_at": "15:00", "capacity": "60", "apply_to": "all"}
    answer = aigul.post(f"/events/{event.id}/edit", data={**typed, **hours, "version": _version(aigul, event)})
    clocks = {one.local_date.day: local_clock(one.starts_at, one.timezone).hour for one in _series(event)}
    assert clocks == {4: 11, 11: 11, 18: 9, 25: 9, 1: 9} and {one.capacity for one in _series(event)} == {60}
    page = aigul.get(answer.location).text
    waiting = [one for one in _series(event) if one.status == "published" and one.id != event.id]
    assert len(waiting) == 2 and all(f'<li><a href="/events/{one.id}/change?' in page for one in waiting)


def _series(event):
    db.session.expire_all()
    return events_of_series(event.series_id)


def test_sites_of_other_cities_are_not_offered_nor_taken(log_in, typed):
    stranger_here = log_in(factories.coordinator("zhezkazgan", language="en"))
    factories.site("zhezkazgan")
    assert typed["site_id"] not in stranger_here.get("/events/new").text
    assert stranger_here.post("/events/new", data=typed).status_code == 422
    assert db.session.query(Event).count() == 0


def test_strangers_and_employees_plan_nothing(client, log_in, typed):
    event = factories.event()
    for address in ("/planning", "/events/new", f"/events/{event.id}/edit", f"/events/{event.id}/stops"):
        assert client.get(address).status_code == 303
        assert log_in(factories.employee()).get(address).status_code == 403
    assert log_in(factories.coordinator("zhezkazgan")).get(f"/events/{event.id}/edit").status_code == 403


def test_planning_lists_ones_own_city_in_every_state_with_what_is_missing(aigul):
    factories.event(title={"en": "Ours."}, status="draft", capacity=None)
    factories.event(title={"en": "Theirs."}, city="zhezkazgan")
    over = datetime(2024, 5, 18, 4, tzinfo=UTC)
    factories.event(title={"en": "Over."}, starts_at=over, ends_at=over + timedelta(hours=1), signup_opens_at=None)
    page = aigul.get("/planning").text
    assert "Ours." in page
    assert "Say how many seats there are." in page
    assert "Theirs." not in page
    assert "Over." not in page
    assert "Not closed off: did it take place?" in aigul.get("/planning?past=1").text


def test_a_coordinator_of_one_event_finds_that_one(log_in):
    person = factories.employee(language="en")
    event = factories.event(title={"en": "Mine."})
    factories.event(title={"en": "Another."})
    factories.account(person, "coordinator", event_id=event.id)
    page = log_in(person).get("/planning").text
    assert "Mine." in page
    assert "Another." not in page


def test_the_first_stop_is_offered_as_the_place_and_the_hours_of_the_event_and_only_typed_when_saved(aigul):
    event = factories.event()
    page = aigul.get(f"/events/{event.id}/stops").text
    assert f'value="{event.site_id}" selected' in page or f'selected value="{event.site_id}"' in page
    assert 'value="09:00"' in page and 'value="13:00"' in page
    version = page.split('name="version"')[1].split('value="')[1].split('"')[0]
    again = aigul.post(f"/events/{event.id}/stops", data={"version": version, "add": "1"})
    assert 'value="09:00"' not in again.text, "a row more is empty"
    assert event.stops == []
    said = {"stops-0-clock": "09:00", "stops-0-leaves": "13:00", "stops-0-site_id": event.site_id, "version": version}
    assert aigul.post(f"/events/{event.id}/stops", data=said).status_code == 303
    db.session.expire_all()
    assert [(stop.title, stop.arrives_at) for stop in event.stops] == [(event.site.name, event.starts_at)]


def test_stops_are_typed_row_by_row_and_an_empty_row_is_dropped(aigul):
    event = factories.event()
    page = aigul.get(f"/events/{event.id}/stops").text
    version = page.split('name="version"')[1].split('value="')[1].split('"')[0]
    rows = {"stops-0-clock": "9:40", "stops-0-title-kk": "Жиналу", "stops-1-title-kk": "", "version": version}
    more = aigul.post(f"/events/{event.id}/stops", data=rows | {"add": "1"})
    assert more.status_code == 200
    assert 'name="stops-2-title-kk"' in more.text
    assert event.stops == []
    assert aigul.post(f"/events/{event.id}/stops", data=rows).status_code == 303
    db.session.expire_all()
    at = datetime(2030, 5, 18, 4, 40, tzinfo=UTC)
    assert [(stop.title, stop.arrives_at) for stop in event.stops] == [({"kk": "Жиналу"}, at)]


def test_a_stop_without_a_name_or_with_a_wrong_time_is_refused(aigul):
    event = factories.event()
    answer = aigul.post(f"/events/{event.id}/stops", data={"stops-0-clock": "9:99", "stops-0-title-kk": "Жиналу"})
    assert answer.status_code == 422
    assert "There is no such time." in answer.text
    page = aigul.get(f"/events/{event.id}/stops").text
    version = page.split('name="version"')[1].split('value="')[1].split('"')[0]
    nameless = {"stops-0-clock": "9:40", "version": version}
    answer = aigul.post(f"/events/{event.id}/stops", data=nameless)
    assert answer.status_code == 422
    assert "Give each stop a name" in answer.text
    assert event.stops == []


def _version(browser, event):
    page = browser.get(f"/events/{event.id}/edit").text
    return page.split('name="version"')[1].split('value="')[1].split('"')[0]
