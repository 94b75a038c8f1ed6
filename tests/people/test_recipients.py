"""Who gets the mail about a person: a child's mail goes to its guardians, never to the child."""

from datetime import date

import pytest
from flask import Flask

from app.db import db, transaction
from app.people.models import Guardianship, Person
from app.people.recipients import recipients_for, recipients_of
from tests import factories

DAY = date(2030, 5, 18)


@pytest.fixture
def nurlan(app: Flask) -> Person:
    """Works at the smelter."""
    return factories.employee(email="nurlan@torangy.example", language="ru")


def addresses(person: Person, on: date = DAY) -> list[str]:
    """Where mail about this person goes."""
    return [recipient.address for recipient in recipients_for(person, on=on)]


def guardian_too(child: Person, guardian: Person) -> Guardianship:
    """A second guardian of the same child."""
    row = Guardianship(guardian_id=guardian.id, child_id=child.id, child_key="k", created_at=factories.LONG_AGO)
    return factories.saved(row)  # type: ignore[no-any-return]


def test_an_adult_gets_their_own_mail_in_their_language(nurlan: Person) -> None:
    [recipient] = recipients_for(nurlan, on=DAY)

    assert (recipient.address, recipient.language, recipient.person_id) == ("nurlan@torangy.example", "ru", nurlan.id)


def test_mail_about_dina_goes_to_both_guardians_though_she_has_an_address(nurlan: Person) -> None:
    dina = factories.child(nurlan, email="dina@torangy.example")
    guardian_too(dina, factories.employee("Сейітқали", "Әлия", email="aliya@torangy.example"))

    assert sorted(addresses(dina)) == ["aliya@torangy.example", "nurlan@torangy.example"]


def test_from_her_18th_birthday_on_dina_gets_her_own(nurlan: Person) -> None:
    dina = factories.child(nurlan, birth_date=date(2012, 5, 18), email="dina@torangy.example")

    assert addresses(dina, date(2030, 5, 17)) == ["nurlan@torangy.example"]
    assert addresses(dina, date(2030, 5, 18)) == ["dina@torangy.example"]


def test_a_guardian_who_left_or_no_longer_is_one_gets_nothing(nurlan: Person) -> None:
    dina = factories.child(nurlan)
    former = guardian_too(dina, factories.employee("Сейітқали", "Әлия"))
    with transaction():
        former.ended_at = factories.LONG_AGO
        nurlan.deactivated_at = factories.LONG_AGO

    assert addresses(dina) == []


def test_a_pupil_without_guardians_is_represented_by_the_institution(app: Flask) -> None:
    school = factories.institution(contact_email="school@torangy.example", contact_name="Директор")
    pupil = factories.person("Ержанова", "Ақмарал", kind="child", institution_id=school.id, birth_date=date(2018, 1, 1))

    assert addresses(pupil) == ["school@torangy.example"]


def test_stan_without_an_address_gets_nothing(app: Flask) -> None:
    assert addresses(factories.person()) == []


def test_many_people_cost_as_many_queries_as_one(nurlan: Person) -> None:
    children = [factories.child(nurlan, name) for name in ("Дина", "Арман", "Әли")]
    statements: list[str] = []

    def count(*arguments: object) -> None:
        statements.append(str(arguments[2]))

    db.session.refresh(nurlan)
    for child in children:
        db.session.refresh(child)
    db.event.listen(db.engine, "before_cursor_execute", count)
    try:
        found = recipients_of([nurlan, *children], on=DAY)
    finally:
        db.event.remove(db.engine, "before_cursor_execute", count)

    assert len(found) == 4
    assert len(statements) == 1
