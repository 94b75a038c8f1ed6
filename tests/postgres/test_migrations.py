"""Migrations go up, down and up again with rows in the tables, on PostgreSQL."""

from pathlib import Path

import pytest

from tests.migrating import go_up_and_down_with_rows

pytestmark = [pytest.mark.postgres, pytest.mark.slow]


def test_up_check_down_and_up_again_on_postgres(tmp_path: Path, database_url: str):
    go_up_and_down_with_rows(tmp_path, database_url)
