"""Creating and changing the plan of an event."""

from datetime import UTC, datetime, timedelta

import pytest

from app.accounts.actor import STRANGER, SYSTEM
from app.audit.models import AuditEntry, AuditValues
from app.db import db, transaction
from app.errors import Invalid, NotAllowed
from app.events.changing import apply_changes
from app.events.drafts import version_of
from app.events.errors import CapacityBelowSeated, IsCancelled, StaleForm
from app.events.models import Event
from app.events.operations import change_event, create_event
from app.events.stop_drafts import StopDraft, stops_version
from app.events.stops import change_stops
from tests import factories
from tests.events.drafting import NOW, coordinating, draft


def test_aigul_plans_an_event_that_begins_as_a_draft_in_the_zone_of_its_city(app):
    aigul = coordinating(factories.coordinator())
    event = create_event(draft(factories.site(), factories.programme()), now=NOW, actor=aigul)
    assert (event.status, event.timezone, event.created_by_id) == ("draft", "Asia/Almaty", aigul.account_id)
    entry = db.session.query(AuditEntry).one()
    assert (entry.verb, entry.object_id, entry.actor_account_id) == ("create", event.id, aigul.account_id)


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("title", {"title": {"kk": "  "}}),
        ("ends_at", {"ends_at": factories.SATURDAY}),
        ("starts_at", {"starts_at": datetime(20, 5, 18, tzinfo=UTC)}),
        ("capacity", {"capacity": 0}),
        ("capacity", {"capacity": 10**12}),
        ("min_age", {"min_age": -1}),
        ("max_age", {"min_age": 14, "max_age": 12}),
        ("max_age", {"max_age": 10}),
        ("kind", {"kind": "party"}),
        ("audience", {"audience": "nobody"}),
        ("signup_opens_at", {"signup_opens_at": NOW, "signup_closes_at": NOW}),
        ("signup_closes_at", {"signup_closes_at": factories.SATURDAY + timedelta(days=1)}),
        ("site_id", {"site_id": "nowhere"}),
        ("programme_id", {"programme_id": "none"}),
        ("coordinator_id", {"coordinator_id": "nobody"}),
    ],
)
def test_what_can_not_be_is_refused_by_field_and_nothing_is_kept(app, field, changes):
    aigul = coordinating(factories.coordinator())
    wrong = draft(factories.site(min_age=12), factories.programme(), **changes)
    with pytest.raises(Invalid) as refusal:
        create_event(wrong, now=NOW, actor=aigul)
    assert list(refusal.value.errors) == [field]
    assert db.session.query(Event).count() == 0


def test_another_city_a_stranger_and_an_event_only_grant_plan_nothing_here(app):
    site, programme, person = factories.site("balkhash"), factories.programme(), factories.employee()
    one_event = factories.event()
    for actor in (
        STRANGER,
        coordinating(person, "zhezkazgan"),
        coordinating(person, None, event_id=one_event.id),
    ):
        with pytest.raises(NotAllowed):
            create_event(draft(site, programme), now=NOW, actor=actor)
    assert db.session.query(Event).count() == 1


def test_the_system_itself_plans_the_demo(app):
    assert create_event(draft(factories.site(), factories.programme()), now=NOW, actor=SYSTEM).id


def test_a_change_is_written_down_with_before_and_after(app):
    event, aigul = factories.event(capacity=40), coordinating(factories.coordinator())
    changes = change_event(event, {"capacity": 50}, now=NOW, actor=aigul)
    assert changes == {"capacity": (40, 50)}
    assert db.session.query(AuditValues).one().changes == {"capacity": [40, 50]}


def test_saving_the_same_again_leaves_no_trace(app):
    event, aigul = factories.event(capacity=40), coordinating(factories.coordinator())
    assert change_event(event, {"capacity": 40}, now=NOW, actor=aigul) == {}
    assert db.session.query(AuditEntry).count() == 0


