"""The budget's pages: what is left, for whom, in how many questions; the public page names no draft, no supplier."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.access.tokens import create_token
from app.accounts.actor import SYSTEM
from app.db import db, transaction
from app.events.models import Event, Programme
from app.impact.money.operations import record_expense
from app.people.models import Person
from app.people.sheets import read_sheet
from tests import factories
from tests.rosters.test_hosts import queries_of

LogIn = Callable[[Person], FlaskClient]
SUMS = ("planned_tenge", "committed_tenge", "actual_tenge", "left_tenge")


def money(event: Event, stage: str, amount: int, **given: Any) -> str:
    how: dict[str, Any] = {"category": "transport", "now": factories.LONG_AGO, "actor": SYSTEM} | given
    programme = db.session.get_one(Programme, event.programme_id)
    return record_expense(programme, event=event, stage=stage, amount_tenge=amount, sure=True, **how).id


def test_the_budget_says_what_is_left_of_each_event(log_in: LogIn) -> None:
    event = factories.event()
    for stage, amount in (("planned", 900_000), ("committed", 250_000), ("actual", 700_000)):
        money(event, stage, amount)
    aigul, path = log_in(factories.coordinator()), f"/programmes/{event.programme_id}/budget"
    assert "−50\u00a0000" in aigul.get(path).get_data(as_text=True)
    rows = [row.cells for row in read_sheet(aigul.get(f"{path}.xlsx").data).rows]
    assert [row[1:] for row in rows] == [[900_000, 250_000, 700_000, -50_000]] * 2
    assert "−50\u00a0000" in aigul.get("/money?year=2030").get_data(as_text=True)
    assert "−50\u00a0000" not in aigul.get("/money?year=2031").get_data(as_text=True)
    assert aigul.get("/money?year=20x0").status_code == 404


def test_a_programmes_own_plan_is_the_frame_of_its_lines(log_in: LogIn) -> None:
    event = factories.event()
    money(event, "planned", 900_000)
    with transaction():
        event.programme.planned_tenge = 1_000_000
    page = log_in(factories.coordinator()).get(f"/programmes/{event.programme_id}/budget").get_data(as_text=True)
    assert "1\u00a0000\u00a0000" in page and "100\u00a0000\u00a0₸" in page


def test_a_stranger_reads_no_title_of_a_draft_no_supplier_no_document(client: FlaskClient, log_in: LogIn) -> None:
    draft = factories.event(status="draft", title={"kk": "Құпия іс-шара", "ru": "Тайна", "en": "Secret"})
    money(draft, "planned", 900_000, supplier="Ақжол", document_no="17/3")
    path = f"/programmes/{draft.programme_id}/expenses"
    public = client.get(path).get_data(as_text=True)
    assert "900\u00a0000" in public
    assert not [word for word in ("Құпия", "Ақжол", "17/3", "/expenses/") if word in public.replace(path, "")]
    own = log_in(factories.coordinator()).get(path).get_data(as_text=True)
    assert "Құпия" in own and "Ақжол" in own


@pytest.mark.full
@pytest.mark.usefixtures("banner_is_known")
def test_no_page_of_money_or_plans_asks_more_for_more_rows(log_in: LogIn) -> None:
    event = factories.event()
    entry = money(event, "committed", 250_000)
    aigul = log_in(factories.coordinator())
    programme = f"/programmes/{event.programme_id}"
    plan = "/plan?half=2030-1"
    pages = ("/money", f"{programme}/budget", f"{programme}/expenses", f"/expenses/{entry}", plan)
    few = [queries_of(aigul, page) for page in pages]
    programme_id = event.programme_id
    for number in range(1, 5):
        own = db.session.get_one(Programme, programme_id)
        money(factories.event(programme=own), "planned", 300_000 + number)
        money(factories.event(status="cancelled"), "actual", 300_000 + number)
    assert [queries_of(aigul, page) for page in pages] == few and max(few) <= 12, few


def test_programs_read_the_budget_pay_an_order_and_take_it_back(client: FlaskClient) -> None:
    event = factories.event()
    money(event, "planned", 900_000)
    order = money(event, "committed", 400_000)
    aigul = factories.coordinator()
    token = create_token(factories.account(aigul), name="test", now=factories.LONG_AGO, actor=SYSTEM)
    head = {"Authorization": f"Bearer {token}"}
    budget = f"/api/v1/programmes/{event.programme_id}/budget"
    assert client.get(budget, headers=head).json["left_tenge"] == 500_000  # type: ignore[index]
    paid = client.post(f"/api/v1/expenses/{order}/payment", json={"amount_tenge": 380_000}, headers=head)
    assert paid.status_code == 201 and paid.json["stage"] == "actual"  # type: ignore[index]
    found = client.get(budget, headers=head).json
    assert (found["committed_tenge"], found["actual_tenge"], found["left_tenge"]) == (0, 380_000, 520_000)  # type: ignore[index]
    assert found["events"] == [{"event_id": event.id} | {name: found[name] for name in SUMS}]  # type: ignore[index]
    again = client.post(f"/api/v1/expenses/{order}/payment", json={"amount_tenge": 380_000}, headers=head)
    assert again.status_code == 409 and again.json["type"].endswith("already-paid")  # type: ignore[index]
    undone = client.post(f"/api/v1/expenses/{paid.json['id']}/withdrawal", json={}, headers=head)  # type: ignore[index]
    assert undone.status_code == 201
    assert client.get(budget, headers=head).json["committed_tenge"] == 400_000  # type: ignore[index]
