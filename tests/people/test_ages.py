"""Who is a minor on a day: values, rows and conditions of a query say the same, on leap days too."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app.db import db, transaction
from app.people.ages import age_on, is_minor, years_before
from app.people.models import Person
from tests import factories

DAYS = st.dates(date(2016, 1, 1), date(2032, 12, 31))


@given(day=DAYS, away=st.integers(-800, 800))
def test_whoever_is_younger_than_eighteen_is_a_minor(day, away):
    born = years_before(day, 18) + timedelta(days=away)
    assert is_minor(born, "child", day) is (age_on(born, day) < 18)


@pytest.mark.parametrize("day", [date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1), date(2026, 2, 28)])
def test_the_database_says_the_same_as_the_rows(app, day):
    births = [day.replace(year=day.year - 18, day=1) + timedelta(days=shift) for shift in range(-3, 33)]
    with transaction():
        people = [factories.person(birth_date=born) for born in [*births, date(2008, 2, 29)]]
        people += [factories.person(birth_date=None, kind=kind) for kind in ("child", "other")]
    said = set(db.session.scalars(select(Person.id).where(Person.minors_on(day))))
    assert said == {person.id for person in people if person.is_minor_on(day)}
    assert 0 < len(said) < len(people)
