"""The month on the wall, and moving what nobody is in yet."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event as sqlalchemy_event

from app.db import db
from app.errors import Invalid, NotAllowed
from app.events.calendar_month import month_named, neighbours, span_of, weeks_of
from app.rosters.replanning import HasSignUps, move_to_day
from tests import factories
from tests.events.drafting import NOW, coordinating

MAY = "/planning/calendar?month=2030-05"


@given(day=st.dates(min_value=date(1990, 1, 1), max_value=date(2099, 12, 31)))
@pytest.mark.full
def test_a_month_is_whole_weeks_from_monday(day):
    month = month_named(day.strftime("%Y-%m"), day)
    first, last = span_of(month)
    assert (first.weekday(), last.weekday()) == (0, 6)
    assert first <= month <= day <= last
    assert [len(week) for week in weeks_of(month, [])] == [7] * (((last - first).days + 1) // 7)
    before, after = neighbours(month)
    assert neighbours(before)[1] == month == neighbours(after)[0]


@pytest.mark.parametrize("word", ["", "2030-13", "x", "0001-01", "9999-12", "2030-05-04"])
def test_a_month_that_can_not_be_is_this_month(word):
    assert month_named(word, date(2030, 5, 4)) == date(2030, 5, 1)


@pytest.fixture
def aigul(app):
    return coordinating(factories.coordinator())


def test_a_draft_moves_at_its_times_with_its_closing(app, aigul):
    event = factories.event(status="draft", signup_closes_at=factories.SATURDAY - timedelta(hours=15))
    move_to_day(event, date(2030, 5, 25), now=NOW, actor=aigul)
    week = timedelta(days=7)
    assert (event.starts_at, event.local_date) == (factories.SATURDAY + week, date(2030, 5, 25))
    assert event.signup_closes_at == factories.SATURDAY - timedelta(hours=15) + week


def test_who_signed_up_holds_the_day(app, aigul):
    event = factories.event()
    factories.place(event, factories.employee())
    with pytest.raises(HasSignUps):
        move_to_day(event, date(2030, 5, 25), now=NOW, actor=aigul)
    assert event.local_date == date(2030, 5, 18)


def test_no_such_year_and_no_other_city(app, aigul):
    event = factories.event(status="draft")
    with pytest.raises(Invalid):
        move_to_day(event, date(5, 5, 25), now=NOW, actor=aigul)
    zhan = coordinating(factories.coordinator("zhezkazgan"), "zhezkazgan")
    with pytest.raises(NotAllowed):
        move_to_day(event, date(2030, 5, 25), now=NOW, actor=zhan)


@pytest.mark.full
def test_the_month_shows_her_events_the_holidays_and_a_way_to_a_new_one(app, log_in):
    page = log_in(factories.coordinator(language="en"))
    mine = factories.event(title={"en": "Mine"}, status="draft")
    factories.event(title={"en": "Elsewhere"}, city="zhezkazgan")
    factories.event(title={"en": "Some time"}, date_precision="month")
    text = page.get(MAY).text
    assert "Mine" in text and "Elsewhere" not in text and "Some time" not in text
    assert "Victory Day" in text
    assert "/events/new?day=2030-05-18" in text
    assert f'data-moves="move-{mine.id}"' in text
    factories.place(factories.event(title={"en": "Full of people"}), factories.employee())
    assert page.get(MAY).text.count("data-moves") == 1


def test_the_small_form_moves_and_tells_what_is_to_know(app, log_in):
    page, event = log_in(factories.coordinator(language="en")), factories.event(status="draft")
    answer = page.post(f"/events/{event.id}/day", data={"day": "2030-12-16"})
    assert answer.location == "/planning/calendar?month=2030-12#day-2030-12-16"
    text = page.get("/planning/calendar?month=2030-12").text
    assert "Moved: Clean coast." in text
    assert "A public holiday: Independence Day." in text
    assert page.post(f"/events/{event.id}/day", data={"day": "x"}).status_code == 422
    factories.place(event, factories.employee())
    asked = page.post(f"/events/{event.id}/day", data={"day": "2030-12-17"})
    assert asked.status_code == 303 and f"/events/{event.id}/change?to=move&day=17.12.2030" in asked.location


def test_a_full_month_takes_as_many_queries_as_an_empty_one(app, log_in):
    page = log_in(factories.coordinator(language="en"))
    empty = queries(page)
    site, programme = factories.site(), factories.programme()
    for day in range(1, 29):
        at = datetime(2030, 5, day, 4, tzinfo=UTC)
        factories.event(site=site, programme=programme, starts_at=at, status="draft")
    assert queries(page) == empty <= 12


def queries(page):
    asked = []

    def note(*told):
        asked.append(told[2])

    db.session.remove()
    sqlalchemy_event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert page.get(MAY).status_code == 200
    finally:
        sqlalchemy_event.remove(db.engine, "before_cursor_execute", note)
    return len([one for one in asked if one.lstrip().upper().startswith("SELECT")])
