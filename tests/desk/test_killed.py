"""The server dies in the middle of eight phones handing over the same day: nothing is lost and nothing counts twice."""

from pathlib import Path

import pytest

from tests.desk.killing import kill_while_phones_hand_over


@pytest.mark.slow
def test_a_server_that_is_killed_loses_nothing(tmp_path: Path):
    kill_while_phones_hand_over(tmp_path, each=120, kills=1)


@pytest.mark.soak
def test_the_same_with_long_days(tmp_path: Path):
    kill_while_phones_hand_over(tmp_path, each=1500, kills=4)
