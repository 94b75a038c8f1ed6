"""What a coordinator is told about a day before it stands; it never forbids."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.db import transaction
from app.events.holidays import holiday_on, is_workday, workdays_between
from app.events.planning_checks import Overlap, orders_gifts, rules_missing, warnings_for
from app.events.planning_queries import event_warnings, plan_warnings
from app.rosters.models import Bus
from tests import factories
from tests.events.drafting import NOW, coordinating

TODAY = date(2026, 1, 5)


def types(day, **more):
    return [one.type for one in warnings_for(day, today=TODAY, **more)]


@pytest.mark.parametrize(
    ("day", "named"),
    [
        (date(2026, 3, 22), "Наурыз мейрамы"),
        (date(2025, 6, 6), "Құрбан айт"),
        (date(2026, 5, 27), "Құрбан айт (күні шамамен)"),
        (date(2024, 5, 8), "Ауыстырылған демалыс күні"),
        (date(2026, 12, 16), "Тәуелсіздік күні"),
    ],
)
def test_public_holidays_have_names_the_movable_ones_too(day, named):
    assert holiday_on(day)["kk"] == named
    assert set(holiday_on(day)) == {"kk", "ru", "en"}


def test_every_holiday_of_many_years_is_named_in_russian():
    days = [date(2015, 1, 1) + timedelta(days=step) for step in range(365 * 20)]
    named = [holiday_on(day) for day in days if holiday_on(day)]
    assert all(one["ru"] != one["en"] for one in named)


def test_working_days_leave_out_weekends_and_holidays():
    assert workdays_between(date(2026, 5, 1), date(2026, 5, 16)) == 8, "7, 9 and 11 May are days off"
    assert workdays_between(date(2026, 5, 16), date(2026, 5, 1)) == 0
    assert not is_workday(date(2026, 5, 11))


def test_a_holiday_the_days_beside_it_and_sundays_are_told():
    assert types(date(2026, 12, 16)) == ["holiday"]
    assert types(date(2026, 12, 15)) == ["near-holiday"]
    assert types(date(2026, 12, 17)) == ["near-holiday"]
    assert types(date(2026, 6, 14)) == ["sunday"]
    assert types(date(2026, 6, 13)) == []
    assert types(date(2026, 1, 4)) == ["past"]
    assert types(None) == []


def test_gifts_need_fifteen_working_days():
    assert types(date(2026, 1, 27), orders_gifts=True) == ["gifts-late"]
    assert types(date(2026, 1, 28), orders_gifts=True) == []
    assert types(date(2026, 1, 27)) == []
    assert (orders_gifts("cleanup"), orders_gifts("visit")) == (True, False)


def test_overlaps_and_rules_that_a_place_lacks_are_told():
    found = warnings_for(date(2026, 6, 13), today=TODAY, overlaps=[Overlap("site", {"en": "Other"}, "09:00–13:00")])
    assert [(one.type, one.params["event"]) for one in found] == [("site-taken", {"en": "Other"})]
    bare = {"min_age": None, "adult_child_ratio": 10, "hazard_class": "none", "ppe": []}
    assert rules_missing("excursion", "smelter", bare) == ["min_age", "hazard_class", "ppe"]
    assert rules_missing("cleanup", "coast", bare) == []


@pytest.fixture
def aigul(app):
    return coordinating(factories.coordinator())


def test_what_is_at_the_same_place_or_with_the_same_coordinator_is_told_once(app, aigul):
    site = factories.site()
    factories.event(site=site, coordinator_id=aigul.person_id)
    factories.event(coordinator_id=aigul.person_id)
    factories.event(site=site, status="cancelled")
    mine = factories.event(site=site, coordinator_id=aigul.person_id, starts_at=factories.SATURDAY)
    assert sorted(one.type for one in event_warnings(mine, now=NOW, actor=aigul)) == [
        "coordinator-taken", "gifts-late", "site-taken",
    ]  # fmt: skip
    after = {"starts_at": mine.ends_at, "ends_at": mine.ends_at + timedelta(hours=1), "site": site}
    assert plan_warnings(aigul, now=NOW, **after) == []


@pytest.mark.full
def test_a_bus_that_drives_elsewhere_then_is_told_by_its_plate(app, aigul):
    mine, other, late = (factories.event(kind="visit") for _ in range(3))
    with transaction():
        late.starts_at, late.ends_at = mine.ends_at, mine.ends_at + timedelta(hours=1)
    for event in (mine, other, late):
        factories.saved(Bus(event_id=event.id, name="1", seats=50, plate="123 ABC 09"))
        factories.saved(Bus(event_id=event.id, name="2", seats=50))
    assert [one.type for one in event_warnings(mine, now=NOW, actor=aigul)] == ["bus-taken"]


def test_a_draft_elsewhere_stays_nameless(app, aigul):
    hers = {"coordinator_id": aigul.person_id}
    factories.event(city="zhezkazgan", status="draft", title={"en": "Secret"}, **hers)
    (told,) = event_warnings(factories.event(kind="visit", **hers), now=NOW, actor=aigul)
    assert told.params["event"]["en"] == "another event"


def test_while_typing_only_what_can_be_read_counts(app, log_in):
    page, site = log_in(factories.coordinator(language="en")), factories.site()
    factories.event(site=site)
    typed = {"site_id": site.id, "starts_at": "10:00", "ends_at": "11:00", "kind": "cleanup"}
    answer = page.get("/planning/warnings", query_string=typed | {"day": "18.05.2030"})
    assert answer.status_code == 200
    assert "Another event is at this place then: Clean coast, 09:00–13:00." in answer.text
    assert "<html" not in answer.text
    for half in ({"day": "18.05."}, {"day": "18.05.2030", "starts_at": "99"}, {"site_id": "none"}, {"kind": "x"}):
        assert page.get("/planning/warnings", query_string=typed | half).status_code == 200
    assert "Independence Day" in page.get("/planning/warnings?day=16.12.2030").text


def test_after_saving_the_same_stands_on_the_page_and_holds_nothing_up(app, log_in):
    page = log_in(factories.coordinator(language="en"))
    event = factories.event(starts_at=datetime(2030, 12, 16, 4, tzinfo=UTC), status="draft")
    assert "A public holiday: Independence Day." in page.get(f"/events/{event.id}").text
    assert page.post(f"/events/{event.id}/publication").status_code == 303
    assert "A public holiday" not in log_in(factories.employee(language="en")).get(f"/events/{event.id}").text
