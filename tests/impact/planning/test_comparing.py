"""What became of what was planned. Pure, over random plans."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.impact.planning.comparing import Now, Planned, compare, fate, has_slipped
from app.impact.planning.halves import Half

TODAY = date(2030, 9, 1)
HALF = Half(2030, 2)
DAYS = st.dates(date(2029, 1, 1), date(2032, 12, 31))
PRECISIONS = st.sampled_from(["minute", "day", "month", "half-year", "year"])
STATUSES = st.sampled_from(["draft", "published", "closed", "running", "completed", "postponed", "cancelled"])
quick = settings(deadline=None, max_examples=60)


def now(day: date, status: str = "published", precision: str = "day", id_: str = "e") -> Now:
    return Now(id_, status, day, day, precision)


@quick
@given(DAYS)
def test_each_day_lies_in_one_half_year_whose_name_leads_back_to_it(day: date) -> None:
    half = Half.of(day)
    assert half.holds(day) and half.first_day <= day <= half.last_day
    assert Half.named(half.name) == half == half.next.previous == half.previous.next
    assert half.last_day + timedelta(days=1) == half.next.first_day
    assert len(half.months) == 6 and all(half.holds(month) for month in half.months)


@pytest.mark.parametrize("name", ["", "2031", "2031-3", "31-1", "2031-1 ", "٢٠٣١-1", "1999-1"])
def test_other_names_name_none(name: str) -> None:
    assert Half.named(name) is None


@quick
@given(st.lists(st.tuples(DAYS, DAYS, STATUSES, PRECISIONS, st.booleans()), max_size=12))
def test_every_event_that_was_planned_or_lies_there_stands_once(
    drawn: list[tuple[date, date, str, str, bool]],
) -> None:
    planned = {
        str(n): Planned(str(n), was, precision) for n, (was, _, _, precision, in_plan) in enumerate(drawn) if in_plan
    }
    events = [now(day, status, precision, str(n)) for n, (_, day, status, precision, _) in enumerate(drawn)]
    found = compare(HALF, planned, events, today=TODAY)
    here = {one.id for one in events if HALF.holds(one.first_day)}
    here |= {id_ for id_, one in planned.items() if HALF.holds(one.first_day)}
    assert sorted(row.event.id for row in found.rows) == sorted(here)
    assert found.planned == sum(HALF.holds(one.first_day) for one in planned.values())
    assert all(row.fate == "dropped" for row in found.rows if row.event.status == "cancelled")


@quick
@given(DAYS, DAYS, PRECISIONS, PRECISIONS)
def test_nothing_slips_by_becoming_earlier_or_by_being_known_better(
    was: date, day: date, rough: str, exact: str
) -> None:
    if day <= was:
        assert not has_slipped(Planned("e", was, rough), now(day, precision=exact))
    assert not has_slipped(Planned("e", was.replace(day=1), "month"), now(was.replace(day=28)))


@pytest.mark.parametrize(
    ("event", "was", "became"),
    [
        (now(date(2030, 8, 3)), Planned("e", date(2030, 8, 3), "day"), "done"),
        (now(date(2030, 10, 5)), Planned("e", date(2030, 10, 5), "day"), "ahead"),
        (now(date(2030, 10, 5)), None, "added"),
        (now(date(2030, 8, 3)), Planned("e", date(2030, 7, 3), "day"), "slipped"),
        (now(date(2031, 3, 1)), Planned("e", date(2030, 7, 1), "half-year"), "slipped"),
        (now(date(2030, 12, 1)), Planned("e", date(2030, 7, 1), "half-year"), "ahead"),
        (now(date(2030, 10, 5), "postponed"), Planned("e", date(2030, 10, 5), "day"), "slipped"),
        (now(date(2030, 8, 3), "draft"), Planned("e", date(2030, 8, 3), "day"), "late"),
        (now(date(2030, 8, 3), "cancelled"), Planned("e", date(2030, 7, 3), "day"), "dropped"),
    ],
)
def test_what_became_of_it(event: Now, was: Planned | None, became: str) -> None:
    assert fate(event, was, today=TODAY) == became
