"""Logging in by e-mail or personnel number; wrong tries are counted, and nothing tells who is known."""

from datetime import timedelta

import pytest

from app.access import logging_in
from app.access.errors import TooManyTries, WrongLogin
from app.access.logging_in import log_in as open_for
from app.access.sessions import actor_of
from app.access.tries import PER_ADDRESS
from app.accounts.models import Session
from app.db import db, transaction
from tests import factories
from tests.access.logins import NOW, PASSWORD, with_password

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.slow]
HERE = {"address": "10.0.0.1", "device": "test"}


@pytest.mark.parametrize("what", ["email", "personnel_number"])
def test_nurlan_logs_in_by_mail_or_number(what):
    nurlan = factories.employee()
    with_password(nurlan)
    secret = open_for(f" {getattr(nurlan, what)} ".upper(), PASSWORD, now=NOW, **HERE)
    assert actor_of(secret, now=NOW).person_id == nurlan.id


@pytest.mark.parametrize("login", ["nobody@torangy.example", "0", "9999999", "%"])
def test_unknown_logins_and_wrong_passwords_get_the_same_answer(login):
    nurlan = factories.employee()
    with_password(nurlan)
    for who in (login, nurlan.email):
        with pytest.raises(WrongLogin):
            open_for(who, "something else", now=NOW, **HERE)


def test_a_login_that_is_closed_or_not_activated_stays_shut():
    nurlan = factories.employee()
    account = with_password(nurlan)
    with transaction():
        account.deactivated_at = NOW
    with pytest.raises(WrongLogin):
        open_for(nurlan.email, PASSWORD, now=NOW, **HERE)
    with transaction():
        account.deactivated_at, account.activated_at = None, None
    with pytest.raises(WrongLogin):
        open_for(nurlan.email, PASSWORD, now=NOW, **HERE)


def test_a_leaver_stays_outside():
    nurlan = factories.employee()
    with_password(nurlan)
    secret = open_for(nurlan.email, PASSWORD, now=NOW, **HERE)
    with transaction():
        nurlan.deactivated_at = NOW
    assert actor_of(secret, now=NOW) is None
    with pytest.raises(WrongLogin):
        open_for(nurlan.email, PASSWORD, now=NOW, **HERE)


def test_after_five_wrong_tries_even_the_right_password_waits_a_quarter_of_an_hour():
    nurlan = factories.employee()
    with_password(nurlan)
    for _ in range(5):
        with pytest.raises(WrongLogin):
            open_for(nurlan.email, "wrong", now=NOW, **HERE)
    with pytest.raises(TooManyTries):
        open_for(nurlan.email, PASSWORD, now=NOW, **HERE)
    assert open_for(nurlan.email, PASSWORD, now=NOW + timedelta(minutes=15), **HERE)


def test_the_right_password_wipes_the_wrong_tries_out():
    nurlan = factories.employee()
    with_password(nurlan)
    for _ in range(3):
        for _ in range(4):
            with pytest.raises(WrongLogin):
                open_for(nurlan.email, "wrong", now=NOW, **HERE)
        assert open_for(nurlan.email, PASSWORD, now=NOW, **HERE)


def test_one_address_can_not_try_many_logins(monkeypatch):
    monkeypatch.setattr(logging_in, "is_password", lambda *_: False)
    for number in range(PER_ADDRESS):
        with pytest.raises(WrongLogin):
            open_for(str(number), "wrong", now=NOW, **HERE)
    with pytest.raises(TooManyTries):
        open_for("one more", "wrong", now=NOW, **HERE)
    with pytest.raises(WrongLogin):
        open_for("one more", "wrong", now=NOW, address="10.0.0.2", device="test")


def test_two_who_share_an_address_are_told_apart_by_their_passwords():
    nurlan, dana = (
        factories.employee(email="family@torangy.example"),
        factories.employee(email="family@torangy.example"),
    )
    with_password(nurlan)
    with_password(dana, "seven yellow boats")
    assert actor_of(open_for(nurlan.email, "seven yellow boats", now=NOW, **HERE), now=NOW).person_id == dana.id


def test_the_page_leads_on_to_where_one_wanted_to_go(client):
    nurlan = factories.employee()
    with_password(nurlan)
    assert client.get("/me").headers["Location"] == "/login"
    answer = client.post("/login", data={"login": nurlan.email, "password": PASSWORD})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/me")
    assert client.get("/me").status_code == 200


def test_the_page_says_what_is_wrong_beside_the_field_and_gives_no_cookie(client):
    answer = client.post("/login", data={"login": "stan@torangy.example", "password": "wrong"})
    assert answer.status_code == 422
    assert "password-e" in answer.text
    assert client.get("/me").status_code == 303


def test_the_sixth_try_is_refused_with_429(client):
    answers = [client.post("/login", data={"login": "stan", "password": "wrong"}).status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]


@pytest.mark.parametrize(
    "next_page", ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", ""]
)
def test_no_link_leads_on_to_a_stranger(client, next_page):
    answer = client.post("/language", data={"language": "ru", "next": next_page})
    assert answer.headers["Location"] == "/"


def test_logging_out_ends_the_session_on_the_server(log_in):
    nurlan = factories.employee()
    browser = log_in(nurlan)
    with browser.session_transaction() as cookie:
        secret = cookie["_user_id"]
    assert browser.post("/logout").status_code == 303
    with browser.session_transaction() as cookie:
        cookie["_user_id"] = secret
    assert browser.get("/me").headers["Location"] == "/login"
    assert db.session.query(Session).one().ended_at is not None


def test_a_stranger_keeps_the_language_in_the_browser(client):
    assert client.get("/login").text.count('lang="kk"')
    client.post("/language", data={"language": "ru", "next": "/login"})
    assert '<html lang="ru">' in client.get("/login").text
    client.post("/language", data={"language": "xx"})
    assert '<html lang="ru">' in client.get("/login").text


def test_a_person_keeps_the_language_everywhere(log_in):
    nurlan = factories.employee()
    assert log_in(nurlan).post("/language", data={"language": "ru", "next": "/me"}).headers["Location"] == "/me"
    assert (nurlan.language, nurlan.language_chosen_at is not None) == ("ru", True)
