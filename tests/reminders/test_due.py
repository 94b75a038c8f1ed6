"""When reminders are due: by the wall clock of the event's place, never at night, and not when they help nobody."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import clock
from app.reminders.due import LEAST_LEFT, Due, after_quiet_hours, days_ahead, decide, due_times, may_read_at
from app.reminders.plans import AUDIENCES, CONFIRMED, DAYS, HOSTS, HOURS, USUAL, Planned

assert clock  # the pinned zones, which know the change of 2024
ALMATY = "Asia/Almaty"
NAMES = [ALMATY, "Asia/Oral", "Asia/Qyzylorda", "Europe/Moscow", "America/New_York", "Australia/Lord_Howe"]
ZONES = st.sampled_from(NAMES)
# Around the change of Kazakhstan's clocks; in UTC and in a zone of its own, whose differences are those of its clock.
MOMENTS = st.one_of(
    st.datetimes(datetime(2024, 2, 20), datetime(2024, 3, 20), timezones=st.just(UTC)),
    st.datetimes(datetime(2024, 2, 20), datetime(2024, 3, 20), timezones=st.sampled_from([ZoneInfo(n) for n in NAMES])),
    st.datetimes(datetime(2023, 1, 1), datetime(2031, 1, 1), timezones=st.just(UTC)),
)
GROUPS = st.lists(st.sampled_from(AUDIENCES), min_size=1, unique=True).map(tuple)
LINES = st.one_of(
    st.builds(Planned, st.integers(1, 14), st.just(DAYS), GROUPS),
    st.builds(Planned, st.integers(1, 72), st.just(HOURS), GROUPS),
)
PLANS = st.one_of(st.just(list(USUAL)), st.lists(LINES, max_size=5, unique_by=lambda line: line.key))


def at(text: str, zone: str = ALMATY) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def day(amount: int) -> Planned:
    return Planned(amount, DAYS, (CONFIRMED,))


def hours(amount: int) -> Planned:
    return Planned(amount, HOURS, (CONFIRMED,))


def due_of(line: Planned, starts_at: datetime, zone: str = ALMATY) -> Due:
    (due,) = due_times([line], starts_at, zone)
    return due


def said(plan: Sequence[Planned], start: datetime, now: datetime, zone: str = ALMATY) -> dict[str, str]:
    dues = due_times(plan, start, zone)
    found = {due.line.key: decide(due, dues, starts_at=start, timezone=zone, now=now) for due in dues}
    return {key: verdict.reason or verdict.what for key, verdict in found.items()}


def test_a_day_before_keeps_the_wall_time_across_the_change_of_march_2024() -> None:
    start = at("2024-03-01 09:40")
    assert start.astimezone(UTC) == datetime(2024, 3, 1, 4, 40, tzinfo=UTC)
    due = due_of(day(1), start).due_at
    assert due == at("2024-02-29 09:40")
    assert start.astimezone(UTC) - due.astimezone(UTC) == timedelta(hours=25)


def test_a_week_before_keeps_the_wall_time_too() -> None:
    assert due_of(day(7), at("2024-03-04 15:00")).due_at == datetime(2024, 2, 26, 9, 0, tzinfo=UTC)


def test_hours_are_hours_that_pass_also_in_the_night_that_has_one_more() -> None:
    start = at("2024-03-01 09:00")  # in the night before, 23:00 came twice
    assert due_of(hours(12), start).planned_for == datetime(2024, 2, 29, 16, 0, tzinfo=UTC)
    assert due_of(hours(12), start).due_at == at("2024-03-01 08:00")
    assert due_of(hours(24), start).due_at == at("2024-02-29 10:00")


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
    ("starts", "leaves"),
    [("08:00", None), ("08:29", None), ("08:30", "08:00"), ("09:00", "08:00"), ("10:00", "08:00"), ("10:01", "08:01")],
)
def test_two_hours_before_a_morning_waits_for_eight_or_is_dropped(starts: str, leaves: str | None) -> None:
    due = due_of(hours(2), at(f"2030-05-18 {starts}"))
    assert due.is_dropped == (leaves is None)
    if leaves:
        assert due.due_at == at(f"2030-05-18 {leaves}")


@pytest.mark.parametrize(
    ("now", "week", "eve", "last"),
    [
        ("2030-05-11 09:59", "wait", "wait", "wait"),
        ("2030-05-11 10:00", "send", "wait", "wait"),
        ("2030-05-14 09:59", "send", "wait", "wait"),
        ("2030-05-14 10:00", "superseded", "wait", "wait"),
        ("2030-05-17 10:00", "superseded", "send", "wait"),
        ("2030-05-17 20:59", "superseded", "send", "wait"),
        ("2030-05-17 21:00", "superseded", "superseded", "wait"),
        ("2030-05-18 08:00", "superseded", "superseded", "send"),
        ("2030-05-18 09:30", "superseded", "superseded", "send"),
        ("2030-05-18 09:31", "too-late", "too-late", "too-late"),
        ("2030-05-19 12:00", "too-late", "too-late", "too-late"),
    ],
)
def test_after_a_long_sleep_only_what_still_helps_is_sent(now: str, week: str, eve: str, last: str) -> None:
    plan = [day(7), day(1), hours(2)]
    assert said(plan, at("2030-05-18 10:00"), at(now)) == {"7d": week, "1d": eve, "2h": last}


def test_whom_the_next_one_forgets_the_one_slept_over_still_reaches() -> None:
    plan, start = [Planned(1, DAYS, (CONFIRMED, HOSTS)), hours(2)], at("2030-05-18 12:00")
    dues = due_times(plan, start, ALMATY)
    found = decide(dues[0], dues, starts_at=start, timezone=ALMATY, now=at("2030-05-18 09:00"))
    assert (found.what, found.audiences) == ("send", (HOSTS,))


def test_a_night_that_lasts_until_the_start_lets_the_reminder_go() -> None:
    assert said([day(1)], at("2030-05-18 07:00"), at("2030-05-17 23:00")) == {"1d": "night-until-start"}
    assert said([hours(2)], at("2030-05-18 07:00"), at("2030-05-18 05:00")) == {"2h": "night-until-start"}


def test_what_is_added_after_its_moment_is_sent_to_nobody() -> None:
    start, now = at("2030-05-18 10:00"), at("2030-05-16 12:00")
    assert said([Planned(3, DAYS, (CONFIRMED,), since=now)], start, now) == {"3d": "added-late"}
    assert said([Planned(1, DAYS, (CONFIRMED,), since=now)], start, at("2030-05-17 10:00")) == {"1d": "send"}


def test_a_reader_in_another_zone_is_left_to_sleep() -> None:
    start, now = at("2030-05-18 11:00"), at("2030-05-18 09:00")
    assert may_read_at(now, ALMATY, starts_at=start) == now
    assert may_read_at(now, "Europe/Moscow", starts_at=start) == at("2030-05-18 08:00", "Europe/Moscow")
    assert may_read_at(now, "Europe/Moscow", starts_at=at("2030-05-18 10:29")) is None


def test_days_ahead_are_counted_on_the_calendar_of_the_place() -> None:
    start = at("2030-05-18 09:00")
    assert [days_ahead(start, ALMATY, now=at(f"2030-05-{day} 23:30")) for day in (16, 17)] == [2, 1]
    assert days_ahead(start, ALMATY, now=at("2030-05-18 00:10")) == 0


@given(MOMENTS, ZONES, PLANS)
@pytest.mark.full
def test_each_is_due_by_day_and_before_the_start_and_in_order(start: datetime, zone: str, plan: list[Planned]) -> None:
    dues = due_times(plan, start, zone)
    assert [due.due_at for due in dues] == sorted(due.due_at for due in dues)
    for due in dues:
        assert due.due_at.tzinfo is UTC and due.due_at < start.astimezone(UTC)
        assert due.is_dropped or time(8) <= due.due_at.astimezone(ZoneInfo(zone)).time() < time(22)


@given(MOMENTS, ZONES, st.integers(1, 30))
def test_by_day_the_wall_clock_shows_the_same_time_as_at_the_start(start: datetime, zone: str, days: int) -> None:
    local_start = start.astimezone(UTC).astimezone(ZoneInfo(zone))
    local_due = due_of(day(days), start, zone).due_at.astimezone(ZoneInfo(zone))
    if time(8) <= local_start.time() < time(22):
        assert local_due.time() == local_start.time()
        assert (local_start.date() - local_due.date()).days == days


@given(MOMENTS, ZONES, st.integers(1, 72))
def test_hours_are_exact_whatever_the_clocks_do(start: datetime, zone: str, amount: int) -> None:
    due = due_of(hours(amount), start, zone)
    assert start.astimezone(UTC) - due.planned_for == timedelta(hours=amount)


@given(MOMENTS, ZONES, PLANS, st.timedeltas(timedelta(0), timedelta(days=20)))
@pytest.mark.full
def test_whatever_is_sent_is_due_ahead_of_the_start_and_by_day(
    start: datetime, zone: str, plan: list[Planned], before: timedelta
) -> None:
    now, dues = start.astimezone(UTC) - before, due_times(plan, start, zone)
    for due in dues:
        verdict = decide(due, dues, starts_at=start, timezone=zone, now=now)
        if verdict.what == "send":
            assert due.due_at <= now and before >= LEAST_LEFT and verdict.audiences
            assert set(verdict.audiences) <= set(due.line.audiences)
            assert time(8) <= now.astimezone(ZoneInfo(zone)).time() < time(22)


@given(MOMENTS, ZONES, PLANS, st.timedeltas(timedelta(0), timedelta(days=20)))
@pytest.mark.full
def test_nobody_is_told_twice_at_one_moment(start: datetime, zone: str, plan: list[Planned], before: timedelta) -> None:
    now, dues = start.astimezone(UTC) - before, due_times(plan, start, zone)
    told = [
        audience for due in dues for audience in decide(due, dues, starts_at=start, timezone=zone, now=now).audiences
    ]
    late = [due for due in dues if due.due_at <= now]
    if len(late) == len(dues):  # nothing ahead: of all that is overdue each hears the nearest alone
        assert len(told) == len(set(told))


def _ends(start: datetime, zone: str, plan: list[Planned], looks: list[datetime]) -> dict[str, tuple[str, datetime]]:
    """What became of each reminder for a worker that looks at these moments."""
    dues, done = due_times(plan, start, zone), dict[str, tuple[str, datetime]]()
    for now in looks:
        for due in dues:
            verdict = decide(due, dues, starts_at=start, timezone=zone, now=now)
            if due.line.key not in done and verdict.what != "wait":
                done[due.line.key] = (verdict.what, now)
    return done


@given(MOMENTS, ZONES, PLANS, st.data())
@pytest.mark.full
def test_a_worker_that_slept_sends_what_helps_and_never_what_another_would_not(
    start: datetime, zone: str, plan: list[Planned], data: st.DataObject
) -> None:
    begins = start.astimezone(UTC)
    dues = due_times(plan, start, zone)
    awake = sorted({due.due_at for due in dues} | {begins})
    gaps = data.draw(st.lists(st.timedeltas(timedelta(0), timedelta(days=20)), max_size=6))
    slept = sorted({*(begins - gap for gap in gaps), begins})
    always, sometimes = _ends(start, zone, plan, awake), _ends(start, zone, plan, slept)
    assert always.keys() == sometimes.keys() == {line.key for line in plan}
    for due in dues:
        what, when = sometimes[due.line.key]
        assert when >= due.due_at
        if what == "send":
            assert always[due.line.key][0] in ("send", "miss") and not due.is_dropped
    for due in dues:  # awake all the time, only what another of the same moment says or the night forbids is missed
        if always[due.line.key][0] == "miss":
            others = [one for one in dues if one is not due and one.due_at == due.due_at]
            assert due.is_dropped or others or begins - due.due_at < LEAST_LEFT


@given(MOMENTS, ZONES, PLANS, st.timedeltas(timedelta(hours=1), timedelta(days=40)))
@pytest.mark.full
def test_moved_and_moved_back_is_due_as_before(start: datetime, zone: str, plan: list[Planned], by: timedelta) -> None:
    begins = start.astimezone(UTC)
    assert due_times(plan, begins + by - by, zone) == due_times(plan, start, zone)
