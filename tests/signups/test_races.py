"""Hands that meet at one row, in processes of their own. PostgreSQL's twin: tests/postgres/."""

from pathlib import Path

import pytest

from tests.signups.offer_races import offers_clicked_together
from tests.signups.races import RACES, race

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", sorted(RACES))
def test_whoever_comes_second_is_refused_and_nothing_is_lost(name: str, tmp_path: Path):
    race(name, tmp_path)


def test_an_offer_is_taken_once_by_eight_who_click_at_once(tmp_path: Path):
    offers_clicked_together(tmp_path)
