"""From draft to completed, step by step."""

from datetime import timedelta

import pytest

from app.audit.models import AuditValues
from app.db import db
from app.events import errors
from app.events.lifecycle import STEPS, WHY_NOT, after, may
from app.events.models import STATUSES
from app.events.operations import close_event, complete_event, publish_event, reopen_event
from app.rosters.postponing import postpone_event
from tests import factories
from tests.events.drafting import NOW, coordinating


@pytest.fixture
def aigul(app):
    return coordinating(factories.coordinator())


def test_every_step_from_every_state_either_leads_on_or_names_the_state():
    for step, (starts_from, leads_to) in STEPS.items():
        for status in STATUSES:
            assert may(step, status) == (status in starts_from)
            if status in starts_from:
                assert after(step, status) == (leads_to or status)
            else:
                with pytest.raises(WHY_NOT[status]):
                    after(step, status)


def test_a_draft_goes_out_is_closed_reopened_and_completed(aigul):
    event = factories.event(status="draft", published_at=None)
    publish_event(event, now=NOW, actor=aigul)
    assert (event.status, event.published_at) == ("published", NOW)
    close_event(event, now=NOW, actor=aigul)
    assert (event.status, event.closed_at) == ("closed", NOW)
    reopen_event(event, now=NOW, actor=aigul)
    assert (event.status, event.closed_at) == ("published", None)
    over = event.ends_at
    complete_event(event, now=over, actor=aigul)
    assert (event.status, event.completed_at) == ("completed", over)
    moves = [row.changes["status"] for row in db.session.query(AuditValues)]
    assert sorted(moves) == sorted(
        [["draft", "published"], ["published", "closed"], ["closed", "published"], ["published", "completed"]]
    )


def test_two_clicks_publish_once(aigul):
    event = factories.event(status="draft")
    publish_event(event, now=NOW, actor=aigul)
    with pytest.raises(errors.AlreadyPublished):
        publish_event(event, now=NOW, actor=aigul)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"starts_at": NOW - timedelta(days=1)}, "in the past"),
        ({"capacity": None}, "how many seats"),
        ({"signup_closes_at": NOW - timedelta(days=1)}, "already be over"),
    ],
)
def test_what_is_missing_keeps_a_draft_back(aigul, fields, sentence):
    event = factories.event(status="draft", **fields)
    with pytest.raises(errors.NotReady) as refusal:
        publish_event(event, now=NOW, actor=aigul)
    assert sentence in refusal.value.message
    assert event.status == "draft"


def test_an_announcement_without_exact_date_needs_no_seats(aigul):
    event = factories.event(status="draft", capacity=None, date_precision="month")
    publish_event(event, now=NOW, actor=aigul)
    assert event.status == "published"


def test_a_postponed_event_comes_back_with_a_new_date(aigul):
    event = factories.event()
    postpone_event(event, now=NOW, actor=aigul)
    assert (event.status, event.postponed_at) == ("postponed", NOW)
    publish_event(event, now=NOW, actor=aigul)
    assert (event.status, event.postponed_at) == ("published", None)


def test_what_has_not_begun_can_not_have_taken_place(aigul):
    event = factories.event()
    with pytest.raises(errors.NotBegun):
        complete_event(event, now=event.starts_at - timedelta(minutes=1), actor=aigul)


def test_an_event_of_the_past_is_recorded_straight_from_its_draft(aigul):
    event = factories.event(status="draft", starts_at=NOW - timedelta(days=400), capacity=None)
    complete_event(event, now=NOW, actor=aigul)
    assert event.status == "completed"


@pytest.mark.parametrize("noun", ["publication", "closing", "reopening", "completion"])
def test_only_coordinators_of_the_city_take_steps(log_in, client, noun):
    event = factories.event(status="draft")
    address = f"/events/{event.id}/{noun}"
    assert client.post(address).status_code == 303, "strangers are sent to log in"
    assert log_in(factories.employee()).post(address).status_code == 403
    assert log_in(factories.coordinator("zhezkazgan")).post(address).status_code == 404, "a draft is unknown elsewhere"
    assert event.status == "draft"
    assert log_in(factories.coordinator("balkhash")).get(address).status_code == 405


def test_a_coordinator_elsewhere_sees_a_published_event_but_can_not_close_it(log_in):
    event = factories.event()
    assert log_in(factories.coordinator("zhezkazgan")).post(f"/events/{event.id}/closing").status_code == 403
    assert event.status == "published"


def test_a_refused_step_says_why_on_the_page_of_the_event(log_in):
    event = factories.event(status="draft", capacity=None)
    browser = log_in(factories.coordinator(language="en"))
    page = f"http://localhost/events/{event.id}"
    answer = browser.post(f"/events/{event.id}/publication", headers={"Referer": page})
    assert answer.status_code == 409
    assert "Say how many seats there are." in answer.text


def test_the_button_publishes(log_in):
    event = factories.event(status="draft")
    browser = log_in(factories.coordinator(language="en"))
    assert browser.post(f"/events/{event.id}/publication").status_code == 303
    assert "Published. Everybody sees it now." in browser.get(f"/events/{event.id}").text
