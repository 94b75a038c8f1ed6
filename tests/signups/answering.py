"""What the tests of answers share: questions, parties that answer them, programs that ask."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.access.tokens import create_token
from app.accounts.actor import SYSTEM, Actor
from app.accounts.models import Account
from app.db import db
from app.events.models import Event, Question
from app.people.models import Person
from app.signups.models import QuestionAnswer, SignUp
from app.signups.operations import Answers, sign_up
from tests import factories

NOW = factories.LONG_AGO + timedelta(days=30)
OPTIONS = [
    {"key": "big", "label": {"en": "Big bus"}, "seats": None},
    {"key": "small", "label": {"en": "Small bus"}, "seats": 2},
]
ALLERGY = "Peanuts: carries a pen in the red bag"


@pytest.fixture
def event(app: Flask) -> Event:
    """A day for families."""
    factories.consent_texts()
    return factories.event(audience="families")


@pytest.fixture
def nurlan(event: Event) -> Person:
    """An employee."""
    return factories.employee()


def question(event: Event, kind: str = "choice", **fields: Any) -> Question:
    """A question of this event, the last one so far."""
    number = db.session.query(Question).count() + 1
    values: dict[str, Any] = {"label": {"en": f"Question {number}"}, "created_at": factories.LONG_AGO}
    values |= {"options": OPTIONS if kind == "choice" else []}
    return factories.saved(Question(event_id=event.id, kind=kind, position=number, **(values | fields)))


def acting(person: Person) -> Actor:
    """This person, logged in."""
    return Actor(account_id=factories.account(person).id, person_id=person.id, language="en", city=person.city)


def signed_up(event: Event, *people: Person, **said: Any) -> SignUp:
    """A party whose first member signs it up and answers."""
    answers = Answers(consent_may_follow=True, **said)
    ids = [person.id for person in people]
    return sign_up(event.id, ids, leader_id=people[0].id, now=NOW, actor=acting(people[0]), answers=answers)


def answers_of(signup: SignUp) -> dict[tuple[str, str | None], str]:
    """{(question, place or nobody): value} of this party."""
    rows = db.session.query(QuestionAnswer).filter_by(signup_id=signup.id)
    return {(row.question_id, row.place_id): row.value for row in rows}


def program(app: Flask, person: Person) -> Callable[..., Any]:
    """A program that acts as this person: `call(method, path, body)`."""
    account = db.session.query(Account).filter_by(person_id=person.id).one_or_none() or factories.account(person)
    token = create_token(account, name="test", now=NOW, actor=SYSTEM)

    def call(method: str, path: str, body: Any = None) -> Any:
        client = app.test_client()
        return getattr(client, method)(path, json=body, headers={"Authorization": f"Bearer {token}"})

    return call
