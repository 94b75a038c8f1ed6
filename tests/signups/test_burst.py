"""No seat is sold twice: 600 people at once for 400 seats, on SQLite. PostgreSQL's twin lies in tests/postgres/."""

from pathlib import Path

import pytest

from tests.bursts import burst_for_seats

pytestmark = pytest.mark.slow


def test_600_people_at_once_get_400_seats_and_200_places_in_the_queue(tmp_path: Path):
    burst_for_seats(tmp_path)
