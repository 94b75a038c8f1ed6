"""The PIN for the shared computer: no colleague can guess it, and it opens nothing else."""

from datetime import date

import pytest
from flask.testing import FlaskClient

from app import clock
from app.access.codes import ACTIVATION, issue_code
from app.access.errors import WrongLogin, WrongPassword
from app.access.joining import activate_by_link
from app.access.logging_in import log_in as log_in_by_password
from app.access.pins import check_pin, set_pin
from app.accounts.actor import Actor
from app.accounts.models import Account
from app.db import db
from app.errors import Invalid, NotFound
from tests import factories
from tests.access.kiosks import PIN, with_pin
from tests.access.logins import NOW, PASSWORD, ROOT, with_password

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.slow]


@pytest.mark.parametrize("weak", ["123456", "654321", "111111", "121212", "789012", "482482"])
def test_a_pin_that_everybody_tries_first_is_refused(weak: str):
    nurlan = factories.employee()
    with pytest.raises(Invalid) as refusal:
        with_pin(nurlan, weak)
    assert "guessed" in refusal.value.errors["pin"]


@pytest.mark.parametrize("wrong", ["", "12345", "4829150", "48291a", "４８２９１５"])
def test_a_pin_has_six_digits(wrong: str):
    with pytest.raises(Invalid):
        with_pin(factories.employee(), wrong)


@pytest.mark.parametrize("known", ["050385", "850305", "030585", "198503", "031985"])
def test_a_birth_date_is_no_pin(known: str):
    nurlan = factories.employee(birth_date=date(1985, 3, 5))
    with pytest.raises(Invalid) as refusal:
        with_pin(nurlan, known)
    assert "Colleagues know" in refusal.value.errors["pin"]


def test_neither_the_own_number_nor_the_phone_is_a_pin():
    nurlan = factories.employee(personnel_number="904172", phone="+77015837264")
    for known in ("904172", "837264"):
        with pytest.raises(Invalid):
            with_pin(nurlan, known)


def test_only_a_slow_hash_of_the_pin_is_kept():
    account = with_pin(factories.employee())
    assert account.pin_hash.startswith("$argon2") and PIN not in account.pin_hash
    assert check_pin(account, PIN) and not check_pin(account, "482916") and not check_pin(None, PIN)


def test_a_pin_is_chosen_with_the_first_password_if_one_likes():
    nurlan = factories.employee()
    code = issue_code(nurlan, purpose=ACTIVATION, now=NOW, actor=ROOT)
    with pytest.raises(Invalid):
        activate_by_link(code, PASSWORD, now=NOW, pin="111111")
    account = activate_by_link(code, PASSWORD, now=NOW, pin=PIN)
    assert check_pin(account, PIN)


def test_the_page_of_activation_asks_for_it(client: FlaskClient):
    nurlan = factories.employee(language="en")
    code = issue_code(nurlan, purpose=ACTIVATION, now=clock.now(), actor=ROOT)
    assert 'id="pin"' in client.get(f"/activation/{code}").text
    data = {"password": PASSWORD, "again": PASSWORD, "pin": "050385"}
    answer = client.post(f"/activation/{code}", data=data)
    assert answer.status_code == 422 and 'id="pin-e"' in answer.text
    assert client.post(f"/activation/{code}", data=data | {"pin": PIN}).status_code == 303
    assert check_pin(db.session.query(Account).one(), PIN)


def test_a_new_pin_asks_for_the_present_password():
    nurlan = factories.employee()
    account = with_password(nurlan)
    actor = Actor(account_id=account.id, person_id=nurlan.id)
    with pytest.raises(WrongPassword):
        set_pin(PIN, present="a guess of a stranger", address="", now=NOW, actor=actor)
    set_pin(PIN, present=PASSWORD, address="", now=NOW, actor=actor)
    assert check_pin(db.session.get(Account, account.id, populate_existing=True), PIN)
    with pytest.raises(NotFound):
        set_pin(PIN, present=PASSWORD, address="", now=NOW, actor=Actor())


def test_the_page_of_ones_own_data_changes_the_pin(log_in):
    nurlan = factories.employee(language="en")
    with_password(nurlan)
    browser = log_in(nurlan)
    assert "You have none yet" in browser.get("/me").text
    answer = browser.post("/me/pin", data={"pin-pin": "111111", "pin-present": PASSWORD})
    assert answer.status_code == 422 and "easily guessed" in answer.text
    assert browser.post("/me/pin", data={"pin-pin": PIN, "pin-present": PASSWORD}).status_code == 303
    assert "Yours was set on" in browser.get("/me").text


def test_a_pin_never_opens_the_ordinary_page_to_log_in(client: FlaskClient):
    nurlan = factories.employee()
    with_password(nurlan)
    with_pin(nurlan)
    with pytest.raises(WrongLogin):
        log_in_by_password(nurlan.personnel_number, PIN, address="", device="", now=NOW)
    assert client.post("/login", data={"login": nurlan.personnel_number, "password": PIN}).status_code == 422
