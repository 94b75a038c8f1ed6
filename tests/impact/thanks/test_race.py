"""Exactly one letter for each, whoever races and whoever dies. PostgreSQL's twin: tests/postgres/test_thanks.py."""

from pathlib import Path

import pytest

from tests.impact.thanks.racing import race


@pytest.mark.slow
def test_eight_workers_two_of_which_die_thank_everybody_once(tmp_path: Path) -> None:
    race(tmp_path)
