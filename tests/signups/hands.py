"""What tests by hand share: a clock to move, the post, and people who click over HTTP."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import clock, worker
from app.db import db
from app.events.models import Event
from app.mail.models import Mail
from app.people.models import Person
from app.signups.models import STANDING, Place, SignUp
from tests import factories
from tests.mail.sink import Sink
from tests.signups.parties import NOON

# A day before the start: what comes free now is offered.
LATE = factories.SATURDAY - timedelta(hours=22)


class Hands:
    """The clock of the test."""

    def __init__(self) -> None:
        self.now = NOON

    def move_to(self, now: datetime) -> None:
        """It is later."""
        self.now = now


@pytest.fixture
def hands(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Hands:
    """The clock stands at noon until the test moves it."""
    hands = Hands()
    monkeypatch.setattr(clock, "now", lambda: hands.now)
    factories.consent_texts()
    return hands


@pytest.fixture
def post(app: Flask, hands: Hands, sink: Sink) -> Iterator[Callable[[], Counter[tuple[str, str]]]]:
    """The worker works until nothing is left; {(letter, reader): how many} of all that left the house so far."""

    def _post() -> Counter[tuple[str, str]]:
        worker.tick(app)
        db.session.rollback()
        sent = db.session.query(Mail).filter(Mail.status == "sent")
        assert sent.count() == len(sink.received)
        return Counter((mail.template.removeprefix("signups/"), mail.recipient) for mail in sent)

    yield _post


@pytest.fixture
def aigul(app: Flask) -> Person:
    """The coordinator."""
    return factories.coordinator(email="aigul@torangy.example")


def sign_up(browser: FlaskClient, event: Event, *people: Person, **fields: object) -> TestResponse:
    """They are signed up on the page of the event, the children with consent."""
    children = [person.id for person in people if person.kind == "child"]
    data = {"people": [person.id for person in people], "consents": children} | fields
    return browser.post(f"/events/{event.id}/signups", data=data)


def party_of(person: Person) -> SignUp:
    """The party in which this person stands."""
    db.session.rollback()
    standing = Place.status.in_(STANDING)
    return db.session.query(SignUp).join(Place).filter(Place.person_id == person.id, standing).one()


def statuses(*people: Person) -> list[str]:
    """What became of their latest places."""
    db.session.rollback()
    found = {place.person_id: place.status for place in db.session.query(Place).order_by(Place.created_at)}
    return [found[person.id] for person in people]


def cancel(browser: FlaskClient, person: Person) -> TestResponse:
    """This person's place is given up by whoever sits at the browser."""
    (place,) = [place for place in party_of(person).standing_places if place.person_id == person.id]
    return browser.post(f"/places/{place.id}/cancellation")


def family(surname: str = "Сейітқали") -> tuple[Person, Person, Person]:
    """A father, a mother who stays at home, and their daughter."""
    father, mother = factories.employee(surname, "Нұрлан"), factories.employee(surname, "Әлия")
    dina = factories.child(father)
    factories.second_guardian(dina, mother)
    return father, mother, dina
