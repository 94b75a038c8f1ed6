"""What search engines read of coming events: dates as the place has them, states, and nothing that ends the script."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.impact.face.event_data import events_data
from tests import factories

BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def data_on(client: FlaskClient, query: str = "lang=en") -> dict[str, Any] | None:
    found = BLOCK.search(client.get(f"/impact?{query}").get_data(as_text=True))
    return json.loads(found.group(1)) if found else None


def test_an_event_is_told_with_its_own_places_clock(app: Flask) -> None:
    event = factories.event(description={"en": "Bags are there."})
    found = events_data([event], "en", base_url="https://t.example", organizer="Torangy")
    assert found is not None
    (one,) = found["@graph"]
    assert (one["@type"], one["name"], one["startDate"]) == ("Event", "Clean coast", "2030-05-18T09:00:00+05:00")
    assert one["location"]["address"]["addressLocality"] == "Balkhash"
    assert one["url"] == f"https://t.example/events/{event.id}"
    assert one["eventStatus"] == "https://schema.org/EventScheduled"
    assert one["description"] == "Bags are there."


@pytest.mark.parametrize(("status", "said"), [("cancelled", "EventCancelled"), ("postponed", "EventPostponed")])
def test_what_does_not_take_place_says_so(app: Flask, status: str, said: str) -> None:
    found = events_data([factories.event(status=status)], "kk", base_url="", organizer="")
    assert found is not None
    assert found["@graph"][0]["eventStatus"].endswith(said)


def test_what_is_known_only_to_the_month_has_no_date_to_tell(app: Flask) -> None:
    month, day = (factories.event(date_precision=known) for known in ("month", "day"))
    assert events_data([month], "kk", base_url="", organizer="") is None
    found = events_data([day], "kk", base_url="", organizer="")
    assert found is not None
    assert found["@graph"][0]["startDate"] == "2030-05-18"


def test_only_coming_public_events_are_on_the_page(app: Flask, client: FlaskClient) -> None:
    factories.event(title={"en": "Open"})
    factories.event(title={"en": "Hidden"}, is_hidden=True)
    factories.event(title={"en": "Draft"}, status="draft")
    past = datetime(2024, 5, 18, 4, tzinfo=UTC)
    factories.event(title={"en": "Past"}, starts_at=past, ends_at=past + timedelta(hours=4))
    found = data_on(client)
    assert found is not None
    assert [one["name"] for one in found["@graph"]] == ["Open"]


def test_a_title_cannot_end_the_block(app: Flask, client: FlaskClient) -> None:
    title = "</script><script>alert(1)</script><!-- & \u2028"
    factories.event(title={"en": title})
    page = client.get("/impact?lang=en").get_data(as_text=True)
    assert "<script>alert" not in page
    found = data_on(client)
    assert found is not None
    assert found["@graph"][0]["name"] == title


def test_without_coming_events_there_is_no_block(app: Flask, client: FlaskClient) -> None:
    assert data_on(client) is None
    assert clock.now() < factories.SATURDAY, "the factories' Saturday is ahead"
