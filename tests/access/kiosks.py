"""What the tests of kiosks share: PINs, an enrolled computer and who comes to it."""

from datetime import datetime

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import clock
from app.access.kiosks import add_kiosk, enrol
from app.access.models import Kiosk
from app.access.pins import keep_pin
from app.accounts.actor import Actor
from app.accounts.models import Account
from app.db import transaction
from app.people.models import Person
from tests import factories
from tests.access.logins import NOW, ROOT

PIN = "482915"
COOKIE = "torangy-kiosk"


def with_pin(person: Person, pin: str = PIN) -> Account:
    """An account of this person that opens a kiosk with the PIN."""
    account = factories.account(person)
    with transaction():
        keep_pin(account, person, pin, now=NOW, actor=ROOT)
    return account


def enrolled(*, now: datetime | None = None) -> tuple[Kiosk, str]:
    """A kiosk at the gate of the smelter in Balkhash and its cookie."""
    factories.city("balkhash")
    kiosk, code = add_kiosk("Gate 2", "balkhash", now=now or NOW, actor=ROOT)
    return kiosk, enrol(code, address="10.0.0.1", now=now or NOW, actor=Actor())


def screen(app: Flask) -> FlaskClient:
    """The browser of an enrolled kiosk."""
    client = app.test_client()
    client.set_cookie(COOKIE, enrolled(now=clock.now())[1])
    return client


def come(client: FlaskClient, person: Person, pin: str = PIN) -> TestResponse:
    """This person types number and PIN."""
    return client.post("/kiosk", data={"number": person.personnel_number, "pin": pin})
