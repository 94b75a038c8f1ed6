"""Roles: given and taken by administrators alone, never twice, and never the last administrator's."""

import pytest

from app.access.opening import create_account
from app.accounts.actor import ADMIN, COORDINATOR, GIFT_KEEPER, Actor
from app.accounts.models import Account, Grant
from app.accounts.operations import HasRole, LastAdmin, grant_role, revoke_role
from app.db import db
from app.errors import Invalid, NotAllowed
from tests import factories
from tests.access.logins import NOW, ROOT

pytestmark = pytest.mark.usefixtures("app")


def test_a_role_holds_in_its_city_and_is_taken_back(log_in):
    nurlan = factories.employee()
    account = factories.account(nurlan)
    grant = grant_role(account, COORDINATOR, city="balkhash", now=NOW, actor=ROOT)
    assert log_in(nurlan).get("/invitations").status_code == 200
    revoke_role(grant, now=NOW, actor=ROOT)
    assert log_in(nurlan).get("/invitations").status_code == 403


def test_the_same_role_is_not_given_twice_but_in_another_city_it_is():
    account = factories.account(factories.employee())
    factories.city("zhezkazgan")
    grant = grant_role(account, GIFT_KEEPER, city="balkhash", now=NOW, actor=ROOT)
    with pytest.raises(HasRole):
        grant_role(account, GIFT_KEEPER, city="balkhash", now=NOW, actor=ROOT)
    grant_role(account, GIFT_KEEPER, city="zhezkazgan", now=NOW, actor=ROOT)
    revoke_role(grant, now=NOW, actor=ROOT)
    grant_role(account, GIFT_KEEPER, city="balkhash", now=NOW, actor=ROOT)


def test_the_last_administrator_stays():
    first = grant_role(factories.account(factories.employee()), ADMIN, now=NOW, actor=ROOT)
    with pytest.raises(LastAdmin):
        revoke_role(first, now=NOW, actor=ROOT)
    grant_role(factories.account(factories.employee()), ADMIN, now=NOW, actor=ROOT)
    revoke_role(first, now=NOW, actor=ROOT)


def test_nobody_but_an_administrator_gives_roles():
    account = factories.account(factories.employee())
    with pytest.raises(NotAllowed):
        grant_role(account, ADMIN, now=NOW, actor=Actor(account_id=account.id))


def test_the_page_lists_finds_gives_and_takes(log_in):
    root, nurlan = factories.admin(), factories.employee()
    account = factories.account(nurlan)
    browser = log_in(root)
    assert nurlan.email not in browser.get("/accounts").text
    assert nurlan.email in browser.get("/accounts?q=нурлан").text
    wrong = browser.post(f"/accounts/{account.id}/grants", data={"role": "emperor", "city": ""})
    assert wrong.status_code == 422
    assert (
        browser.post(f"/accounts/{account.id}/grants", data={"role": "coordinator", "city": "balkhash"}).status_code
        == 303
    )
    again = browser.post(f"/accounts/{account.id}/grants?q=нурлан", data={"role": "coordinator", "city": "balkhash"})
    assert again.status_code == 422
    grant = db.session.query(Grant).filter_by(account_id=account.id).one()
    assert browser.post(f"/grants/{grant.id}/revocation").status_code == 303
    assert grant.revoked_at is not None


def test_a_coordinator_and_a_stranger_may_not(log_in, client):
    aigul = factories.coordinator()
    account = factories.account(aigul)
    grant = db.session.query(Grant).one()
    browser = log_in(aigul)
    for page in (f"/accounts/{account.id}/grants", f"/grants/{grant.id}/revocation"):
        assert browser.post(page, data={"role": "admin", "city": ""}).status_code == 403
        assert client.post(page).headers["Location"] == "/login"
    assert browser.get("/accounts").status_code == 403
    assert db.session.query(Grant).count() == 1


def test_a_login_is_opened_by_hand_with_a_code_and_again_harmlessly():
    factories.city()
    for _ in range(2):
        account, code = create_account("New@torangy.example", COORDINATOR, city="balkhash", now=NOW, actor=ROOT)
        assert code
    assert db.session.query(Account).one() is account
    assert db.session.query(Grant).one().city == "balkhash"


@pytest.mark.full
def test_a_login_with_a_password_needs_no_code():
    account, code = create_account("root@torangy.example", ADMIN, password="seven yellow boats", now=NOW, actor=ROOT)
    assert (account.is_active, code) == (True, None)


@pytest.mark.parametrize(
    ("email", "role", "city"), [("nonsense", ADMIN, None), ("a@b.kz", "emperor", None), ("a@b.kz", ADMIN, "atlantis")]
)
def test_nonsense_is_refused(email, role, city):
    with pytest.raises(Invalid):
        create_account(email, role, city=city, now=NOW, actor=ROOT)
    assert db.session.query(Account).count() == 0
