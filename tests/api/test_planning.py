"""Planning by program: copies, series, warnings, a list, a season."""

import io

import pytest

from app.db import db
from app.events.models import Event
from tests import factories
from tests.events.test_season import COAST, GROVE, book

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def aigul(program):
    return program(factories.coordinator(language="en"))


def test_a_copy_is_made_once_however_often_it_is_asked_for(aigul):
    event = factories.event()
    sent = [
        aigul.post(f"/events/{event.id}/clone", json={"day": "2030-06-15"}, headers={"Idempotency-Key": "k"})
        for _ in range(2)
    ]
    assert [one.status_code for one in sent] == [201, 201]
    assert sent[0].json == sent[1].json
    assert (sent[0].json["status"], sent[0].json["starts_at"][:10]) == ("draft", "2030-06-15")
    assert db.session.query(Event).count() == 2


def test_a_series_of_saturdays(aigul):
    event = factories.event()
    body = {"event_id": event.id, "weekday": 5, "first_on": "2030-05-01", "last_on": "2030-05-31"}
    made = aigul.post("/events/series", json=body)
    assert made.status_code == 201
    assert [one["starts_at"][:10] for one in made.json["events"]] == ["2030-05-04", "2030-05-11", "2030-05-25"]
    wrong = aigul.post("/events/series", json=body | {"last_on": "2030-04-01"})
    assert (wrong.status_code, list(wrong.json["errors"])) == (422, ["last_on"])


def test_a_series_changes_with_one_of_its_dates(aigul):
    event = factories.event()
    aigul.post(
        "/events/series",
        json={"event_id": event.id, "weekday": 5, "first_on": "2030-05-18", "last_on": "2030-05-31"},
    )
    changed = aigul("PATCH", f"/events/{event.id}/series", json={"capacity": 70, "title": {"kk": "Жаға", "en": ""}})
    assert (changed.status_code, changed.json) == (200, {"changed": 1})
    assert {(one.capacity, one.title["kk"]) for one in db.session.query(Event)} == {(70, "Жаға")}


def test_what_is_to_know_about_a_day(aigul):
    site = factories.site()
    factories.event(site=site)
    asked = f"?starts_at=2030-05-18T10:00:00%2B05:00&site_id={site.id}&kind=cleanup"
    told = aigul.get(f"/planning/warnings{asked}").json["items"]
    assert {"type": "site-taken", "detail": "Another event is at this place then: Clean coast, 09:00–13:00."} in told
    assert aigul.get("/planning/warnings").json == {"items": []}
    assert aigul.get("/planning/warnings?site_id=none").status_code == 404


def test_another_day_only_while_nobody_is_in(aigul):
    event = factories.event()
    assert aigul.post(f"/events/{event.id}/day", json={"day": "2030-05-25"}).json["starts_at"][:10] == "2030-05-25"
    factories.place(event, factories.employee())
    refused = aigul.post(f"/events/{event.id}/day", json={"day": "2030-05-26"})
    assert (refused.status_code, refused.json["type"]) == (409, "has-sign-ups")


def test_a_list_is_read_added_to_and_ticked(aigul):
    event = factories.event()
    made = aigul.post(f"/events/{event.id}/checklist", json={"text": {"en": "Bags"}, "days_before": 5}).json
    assert (made["due_on"], made["done_at"]) == ("2030-05-13", None)
    assert aigul.post(f"/checklist/{made['id']}/completion").json["done_at"]
    assert len(aigul.get(f"/events/{event.id}/checklist").json["items"]) == 1


def test_a_season_is_tried_and_then_read(aigul):
    factories.site()
    factories.programme()

    def send(query):
        return aigul.post(f"/events/imports{query}", data={"file": (io.BytesIO(book(COAST, GROVE)), "s.xlsx")}).json

    tried = send("?dry_run=1")
    assert (tried["created"], [(one["row"], one["field"]) for one in tried["refused"]]) == (1, [(3, "site")])
    assert db.session.query(Event).count() == 0
    assert (send("")["created"], send("")["unchanged"], db.session.query(Event).count()) == (1, 1, 1)


def test_a_coordinator_elsewhere_and_a_stranger_plan_nothing_here(program):
    event = factories.event()
    for somebody in (program(factories.coordinator("zhezkazgan")), program(factories.employee())):
        assert somebody.post(f"/events/{event.id}/clone", json={}).status_code == 403
        assert somebody.get(f"/events/{event.id}/checklist").status_code == 403
