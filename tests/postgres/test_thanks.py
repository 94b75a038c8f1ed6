"""Eight workers thank for the same day at once, and some of them die, on PostgreSQL."""

from pathlib import Path

import pytest

from tests.impact.thanks.racing import race

pytestmark = [pytest.mark.postgres, pytest.mark.slow]


def test_eight_workers_two_of_which_die_thank_everybody_once(tmp_path: Path, database_url: str) -> None:
    race(tmp_path, database_url)
