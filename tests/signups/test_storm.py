"""Eight processes at once take, free and move seats in every way there is. PostgreSQL's twin: tests/postgres/."""

from pathlib import Path

import pytest

from tests.signups.storm import storm

pytestmark = pytest.mark.slow


def test_eight_processes_at_once_leave_the_tables_in_order(tmp_path: Path):
    storm(tmp_path)
