"""No seat is sold twice: 600 people at once for 400 seats, on PostgreSQL."""

from pathlib import Path

import pytest

from tests.bursts import burst_for_seats

pytestmark = [pytest.mark.postgres, pytest.mark.slow]


def test_600_people_at_once_get_400_seats_and_200_places_in_the_queue(tmp_path: Path, database_url: str):
    burst_for_seats(tmp_path, database_url)
