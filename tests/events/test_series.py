"""The same event on every such weekday: which dates, what they get, and what changes with one of them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.db import db, transaction
from app.errors import Invalid, NotAllowed, NotFound
from app.events.errors import NotReady
from app.events.models import Event, EventSeries
from app.events.series import events_of_series, make_series, publish_series, series_dates
from app.mail.models import Mail
from app.rosters.replanning import change_series
from tests import factories
from tests.events.drafting import NOW, coordinating

DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2090, 1, 1))
MAY = {"first": date(2030, 5, 1), "last": date(2030, 5, 31), "weekday": 5}


@given(first=DAYS, span=st.integers(0, 800), weekday=st.integers(0, 6))
def test_the_dates_are_all_such_weekdays_and_no_other(first, span, weekday):
    last = first + timedelta(days=span)
    all_days = [first + timedelta(days=step) for step in range(span + 1)]
    assert series_dates(first, last, weekday) == [day for day in all_days if day.weekday() == weekday]


def test_no_dates_where_the_end_is_before_the_beginning():
    assert series_dates(date(2030, 5, 4), date(2030, 5, 3), 5) == []


@pytest.fixture
def aigul(app):
    return coordinating(factories.coordinator())


@pytest.fixture
def saturdays(app, aigul):
    """A cleanup on 18 May and a series of it over May: the 4th, 11th, 18th and 25th."""
    event = factories.event(signup_closes_at=factories.SATURDAY - timedelta(days=1))
    make_series(event, **MAY, now=NOW, actor=aigul)
    return event


def test_every_saturday_in_may_becomes_a_draft_of_its_own(saturdays):
    all_of_it = events_of_series(saturdays.series_id)
    assert [one.local_date.day for one in all_of_it] == [4, 11, 18, 25]
    assert [one.status for one in all_of_it] == ["draft", "draft", "published", "draft"]
    assert {one.signup_closes_at.date() - one.local_date for one in all_of_it} == {timedelta(days=-1)}
    assert db.session.query(Mail).count() == 0


def test_a_longer_span_adds_only_what_is_missing(saturdays, aigul):
    added = make_series(saturdays, **MAY | {"last": date(2030, 6, 9)}, now=NOW, actor=aigul)
    assert [one.local_date for one in added] == [date(2030, 6, 1), date(2030, 6, 8)]
    series = db.session.query(EventSeries).one()
    assert (series.first_on, series.last_on) == (date(2030, 5, 1), date(2030, 6, 9))
    with pytest.raises(Invalid):
        make_series(saturdays, **MAY, now=NOW, actor=aigul)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("last_on", {"last": date(2030, 4, 1)}),
        ("last_on", {"last": date(2040, 5, 1)}),
        ("last_on", {"last": date(9999, 5, 1)}),
        ("weekday", {"weekday": 7}),
    ],
)
def test_what_is_no_span_is_refused(app, aigul, field, wrong):
    with pytest.raises(Invalid) as refusal:
        make_series(factories.event(), **MAY | wrong, now=NOW, actor=aigul)
    assert list(refusal.value.errors) == [field]
    assert db.session.query(Event).count() == 1


def test_a_coordinator_of_another_city_makes_no_series_here(app):
    zhan = coordinating(factories.coordinator("zhezkazgan"), "zhezkazgan")
    with pytest.raises(NotAllowed):
        make_series(factories.event(), **MAY, now=NOW, actor=zhan)


def test_all_that_lie_ahead_change_with_one_each_on_its_own_day(saturdays, aigul):
    earlier, _, _, later = events_of_series(saturdays.series_id)
    with transaction():
        later.lunch = True
    values = {"title": {"kk": "Жаға"}, "starts_at": factories.SATURDAY + timedelta(hours=1), "capacity": 70}
    now = datetime(2030, 5, 10, tzinfo=UTC)
    assert change_series(saturdays, values, now=now, actor=aigul) == 2
    assert later.starts_at == factories.SATURDAY + timedelta(days=7, hours=1)
    assert (later.title, later.capacity, later.lunch) == ({"kk": "Жаға"}, 70, True)
    assert (earlier.capacity, saturdays.capacity) == (40, 70), "the 4th is over"


def test_the_day_of_one_changes_no_other(saturdays, aigul):
    later = events_of_series(saturdays.series_id)[3]
    sunday = {"starts_at": factories.SATURDAY + timedelta(days=1), "ends_at": saturdays.ends_at + timedelta(days=1)}
    change_series(saturdays, sunday, now=NOW, actor=aigul)
    assert (saturdays.local_date.day, later.local_date.day) == (19, 25)


def test_seats_that_are_taken_on_one_date_keep_the_whole_series_as_it_was(saturdays, aigul):
    later = events_of_series(saturdays.series_id)[3]
    for number in range(3):
        factories.place(later, factories.employee(f"Бір{number}"))
    with pytest.raises(Exception, match="3 seats are taken"):
        change_series(saturdays, {"capacity": 2}, now=NOW, actor=aigul)
    db.session.expire_all()
    assert {one.capacity for one in events_of_series(saturdays.series_id)} == {40}


def test_all_drafts_ahead_are_published_at_once_and_what_is_over_stays(saturdays, aigul):
    now = datetime(2030, 5, 10, tzinfo=UTC)
    assert publish_series(saturdays, now=now, actor=aigul) == 2
    assert [one.status for one in events_of_series(saturdays.series_id)] == ["draft", *["published"] * 3]
    with pytest.raises(NotFound):
        publish_series(factories.event(), now=now, actor=aigul)


def test_one_date_that_is_not_ready_keeps_all_drafts_hidden(saturdays, aigul):
    with transaction():
        events_of_series(saturdays.series_id)[3].capacity = None
    with pytest.raises(NotReady):
        publish_series(saturdays, now=NOW, actor=aigul)
    db.session.expire_all()
    assert [one.status for one in events_of_series(saturdays.series_id)].count("draft") == 3


def test_the_page_makes_the_series_and_the_sheet_changes_it(app, log_in):
    aigul = log_in(factories.coordinator(language="en"))
    event = factories.event(coordinator_id=None)
    answer = aigul.post(
        f"/events/{event.id}/series", data={"weekday": "5", "first_on": "01.05.2030", "last_on": "31.05.2030"}
    )
    assert answer.status_code == 303
    assert aigul.get(answer.location).text.count("/events/") > 3
    assert "apply_to" in aigul.get(f"/events/{event.id}/edit").text
    assert aigul.post(f"/events/{event.id}/series/publication").status_code == 303
    assert db.session.query(Event).filter_by(status="draft").count() == 0
    wrong = aigul.post(f"/events/{event.id}/series", data={"weekday": "5", "first_on": "x", "last_on": "31.05.2030"})
    assert wrong.status_code == 422