def test_what_calendars_show_raises_the_sequence_and_other_changes_do_not(app):
    event, aigul = factories.event(), coordinating(factories.coordinator())
    change_event(event, {"capacity": 50}, now=NOW, actor=aigul)
    assert event.calendar_sequence == 0
    later = event.starts_at + timedelta(days=7)
    change_event(event, {"starts_at": later, "ends_at": later + timedelta(hours=4)}, now=NOW, actor=aigul)
    change_event(event, {"site_id": factories.site().id}, now=NOW, actor=aigul)
    change_event(event, {"title": {"kk": "Жағалау"}}, now=NOW, actor=aigul)
    change_event(event, {"meeting_point": {"kk": "Қақпа"}}, now=NOW, actor=aigul)
    assert event.calendar_sequence == 4


def test_an_event_that_moves_to_another_city_takes_that_citys_zone(app):
    tashkent = factories.city("tashkent")
    with transaction() as session:
        session.merge(tashkent).timezone = "Asia/Tashkent"
    event, anybody = factories.event(), coordinating(factories.coordinator(), None)
    change_event(event, {"site_id": factories.site("tashkent").id}, now=NOW, actor=anybody)
    assert event.timezone == "Asia/Tashkent"
    assert event.site.city == "tashkent"


def test_aigul_can_not_move_an_event_into_a_city_that_is_not_hers(app):
    event, aigul = factories.event(), coordinating(factories.coordinator())
    elsewhere = factories.site("zhezkazgan")
    with pytest.raises(NotAllowed):
        change_event(event, {"site_id": elsewhere.id}, now=NOW, actor=aigul)


def test_capacity_can_not_fall_below_those_seated(app):
    event, aigul = factories.event(capacity=3), coordinating(factories.coordinator())
    for _ in range(2):
        factories.place(event, factories.employee())
    with pytest.raises(CapacityBelowSeated, match="2 seats"):
        change_event(event, {"capacity": 1}, now=NOW, actor=aigul)
    change_event(event, {"capacity": 2}, now=NOW, actor=aigul)
    assert event.capacity == 2


def test_a_stale_version_is_refused(app):
    event, aigul = factories.event(), coordinating(factories.coordinator())
    opened_at = version_of(event)
    change_event(event, {"capacity": 41, "version": opened_at}, now=NOW, actor=aigul)
    with pytest.raises(StaleForm):
        change_event(event, {"capacity": 42, "version": opened_at}, now=NOW, actor=aigul)
    assert event.capacity == 41


def test_a_seat_taken_meanwhile_makes_no_form_stale(app):
    event, aigul = factories.event(), coordinating(factories.coordinator())
    opened_at = version_of(event)
    factories.place(event, factories.employee())
    change_event(event, {"capacity": 41, "version": opened_at}, now=NOW, actor=aigul)
    assert event.capacity == 41


def test_a_cancelled_event_changes_no_more(app):
    event, aigul = factories.event(status="cancelled"), coordinating(factories.coordinator())
    with pytest.raises(IsCancelled), transaction():
        apply_changes(event, {"capacity": 41}, now=NOW, actor=aigul)


def test_stops_are_replaced_in_their_order_and_a_stale_trip_is_refused(app):
    event, aigul = factories.event(), coordinating(factories.coordinator())
    opened_at = stops_version(event.stops)
    trip = [StopDraft({"kk": "Жиналу"}, arrives_at=event.starts_at), StopDraft({"ru": "Обед"}, note={"ru": "Столовая"})]
    change_stops(event, trip, version=opened_at, now=NOW, actor=aigul)
    assert [(stop.position, stop.title) for stop in event.stops] == [(1, {"kk": "Жиналу"}), (2, {"ru": "Обед"})]
    with pytest.raises(StaleForm):
        change_stops(event, [], version=opened_at, now=NOW, actor=aigul)
    change_stops(event, trip[::-1], version=stops_version(event.stops), now=NOW, actor=aigul)
    assert [stop.title for stop in event.stops] == [{"ru": "Обед"}, {"kk": "Жиналу"}]


def test_a_stop_needs_a_name(app):
    event, aigul = factories.event(), coordinating(factories.coordinator())
    with pytest.raises(Invalid):
        change_stops(event, [StopDraft({"kk": " "})], now=NOW, actor=aigul)
