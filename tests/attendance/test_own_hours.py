"""What somebody reads of their own hours: event by event and in sum, of closed days; before that nothing is final."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from app import clock
from app.attendance.hour_models import HoursEntry
from app.attendance.log_models import DeskDay
from app.attendance.models import AttendanceEntry
from app.attendance.own_hours import AT_ONCE, minutes_given, own_hours
from app.db import new_id, transaction
from app.events.models import Event
from app.people.models import Person
from app.signups.models import Place
from tests import factories

NOW = factories.SATURDAY + timedelta(days=400)


@pytest.fixture
def nurlan(app: Flask) -> Person:
    return factories.employee(language="en")


def came(event: Event, who: Person, *, undone: bool = False) -> Place:
    """A place with a mark that they came."""
    place, at, id_ = factories.place(event, who), event.starts_at, new_id()
    mark = {"id": id_, "event_id": event.id, "place_id": place.id, "undone_by_id": id_ if undone else None}
    factories.saved(AttendanceEntry(kind="check_in", at=at, recorded_at=at, **mark))
    return place


def given(event: Event, who: Person, minutes: int, source: str = "marks", **more: str) -> HoursEntry:
    """The day is closed, and so many minutes count."""
    place = came(event, who)
    factories.closed_day(event)
    entry = {"event_id": event.id, "place_id": place.id, "recorded_at": event.ends_at}
    return factories.saved(HoursEntry(minutes=minutes, source=source, **entry, **more))


def told(who: Person) -> list[tuple[int | None, str]]:
    return [(one.minutes, one.source) for one in own_hours(who.id, now=NOW, cursor=None).items]


def test_each_event_of_a_closed_day_counts_and_the_sum_is_theirs_alone(nurlan):
    given(factories.event(), nurlan, 225)
    given(factories.event(starts_at=factories.SATURDAY + timedelta(days=7)), nurlan, 120, "plan")
    given(factories.event(), factories.employee("Ибраев", "Тимур"), 999)
    assert told(nurlan) == [(120, "plan"), (225, "marks")] and minutes_given(nurlan.id) == 345


def test_before_the_day_is_closed_and_after_it_was_opened_again_nothing_is_final(nurlan):
    open_ = factories.event()
    came(open_, nurlan)
    opened_again = factories.event(starts_at=factories.SATURDAY + timedelta(days=7))
    given(opened_again, nurlan, 225)
    with transaction() as session:
        session.execute(update(DeskDay).values(reopened_at=NOW))
    assert told(nurlan) == [(None, ""), (None, "")] and minutes_given(nurlan.id) == 0


def test_only_the_figure_that_stands_counts_and_none_where_they_did_not_volunteer(nurlan):
    event = factories.event()
    entry = given(event, nurlan, 60, "correction", reason="Left for the bus")
    before = {"event_id": event.id, "place_id": entry.place_id, "recorded_at": event.starts_at}
    factories.saved(HoursEntry(minutes=240, source="plan", replaced_by_id=entry.id, **before))
    came(factories.event(kind="excursion"), nurlan)
    came(factories.event(), nurlan, undone=True)
    given(factories.event(), nurlan, 0)  # it turned out that they had not come
    factories.place(factories.event(), nurlan)
    factories.place(factories.event(starts_at=NOW + timedelta(days=1)), nurlan)
    assert told(nurlan) == [(60, "correction")] and minutes_given(nurlan.id) == 60


def test_a_child_hears_nothing_of_hours_where_it_is_dangerous(nurlan):
    dina = factories.child(nurlan)
    came(factories.event(site=factories.site(hazard_class="raised"), audience="families"), dina)
    assert told(dina) == []


@pytest.mark.full
def test_the_page_says_them_and_goes_on_to_older_ones(nurlan, log_in):
    browser = log_in(nurlan)
    assert browser.get("/my/hours").status_code == 200
    past = clock.now() - timedelta(days=AT_ONCE + 9)
    site, programme = factories.site(), factories.programme()
    for day in range(AT_ONCE + 1):
        event = factories.event(starts_at=past + timedelta(days=day), site=site, programme=programme)
        given(event, nurlan, 60) if day else came(event, nurlan)
    page = browser.get("/my/hours").text
    assert page.count("head-row") == AT_ONCE and f"{AT_ONCE}:00" in page and "not final yet" not in page
    assert f'<b class="num">{AT_ONCE}:00</b>' in browser.get("/my").text
    cursor = page.split("cursor=")[1].split('"')[0]
    older = browser.get(f"/my/hours?cursor={cursor}").text
    assert older.count("head-row") == 1 and "1:00</b>" not in older
    stan = log_in(factories.employee("Стан", "Стэн"))
    assert "head-row" not in stan.get("/my/hours").text
