"""The page of one event, and its place in calendars."""

from datetime import timedelta

from icalendar import Calendar

from app.db import db
from app.events.models import Stop
from tests import factories


def test_facts_stops_and_what_to_bring_are_on_the_page(client):
    event = factories.event(
        site=factories.site(kind="smelter", min_age=12, ppe=["helmet"], adult_child_ratio=8),
        audience="children",
        bring={"en": "Closed shoes"},
        lunch=True,
    )
    factories.saved(Stop(event_id=event.id, position=1, title={"en": "Briefing"}, arrives_at=event.starts_at))
    page = client.get(f"/events/{event.id}", headers={"Accept-Language": "en"}).text
    for words in (
        "Saturday, 18",
        "09:00–13:00",
        "from 12",
        "helmet",
        "one adult for 8",
        "Closed shoes",
        "Briefing",
    ):
        assert words in page, words


def test_a_draft_is_known_to_its_coordinators_alone(client, log_in):
    event = factories.event(status="draft")
    address = f"/events/{event.id}"
    assert client.get(address).status_code == 404
    assert log_in(factories.employee()).get(address).status_code == 404
    assert log_in(factories.coordinator("zhezkazgan")).get(address).status_code == 404
    page = log_in(factories.coordinator(language="en")).get(address)
    assert page.status_code == 200
    assert "This is a draft." in page.text


def test_an_unknown_event_is_not_found(client):
    assert client.get("/events/nosuchevent").status_code == 404


def test_a_cancelled_event_says_so_with_its_reason(client):
    event = factories.event(status="cancelled", cancel_reason={"en": "Storm warning."})
    page = client.get(f"/events/{event.id}", headers={"Accept-Language": "en"}).text
    assert "This event is cancelled." in page
    assert "Storm warning." in page


def test_the_coordinators_phone_is_for_those_who_logged_in(client, log_in):
    aigul = factories.coordinator(phone="+77086541886")
    event = factories.event(coordinator_id=aigul.id)
    assert "+77086541886" not in client.get(f"/events/{event.id}").text
    assert "+77086541886" in log_in(factories.employee()).get(f"/events/{event.id}").text


def test_only_coordinators_here_find_the_buttons(log_in):
    event = factories.event()
    edit = f"/events/{event.id}/edit"
    assert edit in log_in(factories.coordinator("balkhash")).get(f"/events/{event.id}").text
    assert edit not in log_in(factories.coordinator("zhezkazgan")).get(f"/events/{event.id}").text
    assert edit not in log_in(factories.employee()).get(f"/events/{event.id}").text


def test_the_calendar_file_holds_utc_times_and_the_address(client):
    event = factories.event()
    answer = client.get(f"/events/{event.id}/event.ics", headers={"Accept-Language": "ru"})
    assert answer.content_type.startswith("text/calendar")
    entry = Calendar.from_ical(answer.data).walk("VEVENT")[0]
    assert (entry["uid"], str(entry["summary"])) == (f"{event.id}@torangy", "Чистый берег")
    assert entry["dtstart"].dt == event.starts_at
    assert str(entry["url"]).endswith(f"/events/{event.id}")
    assert str(entry["url"]).startswith("http")


def test_an_event_without_its_hour_is_in_no_calendar_and_a_draft_in_nobodys(client):
    assert client.get(f"/events/{factories.event(date_precision='month').id}/event.ics").status_code == 404
    assert client.get(f"/events/{factories.event(status='draft').id}/event.ics").status_code == 404


def test_the_public_feed_holds_what_is_on(client):
    on = factories.event()
    factories.event(status="draft")
    factories.event(status="completed", starts_at=factories.LONG_AGO)
    entries = Calendar.from_ical(client.get("/events.ics").data).walk("VEVENT")
    assert [entry["uid"] for entry in entries] == [f"{on.id}@torangy"]


def test_a_cancelled_event_is_taken_out_of_the_calendars_that_follow_us(client):
    factories.event(status="cancelled")
    entry = Calendar.from_ical(client.get("/events.ics").data).walk("VEVENT")[0]
    assert str(entry["status"]) == "CANCELLED"


def test_looking_changes_nothing(client):
    event = factories.event()
    before = event.seats_taken, event.calendar_sequence, event.status
    client.get(f"/events/{event.id}")
    db.session.expire_all()
    assert (event.seats_taken, event.calendar_sequence, event.status) == before
    assert event.ends_at - event.starts_at == timedelta(hours=4)
