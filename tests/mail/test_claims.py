"""Claims on SQLite."""

import pytest
from flask import Flask

from tests.mail.claims import race, take_over


@pytest.mark.full
def test_no_two_workers_get_the_same_letter(app: Flask) -> None:
    race(app)


def test_a_lease_that_ran_out_goes_to_the_next(app: Flask) -> None:
    take_over(app)
