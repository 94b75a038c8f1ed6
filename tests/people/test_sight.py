"""Who may know of whom, and finding people in any spelling."""

import pytest
from flask import Flask

from app.access.sessions import actor_from
from app.accounts.actor import SAFETY_OFFICER, STRANGER, Actor, Scope
from app.accounts.models import Account, Grant
from app.db import db, transaction
from app.errors import NotFound
from app.people.models import Person
from app.people.queries import children_of, guardians_of, may_decide_for, person_visible, search_people
from tests import factories


def acting(person: Person) -> Actor:
    """This person, logged in."""
    account = db.session.query(Account).filter_by(person_id=person.id).one_or_none() or factories.account(person)
    return actor_from(account.id, person, list(db.session.query(Grant).filter_by(account_id=account.id)))


def sees(actor: Actor, person: Person) -> bool:
    """Whether the actor may know of this person."""
    try:
        return person_visible(actor, person.id).id == person.id
    except NotFound:
        return False


@pytest.fixture
def nurlan(app: Flask) -> Person:
    """Works at the smelter."""
    return factories.employee()


def test_nurlan_sees_himself_and_dina_and_no_colleague(nurlan: Person) -> None:
    dina, colleague = factories.child(nurlan), factories.employee("Ким", "Наталья")

    assert [sees(acting(nurlan), person) for person in (nurlan, dina, colleague)] == [True, True, False]


def test_dinas_other_parent_isnt_seen_through_her(nurlan: Person) -> None:
    stan = factories.employee("Стан", "Стэн")
    dina = factories.child(nurlan)

    assert not sees(acting(stan), dina)
    assert not sees(STRANGER, dina)


def test_aigul_sees_her_city_alone(nurlan: Person) -> None:
    aigul = acting(factories.coordinator("balkhash"))
    dina = factories.child(nurlan)
    far = factories.employee("Ким", "Наталья", city="zhezkazgan")

    assert [sees(aigul, person) for person in (nurlan, dina, far, factories.child(far, "Арман"))] == [
        True,
        True,
        False,
        False,
    ]


def test_a_role_for_one_event_shows_nobody(nurlan: Person) -> None:
    officer = Actor(account_id="a", person_id="p", scopes=(Scope(SAFETY_OFFICER, event_id="e"),))

    assert not sees(officer, nurlan)


def test_who_was_erased_is_known_to_nobody(nurlan: Person) -> None:
    with transaction():
        nurlan.erased_at = factories.LONG_AGO

    assert not sees(acting(factories.admin()), nurlan)


def test_only_a_standing_guardian_decides(nurlan: Person) -> None:
    dina, stan = factories.child(nurlan), factories.employee("Стан", "Стэн")

    assert may_decide_for(nurlan.id, dina.id)
    assert not may_decide_for(stan.id, dina.id)
    assert not may_decide_for(dina.id, nurlan.id)
    assert [child.id for child in children_of(nurlan.id)] == [dina.id]
    assert [guardian.id for guardian in guardians_of(dina.id)] == [nurlan.id]


@pytest.mark.parametrize("q", ["сейіт", "Сейткали", "seitqali nur", "NURLAN", "100514", "nurlan@tor", ""])
def test_beginnings_find_in_any_spelling(q: str, app: Flask) -> None:
    nurlan = factories.employee(personnel_number="100514", email="nurlan@torangy.example")

    assert nurlan in db.session.scalars(search_people(acting(factories.admin()), q))


@pytest.mark.parametrize("q", ["йіт", "лан", "00514", "%", "_", "torangy", "сейіт дина"])
def test_middles_and_wildcards_find_nobody(q: str, app: Flask) -> None:
    nurlan = factories.employee(personnel_number="100514", email="nurlan@torangy.example")

    assert nurlan not in db.session.scalars(search_people(acting(factories.admin()), q))
