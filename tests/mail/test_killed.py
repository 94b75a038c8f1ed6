"""Workers that are killed in the middle: every letter arrives, at most one a sending thread twice."""

import pytest
from flask import Flask

from tests.mail.killing import kill_all_twice
from tests.mail.sink import Sink


@pytest.mark.slow
def test_all_workers_are_killed_twice_and_nothing_is_lost(app: Flask, sink: Sink) -> None:
    kill_all_twice(app, sink, letters=300, within=60)


@pytest.mark.soak
def test_the_same_with_ten_thousand_letters(app: Flask, sink: Sink) -> None:
    kill_all_twice(app, sink, letters=10_000, within=300)
