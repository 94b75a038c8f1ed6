"""The page of a half-year: planned, done, slipped and dropped with their reasons, and what it costs."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.actor import ADMIN, SYSTEM, Actor, Scope
from app.audit.models import AuditEntry
from app.db import db, transaction
from app.events.models import Event, Programme
from app.impact.money.operations import record_expense
from app.impact.planning import errors
from app.impact.planning.halves import Half
from app.impact.planning.models import AgreedPlan, PlanReason
from app.impact.planning.operations import agree_plan, give_reason
from app.impact.planning.queries import HalfPlan, half_plan
from app.people.models import Person
from app.people.sheets import read_sheet
from app.rosters.changing import Wanted, make_change
from tests import factories

LogIn = Callable[[Person], FlaskClient]
HALF = Half(2030, 1)
ALL = Actor(account_id=None, scopes=(Scope(ADMIN),))
HOW: dict[str, Any] = {"now": factories.LONG_AGO, "actor": SYSTEM}
TODAY = date(2030, 1, 10)
MAY = factories.SATURDAY


@pytest.fixture
def programme(app: Flask) -> Programme:
    return factories.programme("clean-coast")


def plan(half: Half = HALF, today: date = TODAY, **given: Any) -> HalfPlan:
    return half_plan(ALL, half, today=today, **given)


def fates(found: HalfPlan) -> dict[str, str]:
    return {row.event.id: row.fate for row in found.comparison.rows}


def budget(event: Event, amount: int, stage: str = "planned") -> None:
    record_expense(event.programme, event=event, amount_tenge=amount, stage=stage, category="gifts", sure=True, **HOW)


def moved(event: Event, days: int) -> None:
    wanted = Wanted("move", event.starts_at + timedelta(days=days), event.ends_at + timedelta(days=days))
    make_change(event, wanted, now=MAY - timedelta(days=200), actor=ALL)


def test_an_agreed_plan_is_what_later_changes_are_measured_on(programme: Programme) -> None:
    first, second = factories.event(programme=programme), factories.event(programme=programme)
    budget(first, 400_000)
    agreed = agree_plan(programme, HALF, **HOW)
    assert agreed.budget_tenge == 400_000
    third = factories.event(programme=programme)
    budget(second, 300_000)
    moved(first, 60)
    found = plan()
    assert fates(found) == {first.id: "slipped", second.id: "ahead", third.id: "added"}
    assert (found.comparison.planned, found.comparison.planned_tenge) == (2, 400_000)
    assert found.planned_tenge(programme.id) == 300_000, "what slipped out of the half-year is not in its plan now"
    assert fates(plan(HALF.next)) == {first.id: "added"}


def test_without_an_agreed_plan_the_first_published_day_counts(programme: Programme) -> None:
    event = factories.event(programme=programme)
    moved(event, 90)
    [row] = plan().comparison.rows
    assert row.fate == "slipped" and row.was and row.was.first_day == MAY.date()


def test_a_plan_is_agreed_anew_and_an_empty_one_never(programme: Programme) -> None:
    with pytest.raises(errors.NothingPlanned):
        agree_plan(programme, HALF, **HOW)
    event = factories.event(programme=programme)
    agree_plan(programme, HALF, **HOW)
    moved(event, 7)
    agree_plan(programme, HALF, now=factories.LONG_AGO + timedelta(days=1), actor=SYSTEM)
    assert fates(plan()) == {event.id: "ahead"}
    assert db.session.query(AgreedPlan).count() == 2


def test_done_dropped_and_forgotten(programme: Programme) -> None:
    done = factories.event(programme=programme, status="completed", completed_at=MAY)
    dropped = factories.event(programme=programme, status="cancelled", cancel_reason={"ru": "Шторм"})
    forgotten = factories.event(programme=programme, status="draft")
    off = factories.event(programme=programme, status="postponed", postponed_at=MAY)
    found = fates(plan(today=date(2030, 6, 30)))
    assert found == {done.id: "done", dropped.id: "dropped", forgotten.id: "late", off.id: "slipped"}


def test_a_reason_is_kept_for_what_slipped_or_was_dropped_alone(programme: Programme) -> None:
    dropped = factories.event(programme=programme, status="cancelled")
    ahead = factories.event(programme=programme)
    rows = {row.event.id: row for row in plan().comparison.rows}
    for text in (" ", "x" * 301):
        with pytest.raises(errors.NoReason):
            give_reason(dropped, text, row=rows[dropped.id], **HOW)
    with pytest.raises(errors.NothingHappened):
        give_reason(ahead, "Неге", row=rows[ahead.id], **HOW)
    give_reason(dropped, "Дауыл", row=rows[dropped.id], **HOW)
    give_reason(dropped, "Дауыл және қар", row=rows[dropped.id], now=MAY, actor=SYSTEM)
    assert plan().reasons[dropped.id].text == "Дауыл және қар"
    assert db.session.query(PlanReason).count() == 2 and db.session.query(AuditEntry).count() == 2


def test_a_programmes_own_plan_counts_where_all_of_it_lies_in_the_half_year(programme: Programme) -> None:
    factories.event(programme=programme)
    with transaction():
        programme.planned_tenge = 833_000
    assert plan().total_tenge == 833_000
    factories.event(programme=programme, starts_at=MAY + timedelta(days=120))
    assert (plan().total_tenge, plan(HALF.next).total_tenge) == (0, 0), "nothing is split between half-years"


def test_filters_leave_out_other_programmes_and_cities(programme: Programme) -> None:
    here = factories.event(programme=programme)
    there = factories.event(city="zhezkazgan")
    assert set(fates(plan())) == {here.id, there.id}
    assert set(fates(plan(programme="clean-coast"))) == {here.id}
    assert set(fates(plan(city="zhezkazgan"))) == {there.id}


def test_aigul_reads_the_plan_agrees_it_and_says_why(programme: Programme, log_in: LogIn) -> None:
    dropped = factories.event(programme=programme, status="cancelled")
    ahead_id, dropped_id = factories.event(programme=programme).id, dropped.id
    aigul = log_in(factories.coordinator())
    page = aigul.get("/plan?half=2030-1").get_data(as_text=True)
    assert ahead_id in page and f"/events/{dropped_id}/plan-reasons" in page
    assert aigul.post(f"/programmes/{programme.id}/plans", data={"half": "2030-1"}).status_code == 303
    path = f"/events/{dropped_id}/plan-reasons"
    assert aigul.post(path, data={"half": "2030-1", "text": " "}).status_code == 422
    assert aigul.post(path, data={"half": "2030-1", "text": "Дауыл"}).status_code == 303
    assert "Дауыл" in aigul.get("/plan?half=2030-1").get_data(as_text=True)
    rows = read_sheet(aigul.get("/plan.xlsx?half=2030-1").data).rows
    assert len(rows) == 2 and "Дауыл" in {str(cell) for row in rows for cell in row.cells}
    assert aigul.get("/plan?half=2030-3").status_code == 404


def test_management_reads_and_zhan_agrees_nothing_here(programme: Programme, log_in: LogIn) -> None:
    event_id = factories.event(programme=programme, status="draft").id
    head = factories.employee("Бас", "Бақыт")
    factories.account(head, "management")
    reader, zhan = log_in(head), factories.coordinator("zhezkazgan")
    assert event_id in reader.get("/plan?half=2030-1").get_data(as_text=True)
    assert reader.get("/money").status_code == 200
    assert reader.post(f"/programmes/{programme.id}/plans", data={"half": "2030-1"}).status_code == 403
    browser = log_in(zhan)
    assert event_id not in browser.get("/plan?half=2030-1").get_data(as_text=True), "another city's draft"
    assert browser.post(f"/programmes/{programme.id}/plans", data={"half": "2030-1"}).status_code == 403
