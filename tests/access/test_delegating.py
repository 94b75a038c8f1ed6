"""Standing in for somebody: their roles for some days, named in the log, and ended by themselves."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.access.delegating import AlreadyDelegated, Away, NothingToDelegate, delegate, end_delegation
from app.access.sessions import actor_of, open_session
from app.accounts.actor import ADMIN, COORDINATOR, SAFETY_OFFICER, Actor
from app.accounts.models import Account, Delegation, Grant
from app.accounts.operations import revoke_role
from app.audit.models import AuditEntry
from app.db import db
from app.errors import Invalid, NotAllowed, NotFound
from app.events.operations import close_event
from app.events.policy import can_manage_event
from app.mail.models import Mail
from app.people.changing import deactivate_person
from app.people.models import Person
from app.web.dates import local_date
from tests import factories

NOW = factories.SATURDAY - timedelta(days=30)
TODAY = local_date(NOW)


def acting(person: Person, days: int = 0) -> Actor:
    """This person, logged in so many days from now."""
    account = db.session.query(Account).filter_by(person_id=person.id).one_or_none() or factories.account(person)
    now = NOW + timedelta(days=days)
    actor = actor_of(open_session(account, device="test", now=now), now=now)
    assert actor
    return actor


def lend(lender: Person, deputy: Person, *, from_in: int = 0, days: int = 7, actor: Actor | None = None) -> Delegation:
    """For a week from today, unless told."""
    as_whom = actor or acting(lender)
    lender_id = acting(lender).account_id or ""
    first = TODAY + timedelta(days=from_in)
    factories.account(deputy)
    away = Away(first, first + timedelta(days=days), "Leave")
    return delegate(lender_id, deputy.personnel_number or "", away, now=NOW, actor=as_whom)


@pytest.fixture
def aigul(app: Flask) -> Person:
    """Coordinates Balkhash."""
    return factories.coordinator("balkhash")


@pytest.fixture
def nurlan(app: Flask) -> Person:
    """Stands in for her."""
    return factories.employee()


@pytest.mark.full
def test_the_deputy_may_what_aigul_may_on_these_days_and_no_longer(aigul: Person, nurlan: Person):
    event, far = factories.event(), factories.event(city="zhezkazgan")
    lend(aigul, nurlan, from_in=2, days=3)

    on_days = [can_manage_event(acting(nurlan, days=day), event) for day in range(8)]

    assert on_days == [False, False, True, True, True, True, False, False]
    assert not can_manage_event(acting(nurlan, days=3), far)


@pytest.mark.full
def test_the_deputy_gets_a_letter_once(aigul: Person, nurlan: Person):
    lend(aigul, nurlan)

    assert [mail.recipient for mail in db.session.query(Mail).filter_by(template="access/delegation")] == [nurlan.email]


def test_the_log_says_for_whom_and_ones_own_right_comes_first(aigul: Person, nurlan: Person):
    event = factories.event()
    lend(aigul, nurlan)
    deputy = acting(nurlan)
    assert can_manage_event(deputy, event), "as its route asks first"
    close_event(event, now=NOW, actor=deputy)
    entry = db.session.query(AuditEntry).filter_by(verb="close").one()
    assert (entry.actor_account_id, entry.for_account_id) == (acting(nurlan).account_id, acting(aigul).account_id)

    factories.account(nurlan, COORDINATOR, city="balkhash")
    own = acting(nurlan)
    assert can_manage_event(own, event) and own.lent_by is None


def test_what_was_lent_cannot_be_lent_on_and_without_a_role_there_is_nothing_to_lend(aigul: Person, nurlan: Person):
    stan = factories.employee("Стан", "Стэн")
    lend(aigul, nurlan)

    with pytest.raises(NothingToDelegate):
        lend(nurlan, stan)
    with pytest.raises(NothingToDelegate):
        lend(stan, nurlan)


def test_an_administrators_role_is_not_lent(nurlan: Person):
    erlan = factories.admin()
    with pytest.raises(NothingToDelegate):
        lend(erlan, nurlan)
    factories.account(erlan, SAFETY_OFFICER, city="balkhash")
    lend(erlan, nurlan)

    assert {scope.role for scope in acting(nurlan).scopes} == {SAFETY_OFFICER}
    assert not acting(nurlan).is_admin


def test_it_ends_at_once_when_she_is_back_or_loses_the_role_or_leaves(aigul: Person, nurlan: Person):
    event = factories.event()
    row = lend(aigul, nurlan)
    assert can_manage_event(acting(nurlan), event)
    end_delegation(row.id, now=NOW, actor=acting(aigul))
    assert not can_manage_event(acting(nurlan), event)

    lend(aigul, nurlan)
    grant = db.session.query(Grant).filter_by(account_id=acting(aigul).account_id, role=COORDINATOR).one()
    revoke_role(grant, now=NOW, actor=acting(factories.admin()))
    assert not can_manage_event(acting(nurlan), event)

    zhan = factories.coordinator("balkhash")
    lend(zhan, nurlan)
    assert can_manage_event(acting(nurlan), event)
    deactivate_person(zhan, now=NOW, actor=acting(factories.coordinator("balkhash")))
    assert not can_manage_event(acting(nurlan), event)


def test_strangers_can_neither_hand_over_for_her_nor_end_it(aigul: Person, nurlan: Person):
    stan = factories.employee("Стан", "Стэн")
    row = lend(aigul, nurlan)

    with pytest.raises(NotAllowed):
        lend(aigul, stan, actor=acting(stan))
    with pytest.raises(NotFound):
        end_delegation(row.id, now=NOW, actor=acting(stan))


def test_days_and_deputies_that_cannot_be_are_refused(aigul: Person, nurlan: Person):
    for from_in, days in ((0, -1), (-9, 1), (0, 200)):
        with pytest.raises(Invalid):
            lend(aigul, nurlan, from_in=from_in, days=days)
    with pytest.raises(Invalid):
        lend(aigul, aigul)
    lend(aigul, nurlan)
    with pytest.raises(AlreadyDelegated):
        lend(aigul, nurlan, from_in=3)


def test_the_page_hands_over_and_ends(aigul: Person, nurlan: Person, log_in):
    factories.account(nurlan)
    browser: FlaskClient = log_in(aigul)
    said = {"deputy": nurlan.personnel_number, "from_on": "2030-01-01", "until_on": "2030-01-09", "reason": "Leave"}

    assert browser.post("/me/delegation", data=said).status_code == 303
    row = db.session.query(Delegation).one()
    assert "Leave" in browser.get("/me/delegation").text
    assert "Leave" in log_in(nurlan).get("/me/delegation").text
    assert browser.post("/me/delegation", data=said | {"deputy": "nobody"}).status_code == 422
    stan = log_in(factories.employee("Стан", "Стэн"))
    assert stan.post(f"/me/delegation/{row.id}/ending").status_code == 404
    assert browser.post(f"/me/delegation/{row.id}/ending").status_code == 303
    assert db.session.query(Delegation).filter(Delegation.ended_at.is_(None)).count() == 0
    assert ADMIN not in browser.get("/me/delegation").text
