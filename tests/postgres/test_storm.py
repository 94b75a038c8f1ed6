"""Eight processes at once do everything that frees, takes and moves seats, on PostgreSQL."""

from pathlib import Path

import pytest

from tests.signups.storm import storm

pytestmark = [pytest.mark.postgres, pytest.mark.slow]


def test_eight_processes_at_once_leave_the_tables_in_order(tmp_path: Path, database_url: str):
    storm(tmp_path, database_url)
