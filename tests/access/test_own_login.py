"""One's own page: password, devices, keys of programs."""

import pytest

from app import clock
from app.access.sessions import actor_of, open_session
from app.access.tokens import actor_of_token, create_token
from app.accounts.models import Session
from app.db import db, transaction
from tests import factories
from tests.access.logins import NOW, PASSWORD, ROOT, with_password

pytestmark = pytest.mark.usefixtures("app")
NEW = "five red apples in a hat"


@pytest.mark.full
def test_a_new_password_needs_the_present_one_and_logs_the_other_devices_out(log_in):
    nurlan = factories.employee()
    account = with_password(nurlan)
    phone = open_session(account, device="phone", now=clock.now())
    browser = log_in(nurlan)
    wrong = browser.post("/me/password", data={"present": "wrong", "password": NEW, "again": NEW})
    assert (wrong.status_code, "present-e" in wrong.text) == (422, True)
    assert actor_of(phone, now=clock.now())
    assert browser.post("/me/password", data={"present": PASSWORD, "password": NEW, "again": NEW}).status_code == 303
    assert browser.get("/me").status_code == 200
    assert actor_of(phone, now=clock.now()) is None


@pytest.mark.full
def test_a_weak_new_password_is_refused_beside_its_field(log_in):
    nurlan = factories.employee()
    with_password(nurlan)
    answer = log_in(nurlan).post("/me/password", data={"present": PASSWORD, "password": "short", "again": "short"})
    assert (answer.status_code, "password-e" in answer.text) == (422, True)


@pytest.mark.full
def test_only_ones_own_devices_can_be_logged_out(log_in):
    nurlan, stan = factories.employee(), factories.employee("Стан")
    mine = open_session(with_password(nurlan), device="Mozilla/5.0 (Linux; Android 14) Chrome/120", now=clock.now())
    row = db.session.query(Session).one()
    log_in(stan).post(f"/me/devices/{row.id}/logout")
    assert actor_of(mine, now=clock.now())
    browser = log_in(nurlan)
    assert "Chrome · Android" in browser.get("/me").text
    browser.post(f"/me/devices/{row.id}/logout")
    assert actor_of(mine, now=clock.now()) is None


def test_a_token_acts_as_its_account_until_it_is_ended(log_in):
    aigul = factories.coordinator()
    account = factories.account(aigul)
    token = create_token(account, name="HR", now=NOW, actor=ROOT)
    actor = actor_of_token(token, now=NOW)
    assert (actor.person_id, actor.holds("coordinator", city="balkhash")) == (aigul.id, True)
    assert actor_of_token(token + "x", now=NOW) is None
    row_id = account_token_id()
    assert log_in(factories.employee()).post(f"/me/tokens/{row_id}/revocation").status_code == 404
    assert log_in(aigul).post(f"/me/tokens/{row_id}/revocation").status_code == 303
    assert actor_of_token(token, now=NOW) is None


def test_a_token_of_a_closed_login_opens_nothing():
    account = factories.account(factories.employee())
    token = create_token(account, name="", now=NOW, actor=ROOT)
    with transaction():
        account.deactivated_at = NOW
    assert actor_of_token(token, now=NOW) is None


def test_a_stranger_is_sent_to_log_in(client):
    for page in ("/me/password", "/me/devices/x/logout", "/me/tokens/x/revocation"):
        assert client.post(page).headers["Location"] == "/login"


def account_token_id() -> str:
    from app.access.models import Token

    return db.session.query(Token).one().id
