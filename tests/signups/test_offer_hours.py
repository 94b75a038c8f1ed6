"""When seats are offered and until when: nights don't count."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.signups.offer_hours import is_quiet, offer_until

ALMATY = "Asia/Almaty"
# Across the change of 1 March 2024, when Almaty's clocks went from UTC+6 to UTC+5.
MOMENTS = st.datetimes(datetime(2024, 2, 26), datetime(2024, 3, 4)).map(lambda at: at.replace(tzinfo=UTC))


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ALMATY)).astimezone(UTC)


@given(MOMENTS, st.integers(1, 72), st.integers(1, 200))
def test_no_offer_is_made_or_ends_at_night_or_after_the_start(now, hours, ahead):
    starts_at = now + timedelta(hours=ahead)
    ends = offer_until(hours=hours, starts_at=starts_at, timezone=ALMATY, now=now)
    if is_quiet(now, ALMATY):
        assert ends is None
    elif ends is not None:
        assert now < ends <= starts_at
        assert not is_quiet(ends, ALMATY)


@given(MOMENTS, st.integers(1, 72))
def test_an_offer_lasts_at_least_its_hours_when_the_event_is_far(now, hours):
    ends = offer_until(hours=hours, starts_at=now + timedelta(days=60), timezone=ALMATY, now=now)
    assert ends is None or ends - now >= timedelta(hours=hours)


@pytest.mark.parametrize(
    ("now", "starts_at", "ends"),
    [
        ("2026-10-02 10:00", "2026-10-03 09:40", "2026-10-02 12:00"),
        ("2026-10-02 21:00", "2026-10-03 09:40", "2026-10-03 09:00"),
        ("2026-10-02 20:00", "2026-10-03 09:40", "2026-10-03 08:00"),
        ("2026-10-02 21:30", "2026-10-03 09:00", "2026-10-03 09:00"),
        ("2026-10-02 21:00", "2026-10-03 06:00", "2026-10-02 21:59"),
        ("2026-10-02 22:00", "2026-10-03 09:40", None),
        ("2026-10-03 07:59", "2026-10-03 09:40", None),
        ("2026-10-03 08:00", "2026-10-03 09:40", "2026-10-03 09:40"),
        ("2026-10-03 09:40", "2026-10-03 09:40", None),
    ],
)
def test_an_offer_of_two_hours(now, starts_at, ends):
    found = offer_until(hours=2, starts_at=local(starts_at), timezone=ALMATY, now=local(now))
    assert found == (local(ends) if ends else None)
