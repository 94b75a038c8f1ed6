"""Cities: an administrator adds one; the short name is good and stands once; nobody else may."""

import pytest

from app.db import db
from app.people.models import City
from tests import factories

GOOD = {"name-kk": "Қарағанды", "slug": "karaganda", "timezone": "Asia/Almaty"}


def test_an_administrator_adds_a_city(log_in):
    answer = log_in(factories.admin()).post("/cities", data=GOOD)
    assert answer.status_code == 303
    assert db.session.get(City, "karaganda").name == {"kk": "Қарағанды"}


WRONG = ({"slug": "Қарағанды"}, {"timezone": "Mars/Olympus"}, {"name-kk": ""}, {"slug": "balkhash"})


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_city_is_refused_beside_its_field(log_in, wrong):
    browser = log_in(factories.admin())
    before = db.session.query(City).count()
    assert browser.post("/cities", data=GOOD | wrong).status_code == 422
    assert db.session.query(City).count() == before


def test_a_coordinator_adds_none(log_in):
    assert log_in(factories.coordinator()).post("/cities", data=GOOD).status_code == 403
