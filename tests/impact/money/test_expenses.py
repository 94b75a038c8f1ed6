"""Money of programmes: whole tenge, in the unit that was asked for, by those who answer for all of it."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.accounts.actor import SYSTEM
from app.db import db
from app.events.models import Event, Programme
from app.impact import errors
from app.impact.money import errors as money_errors
from app.impact.money.models import Expense
from app.impact.money.operations import record_expense, withdraw_expense
from app.impact.reports.queries import impact
from app.people.models import Person
from tests import factories

LogIn = Callable[[Person], FlaskClient]
FORM = {"amount_tenge": "2826", "unit": "thousand", "stage": "actual", "category": "transport", "event_id": ""}


@pytest.fixture
def programme(app: Flask) -> Programme:
    return factories.programme("clean-coast")


@pytest.fixture
def event(programme: Programme) -> Event:
    return factories.event(programme=programme)


def spend(programme: Programme, amount: int = 2_826_000, **given: object) -> Expense:
    values = {"category": "transport"} | given
    return record_expense(programme, amount_tenge=amount, **values, now=clock.now(), actor=SYSTEM)  # type: ignore[arg-type]


def test_an_expense_is_in_the_report_until_it_is_withdrawn(event: Event, programme: Programme) -> None:
    first, _second = spend(programme), spend(programme, 1_000, event=event)
    assert impact().cost_tenge == 2_827_000
    withdraw_expense(first, now=clock.now(), actor=SYSTEM)
    assert impact().cost_tenge == 1_000
    with pytest.raises(errors.AlreadyWithdrawn):
        withdraw_expense(first, now=clock.now(), actor=SYSTEM)


def test_a_sum_that_looks_like_a_slip_is_asked_about(event: Event, programme: Programme) -> None:
    with pytest.raises(money_errors.UnlikelyAmount):
        spend(programme, 400)
    spend(programme, 400, sure=True)
    assert impact().cost_tenge == 400


def test_the_same_expense_twice_is_asked_about(event: Event, programme: Programme) -> None:
    spend(programme)
    with pytest.raises(money_errors.SpentTwice):
        spend(programme)


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"amount": 0}, money_errors.AmountNotPositive),
        ({"stage": "lost"}, money_errors.UnknownStage),
        ({"category": " "}, money_errors.NoCategory),
        ({"category": "x" * 41}, money_errors.NoCategory),
    ],
)
def test_a_wrong_expense_says_which_rule_is_broken(
    programme: Programme, given: dict[str, object], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        spend(programme, **given)  # type: ignore[arg-type]


def test_an_event_of_another_programme_is_refused(programme: Programme) -> None:
    with pytest.raises(money_errors.EventOfAnotherProgramme):
        spend(programme, event=factories.event())


def test_aigul_writes_thousands_and_sees_the_full_sum(event: Event, programme: Programme, log_in: LogIn) -> None:
    aigul, url = log_in(factories.coordinator()), f"/programmes/{programme.id}/expenses"
    typed = aigul.get(f"{url}/sum?amount_tenge=24370,628&unit=thousand").get_data(as_text=True)
    assert "24\u00a0370\u00a0628\u00a0₸" in typed
    answer = aigul.post(url, data=FORM)
    assert answer.status_code == 303
    assert "2\u00a0826\u00a0000" in aigul.get(url).get_data(as_text=True)
    assert impact().cost_tenge == 2_826_000


def test_the_unit_is_never_guessed(event: Event, programme: Programme, log_in: LogIn) -> None:
    aigul, url = log_in(factories.coordinator()), f"/programmes/{programme.id}/expenses"
    without = {name: value for name, value in FORM.items() if name != "unit"}
    assert aigul.post(url, data=without).status_code == 422
    assert aigul.post(url, data=FORM | {"amount_tenge": "24370,628", "unit": "tenge"}).status_code == 422
    assert db.session.query(Expense).count() == 0


def test_money_of_two_cities_takes_somebody_who_coordinates_both(
    event: Event, programme: Programme, log_in: LogIn
) -> None:
    other_id = factories.event(programme=programme, city="zhezkazgan").id
    event_id, url = event.id, f"/programmes/{programme.id}/expenses"
    aigul = factories.coordinator()
    browser = log_in(aigul)
    assert browser.post(url, data=FORM).status_code == 403
    assert browser.post(url, data=FORM | {"event_id": event_id}).status_code == 303
    assert browser.post(url, data=FORM | {"event_id": other_id}).status_code == 403
    factories.account(aigul, "coordinator", city="zhezkazgan")
    assert log_in(aigul).post(url, data=FORM).status_code == 303


def test_aigul_takes_a_wrong_sum_back(event: Event, programme: Programme, log_in: LogIn) -> None:
    expense_id = spend(programme).id
    aigul = log_in(factories.coordinator())
    assert aigul.post(f"/expenses/{expense_id}/withdrawal").status_code == 303
    assert impact().cost_tenge == 0
    assert aigul.post(f"/expenses/{expense_id}/withdrawal").status_code == 409


def test_strangers_employees_and_other_cities_write_nothing_down(
    event: Event, programme: Programme, client: FlaskClient, log_in: LogIn
) -> None:
    url, undo = f"/programmes/{programme.id}/expenses", f"/expenses/{spend(programme).id}/withdrawal"
    for path in (url, undo):
        assert client.post(path, data=FORM).status_code == 303, "to the login"
        assert log_in(factories.employee()).post(path, data=FORM).status_code == 403
        assert log_in(factories.coordinator("zhezkazgan")).post(path, data=FORM).status_code == 403
    assert impact().cost_tenge == 2_826_000


def test_suppliers_are_for_coordinators_alone(
    event: Event, programme: Programme, client: FlaskClient, log_in: LogIn
) -> None:
    spend(programme, supplier="Автобус ЖШС")
    url = f"/programmes/{programme.id}/expenses"
    assert "Автобус ЖШС" in log_in(factories.coordinator()).get(url).get_data(as_text=True)
    assert "Автобус ЖШС" not in client.get(url).get_data(as_text=True)
