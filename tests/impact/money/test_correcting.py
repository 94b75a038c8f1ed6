"""Corrections, payments and withdrawals are entries: totals follow, nothing is hidden, two people lose nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.accounts.actor import SYSTEM
from app.audit.models import AuditEntry
from app.db import db
from app.events.models import Event, Programme
from app.impact.errors import AlreadyWithdrawn
from app.impact.money import errors
from app.impact.money.correcting import correct_expense, newest_of, pay_order, values_of
from app.impact.money.models import Expense
from app.impact.money.operations import record_expense, withdraw_expense
from app.impact.money.queries import budget_of, expenses_of, shown
from app.people.models import Person
from tests import factories

LogIn = Callable[[Person], FlaskClient]
HOW: dict[str, Any] = {"now": factories.LONG_AGO, "actor": SYSTEM}


@pytest.fixture
def programme(app: Flask) -> Programme:
    return factories.programme("clean-coast", planned_tenge=3_000_000)


@pytest.fixture
def event(programme: Programme) -> Event:
    return factories.event(programme=programme)


def spend(programme: Programme, amount: int = 250_000, **given: Any) -> Expense:
    return record_expense(programme, amount_tenge=amount, **{"category": "transport"} | given, **HOW)


def correct(expense: Expense, **given: Any) -> Expense:
    return correct_expense(expense, values_of(expense) | given, **HOW).row


def sums(programme: Programme) -> tuple[int, int, int]:
    whole = budget_of(programme, expenses_of(programme)).whole
    return whole.committed_tenge, whole.actual_tenge, whole.left_tenge


def test_a_correction_counts_and_the_old_entry_stays_to_be_seen(programme: Programme) -> None:
    first = spend(programme)
    second = correct(first, amount_tenge=260_000)
    third = correct(second, supplier="Автобус ЖШС")
    assert sums(programme) == (0, 260_000, 2_740_000)
    assert newest_of(first) is third
    states = {one.row.id: (one.state, one.after and one.after.id) for one in shown(expenses_of(programme))}
    wanted = {first.id: ("corrected", second.id), second.id: ("corrected", third.id), third.id: ("counts", None)}
    assert states == wanted
    act = db.session.query(AuditEntry).filter_by(object_id=second.id, verb="correct").one()
    assert act.fields == ["amount_tenge"]


def test_two_people_change_different_things_of_one_entry_and_both_are_kept(programme: Programme) -> None:
    first = spend(programme, note="екі автобус")
    correct(first, amount_tenge=275_000)
    done = correct_expense(first, values_of(first) | {"supplier": "Ақжол"}, **HOW)
    assert (done.row.amount_tenge, done.row.supplier, done.row.note) == (275_000, "Ақжол", "екі автобус")
    assert done.theirs_kept == ("amount_tenge",)


def test_two_people_change_the_same_and_the_second_one_is_asked(programme: Programme) -> None:
    first = spend(programme)
    second = correct(first, amount_tenge=275_000)
    with pytest.raises(errors.ChangedMeanwhile) as refusal:
        correct(first, amount_tenge=280_000)
    assert refusal.value.params["newest_id"] == second.id
    assert sums(programme)[1] == 275_000


def test_a_correction_that_changes_nothing_or_is_a_slip_is_refused(programme: Programme, event: Event) -> None:
    first = spend(programme)
    with pytest.raises(errors.NothingChanged):
        correct(first)
    with pytest.raises(errors.UnlikelyAmount):
        correct(first, amount_tenge=250_000_000)
    other = factories.event()
    with pytest.raises(errors.EventOfAnotherProgramme):
        correct(first, event_id=other.id)
    assert correct(first, event_id=event.id).event_id == event.id


def test_what_was_corrected_paid_or_withdrawn_is_not_corrected_again(programme: Programme) -> None:
    first, order = spend(programme), spend(programme, 90_000, stage="committed")
    correct(first, amount_tenge=260_000)
    with pytest.raises(errors.ExpenseReplaced):
        withdraw_expense(first, **HOW)
    pay_order(order, amount_tenge=90_000, **HOW)
    for act in (lambda: withdraw_expense(order, **HOW), lambda: pay_order(order, amount_tenge=90_000, **HOW)):
        with pytest.raises(errors.OrderPaid):
            act()
    withdrawn = spend(programme, 120_000)
    withdraw_expense(withdrawn, **HOW)
    with pytest.raises(AlreadyWithdrawn):
        correct(withdrawn, amount_tenge=130_000)


def test_a_payment_settles_its_order_and_taking_it_back_brings_the_order_back(programme: Programme) -> None:
    order = spend(programme, 900_000, stage="committed", supplier="Ақжол")
    assert sums(programme) == (900_000, 0, 2_100_000)
    paid = pay_order(order, amount_tenge=600_000, rest_stays=True, **HOW)
    assert sums(programme) == (300_000, 600_000, 2_100_000) and paid.supplier == "Ақжол"
    more = correct(paid, amount_tenge=610_000)
    assert more.settles_id == order.id and sums(programme) == (300_000, 610_000, 2_090_000)
    withdraw_expense(more, **HOW)
    assert sums(programme) == (900_000, 0, 2_100_000)


def test_a_payment_without_a_rest_ends_the_order_whatever_it_came_to(programme: Programme) -> None:
    order = spend(programme, 900_000, stage="committed")
    pay_order(order, amount_tenge=870_000, **HOW)
    assert sums(programme) == (0, 870_000, 2_130_000)
    with pytest.raises(errors.NotAnOrder):
        pay_order(spend(programme), amount_tenge=250_000, **HOW)
    order = spend(programme, 500_000, stage="committed")
    with pytest.raises(errors.UnlikelyAmount):
        pay_order(order, amount_tenge=500, **HOW)


@pytest.mark.full
@settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from("scpwr"), st.integers(1, 900)), max_size=10))
def test_whatever_is_done_totals_are_the_sum_of_what_counts(app: Flask, steps: list[tuple[int, str, int]]) -> None:
    programme = factories.programme()
    spent = ordered = 0
    for at, act, thousands in steps:
        standing = [row for row in expenses_of(programme) if row.withdrawn_at is None]
        row, amount = (standing[at % len(standing)] if standing else None), thousands * 1_000
        if row is None or act == "s":
            spend(programme, amount, stage="actual" if at % 2 else "committed", sure=True)
        elif act == "c" and amount != row.amount_tenge:
            correct_expense(row, values_of(row) | {"amount_tenge": amount}, sure=True, **HOW)
        elif act == "w":
            withdraw_expense(row, **HOW)
        elif act in "pr" and row.stage == "committed":
            pay_order(row, amount_tenge=amount, rest_stays=act == "r", sure=True, **HOW)
        spent, ordered = _counted(programme)
    assert sums(programme)[:2] == (ordered, spent)


def _counted(programme: Programme) -> tuple[int, int]:
    rows = db.session.query(Expense).filter_by(programme_id=programme.id, withdrawn_at=None).all()
    by_stage = [sum(row.amount_tenge for row in rows if row.stage == stage) for stage in ("actual", "committed")]
    return by_stage[0], by_stage[1]


FORM = {"unit": "tenge", "stage": "actual", "category": "transport", "event_id": ""}


def test_aigul_and_a_colleague_correct_one_entry_and_see_each_other(programme: Programme, log_in: LogIn) -> None:
    factories.event(programme=programme)
    first_id, url = spend(programme, note="екі автобус").id, f"/programmes/{programme.id}/expenses"
    aigul, path = log_in(factories.coordinator()), f"/expenses/{first_id}/correction"
    assert "250000" in aigul.get(path).get_data(as_text=True)
    form = FORM | {"note": "екі автобус"}
    assert aigul.post(path, data=form | {"amount_tenge": "275000"}).status_code == 303
    clash = aigul.post(path, data=form | {"amount_tenge": "280000", "supplier": "Ақжол"})
    page = clash.get_data(as_text=True)
    assert clash.status_code == 409 and "275\u00a0000\u00a0₸" in page and "280000" in page and "Ақжол" in page
    newest = db.session.query(Expense).filter_by(corrects_id=first_id).one().id
    assert f"/expenses/{newest}/correction" in page
    again = aigul.post(f"/expenses/{newest}/correction", data=form | {"amount_tenge": "280000", "supplier": "Ақжол"})
    assert again.status_code == 303
    assert "280\u00a0000" in aigul.get(url).get_data(as_text=True)


def test_a_doubt_shows_the_sum_in_full_and_both_ways_out(programme: Programme, log_in: LogIn) -> None:
    factories.event(programme=programme)
    for amount in (250_000, 260_000, 270_000):
        spend(programme, amount)
    aigul, url = log_in(factories.coordinator()), f"/programmes/{programme.id}/expenses"
    typed = FORM | {"amount_tenge": "280", "unit": "tenge"}
    asked = aigul.post(url, data=typed)
    page = asked.get_data(as_text=True)
    assert asked.status_code == 422 and 'name="meant" value="280000"' in page and 'name="sure" value="y"' in page
    assert aigul.post(url, data=typed | {"meant": "280000"}).status_code == 303
    assert db.session.query(Expense).filter_by(amount_tenge=280_000).count() == 1
    assert aigul.post(url, data=typed | {"sure": "y"}).status_code == 303
    assert db.session.query(Expense).filter_by(amount_tenge=280).count() == 1
    like_thousands = aigul.post(url, data=FORM | {"amount_tenge": "24,370", "unit": "thousand"})
    assert like_thousands.status_code == 422 and 'value="24370000"' in like_thousands.get_data(as_text=True)


def test_an_order_is_paid_on_its_page(programme: Programme, log_in: LogIn) -> None:
    factories.event(programme=programme)
    order_id = spend(programme, 900_000, stage="committed").id
    aigul = log_in(factories.coordinator())
    assert "payment" in aigul.get(f"/expenses/{order_id}").get_data(as_text=True)
    path = f"/expenses/{order_id}/payment"
    assert "900000" in aigul.get(path).get_data(as_text=True)
    assert aigul.post(path, data={"amount_tenge": "900", "unit": "thousand", "document_no": "17"}).status_code == 303
    paid = db.session.query(Expense).filter_by(settles_id=order_id).one()
    assert (paid.amount_tenge, paid.document_no, paid.stage) == (900_000, "17", "actual")
    assert aigul.post(path, data={"amount_tenge": "900", "unit": "thousand"}).status_code == 409
    assert paid.id in aigul.get(f"/expenses/{order_id}").get_data(as_text=True)
