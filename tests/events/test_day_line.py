"""The picture of a day."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.events.day_line import MOST_TICKS, Span, day_line

NINE = datetime(2030, 5, 18, 4, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SPANS = st.lists(
    st.builds(
        lambda kind, at, takes: Span(kind, NINE + at * MINUTE, NINE + (at + takes) * MINUTE if takes else None),
        st.sampled_from(["stop", "lunch", "leg"]),
        st.integers(0, 3000),
        st.one_of(st.none(), st.integers(0, 600)),
    ),
    max_size=20,
)


def test_nothing_planned_is_nothing_drawn():
    assert day_line([], timezone="Asia/Almaty") is None


def test_a_day_of_two_stops_and_lunch():
    spans = [Span("stop", NINE, NINE + 60 * MINUTE, "1"), Span("stop", NINE + 180 * MINUTE, None, "2")]
    line = day_line([*spans, Span("lunch", NINE + 90 * MINUTE, NINE + 120 * MINUTE)], timezone="Asia/Almaty")
    lanes = dict(line.lanes)
    assert [(bar.mark, bar.left, bar.width) for bar in lanes["stop"]] == [("1", 0.0, 33.33), ("2", 100.0, 0.0)]
    assert [(bar.left, bar.width) for bar in lanes["lunch"]] == [(50.0, 16.67)]
    assert [(way.left, way.width) for way in line.ways] == [(33.33, 66.67)]
    assert [round(left) for left, _at in line.ticks] == [0, 33, 67, 100]


@given(SPANS)
@pytest.mark.full
def test_everything_lies_on_the_line_in_its_order(spans):
    line = day_line(spans, timezone="Asia/Almaty")
    if line is None:
        assert not spans
        return
    bars = [bar for _kind, bars in line.lanes for bar in bars]
    assert len(bars) == len(spans)
    assert all(0 <= bar.left <= 100 and bar.left + bar.width <= 100.02 and bar.width >= 0 for bar in bars)
    for _kind, lane in line.lanes:
        assert [bar.left for bar in lane] == sorted(bar.left for bar in lane)
    assert 2 <= len(line.ticks) <= MOST_TICKS + 1
    assert line.ticks[0][0] == 0
