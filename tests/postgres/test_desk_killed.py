"""The same as tests/desk/test_killed.py with two workers of two threads each, on PostgreSQL."""

from pathlib import Path

import pytest

from tests.desk.killing import kill_while_phones_hand_over

pytestmark = [pytest.mark.postgres, pytest.mark.slow]


def test_a_server_that_is_killed_loses_nothing(tmp_path: Path, database_url: str):
    kill_while_phones_hand_over(tmp_path, database_url, each=120, kills=1)
