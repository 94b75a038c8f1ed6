"""Migrations go up, down and up again with rows in the tables, and the models say the same as the schema. SQLite here;
PostgreSQL's twin lies in tests/postgres/."""

from pathlib import Path

import pytest

from tests.migrating import go_up_and_down_with_rows

pytestmark = pytest.mark.slow


def test_up_check_down_and_up_again_on_sqlite(tmp_path: Path):
    go_up_and_down_with_rows(tmp_path)
