"""When reminders are due: by the wall clock of the event's place, never at night, and not when they help nobody."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import clock
from app.reminders.due import (
    LEAST_LEFT,
    Reminder,
    after_quiet_hours,
    days_ahead,
    decide,
    due_at,
    reminders_of,
)

assert clock  # the pinned zones, which know the change of 2024
ALMATY = "Asia/Almaty"
ZONES = st.sampled_from([ALMATY, "Asia/Aqtau", "Europe/Berlin", "Australia/Lord_Howe", "UTC"])
MOMENTS = st.datetimes(datetime(2023, 1, 1), datetime(2031, 1, 1), timezones=st.just(UTC))


def at(text: str, zone: str = ALMATY) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def verdict(kind: str, starts_at: datetime, now: datetime) -> str:
    (reminder,) = (one for one in reminders_of(starts_at, ALMATY) if one.kind == kind)
    found = decide(reminder, starts_at=starts_at, timezone=ALMATY, now=now)
    return found.reason or found.what


def test_a_day_before_keeps_the_wall_time_across_the_change_of_march_2024() -> None:
    start = at("2024-03-01 09:40")
    assert start.astimezone(UTC) == datetime(2024, 3, 1, 4, 40, tzinfo=UTC)
    due = due_at(start, ALMATY, 1)
    assert due == at("2024-02-29 09:40")
    assert start.astimezone(UTC) - due.astimezone(UTC) == timedelta(hours=25)


def test_a_week_before_keeps_the_wall_time_too() -> None:
    assert due_at(at("2024-03-04 15:00"), ALMATY, 7).astimezone(UTC) == datetime(2024, 2, 26, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "shifted"),
    [
        ("2030-05-17 07:59", "2030-05-17 08:00"),
        ("2030-05-17 08:00", "2030-05-17 08:00"),
        ("2030-05-17 21:59", "2030-05-17 21:59"),
        ("2030-05-17 22:00", "2030-05-18 08:00"),
        ("2030-05-17 00:00", "2030-05-17 08:00"),
    ],
)
def test_nothing_leaves_between_ten_at_night_and_eight_in_the_morning(moment: str, shifted: str) -> None:
    assert after_quiet_hours(at(moment), ALMATY) == at(shifted)


@pytest.mark.parametrize(
    ("now", "a_week_before", "a_day_before"),
    [
        ("2030-05-11 08:59", "wait", "wait"),
        ("2030-05-11 09:00", "send", "wait"),
        ("2030-05-16 08:59", "send", "wait"),
        ("2030-05-16 09:00", "too-late", "wait"),
        ("2030-05-17 09:00", "too-late", "send"),
        ("2030-05-17 23:00", "too-late", "wait"),
        ("2030-05-18 08:59", "too-late", "send"),
        ("2030-05-18 09:00", "too-late", "too-late"),
        ("2030-05-19 12:00", "too-late", "too-late"),
    ],
)
def test_after_a_long_sleep_only_what_still_helps_is_sent(now: str, a_week_before: str, a_day_before: str) -> None:
    start = at("2030-05-18 09:00")
    assert (verdict("7d", start, at(now)), verdict("1d", start, at(now))) == (a_week_before, a_day_before)


def test_a_night_that_lasts_until_the_start_lets_the_reminder_go() -> None:
    assert verdict("1d", at("2030-05-18 07:00"), at("2030-05-17 23:00")) == "night-until-start"


def test_days_ahead_are_counted_on_the_calendar_of_the_place() -> None:
    start = at("2030-05-18 09:00")
    assert [days_ahead(start, ALMATY, now=at(f"2030-05-{day} 23:30")) for day in (16, 17)] == [2, 1]
    assert days_ahead(start, ALMATY, now=at("2030-05-18 00:10")) == 0


@given(MOMENTS, ZONES)
def test_reminders_are_due_by_day_before_the_start_and_in_order(start: datetime, zone: str) -> None:
    week, day = reminders_of(start, zone)
    assert week.due_at < day.due_at < start
    for reminder in (week, day):
        local = reminder.due_at.astimezone(ZoneInfo(zone))
        assert time(8) <= local.time() < time(22)


@given(MOMENTS, ZONES, st.integers(1, 30))
def test_by_day_the_wall_clock_shows_the_same_time_as_at_the_start(start: datetime, zone: str, days: int) -> None:
    local_start = start.astimezone(ZoneInfo(zone))
    local_due = due_at(start, zone, days).astimezone(ZoneInfo(zone))
    if time(8) <= local_start.time() < time(22):
        assert local_due.time() == local_start.time()
        assert (local_start.date() - local_due.date()).days == days


@given(MOMENTS, ZONES, st.sampled_from(["7d", "1d"]), st.timedeltas(timedelta(0), timedelta(days=12)))
def test_whatever_is_sent_is_due_ahead_of_the_start_and_by_day(
    start: datetime, zone: str, kind: str, before: timedelta
) -> None:
    now = start - before
    (reminder,) = (one for one in reminders_of(start, zone) if one.kind == kind)
    if decide(reminder, starts_at=start, timezone=zone, now=now).what == "send":
        assert reminder.due_at <= now
        assert start - now > LEAST_LEFT[kind]
        assert time(8) <= now.astimezone(ZoneInfo(zone)).time() < time(22)


@given(MOMENTS, ZONES, st.sampled_from(["7d", "1d"]))
def test_a_worker_that_looks_every_minute_sends_each_reminder(start: datetime, zone: str, kind: str) -> None:
    (reminder,) = (one for one in reminders_of(start, zone) if one.kind == kind)
    now = reminder.due_at + timedelta(seconds=59)
    expected = "send" if start - now > timedelta(0) else "miss"
    assert decide(reminder, starts_at=start, timezone=zone, now=now).what in (expected, "wait")
    assert isinstance(reminder, Reminder)
